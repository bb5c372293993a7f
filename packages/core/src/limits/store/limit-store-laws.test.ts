import { createClient } from 'redis'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/index.ts'
import { sharedRedis, timedClient } from '../../testing/redis/index.ts'
import type { LimitAnswer, LimitStore } from '../limit-store.ts'
import type { LimitRule, RateRule } from '../rule.ts'
import { contractStartMs } from '../testing/limit-store-contract.ts'
import { memoryLimitStore } from './memory-store.ts'
import { redisLimitStore } from './redis-store.ts'

const rateRule = fc.record({
  kind: fc.constant('rate' as const),
  name: fc.constant('rate'),
  unit: fc.constant('tokens' as const),
  limit: fc.integer({ min: 1, max: 100_000 }),
  periodMs: fc.constantFrom(1_000, 60_000),
  burst: fc.integer({ min: 1, max: 200 }),
})
const dayRule = fc.record({
  kind: fc.constantFrom('calendar' as const, 'sliding' as const),
  limit: fc.integer({ min: 1, max: 500 }),
  zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu'),
})

/** Time passes, somebody takes, or an earlier take turns out to have used only a share of what it took. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const), cost: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(50), used: fc.nat(100) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 1, 7, 60, 950, 20_000, 5_000_000),
    }),
  },
)
const plan = fc.record({ rate: rateRule, day: dayRule, steps: fc.array(step, { minLength: 5, maxLength: 60 }) })
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

interface Take {
  readonly id: string
  readonly answer: LimitAnswer
  readonly cost: number
  used: number
  isSettled: boolean
}

function rulesOf({ rate, day }: Plan): LimitRule[] {
  const { kind, limit, zone } = day
  const unit = 'tokens'
  const second: LimitRule =
    kind === 'calendar'
      ? { kind, name: 'day', unit, limit, zone }
      : { kind, name: 'day', unit, limit, periodMs: 86_400_000 }
  return [rate, second]
}

async function play(
  { steps }: Plan,
  rules: readonly LimitRule[],
  store: LimitStore,
  pass: (ms: number) => Promise<void>,
) {
  const takes: Take[] = []
  const trace: unknown[] = []
  for (const [at, one] of steps.entries()) {
    if (one.kind === 'pass') await pass(one.ms)
    else if (one.kind === 'take') {
      const ask = { subject: 's', id: `${at}`, rules, costs: rules.map(() => one.cost) }
      const before = await store.check(ask)
      const answer = await store.take(ask)
      expect(before.states.every(({ waitMs }) => waitMs === 0)).toBe(answer.taken)
      if (!answer.taken) expect(answer.states).toEqual(before.states)
      else takes.push({ id: ask.id, answer, cost: one.cost, used: one.cost, isSettled: false })
      trace.push([answer.taken, answer.states])
    } else {
      const take = takes[one.which % Math.max(1, takes.length)]
      if (!take || take.isSettled) continue
      take.isSettled = true
      take.used = Math.floor((take.cost * one.used) / 100)
      const deltas = rules.map(() => take.used - take.cost)
      await store.settle({ subject: 's', id: take.id, rules, deltas, takenAtUs: take.answer.atUs })
    }
  }
  return { takes, trace }
}

/** By how much the fullest window was over `limit × length + burst`; 0 or less when the law holds. */
function worst({ limit, periodMs, burst }: RateRule, takes: readonly { atUs: number; used: number }[]): number {
  let excess = -Infinity
  for (const [from, first] of takes.entries()) {
    let sum = 0
    for (const last of takes.slice(from)) {
      sum += last.used
      excess = Math.max(excess, sum - burst - (limit * (last.atUs - first.atUs)) / (periodMs * 1_000))
    }
  }
  return excess
}

const slackUnits = 1e-3

describe('no window of any length lets more than limit × length + burst through', () => {
  it('in memory, whatever is given back and when', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (one) => {
        const clock = fakeClock(contractStartMs)
        const { takes } = await play(one, [one.rate], memoryLimitStore({ clock }), (ms) => clock.advance(ms))
        const used = takes.map(({ answer, used }) => ({ atUs: answer.atUs, used }))
        expect(worst(one.rate, used)).toBeLessThanOrEqual(slackUnits)
      }),
      { numRuns: 600 },
    )
  })

  describe('in Redis', () => {
    let server: Awaited<ReturnType<typeof sharedRedis>>
    let client: ReturnType<typeof createClient>
    beforeAll(async () => {
      server = await sharedRedis()
      client = createClient({ url: server.url })
      await client.connect()
    })
    afterAll(async () => {
      client.destroy()
      await server.stop()
    })

    it('to the last digit as in memory, days included', async () => {
      await fc.assert(
        fc.asyncProperty(plan, async (one) => {
          const rules = rulesOf(one)
          const [a, b] = [fakeClock(contractStartMs), fakeClock(contractStartMs)]
          const prefix = `sluice:test:${crypto.randomUUID()}`
          const redis = redisLimitStore(timedClient(client, b), { prefix, timeoutMs: 30_000 })
          const inMemory = await play(one, rules, memoryLimitStore({ clock: a }), (ms) => a.advance(ms))
          const inRedis = await play(one, rules, redis, (ms) => b.advance(ms))
          expect(inRedis.trace).toEqual(inMemory.trace)
        }),
        { numRuns: 60 },
      )
    })

    it('with four clients at once on the server’s own clock', async () => {
      const rule: RateRule = { kind: 'rate', name: 'r', unit: 'tokens', limit: 6_000, periodMs: 60_000, burst: 40 }
      const prefix = `sluice:test:${crypto.randomUUID()}`
      const clients = await Promise.all([1, 2, 3, 4].map(() => createClient({ url: server.url }).connect()))
      const used: { atUs: number; used: number }[] = []
      await Promise.all(
        clients.map(async (one, at) => {
          const store = redisLimitStore(one, { prefix, timeoutMs: 30_000 })
          for (let turn = 0; turn < 400; turn += 1) {
            const cost = 1 + ((turn * 7 + at) % 5)
            const answer = await store.take({ subject: 's', id: `${at}-${turn}`, rules: [rule], costs: [cost] })
            if (answer.taken) used.push({ atUs: answer.atUs, used: cost })
          }
        }),
      )
      for (const one of clients) one.destroy()
      used.sort((a, b) => a.atUs - b.atUs)
      expect(used.length).toBeGreaterThan(8)
      expect(worst(rule, used)).toBeLessThanOrEqual(slackUnits)
    })
  })
})

it('no 24 hours and no day let more than the limit through', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const rules = rulesOf(one).slice(1)
      const clock = fakeClock(contractStartMs)
      const { takes } = await play(one, rules, memoryLimitStore({ clock }), (ms) => clock.advance(ms))
      const [rule] = rules
      const key = (atUs: number): string =>
        new Date(atUs / 1_000).toLocaleDateString('en-CA', { timeZone: rule?.kind === 'calendar' ? rule.zone : 'UTC' })
      for (const { answer } of takes) {
        const isWith = (other: Take): boolean =>
          rule?.kind === 'calendar'
            ? key(other.answer.atUs) === key(answer.atUs)
            : other.answer.atUs >= answer.atUs && other.answer.atUs - answer.atUs < 86_400e6
        const sum = takes.filter(isWith).reduce((all, { used }) => all + used, 0)
        expect(sum).toBeLessThanOrEqual(one.day.limit)
      }
    }),
    { numRuns: 200 },
  )
})
