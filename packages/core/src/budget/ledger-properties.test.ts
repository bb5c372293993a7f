import fc from 'fast-check'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { startRedis, type TestRedis } from '../testing/redis/index.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { BudgetLimit } from './limits.ts'
import { memoryLedgerStore } from './memory-store.ts'
import { redisLedgerStore } from './redis-store.ts'

type Act =
  | { do: 'reserve'; user: string; amount: number; least: number; ttlMs: number }
  | { do: 'extend'; at: number; amount: number; least: number }
  | { do: 'settle'; at: number; amount: number; isExact: boolean }
  | { do: 'release'; at: number }
  | { do: 'pass'; ms: number }

const amount = fc.integer({ min: 0, max: 40 })
const acts = (withTime: boolean): fc.Arbitrary<Act[]> => {
  const ttlMs = withTime ? fc.integer({ min: 1, max: 5_000 }) : fc.constant(60_000)
  const at = fc.nat({ max: 30 })
  return fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          do: fc.constant('reserve' as const),
          user: fc.constantFrom('u', 'v'),
          amount,
          least: amount,
          ttlMs,
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('extend' as const), at, amount, least: amount }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), at, amount, isExact: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), at }) },
      {
        weight: withTime ? 3 : 0,
        arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
      },
    ),
    { minLength: 1, maxLength: 60 },
  )
}

/** What the model knows of a reservation. */
interface Modelled {
  id: string
  user: string
  held: number
  charged: number
  state: 'open' | 'expired' | 'bounded' | 'settled'
  expiresAtMs: number
}

const limits: BudgetLimit[] = [
  { scope: 'tenant', nanoUsd: 100, window: 'total' },
  { scope: 'user', nanoUsd: 60, window: 'total' },
]

/** Plays the acts one by one against a model that is written as plainly as it can be. */
async function play(
  ledger: Ledger,
  acts: readonly Act[],
  world: { tenant: string; refunds: boolean; now: () => number; pass: (ms: number) => Promise<void> },
): Promise<void> {
  const { tenant, refunds } = world
  const known: Modelled[] = []
  const worth = ({ state, held, charged }: Modelled): number => (state === 'open' ? held : charged)
  const used = (user?: string): number =>
    known.filter((each) => !user || each.user === user).reduce((sum, each) => sum + worth(each), 0)
  const room = (user: string): number => Math.min(100 - used(), 60 - used(user))
  for (const act of acts) {
    if (act.do === 'pass') await world.pass(act.ms)
    for (const each of known)
      if (each.state === 'open' && each.expiresAtMs <= world.now()) {
        each.state = 'expired'
        each.charged = refunds ? 0 : each.held
      }
    const one = 'at' in act ? known[act.at % Math.max(1, known.length)] : undefined
    if (act.do === 'reserve') {
      const { user, ttlMs } = act
      const least = Math.min(act.least, act.amount)
      const left = room(user)
      const result = await ledger.reserve({
        subject: { tenant, user },
        nanoUsd: act.amount,
        leastNanoUsd: least,
        ttlMs,
      })
      expect(result.admitted).toBe(least === 0 || left >= least)
      if (!result.admitted) continue
      const held = Math.max(0, Math.min(act.amount, left))
      expect(result.nanoUsd).toBe(held)
      known.push({ id: result.id, user, held, charged: 0, state: 'open', expiresAtMs: world.now() + ttlMs })
    } else if (act.do === 'extend' && one && (one.state === 'open' || one.state === 'expired')) {
      const least = Math.min(act.least, act.amount)
      const base = one.held - worth(one)
      const left = room(one.user) - base
      const result = await ledger.extend(one.id, { nanoUsd: act.amount, leastNanoUsd: least, ttlMs: 60_000 })
      expect(result.admitted).toBe(base + least === 0 || left >= least)
      if (!result.admitted) continue
      one.held += Math.max(0, Math.min(act.amount, left))
      one.state = 'open'
      one.expiresAtMs = Math.max(one.expiresAtMs, world.now() + 60_000)
      expect(result.nanoUsd).toBe(one.held)
    } else if ((act.do === 'settle' || act.do === 'release') && one) {
      const actual = act.do === 'settle' ? act.amount : 0
      const isExact = act.do === 'release' || act.isExact
      const result = await ledger.settle(one.id, { nanoUsd: actual }, isExact ? 'exact' : 'lower_bound')
      if (one.state !== 'settled') {
        const floor = one.state === 'bounded' ? one.charged : one.held
        one.charged = isExact ? actual : Math.max(actual, floor)
        one.state = isExact ? 'settled' : 'bounded'
      }
      expect(result.nanoUsd).toBe(one.charged)
    }
    for (const user of ['u', 'v']) {
      const states = await ledger.explain({ tenant, user })
      expect(states.map((state) => state.used)).toEqual([used(), used(user)])
      const open = known.filter((each) => each.state === 'open')
      const held = (mine: Modelled[]): number => mine.reduce((sum, each) => sum + each.held, 0)
      expect(states.map((state) => state.held)).toEqual([held(open), held(open.filter((each) => each.user === user))])
    }
  }
}

