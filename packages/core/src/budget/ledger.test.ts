import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { createLedger, memoryLedgerStore, redisLedgerStore, type BudgetLimit, type LedgerStore } from './index.ts'
import { admitted, refused } from './ledger-contract.ts'

const dollar = 1_000_000_000

describe('createLedger', () => {
  it('refuses what cannot work, and says what would', () => {
    const limit: BudgetLimit = { scope: 'tenant', usd: 1, window: 'day' }
    const wrong: [unknown, string][] = [
      [{}, 'limits of a ledger must be a list'],
      [{ limits: [] }, 'must not be empty'],
      [{ limits: [limit], ttl: 1 }, 'no option "ttl"'],
      [{ limits: [{ ...limit, usd: -1 }] }, 'usd must be US dollars from 0'],
      [{ limits: [{ ...limit, usd: Number.NaN }] }, 'got NaN'],
      [{ limits: [{ ...limit, usd: 1e7 }] }, 'to 9007199'],
      [{ limits: [{ ...limit, tokens: 5 }] }, 'usd and tokens'],
      [{ limits: [{ scope: 'tenant', window: 'day' }] }, 'has none'],
      [{ limits: [{ scope: 'tenant', nanoUsd: 0.5, window: 'day' }] }, 'whole number'],
      [{ limits: [{ scope: 'tenant', tokens: -3, window: 'day' }] }, 'got -3'],
      [{ limits: [{ ...limit, timeZone: 'Europe/Bärlin' }] }, 'IANA zone'],
      [{ limits: [{ ...limit, window: 'year' }] }, '"month", "total"'],
      [{ limits: [{ ...limit, window: { rollingMs: 10 } }] }, '1 second to 366 days'],
      [{ limits: [{ ...limit, scope: '' }] }, 'name of a scope'],
      [{ limits: [{ ...limit, scope: ['a', 'a'] }] }, 'different ones'],
      [{ limits: [{ ...limit, id: '' }] }, 'non-empty text'],
      [{ limits: [{ ...limit, per: 1 }] }, 'no field "per"'],
      [{ limits: [limit, { ...limit, usd: 2 }] }, 'Keep one of them'],
      [{ limits: [limit], graceUsd: -1 }, 'graceUsd'],
      [{ limits: [limit], graceUsd: 1, graceNanoUsd: 1 }, 'not both'],
      [{ limits: [limit], onExpiry: 'keep' }, '"charge" or "refund"'],
      [{ limits: [limit], withoutLimit: 'no' }, '"refuse" or "allow"'],
      [{ limits: [limit], rememberMs: 5 }, '1 s to 1 day'],
      [{ limits: [limit], clock: {} }, 'now()'],
      [{ limits: [limit], store: {} }, 'redisLedgerStore'],
    ]
    for (const [options, message] of wrong) expect(() => createLedger(options as never), message).toThrow(message)
    expect(() => redisLedgerStore({} as never)).toThrow('connected client')
    const client = { eval: async () => undefined, evalSha: async () => undefined }
    expect(() => redisLedgerStore(client, { timeoutMs: 0 })).toThrow('above 0')
    expect(() => redisLedgerStore(client, { prefix: '{x}' })).toThrow('without braces')
    expect(() => redisLedgerStore(client, { key: 'x' } as never)).toThrow('no option "key"')
  })

  it('refuses subjects and amounts that would be counted wrongly', async () => {
    const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 1, window: 'day' }] })
    const subjects: unknown[] = [
      undefined,
      {},
      { tenant: '' },
      { tenant: undefined },
      { '1': 'x' },
      { 'a b': 'x' },
      { tenant: '\ud800' },
      ['x'],
    ]
    for (const subject of subjects)
      await expect(ledger.reserve({ subject: subject as never, nanoUsd: 1 })).rejects.toMatchObject({
        code: 'budget.subject',
      })
    await expect(ledger.reserve({ subject: { user: 'x' }, nanoUsd: 1 })).rejects.toMatchObject({
      code: 'budget.no_limit',
    })
    const subject = { tenant: 'x' }
    for (const wrong of [
      { nanoUsd: -1 },
      { nanoUsd: 0.5 },
      { nanoUsd: Number.NaN },
      { nanoUsd: 1, tokens: 2 ** 53 },
      { nanoUsd: 1, ttlMs: 0 },
      { nanoUsd: 1, id: '' },
    ])
      await expect(ledger.reserve({ subject, ...wrong })).rejects.toMatchObject({ code: 'budget.amount' })
    await expect(ledger.settle('tenant=x/y', { nanoUsd: 1 }, 'about' as never)).rejects.toMatchObject({
      code: 'budget.amount',
    })
    await expect(ledger.settle('nonsense', { nanoUsd: 1 }, 'exact')).rejects.toMatchObject({ code: 'budget.unknown' })
  })

  it('counts nothing where that is allowed', async () => {
    const ledger = createLedger({
      limits: [{ scope: 'tenant', id: 'a', usd: 1, window: 'day' }],
      withoutLimit: 'allow',
    })
    const held = admitted(await ledger.reserve({ subject: { tenant: 'b' }, nanoUsd: 99 * dollar }))
    expect(held.isUnlimited).toBe(true)
    expect(admitted(await ledger.extend(held.id, { nanoUsd: 1 })).isUnlimited).toBe(true)
    expect((await ledger.settle(held.id, { nanoUsd: 5 }, 'exact')).nanoUsd).toBe(5)
    expect(await ledger.explain({ tenant: 'b' })).toEqual([])
    expect(await ledger.balance({ tenant: 'b' })).toEqual({ leftNanoUsd: undefined, leftTokens: undefined })
  })

  it('tells users of two tenants apart, and counts a list of scopes across the others', async () => {
    const ledger = createLedger({
      limits: [
        { scope: 'user', usd: 1, window: 'day' },
        { scope: 'user', id: 'vip', usd: 9, window: 'day' },
        { scope: ['tenant', 'feature'], usd: 1.5, window: 'day' },
      ],
    })
    const left = async (subject: Record<string, string>): Promise<number[]> =>
      (await ledger.explain(subject)).map((state) => state.left / dollar)
    admitted(await ledger.reserve({ subject: { tenant: 'a', user: 'u', feature: 'chat' }, nanoUsd: dollar }))
    expect(await left({ tenant: 'a', user: 'u', feature: 'chat' })).toEqual([0, 0.5])
    expect(await left({ tenant: 'b', user: 'u', feature: 'chat' })).toEqual([1, 1.5])
    expect(await left({ tenant: 'a', user: 'v', feature: 'chat' })).toEqual([1, 0.5])
    expect(await left({ tenant: 'a', user: 'vip', feature: 'mail' })).toEqual([9, 1.5])
    expect(await left({ tenant: 'a', feature: 'chat' })).toEqual([0.5])
  })

  it('begins calendar windows anew, over daylight saving and month ends', async () => {
    const clock = fakeClock(Date.parse('2026-10-24T21:59:59.000Z'))
    const limits: BudgetLimit[] = [
      { scope: 'tenant', usd: 1, window: 'day', timeZone: 'Europe/Berlin' },
      { scope: 'tenant', usd: 2.5, window: 'month', timeZone: 'Europe/Berlin' },
    ]
    const ledger = createLedger({ limits, clock })
    const subject = { tenant: 'a' }
    const before = admitted(await ledger.reserve({ subject, nanoUsd: dollar }))
    expect(refused(await ledger.reserve({ subject, nanoUsd: 1 })).freesAtMs).toBe(Date.parse('2026-10-24T22:00:00Z'))
    await clock.advance(1_000)
    // The day with 25 hours.
    admitted(await ledger.reserve({ subject, nanoUsd: dollar }))
    const refusal = refused(await ledger.reserve({ subject, nanoUsd: 1 }))
    expect([refusal.window, refusal.freesAtMs]).toEqual(['day', Date.parse('2026-10-25T23:00:00Z')])
    // What was reserved yesterday is settled in its own day, and counts in the month.
    await ledger.settle(before.id, { nanoUsd: 1.4 * dollar }, 'exact')
    await clock.advance(25 * 3_600_000 - 1)
    expect((await ledger.reserve({ subject, nanoUsd: 1 })).admitted).toBe(false)
    await clock.advance(1)
    const month = refused(await ledger.reserve({ subject, nanoUsd: 0.2 * dollar }))
    expect([month.window, month.leftNanoUsd, month.freesAtMs]).toEqual([
      'month',
      0.1 * dollar,
      Date.parse('2026-10-31T23:00:00Z'),
    ])
    expect(month.message).toBe(
      'The budget of tenant "a", $2.50 a month (Europe/Berlin), has $0.10 left; $0.20 are needed. There is room at 2026-10-31T23:00:00.000Z.',
    )
    await clock.advance(month.retryAfterMs ?? 0)
    admitted(await ledger.reserve({ subject, nanoUsd: dollar }))
  })

  it('counts every charge of a rolling window for as long as the window is', async () => {
    const rollingMs = 6_000
    for (let offsetMs = 0; offsetMs < 100; offsetMs += 7) {
      const clock = fakeClock(1_700_000_000_000 + offsetMs)
      const ledger = createLedger({ limits: [{ scope: 'tenant', nanoUsd: 1, window: { rollingMs } }], clock })
      const subject = { tenant: 'a' }
      admitted(await ledger.reserve({ subject, nanoUsd: 1 }))
      await clock.advance(rollingMs - 1)
      const refusal = refused(await ledger.reserve({ subject, nanoUsd: 1 }))
      expect(refusal.freesAtMs).toBeLessThanOrEqual(clock.now() + 101)
      await clock.advance((refusal.freesAtMs ?? 0) - clock.now() - 1)
      refused(await ledger.reserve({ subject, nanoUsd: 1 }))
      await clock.advance(1)
      admitted(await ledger.reserve({ subject, nanoUsd: 1 }))
    }
  })

  it('says what calls in progress hold, and that they may give it back soon', async () => {
    const clock = fakeClock()
    const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 1, window: 'month' }], clock })
    const subject = { tenant: 'a' }
    admitted(await ledger.reserve({ subject, nanoUsd: dollar, ttlMs: 60_000 }))
    const refusal = refused(await ledger.reserve({ subject, nanoUsd: dollar }))
    expect(refusal).toMatchObject({ used: dollar, held: dollar, left: 0, retryAfterMs: 1_000 })
    await clock.advance(60_000)
    expect(refused(await ledger.reserve({ subject, nanoUsd: 1 }))).toMatchObject({ used: dollar, held: 0 })
  })
})

