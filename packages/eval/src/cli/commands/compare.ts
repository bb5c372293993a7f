import { baselineFor, judged } from '../judge-run.ts'
import { fileAt, type CliOptions } from '../options.ts'
import { readRunFile } from '../read-run-file.ts'
import { writeReports } from '../write-reports.ts'

/** `sluice-eval compare <run> <baseline>` */
export function compareRuns(options: CliOptions): number {
  const run = readRunFile(fileAt(options, 0, 'a run file'))
  const result = judged(run, readRunFile(fileAt(options, 1, 'the run file of the baseline')), options)
  writeReports(result, options)
  return result.gate.exitCode
}

/** `sluice-eval report <run>` */
export function report(options: CliOptions): number {
  const run = readRunFile(fileAt(options, 0, 'a run file'))
  const result = judged(run, baselineFor(run.header.suite, options), options)
  writeReports(result, options)
  return result.gate.exitCode
}
