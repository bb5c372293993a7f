import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { SluiceError, type Boundaries } from '@sluice/core'

/** An answer as it was recorded. */
export interface RecordedAnswer {
  /** The provider's JSON. */
  readonly answer: unknown
  /** How it was cut, when it was streamed. */
  readonly boundaries?: Boundaries
}

/** Answers by the digest of what was asked. */
export interface Recording {
  get(key: string): RecordedAnswer | undefined
  add(key: string, answer: RecordedAnswer): void
}

/** What is recorded in this process, by the path of its file: several clients keep their answers in one. */
const begun = new Map<string, Recording>()

/** Opens a file of recorded answers; `record` begins it anew, once in a process. @throws {SluiceError} `eval.bad_recording`, `eval.no_file`. */
export function openRecording(file: string, mode: 'record' | 'replay' | 'auto'): Recording {
  const answers = new Map<string, RecordedAnswer>()
  const path = resolve(file)
  const other = mode === 'record' ? begun.get(path) : undefined
  if (other) return other
  if (mode === 'replay' && !existsSync(file))
    throw new SluiceError({
      code: 'eval.no_file',
      message: `There is no recording "${file}" to replay: record one first.`,
      details: { file },
    })
  if (mode === 'record') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '')
  } else if (existsSync(file)) read(file, answers, mode)
  const recording: Recording = {
    get: (key) => answers.get(key),
    add(key, answer) {
      if (answers.has(key)) return
      answers.set(key, answer)
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, `${JSON.stringify({ key, ...answer })}\n`)
    },
  }
  if (mode === 'record') begun.set(path, recording)
  return recording
}

function read(file: string, answers: Map<string, RecordedAnswer>, mode: 'replay' | 'auto'): void {
  const text = readFileSync(file, 'utf8')
  const whole = text.lastIndexOf('\n') + 1
  // A killed process may have left its last line cut off: what is added must not go on with it.
  if (whole < text.length && mode === 'auto') writeFileSync(file, text.slice(0, whole))
  for (const [index, line] of text.slice(0, whole).split('\n').entries()) {
    if (line === '') continue
    try {
      const { key, ...answer } = JSON.parse(line) as RecordedAnswer & { readonly key: string }
      answers.set(key, answer)
    } catch (cause) {
      throw new SluiceError({
        code: 'eval.bad_recording',
        message: `Line ${index + 1} of the recording "${file}" is not JSON.`,
        details: { file, line: index + 1 },
        cause,
      })
    }
  }
}