describe('a store that is down', () => {
  function setUp(graceNanoUsd = 0) {
    const clock = fakeClock()
    const store = memoryLedgerStore(clock)
    let isDown = false
    let losesReply = false
    const flaky: LedgerStore = {
      async step(root, step) {
        if (isDown) throw new Error('down')
        const answer = await store.step(root, step)
        if (losesReply) throw new Error('lost')
        return answer
      },
    }
    const limits: BudgetLimit[] = [{ scope: 'tenant', usd: 1, window: 'total' }]
    const ledger = createLedger({ store: flaky, limits, graceNanoUsd, clock })
    const used = async (): Promise<number | undefined> => (await ledger.explain({ tenant: 'a' }))[0]?.used
    return {
      clock,
      ledger,
      used,
      down: (is: boolean) => void (isDown = is),
      lose: (is: boolean) => void (losesReply = is),
    }
  }
  const subject = { tenant: 'a' }

  it('fails closed', async () => {
    const { ledger, down } = setUp()
    const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 5 }))
    down(true)
    for (const run of [
      () => ledger.reserve({ subject, nanoUsd: 0 }),
      () => ledger.extend(id, {}),
      () => ledger.explain(subject),
    ])
      await expect(run()).rejects.toMatchObject({ code: 'budget.unavailable', status: 503, retryAfterMs: 1_000 })
  })

  it('keeps settlements until it can be told', async () => {
    const { ledger, down, used } = setUp()
    const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 500 }))
    down(true)
    expect(await ledger.settle(id, { nanoUsd: 40 }, 'exact')).toMatchObject({ outcome: 'queued', nanoUsd: 40 })
    expect(await ledger.flush()).toBe(1)
    down(false)
    expect(await ledger.flush()).toBe(0)
    expect(await used()).toBe(40)
  })

  it('settles once when the reply was lost, and gives back what it cannot know', async () => {
    const { ledger, lose, used } = setUp()
    const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 500 }))
    lose(true)
    expect((await ledger.settle(id, { nanoUsd: 40 }, 'exact')).outcome).toBe('queued')
    // It is held all the same, and nobody knows.
    await expect(ledger.reserve({ subject, nanoUsd: 300 })).rejects.toMatchObject({ code: 'budget.unavailable' })
    await expect(ledger.reserve({ subject, nanoUsd: 200, id: 'mine' })).rejects.toMatchObject({
      code: 'budget.unavailable',
    })
    lose(false)
    expect(await ledger.flush()).toBe(0)
    expect(await used()).toBe(240)
    const { id: mine } = admitted(await ledger.reserve({ subject, nanoUsd: 200, id: 'mine' }))
    await ledger.settle(mine, { nanoUsd: 3 }, 'exact')
    expect(await used()).toBe(43)
  })

  it('spends its grace, and books it later', async () => {
    const { clock, ledger, down, used } = setUp(100)
    down(true)
    const first = admitted(await ledger.reserve({ subject, nanoUsd: 60 }))
    expect(first.isGrace).toBe(true)
    await expect(ledger.reserve({ subject, nanoUsd: 41 })).rejects.toMatchObject({ code: 'budget.unavailable' })
    expect(admitted(await ledger.extend(first.id, { nanoUsd: 30 })).nanoUsd).toBe(90)
    await expect(ledger.extend(first.id, { nanoUsd: 11 })).rejects.toMatchObject({ code: 'budget.unavailable' })
    expect((await ledger.settle(first.id, { nanoUsd: 20 }, 'exact')).outcome).toBe('queued')
    const second = admitted(await ledger.reserve({ subject, nanoUsd: 80 }))
    expect((await ledger.settle(second.id, { nanoUsd: 5 }, 'lower_bound')).nanoUsd).toBe(80)
    await expect(ledger.reserve({ subject, nanoUsd: 1 })).rejects.toMatchObject({ code: 'budget.unavailable' })
    await clock.advance(3_600_000)
    down(false)
    await ledger.flush()
    expect(await used()).toBe(100)
    down(true)
    expect(admitted(await ledger.reserve({ subject, nanoUsd: 100 })).isGrace).toBe(true)
  })
})
