import OpenAI from 'openai'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withContext } from '../context.ts'
import { sluiceErrorOf } from '../errors-http.ts'
import { withReport } from '../report.ts'
import { sluice } from '../sluice.ts'
import { approximateTokenizer, fakeProvider, type FakeProvider } from '../testing/index.ts'
import { budget, createLedger, type BudgetOptions, type Ledger, type LedgerOptions } from './index.ts'
import { prices, sampleCallers, type SampleCaller } from './sample-calls.ts'

const words = (count: number): string[] => Array.from({ length: count }, (_, at) => ` w${at % 10}`)

interface World {
  readonly provider: FakeProvider
  readonly ledger: Ledger
  readonly callers: readonly SampleCaller[]
  /** What is charged and held, once everything has settled. */
  used(): Promise<{ used: number; held: number }>
}

function setUp(nanoUsd: number, options: Partial<BudgetOptions> = {}, more: Partial<LedgerOptions> = {}): World {
  const provider = fakeProvider({ tokenizer: approximateTokenizer })
  const ledger = createLedger({ limits: [{ scope: 'tenant', nanoUsd, window: 'month' }], ...more })
  const subject = { tenant: 'acme' }
  return {
    provider,
    ledger,
    callers: sampleCallers(provider, [budget({ ledger, price: prices, subject, ...options })]),
    async used() {
      await turn()
      await turn()
      const [state] = await ledger.explain(subject)
      return { used: state?.used ?? -1, held: state?.held ?? -1 }
    },
  }
}

const usage = { inputTokens: 100, outputTokens: 50 }
/** 100 of input and 50 of output. */
const cost = 600_000

/** Every dialect, whole and streamed, in a world of its own. */
function eachWay(
  run: (
    make: (
      nanoUsd: number,
      options?: Partial<BudgetOptions>,
      more?: Partial<LedgerOptions>,
    ) => World & { ask: SampleCaller['whole']; caller: SampleCaller },
    way: 'whole' | 'stream',
    name: string,
  ) => Promise<void>,
) {
  return async (): Promise<void> => {
    for (const at of [0, 1, 2, 3])
      for (const way of ['whole', 'stream'] as const) {
        const make = (nanoUsd: number, options?: Partial<BudgetOptions>, more?: Partial<LedgerOptions>) => {
          const world = setUp(nanoUsd, options, more)
          const caller = world.callers[at]!
          return { ...world, caller, ask: (asked?: Parameters<SampleCaller['whole']>[0]) => caller[way](asked) }
        }
        await run(make, way, `${['chat', 'responses', 'messages', 'completions'][at]} ${way}`)
      }
  }
}