describe('a ledger', () => {
  it('keeps its books as a model does, in memory', async () => {
    await fc.assert(
      fc.asyncProperty(acts(true), fc.boolean(), async (played, refunds) => {
        const clock = fakeClock()
        const onExpiry = refunds ? 'refund' : 'charge'
        const ledger = createLedger({
          limits,
          clock,
          onExpiry,
          rememberMs: 86_400_000,
          store: memoryLedgerStore(clock),
        })
        await play(ledger, played, { tenant: 't', refunds, now: clock.now, pass: (ms) => clock.advance(ms) })
      }),
      { numRuns: 150 },
    )
  })

  it('never has more in a rolling window than its limit, whatever comes', async () => {
    const rollingMs = 6_000
    await fc.assert(
      fc.asyncProperty(acts(true), async (played) => {
        const clock = fakeClock()
        const ledger = createLedger({ limits: [{ scope: 'user', nanoUsd: 60, window: { rollingMs } }], clock })
        const spent: { id: string; user: string; atMs: number; nanoUsd: number }[] = []
        for (const act of played) {
          if (act.do === 'pass') await clock.advance(act.ms)
          if (act.do === 'reserve') {
            const { user } = act
            const held = await ledger.reserve({ subject: { tenant: 't', user }, nanoUsd: act.amount })
            if (held.admitted) spent.push({ id: held.id, user, atMs: clock.now(), nanoUsd: held.nanoUsd })
          }
          const one = 'at' in act ? spent[act.at % Math.max(1, spent.length)] : undefined
          if (act.do === 'settle' && one) {
            const actual = Math.min(act.amount, one.nanoUsd)
            one.nanoUsd = (await ledger.settle(one.id, { nanoUsd: actual }, 'exact')).nanoUsd
          }
          for (const user of ['u', 'v']) {
            const inWindow = spent.filter((each) => each.user === user && each.atMs > clock.now() - rollingMs)
            const sum = inWindow.reduce((total, each) => total + each.nanoUsd, 0)
            const [state] = await ledger.explain({ tenant: 't', user })
            expect(sum).toBeLessThanOrEqual(state?.used ?? -1)
            expect(state?.used).toBeLessThanOrEqual(60)
          }
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('a ledger in Redis', () => {
  let server: TestRedis
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await startRedis()
    client = createClient({ url: server.url })
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  it('keeps its books as a model does', async () => {
    let run = 0
    const ledger = createLedger({ limits, store: redisLedgerStore(client, { timeoutMs: 30_000 }) })
    await fc.assert(
      fc.asyncProperty(acts(false), async (played) => {
        await play(ledger, played, {
          tenant: `t${(run += 1)}`,
          refunds: false,
          now: () => 0,
          pass: async () => undefined,
        })
      }),
      { numRuns: 60 },
    )
  })

  it('never exceeds a limit with everything at once, and adds up to the unit', async () => {
    let run = 0
    const ledger = createLedger({ limits, store: redisLedgerStore(client, { timeoutMs: 30_000 }) })
    await fc.assert(
      fc.asyncProperty(acts(false), async (played) => {
        const tenant = `all${(run += 1)}`
        let charged = 0
        await Promise.all(
          played.map(async (act, index) => {
            if (act.do !== 'reserve') return
            const held = await ledger.reserve({ subject: { tenant, user: act.user }, nanoUsd: act.amount })
            const [state] = await ledger.explain({ tenant, user: act.user })
            expect(state?.used).toBeLessThanOrEqual(100)
            if (!held.admitted) return
            const actual = index % 3 === 0 ? 0 : Math.floor(held.nanoUsd / (index % 3))
            const settled = await ledger.settle(held.id, { nanoUsd: actual }, 'exact')
            charged += settled.nanoUsd
          }),
        )
        const [state] = await ledger.explain({ tenant, user: 'u' })
        expect([state?.used, state?.held]).toEqual([charged, 0])
      }),
      { numRuns: 40 },
    )
  })
})
