import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { SluiceError } from '@sluice/core'
import type { EvalRun, RunFooter, RunHeader, RunLine } from './run-file.ts'
import type { TrialRecord } from './trial.ts'

/** A run file that is being written. A line is in the hands of the system when `write` returns: a killed process loses none. */
export interface RunLog {
  /** The header that the file has: the earlier one when a run is gone on with. */
  readonly header: RunHeader
  /** What it had before, without outputs. */
  readonly earlier: readonly TrialRecord[]
  write(line: TrialRecord | RunFooter): void
  close(): void
}

/**
 * Opens a run file, new or to be gone on with. A line that a killed process left half written is cut off.
 *
 * @throws {SluiceError} `eval.run_exists` when the file is there and not to be gone on with; `eval.other_run` when it holds
 * a run of other cases or scorers; `eval.bad_run_file`.
 */
export function openRunLog(file: string, header: RunHeader, resume: boolean): RunLog {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    const descriptor = openSync(file, 'ax')
    writeSync(descriptor, `${JSON.stringify(header)}\n`)
    return logOf(descriptor, header, [])
  }
  if (!resume)
    throw new SluiceError({
      code: 'eval.run_exists',
      message: `The run file "${file}" is there already. Give another name, or set "resume" to go on with that run.`,
      details: { file },
    })
  const text = readFileSync(file)
  const whole = text.lastIndexOf(10) + 1
  if (whole === 0) {
    // Killed before even the header was written.
    writeFileSync(file, `${JSON.stringify(header)}\n`)
    return logOf(openSync(file, 'a'), header, [])
  }
  const earlier = parseRun(text.subarray(0, whole).toString('utf8'), file)
  if (earlier.header.fingerprint !== header.fingerprint || earlier.header.shard !== header.shard)
    throw new SluiceError({
      code: 'eval.other_run',
      message: `The run file "${file}" is of other cases, scorers or shard than this run of "${header.suite}": begin a new file.`,
      details: { file, suite: header.suite },
    })
  const descriptor = openSync(file, 'r+')
  ftruncateSync(descriptor, whole)
  closeSync(descriptor)
  return logOf(openSync(file, 'a'), earlier.header, earlier.trials.map(withoutOutput))
}

function logOf(descriptor: number, header: RunHeader, earlier: readonly TrialRecord[]): RunLog {
  return {
    header,
    earlier,
    write: (line) => void writeSync(descriptor, `${JSON.stringify(line)}\n`),
    close: () => closeSync(descriptor),
  }
}

/** A record as it is kept in memory while its output is in the file. */
export function withoutOutput(record: TrialRecord): TrialRecord {
  const { output: _output, ...rest } = record
  return rest
}

/**
 * Reads a run file. Of trials that it has twice the last counts; a last line that was cut off is left out.
 *
 * @throws {SluiceError} `eval.bad_run_file` for a file that is none.
 */
export function readRun(file: string): EvalRun {
  return parseRun(readFileSync(file, 'utf8'), file)
}

/** {@link readRun} of the text of a file. */
export function parseRun(text: string, name = 'run'): EvalRun {
  let header: RunHeader | undefined
  let footer: RunFooter | undefined
  const trials = new Map<string, TrialRecord>()
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const entry = parsed(line, index, name, index === lines.length - 1)
    if (entry?.kind === 'run') {
      if (entry.version !== 1)
        throw bad(name, index, `is of version ${String(entry.version)}; this reader knows version 1`)
      header ??= entry
    } else if (entry?.kind === 'end') footer = entry
    else if (entry?.kind === 'trial') trials.set(`${entry.trial} ${entry.id}`, entry)
    else if (entry !== undefined) throw bad(name, index, 'is no header, trial or end of a run')
    if (!header) throw bad(name, index, 'comes before the header of a run')
  }
  if (!header) throw bad(name, 0, 'is missing: the file is empty')
  return { header, trials: [...trials.values()], footer }
}

function parsed(line: string, index: number, name: string, isLast: boolean): RunLine | undefined {
  try {
    return JSON.parse(line) as RunLine
  } catch {
    if (isLast) return undefined
    throw bad(name, index, 'is not JSON')
  }
}

function bad(name: string, index: number, why: string): SluiceError {
  return new SluiceError({
    code: 'eval.bad_run_file',
    message: `Line ${index + 1} of the run file "${name}" ${why}.`,
    details: { name, line: index + 1 },
  })
}
