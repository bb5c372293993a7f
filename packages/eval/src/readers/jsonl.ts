import type { CaseSource, EvalCase } from '../suite/case.ts'
import { linesOf, objectIn } from './read-file.ts'

/**
 * Cases of a JSONL file: one object a line, with the fields of a case, or made into one by `map`. Read line by line.
 *
 * @param map from a line's object to a case, where the fields have other names.
 * @throws {SluiceError} while reading: `eval.no_file`, `eval.bad_case` naming the line.
 */
export function jsonl<Input = never, Expected = never>(
  file: string,
  map?: (row: Readonly<Record<string, unknown>>, line: number) => EvalCase<Input, Expected>,
): CaseSource<Input, Expected> {
  return async function* () {
    for await (const [number, line] of linesOf(file)) {
      const row = objectIn(line, file, number)
      yield map ? map(row, number) : (row as unknown as EvalCase<Input, Expected>)
    }
  }
}
