import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { SluiceError } from '@sluice/core'

/** The lines of a file, numbered from 1, without holding it whole. @throws {SluiceError} `eval.no_file` */
export async function* linesOf(file: string): AsyncGenerator<readonly [number, string]> {
  if (!existsSync(file)) throw noFile(file)
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() !== '') yield [number, number === 1 ? line.replace(/^\uFEFF/, '') : line]
  }
}

export function noFile(file: string): SluiceError {
  return new SluiceError({
    code: 'eval.no_file',
    message: `There is no file "${file}". Paths are taken from the working directory.`,
    details: { file },
  })
}

/** A line or entry of a file that cannot be read as what it should be. The line itself is not repeated: it is data. */
export function badEntry(file: string, entry: number, why: string): SluiceError {
  return new SluiceError({
    code: 'eval.bad_case',
    message: `Entry ${entry} of "${file}" ${why}.`,
    details: { file, entry },
  })
}

/** The JSON object in a line. @throws {SluiceError} `eval.bad_case` */
export function objectIn(line: string, file: string, number: number): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw badEntry(file, number, 'is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badEntry(file, number, 'is no object')
  return value as Record<string, unknown>
}
