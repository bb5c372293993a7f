import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { LimitAnswer, LimitAsk, LimitStore } from '../limit-store.ts'
import type { LimitRule, RateRule } from '../rule.ts'

/** A store under test, and its time. */
export interface LimitStoreSubject {
  readonly store: LimitStore
  /** Lets time pass for the store; it begins at 2026-03-10T22:30:00Z. */
  advance(ms: number): Promise<void>
  /** All that the store holds, in any form that compares: to see that nothing was written. */
  dump(): Promise<unknown>
}

export interface LimitStoreCase {
  readonly name: string
  run(subject: LimitStoreSubject): Promise<void>
}

/** When the time of a subject begins. */
export const contractStartMs: number = Date.UTC(2026, 2, 10, 22, 30)

const minute: RateRule = {
  kind: 'rate',
  name: 'tokensPerMinute',
  unit: 'tokens',
  limit: 600,
  periodMs: 60_000,
  burst: 100,
}
const day: LimitRule = { kind: 'calendar', name: 'day', unit: 'requests', limit: 3, zone: 'Europe/Zurich' }
const sliding: LimitRule = { kind: 'sliding', name: 'sliding', unit: 'requests', limit: 10, periodMs: 86_400_000 }
const seats: LimitRule = { kind: 'concurrency', name: 'concurrency', unit: 'calls', limit: 2, leaseMs: 10_000 }
const hourMs = 3_600_000

let calls = 0
function ask(rules: readonly LimitRule[], costs: readonly number[], id = `call-${(calls += 1)}`): LimitAsk {
  return { subject: 'acme', id, rules, costs }
}

async function settle(store: LimitStore, of: LimitAsk, { atUs }: LimitAnswer, deltas: readonly number[]) {
  await store.settle({ ...of, deltas, takenAtUs: atUs })
}

