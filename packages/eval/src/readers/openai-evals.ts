import type { CaseSource, EvalCase } from '../suite/case.ts'
import { badEntry, linesOf, objectIn } from './read-file.ts'

/** A message as in a chat request. */
export interface ChatMessage {
  readonly role: string
  readonly content: string
  readonly name?: string
}

/**
 * Cases of OpenAI Evals: JSONL with `input` (chat messages or a text) and `ideal` (a text or a list of accepted ones), or
 * the form of its API, `{ "item": { … } }`, whose fields `map` has to name.
 *
 * @throws {SluiceError} while reading: `eval.no_file`, `eval.bad_case`.
 */
export function openaiEvals(
  file: string,
  map?: (
    item: Readonly<Record<string, unknown>>,
    line: number,
  ) => EvalCase<readonly ChatMessage[], string | readonly string[]>,
): CaseSource<readonly ChatMessage[], string | readonly string[]> {
  return async function* () {
    for await (const [number, line] of linesOf(file)) {
      const row = objectIn(line, file, number)
      const item = (row['item'] ?? row) as Record<string, unknown>
      if (map) {
        yield map(item, number)
        continue
      }
      const { input, ideal } = item
      if (typeof input !== 'string' && !Array.isArray(input))
        throw badEntry(file, number, 'has no "input" of messages or text; name the fields by "map"')
      yield {
        input: typeof input === 'string' ? [{ role: 'user', content: input }] : (input as ChatMessage[]),
        ...(ideal !== undefined && { expected: ideal as string | readonly string[] }),
      }
    }
  }
}
