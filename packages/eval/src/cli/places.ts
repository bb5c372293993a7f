import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where the command keeps things. A suite's name becomes part of paths, so only plain characters of it do. */
export interface Places {
  readonly baseline: string
  readonly history: string
  readonly runs: string
}

export function placesOf(dir: string, suite: string): Places {
  const name = suite.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '') || 'suite'
  return {
    baseline: join(dir, 'baselines', `${name}.jsonl`),
    history: join(dir, 'history', name),
    runs: join(dir, 'runs', name),
  }
}

/** The run files of a folder, oldest first; none where there is no folder. */
export function runFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .map((name) => join(folder, name))
}

/** A name for a run file by its time, such that names sort by time. */
export function runName(startedAtMs: number): string {
  return `${new Date(startedAtMs).toISOString().replaceAll(/[:.]/g, '-')}.jsonl`
}
