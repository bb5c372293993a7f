import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SluiceError } from '@sluice/core'
import { fileAt, type CliOptions } from '../options.ts'
import { placesOf, runFiles, runName } from '../places.ts'
import { readRunFile } from '../read-run-file.ts'
import { say } from '../say.ts'

/** More runs than this say little more of a case, and are of ever older times. */
const longestHistory = 50

/** `sluice-eval bless <run>` */
export function bless(options: CliOptions): number {
  const file = fileAt(options, 0, 'the run file to bless')
  const { header, footer, trials } = readRunFile(file)
  const isWhole = new Set(trials.map(({ id }) => id)).size >= header.cases
  if (footer?.ended !== 'complete' || header.shard !== undefined || !isWhole)
    throw new SluiceError({
      code: 'eval.unfinished',
      message: `"${file}" is not a run of all cases: go on with it by --resume, put its parts together with "merge", or run it without --only.`,
      details: { file },
    })
  const { baseline, history } = placesOf(options.flags.dir, header.suite)
  if (options.flags.add) {
    mkdirSync(history, { recursive: true })
    copyFileSync(file, join(history, runName(header.startedAtMs)))
    for (const old of runFiles(history).slice(0, -longestHistory)) rmSync(old)
    say(`${header.suite}: added to the history, ${runFiles(history).length} runs`)
    return 0
  }
  mkdirSync(dirname(baseline), { recursive: true })
  copyFileSync(file, baseline)
  // What was accepted of the old prompt and model says nothing of the new.
  rmSync(history, { recursive: true, force: true })
  say(`${header.suite}: ${baseline} is now this run of ${header.cases} cases`)
  return 0
}
