import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SluiceError } from '@sluice/core'
import type { EvalRun, RunFooter, RunHeader, RunLine } from '../../suite/run-file.ts'
import { fileAt, usage, type CliOptions } from '../options.ts'
import { readRunFile } from '../read-run-file.ts'
import { say } from '../say.ts'

/** `sluice-eval merge <out> <run> <run> …` */
export function merge(options: CliOptions): number {
  const out = fileAt(options, 0, 'the file to write')
  const files = options.files.slice(1)
  if (files.length === 0) throw usage('Give the run files to put together.')
  const lines = mergedLines(files.map(readRunFile))
  if (existsSync(out))
    throw new SluiceError({
      code: 'eval.run_exists',
      message: `"${out}" is there already. Give another name: no run is written over.`,
      details: { file: out },
    })
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx' })
  say(`${out}: ${lines.length - 2} trials of ${files.length} parts`)
  return 0
}

/** The parts of a sharded run as one. @throws {SluiceError} `eval.other_run`, `eval.unfinished`. */
function mergedLines(parts: readonly EvalRun[]): readonly RunLine[] {
  const [first] = parts as [EvalRun]
  const others = parts.filter(({ header }) => header.fingerprint !== first.header.fingerprint)
  if (others.length > 0)
    throw new SluiceError({
      code: 'eval.other_run',
      message: `The parts are of different cases or scorers: ${others.length} of ${parts.length} do not fit the first.`,
      details: { differing: others.length },
    })
  const shards = parts.map(({ header }) => header.shard ?? '1/1').toSorted()
  const of = Number(shards[0]?.split('/')[1])
  const wanted = Array.from({ length: of }, (_, index) => `${index + 1}/${of}`).toSorted()
  if (shards.join() !== wanted.join())
    throw new SluiceError({
      code: 'eval.unfinished',
      message: `These are the parts ${shards.join(', ')}; it takes each of ${wanted.join(', ')} once.`,
      details: { shards },
    })
  const { shard: _shard, ...header } = first.header
  const footers = parts.map(({ footer }) => footer)
  const total = (read: (footer: RunFooter) => number): number =>
    footers.reduce((sum, footer) => sum + (footer ? read(footer) : 0), 0)
  const merged: RunHeader = { ...header, startedAtMs: Math.min(...parts.map((part) => part.header.startedAtMs)) }
  return [
    merged,
    ...parts.flatMap(({ trials }) => trials),
    {
      kind: 'end',
      endedAtMs: Math.max(...footers.map((footer) => footer?.endedAtMs ?? 0)),
      trials: parts.reduce((sum, { trials }) => sum + trials.length, 0),
      ended: footers.every((footer) => footer?.ended === 'complete') ? 'complete' : 'aborted',
      targetNanoUsd: total((footer) => footer.targetNanoUsd),
      judgeNanoUsd: total((footer) => footer.judgeNanoUsd),
      unpriced: total((footer) => footer.unpriced),
    },
  ]
}
