import assert from 'node:assert/strict'
import { fold, type Api, type ApiId } from '../api/api.ts'
import { SluiceError } from '../errors.ts'
import { deepFreeze } from '../json.ts'
import { answerLaws } from './api-laws/answer.ts'
import type { ApiFixture, Laws } from './api-laws/fixture.ts'
import { assertJson } from './api-laws/json.ts'
import { requestLaws } from './api-laws/request.ts'
import { streamLaws } from './api-laws/stream.ts'

export type { ApiFixture } from './api-laws/fixture.ts'

/** One law on one fixture. `run` throws an `AssertionError` where the law is broken. */
export interface ContractCase {
  readonly name: string
  readonly run: () => void | Promise<void>
}

/**
 * The laws of an {@link Api}, as cases for any test runner:
 * `for (const { name, run } of apiContract(api, fixtures)) it(name, run)`.
 *
 * Fixtures should cover every kind of content that the dialect has. One that has `whole` alone is also streamed by
 * `replay`, one that has `events` alone is also folded, so that every law sees every fixture. Inputs are frozen: a
 * dialect that mutates them fails. A dialect of which no fixture has `events` is taken for one that cannot stream.
 */
export function apiContract<A extends ApiId>(api: Api<A>, fixtures: readonly ApiFixture<A>[]): readonly ContractCase[] {
  return [
    { name: 'errors are given back by their code', run: () => errorsRoundTrip(api) },
    { name: 'nothing that is not an error is taken for one', run: () => harmlessIsNoError(api) },
    { name: 'a folder that saw nothing has no answer', run: () => assert.equal(fold(api, []), undefined) },
    ...fixtures.flatMap((fixture) => casesOf(api, fixture, fixtures.some(isStreamed))),
  ]
}

function isStreamed({ events }: ApiFixture): boolean {
  return events !== undefined
}

function casesOf<A extends ApiId>(api: Api<A>, fixture: ApiFixture<A>, streams: boolean): ContractCase[] {
  const { request, whole, events } = deepFreeze(structuredClone(fixture)) as ApiFixture<A>
  const laws: Laws = {}
  try {
    if (request) Object.assign(laws, requestLaws(api, request))
    const answer = whole ?? deepFreeze(events && fold(api, events))
    if (answer) Object.assign(laws, answerLaws(api, answer, fixture.totals))
    if (answer && streams) Object.assign(laws, streamLaws(api, answer, { ...fixture, ...(events && { events }) }))
    if (answer && !streams) laws['is never streamed'] = () => assert.deepStrictEqual(api.replay(answer), [])
  } catch (error) {
    // Listing the cases must not fail, or a runner would report nothing but a broken test file.
    laws['can be folded and replayed'] = () => {
      throw error
    }
  }
  return Object.entries(laws).map(([law, run]) => ({ name: `${fixture.name}: ${law}`, run }))
}

function errorsRoundTrip<A extends ApiId>(api: Api<A>): void {
  const error = new SluiceError({ code: 'guard.blocked', message: 'Blocked by a guard.', details: { rule: 'pii' } })
  const body = api.errorBody(error)
  assertJson(body)
  const read = api.error(deepFreeze(JSON.parse(JSON.stringify(body))))
  assert.deepStrictEqual({ code: read?.code, message: read?.message }, { code: error.code, message: error.message })
}

function harmlessIsNoError<A extends ApiId>(api: Api<A>): void {
  for (const value of [undefined, null, '', 'error', 0, true, [], {}, { error: null }, { choices: [] }])
    assert.equal(api.error(value), undefined, JSON.stringify(value))
}
