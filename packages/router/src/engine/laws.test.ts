import { sluiceErrorOf } from '@sluice/core'
import { fakeFaults, type FakeFaultName } from '@sluice/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouterOptions } from '../route/options.ts'
import { isApiError } from '../testing/api-error.ts'
import { routed, type Ran } from '../testing/routed.ts'
import { voices, type Said, type Voice } from '../testing/voices.ts'

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))

interface Weather {
  readonly fault: FakeFaultName | 'none'
  /** So many calls it strikes. */
  readonly times: number
  readonly afterTokens: number
  readonly ttftMs: number
}

const weather: fc.Arbitrary<Weather> = fc.record({
  fault: fc.constantFrom<FakeFaultName | 'none'>('none', 'none', ...fakeFaults),
  times: fc.constantFrom(1, 2, 3, 100),
  afterTokens: fc.nat(30),
  ttftMs: fc.constantFrom(0, 0, 50, 5000, 100_000),
})

interface Case {
  readonly weathers: readonly Weather[]
  readonly way: 'whole' | 'stream' | 'helper'
  readonly api: Voice['api']
  readonly maxRetries: number
  readonly options: Omit<RouterOptions, 'targets'>
  readonly sdks: readonly ('openai' | 'anthropic')[]
  readonly callers: number
  readonly abortAfterMs: number | undefined
}

const options: fc.Arbitrary<Omit<RouterOptions, 'targets'>> = fc.record(
  {
    hedge: fc.constantFrom(false, { afterMs: 30, share: 1 }, { afterMs: 2000 }),
    midStream: fc.constantFrom('error', 'continue'),
    strategy: fc.constantFrom('priority', 'latency', 'roundRobin', 'weighted'),
    breaker: fc.constantFrom<RouterOptions['breaker'][]>(false, { consecutiveFailures: 1, openMs: 1000 }, undefined),
    ejection: fc.constantFrom<RouterOptions['ejection'][]>(false, undefined),
    timeouts: fc.constantFrom({}, { firstTokenMs: 1000, attemptMs: 2000 }, { totalMs: 4000 }, { betweenTokensMs: 100 }),
    retry: fc.constantFrom(
      { jitter: 'none' as const },
      {},
      { budget: { share: 0, minPerSecond: 0 } },
      { maxWaitMs: 0 },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Omit<RouterOptions, 'targets'>>

const anyCase: fc.Arbitrary<Case> = fc.record({
  weathers: fc.tuple(weather, weather, weather),
  way: fc.constantFrom('whole', 'stream', 'helper'),
  api: fc.constantFrom(...voices.map(({ api }) => api)),
  maxRetries: fc.nat(3),
  options,
  sdks: fc.tuple(
    fc.constantFrom<('openai' | 'anthropic')[]>('openai', 'openai', 'anthropic'),
    fc.constantFrom<('openai' | 'anthropic')[]>('openai', 'anthropic'),
    fc.constantFrom<('openai' | 'anthropic')[]>('openai', 'anthropic'),
  ),
  callers: fc.constantFrom(1, 1, 3),
  abortAfterMs: fc.constantFrom(undefined, undefined, 0, 40, 1500),
})

const ids = ['a', 'b', 'c'] as const
/** The same words of each, so that going on with one another's answers is possible, and a mark of who speaks. */
const answer = (id: string): string =>
  `A card takes five to seven working days. It is printed and sent by post, and you will hear of it. — ${id}`

/** Whether a text is a whole answer: of one of them, or of one as another went on with it. */
const isWhole = (text: string): boolean => ids.some((id) => text === answer(id))

async function play(given: Case): Promise<void> {
  const { weathers, way, api, maxRetries, sdks, callers, abortAfterMs } = given
  const voice = voices.find((each) => each.api === api) as Voice
  let state = 11
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
  const r = routed({
    places: Object.fromEntries(ids.map((id, at) => [id, { sdk: sdks[at] ?? 'openai' }])),
    random,
    maxRetries,
    timeoutMs: 3_600_000,
    ...given.options,
  })
  for (const [at, { fault, times, afterTokens, ttftMs }] of weathers.entries()) {
    const provider = r.at(ids[at] as string)
    provider.on(/./, { text: answer(ids[at] as string), ttftMs })
    if (fault !== 'none') provider.fail(fault, { times, afterTokens })
  }
  const abort = new AbortController()
  const call = (): Promise<Ran<Said>> => r.run(() => voice[way](r, { signal: abort.signal }))
  const results = Promise.all(Array.from({ length: callers }, call))
  const over = new AbortController()
  if (abortAfterMs !== undefined)
    void r.clock.sleep(abortAfterMs, over.signal).then(
      () => abort.abort(),
      () => undefined,
    )
  const ran = await results
  over.abort()

  for (const { value, error, report, tookMs } of ran) {
    if (error === undefined) {
      const filtered = /content_filter|refusal|incomplete/.test(value?.finish ?? '')
      // The Anthropic client ends an aborted stream without an error.
      if (!filtered && !abort.signal.aborted) expect(value?.text).toSatisfy(isWhole)
    } else
      expect([String(error), isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([String(error), true])
    expect(tookMs).toBeLessThan(1_000_000)
    // Each target once, each retry once, a hedge beside each, and three tries to go on with a stream.
    expect(report?.attempts.length ?? 0).toBeLessThanOrEqual(3 + maxRetries + 3 + 3)
    for (const attempt of report?.attempts ?? []) expect(attempt.outcome).toBeDefined()
    expect(report?.outcome).not.toBe('open')
  }
  await r.clock.advance(1)
  for (const id of ids) {
    expect(r.routes.health()[id]?.inFlight).toBe(0)
    expect(r.at(id).pending).toEqual([])
  }
  expect(r.clock.pendingSleeps).toBe(0)
  const requests = r.asked().reduce((sum, each) => sum + each, 0)
  const booked = ran.reduce(
    (sum, { report }) => sum + (report?.attempts.filter(({ host }) => host !== '').length ?? 0),
    0,
  )
  expect(booked).toBe(requests)
  const { calls, answered, failed } = r.routes.stats()
  expect(answered + failed).toBe(calls)
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(unhandled).toEqual([])
}

describe('whatever three targets do', () => {
  it('a call ends with a whole answer or a typed error, in bounded time, with every try accounted for', async () => {
    await fc.assert(fc.asyncProperty(anyCase, play), { numRuns: 150 })
  })
})
