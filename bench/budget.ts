/**
 * Budgets: what one call costs in CPU on a ledger in memory, how fast reservations are on a Redis of its own, and beside them
 * the way most have it: read what was spent, call, add. The naive way is measured for what it admits, not only for its speed.
 *
 * Needs a redis-server in the PATH, or SLUICE_REDIS_SERVER.
 */
import { createClient } from 'redis'
import { compose, wholeReply, type Handler } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { budget, createLedger, redisLedgerStore, type BudgetLimit, type Ledger } from '@sluice/core/budget'
import { rateLimit } from '@sluice/core/limits'
import { createPriceBook } from '@sluice/core/prices'
import { createCall } from '@sluice/core/transport'
import { startRedis } from '../packages/core/src/testing/redis/index.ts'
import { machine, measure, print } from './measure.ts'

const limits: BudgetLimit[] = [
  { scope: 'tenant', usd: 1_000_000, window: 'month', timeZone: 'Europe/Berlin' },
  { scope: 'user', usd: 500_000, window: 'day', timeZone: 'Europe/Berlin' },
]
const subject = { tenant: 'acme', user: 'u1' }
const request = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'Where is my refund? '.repeat(10) }],
}
const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'It is on its way.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 60, completion_tokens: 7, total_tokens: 67 },
} as never

/** Stands for a provider: one try, answered at once. */
const provider: Handler = async (call) => {
  call.attempt({}).record.responded(200)
  return wholeReply(call.api, answer)
}

async function onMemory(): Promise<void> {
  const price = createPriceBook({ ceiling: { inputUsdPerMillion: 20, outputUsdPerMillion: 100 } })
  const paid = (pays: readonly BudgetLimit[]): Handler =>
    compose([budget({ ledger: createLedger({ limits: pays }), price, subject })], provider)
  const ledger = createLedger({ limits })
  const free = compose([(call, next) => next(call)], provider)
  const rolling: BudgetLimit[] = [{ scope: 'tenant', usd: 1_000_000, window: { rollingMs: 3_600_000 } }]
  const [two, slid] = [paid(limits), paid(rolling)]
  const rates = { requestsPerMinute: 1e9, tokensPerMinute: 1e9, requestsPerDay: 1e9, tokensPerDay: 1e9 }
  const limited = rateLimit({ ...rates, by: () => 'acme' })
  const both = compose([limited, budget({ ledger: createLedger({ limits }), price, subject })], provider)
  const ask = (handler: Handler) => async (): Promise<unknown> => {
    const reply = await handler(createCall(openaiChat, request) as never)
    return reply.kind === 'whole' ? reply.value() : undefined
  }
  const figures = await measure(
    [
      { name: 'a call through an empty middleware', run: ask(free) },
      { name: 'a call through budget(), two calendar limits', run: ask(two) },
      { name: 'a call through budget(), one rolling limit', run: ask(slid) },
      { name: 'a call through rateLimit() and budget(), four and two limits', run: ask(both) },
      { name: 'nothing', run: async () => undefined },
      { name: 'reserve and settle, two calendar limits', run: () => spend(ledger) },
    ],
    { rounds: 60, runs: 400, warmUp: 4_000 },
  )
  print('In memory', figures, [
    { name: 'a call through an empty middleware', over: 'a call through an empty middleware' },
    { name: 'a call through budget(), two calendar limits', over: 'a call through an empty middleware', target: 10 },
    { name: 'a call through budget(), one rolling limit', over: 'a call through an empty middleware', target: 10 },
    {
      name: 'a call through rateLimit() and budget(), four and two limits',
      over: 'a call through an empty middleware',
      target: 20,
    },
    { name: 'reserve and settle, two calendar limits', over: 'nothing', target: 10 },
  ])
}

async function spend(ledger: Ledger, tenant = 'acme'): Promise<boolean> {
  const held = await ledger.reserve({ subject: { tenant, user: 'u1' }, nanoUsd: 1_000 })
  if (held.admitted) await ledger.settle(held.id, { nanoUsd: 700 }, 'exact')
  return held.admitted
}

/** Runs `work` with so many at once for a while; gives how many a second, and the median of each in milliseconds. */
async function load(
  inFlight: number,
  work: (at: number) => Promise<unknown>,
): Promise<{ perSecond: number; medianMs: number }> {
  const endsAtMs = performance.now() + 2_000
  const took: number[] = []
  await Promise.all(
    Array.from({ length: inFlight }, async (_, at) => {
      while (performance.now() < endsAtMs) {
        const startMs = performance.now()
        await work(at)
        took.push(performance.now() - startMs)
      }
    }),
  )
  return {
    perSecond: took.length / 2,
    medianMs: took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? Number.NaN,
  }
}

const row = (name: string, ...cells: string[]): void =>
  console.log(name.padEnd(48) + cells.map((cell) => cell.padStart(14)).join(''))

async function onRedis(): Promise<void> {
  const server = await startRedis()
  const client = createClient({ url: server.url })
  await client.connect()
  try {
    const ledger = createLedger({ store: redisLedgerStore(client), limits })
    const naive = async (at: number): Promise<void> => {
      const spent = Number((await client.hGet('naive', `t${at % 8}`)) ?? 0)
      if (spent + 1_000 <= 1e15) await client.hIncrBy('naive', `t${at % 8}`, 700)
    }
    console.log('\nIn Redis, on this machine: two limits, 8 tenants; reserve and settle are one round trip each')
    row('', 'in flight', 'calls/s', 'median ms')
    for (const inFlight of [1, 64]) {
      for (const [name, work] of [
        ['reserve, settle', (at: number) => spend(ledger, `t${at % 8}`)],
        ['naive: read, add (one limit)', naive],
      ] as const) {
        await load(inFlight, work)
        const { perSecond, medianMs } = await load(inFlight, work)
        row(name, String(inFlight), perSecond.toFixed(0), medianMs.toFixed(2))
      }
    }

    console.log('\n1,000 calls of $0.10 at once on a budget of $5.00: 50 may pass')
    const five = createLedger({
      store: redisLedgerStore(client, { timeoutMs: 10_000 }),
      limits: [{ scope: 'tenant', usd: 5, window: 'day' }],
    })
    const dime = 100_000_000
    const ours = await Promise.all(
      Array.from(
        { length: 1_000 },
        async () => (await five.reserve({ subject: { tenant: 'five' }, nanoUsd: dime })).admitted,
      ),
    )
    const checkThenSpend = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const spent = Number((await client.get('five')) ?? 0)
        if (spent + dime > 50 * dime) return false
        // The call to the provider, which tells what it cost.
        await new Promise((resolve) => setTimeout(resolve, 5))
        await client.incrBy('five', dime)
        return true
      }),
    )
    row('', 'admitted', 'spent')
    for (const [name, results] of [
      ['reserve', ours],
      ['naive: check, call, add', checkThenSpend],
    ] as const) {
      const admitted = results.filter(Boolean).length
      row(name, String(admitted), `$${(admitted / 10).toFixed(2)}`)
      if (name === 'reserve' && admitted !== 50) process.exitCode = 1
    }
  } finally {
    client.destroy()
    await server.stop()
  }
}

console.log(machine())
await onRedis()
await onMemory()
