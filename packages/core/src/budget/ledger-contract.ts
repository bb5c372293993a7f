import assert from 'node:assert/strict'
import { createLedger, type Ledger, type Reservation } from './ledger.ts'
import type { LedgerOptions } from './ledger-options.ts'
import type { BudgetLimit } from './limits.ts'
import type { Refusal } from './refusal.ts'
import type { LedgerStore } from './store.ts'
import { scopePath } from './subject.ts'

/** What a store is checked with. */
export interface ContractWorld {
  /** An empty store. */
  readonly store: LedgerStore
  /** Another name with every call: stores may be shared between cases. */
  readonly tenant: () => string
  /** Lets this many milliseconds pass on the store's clock. */
  readonly pass: (ms: number) => Promise<void>
}

export interface ContractCase {
  readonly name: string
  readonly run: (world: ContractWorld) => Promise<void>
}

const dollar = 1_000_000_000

function ledgerOf(world: ContractWorld, limits: readonly BudgetLimit[], more: Partial<LedgerOptions> = {}): Ledger {
  return createLedger({ store: world.store, limits, ...more })
}

export function admitted(result: Reservation | Refusal): Reservation {
  assert.ok(result.admitted, result.admitted ? '' : result.message)
  return result
}

export function refused(result: Reservation | Refusal): Refusal {
  assert.ok(!result.admitted, 'was admitted')
  return result
}

async function usedOf(ledger: Ledger, subject: Record<string, string>): Promise<number[]> {
  return (await ledger.explain(subject)).map(({ used }) => used)
}

async function code(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => (error as { code?: unknown }).code,
  )
}

const total = (scope: string, usd: number): BudgetLimit => ({ scope, usd, window: 'total' })

