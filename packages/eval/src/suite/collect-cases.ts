import { SluiceError } from '@sluice/core'
import type { CaseSource, EvalCase, RunCase } from './case.ts'
import { digestOf } from './digest.ts'

/**
 * Reads all cases of a source, with their ids and clusters.
 *
 * @throws {SluiceError} `eval.no_cases` for none, `eval.duplicate_case` for two of one id, `eval.bad_case` for what is none.
 */
export async function collectCases<Input, Expected>(
  suite: string,
  source: CaseSource<Input, Expected>,
): Promise<readonly RunCase<Input, Expected>[]> {
  const cases: RunCase<Input, Expected>[] = []
  const seen = new Map<string, number>()
  for await (const entry of typeof source === 'function' ? await source() : source) {
    const position = cases.length
    checkCase(suite, entry, position)
    const id = entry.id ?? digestOf([entry.input, entry.expected])
    const earlier = seen.get(id)
    if (earlier !== undefined) throw duplicate(suite, entry, id, earlier, position)
    seen.set(id, position)
    cases.push({ ...entry, id, cluster: entry.cluster ?? id })
  }
  if (cases.length === 0)
    throw new SluiceError({
      code: 'eval.no_cases',
      message: `The suite "${suite}" has no cases: check what "cases" reads, and any filter.`,
      details: { suite },
    })
  return cases
}

function checkCase(suite: string, entry: EvalCase, position: number): void {
  const refused = (why: string): SluiceError =>
    new SluiceError({
      code: 'eval.bad_case',
      message: `Case ${position + 1} of the suite "${suite}" ${why}.`,
      details: { suite, position },
    })
  if (typeof entry !== 'object' || entry === null) throw refused(`is not an object but ${typeof entry}`)
  if (!('input' in entry)) throw refused('has no "input"')
  const { id, cluster, tags, criteria } = entry
  if (id !== undefined && (typeof id !== 'string' || id === ''))
    throw refused('has an "id" that is not a non-empty string')
  if (cluster !== undefined && (typeof cluster !== 'string' || cluster === ''))
    throw refused('has a "cluster" that is not a non-empty string')
  for (const [name, list] of Object.entries({ tags, criteria }))
    if (list !== undefined && !(Array.isArray(list) && list.every((item) => typeof item === 'string')))
      throw refused(`has "${name}" that is not a list of strings`)
  try {
    JSON.stringify([entry.input, entry.expected])
  } catch {
    throw refused('has an "input" or "expected" that JSON cannot hold')
  }
}

function duplicate(suite: string, entry: EvalCase, id: string, earlier: number, position: number): SluiceError {
  const why = entry.id === undefined ? 'have the same input and expected: remove one, or give them ids' : 'have that id'
  return new SluiceError({
    code: 'eval.duplicate_case',
    message: `The suite "${suite}" has two cases "${id}": number ${earlier + 1} and number ${position + 1} ${why}.`,
    details: { suite, id, positions: [earlier, position] },
  })
}
