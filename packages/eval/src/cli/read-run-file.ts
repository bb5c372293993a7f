import { existsSync } from 'node:fs'
import { noFile } from '../readers/read-file.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { readRun } from '../suite/run-log.ts'

/** A run file that the command line names. @throws {SluiceError} `eval.no_file`, `eval.bad_run_file`. */
export function readRunFile(file: string): EvalRun {
  if (!existsSync(file)) throw noFile(file)
  return readRun(file)
}