/** What every ledger store must do, as data: run each case in the test runner of your choice. */
export const ledgerContract: readonly ContractCase[] = [
  {
    name: 'admits exactly what there is room for, of a thousand at once',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 5)])
      const subject = { tenant: world.tenant() }
      const results = await Promise.all(
        Array.from({ length: 1_000 }, () => ledger.reserve({ subject, nanoUsd: dollar / 10 })),
      )
      assert.equal(results.filter((result) => result.admitted).length, 50)
      assert.deepEqual(await usedOf(ledger, subject), [5 * dollar])
      assert.deepEqual(await ledger.balance(subject), { leftNanoUsd: 0, leftTokens: undefined })
    },
  },
  {
    name: 'draws on all scopes or on none',
    async run(world) {
      const ledger = ledgerOf(world, [
        total('tenant', 10),
        total('user', 1),
        { scope: 'feature', tokens: 100, window: 'total' },
      ])
      const tenant = world.tenant()
      const subject = { tenant, user: 'u 1/|@é', feature: 'chat' }
      admitted(await ledger.reserve({ subject, nanoUsd: dollar, tokens: 60 }))
      const refusal = refused(
        await ledger.reserve({ subject: { tenant, user: 'u2', feature: 'chat' }, nanoUsd: 11 * dollar }),
      )
      assert.deepEqual([refusal.scope, refusal.id, refusal.leftNanoUsd], ['tenant', tenant, 9 * dollar])
      const byUser = refused(await ledger.reserve({ subject, nanoUsd: 1, tokens: 40 }))
      assert.deepEqual([byUser.scope, byUser.id, byUser.left], ['user', 'u 1/|@é', 0])
      const byTokens = refused(await ledger.reserve({ subject, nanoUsd: 0, tokens: 41 }))
      assert.deepEqual([byTokens.unit, byTokens.left, byTokens.leftNanoUsd], ['tokens', 40, undefined])
      assert.deepEqual(await usedOf(ledger, subject), [dollar, dollar, 60])
      assert.deepEqual(await usedOf(ledger, { tenant, user: 'u2' }), [dollar, 0])
    },
  },
  {
    name: 'counts to the last unit, below 2^53',
    async run(world) {
      const most = Number.MAX_SAFE_INTEGER
      const ledger = ledgerOf(world, [{ scope: 'tenant', nanoUsd: most, window: 'total' }])
      const subject = { tenant: world.tenant() }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: most - 1 }))
      refused(await ledger.reserve({ subject, nanoUsd: 2 }))
      admitted(await ledger.reserve({ subject, nanoUsd: 1 }))
      refused(await ledger.reserve({ subject, nanoUsd: 1 }))
      await ledger.settle(id, { nanoUsd: most - 3 }, 'exact')
      assert.deepEqual(await usedOf(ledger, subject), [most - 2])
    },
  },
  {
    name: 'settles exactly once, up or down',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 10), { scope: 'tenant', tokens: 1_000, window: 'total' }])
      const subject = { tenant: world.tenant() }
      const reserve = async (): Promise<Reservation> =>
        admitted(await ledger.reserve({ subject, nanoUsd: 4 * dollar, tokens: 400 }))
      const first = await reserve()
      assert.deepEqual(await ledger.settle(first.id, { nanoUsd: dollar, tokens: 90 }, 'exact'), {
        id: first.id,
        nanoUsd: dollar,
        tokens: 90,
        outcome: 'settled',
      })
      const again = await ledger.settle(first.id, { nanoUsd: 3 * dollar }, 'exact')
      assert.deepEqual([again.nanoUsd, again.outcome], [dollar, 'repeated'])
      assert.equal((await ledger.release(first.id)).outcome, 'repeated')
      assert.deepEqual(await usedOf(ledger, subject), [dollar, 90])
      const second = await reserve()
      await ledger.settle(second.id, { nanoUsd: 9.5 * dollar, tokens: 2_000 }, 'exact')
      const [money, tokens] = await ledger.explain(subject)
      assert.deepEqual([money?.used, money?.left, money?.held], [10.5 * dollar, 0, 0])
      assert.deepEqual([tokens?.used, tokens?.left], [2_090, 0])
      const free = admitted(await ledger.reserve({ subject, nanoUsd: 0 }))
      assert.equal((await ledger.release(free.id)).outcome, 'settled')
      refused(await ledger.reserve({ subject, nanoUsd: 1 }))
    },
  },
  {
    name: 'never gives back for an amount that is only a lower bound',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 10)])
      const subject = { tenant: world.tenant() }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 4 * dollar }))
      assert.equal((await ledger.settle(id, { nanoUsd: dollar }, 'lower_bound')).nanoUsd, 4 * dollar)
      assert.equal((await ledger.settle(id, { nanoUsd: 5 * dollar }, 'lower_bound')).nanoUsd, 5 * dollar)
      assert.equal((await ledger.settle(id, { nanoUsd: dollar }, 'lower_bound')).nanoUsd, 5 * dollar)
      assert.deepEqual(await usedOf(ledger, subject), [5 * dollar])
      // The provider told after all.
      assert.equal((await ledger.settle(id, { nanoUsd: 2 * dollar }, 'exact')).nanoUsd, 2 * dollar)
      assert.equal((await ledger.settle(id, { nanoUsd: 3 * dollar }, 'exact')).nanoUsd, 2 * dollar)
      assert.deepEqual(await usedOf(ledger, subject), [2 * dollar])
    },
  },
  {
    name: 'releases',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 1)])
      const subject = { tenant: world.tenant() }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: dollar }))
      assert.deepEqual(await ledger.release(id), { id, nanoUsd: 0, tokens: 0, outcome: 'settled' })
      assert.deepEqual(await usedOf(ledger, subject), [0])
    },
  },
  {
    name: 'gives the same reservation for the same id, and none for one that has ended',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 1)])
      const subject = { tenant: world.tenant() }
      const ask = { subject, nanoUsd: dollar, id: 'job 1/{x}%' }
      const first = admitted(await ledger.reserve(ask))
      const again = admitted(await ledger.reserve({ ...ask, nanoUsd: 2 * dollar }))
      assert.deepEqual([again.id, again.nanoUsd], [first.id, dollar])
      assert.deepEqual(await usedOf(ledger, subject), [dollar])
      // Another process settles it.
      const other = ledgerOf(world, [total('tenant', 1)])
      assert.equal((await other.settle(first.id, { nanoUsd: 5 }, 'exact')).outcome, 'settled')
      assert.equal(await code(ledger.reserve(ask)), 'budget.closed')
      assert.equal(await code(ledger.extend(first.id, { nanoUsd: 1 })), 'budget.closed')
      assert.deepEqual(await usedOf(ledger, subject), [5])
    },
  },
  {
    name: 'reserves as much as there is room for, if that is enough',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 1), { scope: 'tenant', tokens: 50, window: 'total' }])
      const subject = { tenant: world.tenant() }
      const ask = { subject, nanoUsd: 3 * dollar, leastNanoUsd: dollar / 2, tokens: 80, leastTokens: 20 }
      const first = admitted(await ledger.reserve(ask))
      assert.deepEqual([first.nanoUsd, first.tokens], [dollar, 50])
      await ledger.settle(first.id, { nanoUsd: dollar / 2 + 1, tokens: 10 }, 'exact')
      assert.equal(refused(await ledger.reserve(ask)).left, dollar / 2 - 1)
    },
  },
  {
    name: 'extends, as far as there is room',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 10), total('user', 5)])
      const subject = { tenant: world.tenant(), user: 'u' }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 2 * dollar }))
      assert.equal(admitted(await ledger.extend(id, { nanoUsd: 2 * dollar })).nanoUsd, 4 * dollar)
      const refusal = refused(await ledger.extend(id, { nanoUsd: 2 * dollar }))
      assert.deepEqual([refusal.scope, refusal.left], ['user', dollar])
      assert.deepEqual(await usedOf(ledger, subject), [4 * dollar, 4 * dollar])
      assert.equal(admitted(await ledger.extend(id, { nanoUsd: 2 * dollar, leastNanoUsd: 1 })).nanoUsd, 5 * dollar)
      // Holding it for longer takes no room.
      assert.equal(admitted(await ledger.extend(id, {})).nanoUsd, 5 * dollar)
      await ledger.settle(id, { nanoUsd: 3 * dollar }, 'exact')
      assert.deepEqual(await usedOf(ledger, subject), [3 * dollar, 3 * dollar])
      assert.equal(await code(ledger.extend('tenant=nobody/none', { nanoUsd: 1 })), 'budget.unknown')
      assert.equal(await code(ledger.settle('tenant=nobody/none', {}, 'exact')), 'budget.unknown')
    },
  },
  {
    name: 'frees what a dead process held, as its ledger says',
    async run(world) {
      for (const onExpiry of ['charge', 'refund'] as const) {
        const ledger = ledgerOf(world, [total('tenant', 5)], { onExpiry })
        const subject = { tenant: world.tenant() }
        const ids: string[] = []
        for (let count = 0; count < 3; count += 1)
          ids.push(admitted(await ledger.reserve({ subject, nanoUsd: dollar + count, ttlMs: 40 })).id)
        const kept = admitted(await ledger.reserve({ subject, nanoUsd: 7, ttlMs: 60_000 }))
        await world.pass(60)
        const [state] = await ledger.explain(subject)
        const left = onExpiry === 'charge' ? 3 * dollar + 3 : 0
        assert.deepEqual([state?.used, state?.held], [left + 7, 7])
        // Settled late, it is right again; and stays so.
        const late = await ledger.settle(ids[0]!, { nanoUsd: 11 }, 'exact')
        assert.deepEqual([late.nanoUsd, late.outcome], [11, 'late'])
        assert.equal((await ledger.settle(ids[0]!, { nanoUsd: 99 }, 'exact')).outcome, 'repeated')
        assert.equal((await ledger.settle(ids[1]!, { nanoUsd: 12 }, 'lower_bound')).nanoUsd, dollar + 1)
        // Held again, then given back.
        assert.equal(admitted(await ledger.extend(ids[2]!, { nanoUsd: 3 })).nanoUsd, dollar + 5)
        const [held] = await ledger.explain(subject)
        assert.deepEqual([held?.used, held?.held], [2 * dollar + 24, dollar + 12])
        await ledger.release(ids[2]!)
        await ledger.release(kept.id)
        assert.deepEqual(await usedOf(ledger, subject), [dollar + 12])
      }
    },
  },
  {
    name: 'holds no longer expired ones again without room',
    async run(world) {
      const ledger = ledgerOf(world, [total('tenant', 1)], { onExpiry: 'refund' })
      const subject = { tenant: world.tenant() }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: dollar, ttlMs: 20 }))
      await world.pass(40)
      admitted(await ledger.reserve({ subject, nanoUsd: 1 }))
      assert.equal(refused(await ledger.extend(id, {})).left, dollar - 1)
      assert.deepEqual(await usedOf(ledger, subject), [1])
    },
  },
  {
    name: 'keeps usage when a limit changes',
    async run(world) {
      let usd = 1
      const ledger = ledgerOf(world, [], { limits: () => [{ scope: 'tenant', usd, window: 'month' }] })
      const subject = { tenant: world.tenant() }
      admitted(await ledger.reserve({ subject, nanoUsd: dollar }))
      refused(await ledger.reserve({ subject, nanoUsd: 1 }))
      usd = 2
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: dollar }))
      usd = 0.5
      const [state] = await ledger.explain(subject)
      assert.deepEqual([state?.limit, state?.used, state?.left], [dollar / 2, 2 * dollar, 0])
      await ledger.release(id)
      refused(await ledger.reserve({ subject, nanoUsd: 1 }))
    },
  },
  {
    name: 'lets rolling windows go, never early',
    async run(world) {
      const ledger = ledgerOf(world, [{ scope: 'tenant', usd: 1, window: { rollingMs: 1_000 } }])
      const subject = { tenant: world.tenant() }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 0.6 * dollar }))
      await ledger.settle(id, { nanoUsd: 0.5 * dollar }, 'exact')
      await world.pass(300)
      admitted(await ledger.reserve({ subject, nanoUsd: 0.5 * dollar }))
      const refusal = refused(await ledger.reserve({ subject, nanoUsd: 0.4 * dollar }))
      assert.ok(refusal.retryAfterMs !== undefined && refusal.retryAfterMs > 400 && refusal.retryAfterMs <= 1_000)
      assert.equal(refused(await ledger.reserve({ subject, nanoUsd: 2 * dollar })).freesAtMs, undefined)
      await world.pass(760)
      admitted(await ledger.reserve({ subject, nanoUsd: 0.4 * dollar }))
      refused(await ledger.reserve({ subject, nanoUsd: 0.2 * dollar }))
    },
  },
  {
    name: 'counts an extended reservation of a rolling window from now on',
    async run(world) {
      const ledger = ledgerOf(world, [{ scope: 'tenant', usd: 1, window: { rollingMs: 1_000 } }])
      const subject = { tenant: world.tenant() }
      const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 0.6 * dollar }))
      await world.pass(600)
      admitted(await ledger.extend(id, { nanoUsd: 0.1 * dollar }))
      assert.deepEqual(await usedOf(ledger, subject), [0.7 * dollar])
      await world.pass(600)
      assert.deepEqual(await usedOf(ledger, subject), [0.7 * dollar])
      await world.pass(600)
      assert.deepEqual(await usedOf(ledger, subject), [0])
      // It has left the window: holding more takes room for all of it.
      admitted(await ledger.reserve({ subject, nanoUsd: 0.5 * dollar }))
      refused(await ledger.extend(id, { nanoUsd: 1 }))
    },
  },
  {
    name: 'takes the time of the store, not that of its caller',
    async run(world) {
      const tenant = world.tenant()
      const limits: BudgetLimit[] = [{ scope: 'tenant', usd: 1, window: 'day' }]
      const wrong = { now: () => Date.UTC(2031, 4, 5), sleep: async () => undefined }
      const ledger = ledgerOf(world, limits, { clock: wrong })
      admitted(await ledger.reserve({ subject: { tenant }, nanoUsd: dollar }))
      const refusal = refused(await ledgerOf(world, limits).reserve({ subject: { tenant }, nanoUsd: 1 }))
      const [state] = await ledger.explain({ tenant })
      assert.equal(state?.startsAtMs, refusal.startsAtMs)
      assert.ok((refusal.freesAtMs ?? 0) - (refusal.startsAtMs ?? 0) === 86_400_000)
    },
  },
  {
    name: 'books again what it has lost, and refuses to guess',
    async run(world) {
      const tenant = world.tenant()
      const limits = [total('tenant', 5)]
      const ledger = ledgerOf(world, limits)
      const { id } = admitted(await ledger.reserve({ subject: { tenant }, nanoUsd: dollar, id: 'x' }))
      const other = world.tenant()
      const root = scopePath('tenant', other)
      const lost = {
        nanoUsd: dollar,
        tokens: 0,
        refunds: false,
        rememberMs: 60_000,
        counters: [{ key: `${root}|total|nanoUsd`, unit: 'nanoUsd', limit: 5 * dollar, kind: 'total' }],
        slots: [0],
      } as const
      const { nowMs } = await world.store.step(root, { do: 'read', counters: [] })
      const settle = { do: 'settle', id: 'gone', actual: { nanoUsd: 3, tokens: 0 }, isExact: true } as const
      const old = { ...lost, expiresAtMs: nowMs - 61_000 }
      assert.equal((await world.store.step(root, { ...settle, lost: old })).is, 'unknown')
      const fresh = { ...lost, expiresAtMs: nowMs + 1_000 }
      const answer = await world.store.step(root, { ...settle, lost: fresh })
      assert.deepEqual(answer.is === 'settled' && [answer.was, answer.charged.nanoUsd], ['lost', 3])
      const repeated = await world.store.step(root, { ...settle, lost: fresh })
      assert.equal(repeated.is === 'settled' && repeated.was, 'settled')
      assert.deepEqual(await usedOf(ledger, { tenant: other }), [3])
      const none = { nanoUsd: 0, tokens: 0 }
      const extend = { do: 'extend', id: 'also', want: none, least: none, ttlMs: 1_000, lost: fresh } as const
      const held = await world.store.step(root, extend)
      assert.equal(held.is === 'held' && held.wasLost, true)
      assert.deepEqual(await usedOf(ledger, { tenant: other }), [dollar + 3])
      await ledger.release(id)
    },
  },
]
