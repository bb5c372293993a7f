import { readFileSync, existsSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { CaseSource, EvalCase } from '../suite/case.ts'
import { badEntry, noFile } from './read-file.ts'

/**
 * Cases of a CSV file with a header row. Without `map` the columns are `id`, `input`, `expected`, `cluster`, `tags` and
 * `criteria` (the last two separated by `|`), and all other columns are left out.
 *
 * @param map from a row, by column names, to a case.
 * @throws {SluiceError} while reading: `eval.no_file`, `eval.bad_case`.
 */
export function csv<Input = string, Expected = string>(
  file: string,
  map?: (row: Readonly<Record<string, string>>, number: number) => EvalCase<Input, Expected>,
): CaseSource<Input, Expected> {
  return () => csvRows(file).map((row, index) => (map ? map(row, index + 1) : (caseOf(row, file, index + 1) as never)))
}

/** The rows of a CSV file by the names of its columns. */
export function csvRows(file: string): readonly Record<string, string>[] {
  if (!existsSync(file)) throw noFile(file)
  try {
    return parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true })
  } catch (error) {
    const { code, lines = 1 } = error as { code?: string; lines?: number }
    throw badEntry(file, lines, `is no row of the table (${code ?? 'unreadable'})`)
  }
}

function caseOf(row: Readonly<Record<string, string>>, file: string, number: number): EvalCase<string, string> {
  const { id, input, expected, cluster, tags, criteria } = row
  if (input === undefined) throw badEntry(file, number, 'has no column "input"; name the columns by "map"')
  const list = (text: string): string[] =>
    text
      .split('|')
      .map((part) => part.trim())
      .filter(Boolean)
  return {
    input,
    ...(id && { id }),
    ...(expected && { expected }),
    ...(cluster && { cluster }),
    ...(tags && { tags: list(tags) }),
    ...(criteria && { criteria: list(criteria) }),
  }
}