describe('budget', () => {
  it(
    'charges what the provider says, in every dialect',
    eachWay(async (make, _way, name) => {
      const { provider, ask, used } = make(1e9)
      provider.on('cheap', { chunks: words(30), usage })
      const { value, report } = await withReport(() => ask())
      expect(value.text.trim().split(' '), name).toHaveLength(30)
      expect(await used(), name).toEqual({ used: cost, held: 0 })
      expect(
        report?.decisions.map(({ action }) => action),
        name,
      ).toEqual(['reserve', 'settle'])
      expect(report?.decisions[1]?.details, name).toEqual({ nanoUsd: cost, how: 'exact' })
    }),
  )

  it(
    'refuses a call that there is no room for, before it is sent',
    eachWay(async (make, _way, name) => {
      const { provider, ledger, ask, used } = make(11_000_000)
      const spent = await ledger.reserve({ subject: { tenant: 'acme' }, nanoUsd: 10_000_000 })
      if (spent.admitted) await ledger.settle(spent.id, { nanoUsd: 10_000_000 }, 'exact')
      const error: unknown = await ask().catch((thrown: unknown) => thrown)
      expect((error as { status?: number }).status, name).toBe(402)
      expect(sluiceErrorOf(error), name).toMatchObject({
        code: 'budget.exceeded',
        status: 402,
        details: {
          scope: 'tenant',
          id: 'acme',
          window: 'month',
          unit: 'nanoUsd',
          limitNanoUsd: 11_000_000,
          leftNanoUsd: 1_000_000,
        },
      })
      expect(sluiceErrorOf(error)?.retryAfterMs, name).toBeGreaterThan(0)
      provider.expectCalls(0)
      expect(await used(), name).toEqual({ used: 10_000_000, held: 0 })
    }),
  )

  it(
    'lowers the output limit to what is affordable',
    eachWay(async (make, _way, name) => {
      const { provider, ask, caller, used } = make(500_000, { onExceeded: 'clamp' })
      provider.on('cheap', { chunks: words(400) })
      const answer = await ask()
      expect(answer.finish, name).toBe(caller.atLimit)
      const sent = provider.calls[0]?.body as Record<string, unknown>
      const lowered = Number(sent[caller.limitField])
      expect(lowered, name).toBeGreaterThan(30)
      expect(lowered, name).toBeLessThanOrEqual(50)
      const { used: charged } = await used()
      expect(charged, name).toBeLessThanOrEqual(500_000)
      expect(charged, name).toBeGreaterThan(lowered * 10_000)
      // What is left does not pay for a useful answer.
      await expect(ask(), name).rejects.toMatchObject({ status: 402 })
      provider.expectCalls(1)
    }),
  )

  it(
    'takes the other model where its budget ends',
    eachWay(async (make, _way, name) => {
      const { provider, ask, used } = make(5_000_000, {
        onExceeded: 'downgrade',
        downgradeTo: { dear: 'cheap', cheap: 'dear' },
        expectedOutputTokens: 100,
      })
      provider.on('cheap', { chunks: words(30), usage })
      const { report } = await withReport(() => ask({ model: 'dear', maxTokens: 100 }))
      expect(
        provider.calls.map(({ body }) => (body as { model?: string }).model),
        name,
      ).toEqual(['cheap'])
      expect(report?.decisions[0], name).toMatchObject({ action: 'downgrade', details: { from: 'dear', to: 'cheap' } })
      expect(await used(), name).toEqual({ used: cost, held: 0 })
    }),
  )

  it('cuts a stream where its money ends, as at its output limit', async () => {
    for (const at of [0, 1, 2, 3]) {
      const { provider, callers, used, ledger } = setUp(700_000, { onExceeded: 'cut', expectedOutputTokens: 20 })
      const caller = callers[at]!
      provider.on('cheap', { chunks: words(400) })
      const { value, settled } = await withReport(() => caller.stream())
      const seen = value.text.trim().split(' ').length
      expect(value.finish, caller.name).toBe(caller.atLimit)
      expect(seen, caller.name).toBeGreaterThan(20)
      expect(seen, caller.name).toBeLessThan(70)
      // Nobody knows what the provider wrote: all that was held is charged, and no more than there was.
      const { used: charged, held } = await used()
      expect(held, caller.name).toBe(0)
      expect(charged, caller.name).toBeLessThanOrEqual(700_000)
      expect(charged, caller.name).toBeGreaterThan(690_000)
      const [report] = await settled
      expect(
        report?.decisions.map(({ action }) => action).filter((action) => action !== 'extend'),
        caller.name,
      ).toEqual(['reserve', 'cut', 'settle'])
      expect(provider.calls[0]?.outcome, caller.name).toBe('cancelled')
      expect((await ledger.balance({ tenant: 'acme' })).leftNanoUsd).toBeLessThan(10_000)
      // A whole answer cannot be cut.
      await expect(caller.whole(), caller.name).rejects.toMatchObject({ status: 402 })
    }
  })

  it('cuts with an error where it shall', async () => {
    const { provider, callers, used } = setUp(700_000, {
      onExceeded: 'cut',
      cutWith: 'error',
      expectedOutputTokens: 20,
    })
    provider.on('cheap', { chunks: words(400) })
    const error: unknown = await callers[0]?.stream().catch((thrown: unknown) => thrown)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'budget.exceeded' })
    expect((await used()).used).toBeLessThanOrEqual(700_000)
  })

  it('reserves more as a stream goes on, and lets it go over the limit where it must not cut', async () => {
    for (const [nanoUsd, actions] of [
      [1e8, ['reserve', 'extend', 'settle']],
      [700_000, ['reserve', 'extend', 'overdraw', 'settle']],
    ] as const) {
      const { provider, callers, used } = setUp(nanoUsd, { expectedOutputTokens: 20 })
      provider.on('cheap', { chunks: words(200), usage: { inputTokens: 100, outputTokens: 200 } })
      const { value, settled } = await withReport(async () => callers[0]!.stream())
      expect(value.text.trim().split(' ')).toHaveLength(200)
      expect(await used()).toEqual({ used: 2_100_000, held: 0 })
      const [report] = await settled
      expect([...new Set(report?.decisions.map(({ action }) => action))]).toEqual(actions)
    }
  })

  it('reserves all that a request allows, where nothing may exceed the limit', async () => {
    const { provider, callers } = setUp(1_000_000, { reserve: 'worst', maxOutputTokens: 50, onExceeded: 'clamp' })
    provider.on('cheap', { chunks: words(400) })
    await callers[0]!.whole()
    expect(provider.calls[0]?.body).toMatchObject({ max_completion_tokens: 50 })
    await callers[0]!.whole({ maxTokens: 10 })
    expect(provider.calls[1]?.body).toMatchObject({ max_completion_tokens: 10 })
    await callers[0]!.whole({ maxTokens: 1_000 })
    const last = provider.calls[2]?.body as { max_completion_tokens?: number } | undefined
    expect(last?.max_completion_tokens).toBeLessThanOrEqual(50)
  })

  it('takes scopes from the context, and fails where there is nobody to pay', async () => {
    const subject: BudgetOptions['subject'] = ({ tenant, user }) => ({ tenant, user })
    const { provider, callers, ledger } = setUp(1e9, { subject })
    provider.on('cheap', { text: 'Hi', usage })
    await withContext({ tenant: 'beta', user: 'u' }, () => callers[0]!.whole())
    await withContext({ tenant: 'beta' }, () => callers[0]!.whole())
    expect((await ledger.explain({ tenant: 'beta' }))[0]?.used).toBe(2 * cost)
    const error: unknown = await withContext({ user: 'u' }, () => callers[0]!.whole()).catch(
      (thrown: unknown) => thrown,
    )
    expect(sluiceErrorOf(error)?.code).toBe('budget.subject')
    provider.expectCalls(2)
  })

  it('never takes an unknown model for free', async () => {
    const { provider, callers } = setUp(1e9)
    const error: unknown = await callers[0]!.whole({ model: 'unheard-of' }).catch((thrown: unknown) => thrown)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'budget.unpriced', status: 400 })
    provider.expectCalls(0)
  })

  it('learns how long answers are', async () => {
    const { provider, callers, ledger } = setUp(1e10)
    provider.on('cheap', { text: 'Hi', usage })
    const reserved = async (): Promise<number> => {
      const { report } = await withReport(() => callers[0]!.whole())
      return Number(report?.decisions[0]?.details?.['outputTokens'])
    }
    expect(await reserved()).toBe(1_024)
    for (let calls = 0; calls < 20; calls += 1) await callers[0]!.whole()
    const learned = await reserved()
    expect(learned).toBeGreaterThanOrEqual(50)
    expect(learned).toBeLessThanOrEqual(58)
    expect((await ledger.explain({ tenant: 'acme' }))[0]?.used).toBe(22 * cost)
  })

  it('fails closed when the store is down', async () => {
    const provider = fakeProvider()
    const store = { step: () => Promise.reject(new Error('down')) }
    const ledger = createLedger({ store, limits: [{ scope: 'tenant', usd: 1, window: 'day' }] })
    const openai = sluice(new OpenAI({ apiKey: 'k', fetch: provider.fetch }), [
      budget({ ledger, price: prices, subject: { tenant: 'a' } }),
    ])
    const error: unknown = await openai.responses
      .create({ model: 'cheap', input: 'Hi' })
      .catch((thrown: unknown) => thrown)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'budget.unavailable', status: 503 })
    provider.expectCalls(0)
  })

  it('refuses options that cannot work', () => {
    const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 1, window: 'day' }] })
    const good: BudgetOptions = { ledger, price: prices, subject: { tenant: 'a' } }
    const wrong: [object, string][] = [
      [{ ledger: {} }, 'createLedger()'],
      [{ price: () => 0 }, 'createPriceBook()'],
      [{ subject: undefined }, 'needs a subject'],
      [{ subject: {} }, 'names no scope'],
      [{ subject: { tenant: '' } }, 'no id for "tenant"'],
      [{ onExceeded: 'wait' }, '"downgrade" or a list'],
      [{ onExceeded: [] }, '"downgrade" or a list'],
      [{ onExceeded: ['reject', 'clamp'] }, 'leave "reject" out'],
      [{ onExceeded: 'downgrade' }, 'downgradeTo together'],
      [{ downgradeTo: { a: 'b' } }, 'downgradeTo together'],
      [{ onExceeded: 'downgrade', downgradeTo: { a: 1 } }, 'model names'],
      [{ reserve: 'all' }, '"worst"'],
      [{ reserve: 'worst' }, 'needs maxOutputTokens'],
      [{ maxOutputTokens: 0 }, 'from 1'],
      [{ leastOutputTokens: Number.NaN }, 'from 1'],
      [{ expectedOutputTokens: 1.5 }, 'from 1'],
      [{ inputBound: 'low' }, '"certain"'],
      [{ cutWith: 'silence' }, '"error"'],
      [{ ttlMs: 5 }, '1 s to 1 day'],
      [{ clock: {} }, 'now()'],
      [{ limit: 5 }, 'no option "limit"'],
    ]
    for (const [change, message] of wrong)
      expect(() => budget({ ...good, ...change } as never), message).toThrow(message)
    expect(() => budget(undefined as never)).toThrow('must be an object')
  })
})