/** What every {@link LimitStore} does. Each case wants a store of its own with nothing in it. */
export const limitStoreContract: readonly LimitStoreCase[] = [
  {
    name: 'a rate lets its burst through at once, then what drains, and names the wait to the millisecond',
    async run({ store, advance }) {
      const first = await store.take(ask([minute], [100]))
      deepStrictEqual(first.states, [{ left: 0, waitMs: 0, fullInMs: 0 }])
      ok(first.taken)
      const second = await store.take(ask([minute], [5]))
      strictEqual(second.taken, false)
      deepStrictEqual(second.states, [{ left: 0, waitMs: 500, fullInMs: 10_000 }])
      await advance(499)
      strictEqual((await store.take(ask([minute], [5]))).taken, false)
      await advance(1)
      strictEqual((await store.take(ask([minute], [5]))).taken, true)
      await advance(1_000_000)
      strictEqual((await store.check(ask([minute], [0]))).states[0]?.left, 100)
    },
  },
  {
    name: 'more than can ever fit waits for ever',
    async run({ store }) {
      for (const [rule, cost] of [
        [minute, 101],
        [day, 4],
        [sliding, 11],
        [seats, 3],
      ] as const) {
        const { taken, states } = await store.take(ask([rule], [cost]))
        strictEqual(taken, false)
        strictEqual(states[0]?.waitMs, Infinity)
      }
    },
  },
  {
    name: 'a refusal by one rule takes nothing of the others',
    async run({ store }) {
      const rules = [minute, day, sliding, seats]
      strictEqual((await store.take(ask(rules, [90, 1, 1, 1]))).taken, true)
      const answer = await store.take(ask(rules, [20, 1, 1, 1]))
      strictEqual(answer.taken, false)
      deepStrictEqual(
        answer.states.map(({ left, waitMs }) => [left, waitMs]),
        [
          [10, 1_000],
          [2, 0],
          [9, 0],
          [1, 0],
        ],
      )
      strictEqual((await store.take(ask([seats], [1]))).taken, true)
      strictEqual((await store.take(ask(rules, [1, 1, 1, 1]))).taken, false)
      const after = await store.check(ask([minute, day, sliding], [0, 0, 0]))
      deepStrictEqual(
        after.states.map(({ left }) => left),
        [10, 2, 9],
      )
    },
  },
  {
    name: 'what is refused, checked or given back to nobody leaves no trace',
    async run({ store, dump }) {
      const empty = await dump()
      const rules = [minute, day, sliding, seats]
      await store.check(ask(rules, [1, 1, 1, 1]))
      await store.take(ask(rules, [500, 1, 1, 1]))
      await store.settle({ ...ask(rules, []), deltas: [-5, -1, -1, 0], takenAtUs: contractStartMs * 1_000 })
      await store.renew(ask(rules, []))
      deepStrictEqual(await dump(), empty)
      await store.take(ask(rules, [50, 1, 1, 1]))
      const used = await dump()
      await store.take(ask(rules, [60, 1, 1, 1]))
      await store.check(ask(rules, [1, 1, 1, 1]))
      deepStrictEqual(await dump(), used)
    },
  },
  {
    name: 'what was not used comes back, and what was used on top is charged above the limit',
    async run({ store }) {
      const rules = [minute, day]
      const call = ask(rules, [80, 1])
      await settle(store, call, await store.take(call), [-70, 0])
      deepStrictEqual(
        (await store.check(ask(rules, [0, 0]))).states.map(({ left }) => left),
        [90, 2],
      )
      const second = ask(rules, [10, 1])
      await settle(store, second, await store.take(second), [180, 0])
      const { states } = await store.take(ask(rules, [1, 1]))
      strictEqual(states[0]?.left, 0)
      strictEqual(states[0]?.waitMs, 10_100)
    },
  },
  {
    name: 'what has drained already does not come back a second time',
    async run({ store, advance }) {
      const early = ask([minute], [100])
      const taken = await store.take(early)
      await advance(10_000)
      strictEqual((await store.take(ask([minute], [60]))).taken, true)
      await settle(store, early, taken, [-100])
      strictEqual((await store.check(ask([minute], [0]))).states[0]?.left, 40)
    },
  },
  {
    name: 'two that are given back do not both count what drained once',
    async run({ store, advance }) {
      const [a, b] = [ask([minute], [50]), ask([minute], [50])]
      const [first, second] = [await store.take(a), await store.take(b)]
      await advance(5_000)
      strictEqual((await store.take(ask([minute], [10]))).taken, true)
      await settle(store, a, first, [-50])
      await settle(store, b, second, [-50])
      strictEqual((await store.check(ask([minute], [0]))).states[0]?.left, 90)
    },
  },
  {
    name: 'a busy meter gives back all of it',
    async run({ store, advance }) {
      const early = ask([minute], [90])
      const taken = await store.take(early)
      for (let turn = 0; turn < 20; turn += 1) {
        await advance(1_000)
        strictEqual((await store.take(ask([minute], [10]))).taken, true)
      }
      strictEqual((await store.check(ask([minute], [0]))).states[0]?.left, 10)
      await settle(store, early, taken, [-60])
      strictEqual((await store.check(ask([minute], [0]))).states[0]?.left, 70)
    },
  },
  {
    name: 'a day begins at midnight in its time zone',
    async run({ store, advance }) {
      for (let turn = 0; turn < 3; turn += 1) strictEqual((await store.take(ask([day], [1]))).taken, true)
      const refused = await store.take(ask([day], [1]))
      // 23:30 in Zurich.
      deepStrictEqual(refused.states, [{ left: 0, waitMs: hourMs / 2, fullInMs: hourMs / 2 }])
      await advance(hourMs / 2 - 1)
      strictEqual((await store.take(ask([day], [1]))).taken, false)
      await advance(1)
      strictEqual((await store.take(ask([day], [1]))).taken, true)
    },
  },
  {
    name: 'what is given back after midnight does not come off the new day',
    async run({ store, advance }) {
      const call = ask([day], [2])
      const taken = await store.take(call)
      await advance(hourMs)
      strictEqual((await store.take(ask([day], [3]))).taken, true)
      await settle(store, call, taken, [-2])
      strictEqual((await store.check(ask([day], [0]))).states[0]?.left, 0)
    },
  },
  {
    name: 'a sliding window frees what was taken a window ago, a slot late at most',
    async run({ store, advance }) {
      const call = ask([sliding], [6])
      const taken = await store.take(call)
      await advance(2 * hourMs)
      strictEqual((await store.take(ask([sliding], [4]))).taken, true)
      const refused = await store.take(ask([sliding], [5]))
      strictEqual(refused.taken, false)
      strictEqual(refused.states[0]?.waitMs, 22.5 * hourMs)
      await settle(store, call, taken, [-4])
      strictEqual((await store.check(ask([sliding], [0]))).states[0]?.left, 4)
      await advance(22.5 * hourMs)
      strictEqual((await store.check(ask([sliding], [0]))).states[0]?.left, 6)
    },
  },
  {
    name: 'seats are given up by settling, and by a holder that is gone when its lease ends',
    async run({ store, advance }) {
      const [a, b] = [ask([seats], [1]), ask([seats], [1])]
      const first = await store.take(a)
      await advance(4_000)
      await store.take(b)
      const refused = await store.take(ask([seats], [1]))
      deepStrictEqual(refused.states, [{ left: 0, waitMs: 6_000, fullInMs: 10_000 }])
      await store.renew(b)
      await settle(store, a, first, [0])
      strictEqual((await store.take(ask([seats], [1]))).taken, true)
      await advance(10_000)
      deepStrictEqual((await store.check(ask([seats], [0]))).states, [{ left: 2, waitMs: 0, fullInMs: 0 }])
      await store.renew(b)
      strictEqual((await store.check(ask([seats], [0]))).states[0]?.left, 2)
    },
  },
  {
    name: 'a renewed lease goes on',
    async run({ store, advance }) {
      const call = ask([seats], [1])
      await store.take(call)
      for (let turn = 0; turn < 5; turn += 1) {
        await advance(6_000)
        await store.renew(call)
      }
      strictEqual((await store.check(ask([seats], [0]))).states[0]?.left, 1)
    },
  },
  {
    name: 'other figures for a limit keep what was used',
    async run({ store }) {
      await store.take(ask([minute, day], [90, 2]))
      const tighter = [
        { ...minute, limit: 60, burst: 95 },
        { ...day, limit: 2 },
      ]
      const { states } = await store.check(ask(tighter, [0, 0]))
      deepStrictEqual(
        states.map(({ left }) => left),
        [5, 0],
      )
    },
  },
  {
    name: 'subjects do not know of each other',
    async run({ store }) {
      await store.take(ask([minute, seats], [100, 1]))
      const other = await store.check({ ...ask([minute, seats], [0, 0]), subject: 'ac:me{}' })
      deepStrictEqual(
        other.states.map(({ left }) => left),
        [100, 2],
      )
    },
  },
  {
    name: 'limits of a billion a minute are counted to the unit',
    async run({ store }) {
      const huge: LimitRule = { ...minute, limit: 1e9, burst: 1_000 }
      for (let turn = 0; turn < 100; turn += 1) strictEqual((await store.take(ask([huge], [10]))).taken, true)
      strictEqual((await store.take(ask([huge], [1]))).taken, false)
    },
  },
]
