/**
 * What limits cost and what they hold: CPU per call in memory; round trips, CPU and throughput on Redis beside
 * rate-limiter-flexible; and how much gets through at the edge of a window.
 */
import { sluiceFetch, type Middleware } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { createLimiter, rateLimit, redisLimitStore } from '@sluice/core/limits'
import { estimateRequest } from '@sluice/core/tokens'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterUnion } from 'rate-limiter-flexible'
import { createClient } from 'redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '../packages/core/src/testing/redis/index.ts'
import { chatAnswer, chatMessages, jsonTransport } from './bodies.ts'
import { machine, measure, print, type Case } from './measure.ts'

const plenty = 1_000_000_000
const dimensions = {
  requestsPerMinute: plenty,
  tokensPerMinute: plenty,
  requestsPerDay: plenty,
  tokensPerDay: plenty,
} as const

/** Reads what any middleware that counts tokens has to read: the request's model and the answer's usage. */
const readsUsage: Middleware = async (call, next) => {
  call.api.model(call.request)
  const reply = await next(call)
  if (reply.kind === 'whole') reply.api.usage(await reply.value())
  return reply
}

async function inMemory(): Promise<void> {
  const request = { model: 'gpt-5-mini', messages: chatMessages(1024) }
  const body = JSON.stringify(request)
  // Without an SDK, whose own 50 µs would hide what is measured.
  const through = (middleware: readonly Middleware[]) => {
    const fetch = sluiceFetch(middleware, { fetch: jsonTransport(chatAnswer(1024)) })
    const url = 'https://api.example.com/v1/chat/completions'
    return async () => (await fetch(url, { method: 'POST', body })).text()
  }
  const limiter = createLimiter({ ...dimensions, concurrency: 1_000 })
  const flexible = new RateLimiterMemory({ points: plenty, duration: 60 })
  const cases: Case[] = [
    { name: 'a pipeline that reads usage', run: through([readsUsage]) },
    { name: 'requests a minute', run: through([readsUsage, rateLimit({ by: 'all', requestsPerMinute: plenty })]) },
    {
      name: 'requests and tokens, a minute and a day',
      run: through([readsUsage, rateLimit({ by: 'all', ...dimensions })]),
    },
    {
      name: 'the same and concurrency',
      run: through([readsUsage, rateLimit({ by: 'all', ...dimensions, concurrency: 1_000 })]),
    },
    { name: 'nothing', run: async () => undefined },
    { name: 'of which: estimateRequest', run: async () => estimateRequest(openaiChat, request) },
    {
      name: 'createLimiter, five dimensions, take and settle',
      run: async () => {
        const { permit } = await limiter.take({ subject: 'acme', tokens: 1_200 })
        if (permit) await limiter.settle(permit, { tokens: 950 })
      },
    },
    { name: 'rate-limiter-flexible, one dimension, consume', run: () => flexible.consume('acme', 1) },
  ]
  const figures = await measure(cases, { rounds: 100, runs: 200, warmUp: 2_000 })
  const [reads, nothing] = ['a pipeline that reads usage', 'nothing']
  print('In memory, CPU a call', figures, [
    { name: reads, over: reads },
    { name: 'requests a minute', over: reads, target: 10 },
    { name: 'requests and tokens, a minute and a day', over: reads, target: 20 },
    { name: 'the same and concurrency', over: reads, target: 20 },
    { name: 'of which: estimateRequest', over: nothing },
    { name: 'createLimiter, five dimensions, take and settle', over: nothing, target: 10 },
    { name: 'rate-limiter-flexible, one dimension, consume', over: nothing },
  ])
}

async function onRedis(url: string): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  const store = redisLimitStore(client, { prefix: 'bench' })
  const limiter = createLimiter({ ...dimensions, store })
  const seated = createLimiter({ ...dimensions, concurrency: 1_000, store, name: 'seated' })
  const leased = createLimiter({ ...dimensions, store, name: 'leased', localLease: { share: 0.001 } })
  const flexible = (name: string, duration: number) =>
    new RateLimiterRedis({ storeClient: client, useRedisPackage: true, keyPrefix: name, points: plenty, duration })
  const four = [flexible('rpm', 60), flexible('tpm', 60), flexible('rpd', 86_400), flexible('tpd', 86_400)]
  const union = new RateLimiterUnion(...four)
  const cases: readonly { name: string; run: () => Promise<unknown> }[] = [
    { name: 'take: four dimensions', run: () => limiter.take({ subject: 'acme', tokens: 1_200 }) },
    {
      name: 'take and settle: four dimensions',
      run: async () => {
        const { permit } = await limiter.take({ subject: 'acme', tokens: 1_200 })
        if (permit) await limiter.settle(permit, { tokens: 950 })
      },
    },
    {
      name: 'take and settle: four and concurrency',
      run: async () => {
        const { permit } = await seated.take({ subject: 'acme', tokens: 1_200 })
        if (permit) await seated.settle(permit, { tokens: 950 })
      },
    },
    {
      name: 'take and settle: four, with local leases',
      run: async () => {
        const { permit } = await leased.take({ subject: 'acme', tokens: 1_200 })
        if (permit) await leased.settle(permit, { tokens: 950 })
      },
    },
    { name: 'rate-limiter-flexible, one dimension', run: async () => four[0]?.consume('acme', 1) },
    {
      name: 'rate-limiter-flexible, four in turn',
      run: async () => {
        for (const one of four) await one.consume('acme', 1)
      },
    },
    { name: 'rate-limiter-flexible, union of four', run: () => union.consume('acme', 1) },
  ]
  console.log('\nOn Redis (loopback, memory only), a call')
  row('', 'scripts', 'ms alone', 'calls/s, 64 at once', 'CPU µs here')
  for (const { name, run } of cases) {
    for (let count = 0; count < 500; count += 1) await run()
    const before = await scripts(client)
    await run()
    const perCall = (await scripts(client)) - before
    let started = performance.now()
    for (let count = 0; count < 1_000; count += 1) await run()
    const alone = (performance.now() - started) / 1_000
    started = performance.now()
    const cpu = process.cpuUsage()
    const each = 300
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let count = 0; count < each; count += 1) await run()
      }),
    )
    const { user, system } = process.cpuUsage(cpu)
    const seconds = (performance.now() - started) / 1_000
    const calls = 64 * each
    row(
      name,
      String(perCall),
      alone.toFixed(3),
      Math.round(calls / seconds).toString(),
      ((user + system) / calls).toFixed(0),
    )
  }
  client.destroy()
}

/** How often the server has run a script: each is one round trip. */
async function scripts(client: { info(section: string): Promise<string> }): Promise<number> {
  const stats = await client.info('commandstats')
  return [...stats.matchAll(/cmdstat_(?:evalsha|eval):calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0)
}

/** Waits at the end of a window of one second and then asks as fast as it can, for a fifth of a second. */
async function atTheEdge(url: string): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  const fixed = new RateLimiterRedis({
    storeClient: client,
    useRedisPackage: true,
    keyPrefix: 'edge',
    points: 100,
    duration: 1,
  })
  const store = redisLimitStore(client, { prefix: 'edge' })
  const gcra = (burst: number) =>
    createLimiter({ requestsPerMinute: 6_000, burst: { requests: burst }, store, name: `${burst}` })
  const [wide, narrow] = [gcra(100), gcra(10)]
  const cases: readonly { name: string; bound: number; admit: () => Promise<boolean> }[] = [
    {
      name: 'rate-limiter-flexible (fixed window)',
      bound: 100,
      admit: () =>
        fixed.consume('acme', 1).then(
          () => true,
          () => false,
        ),
    },
    { name: 'ours, burst 100', bound: 120, admit: async () => (await wide.take({ subject: 'acme' })).allowed },
    { name: 'ours, burst 10', bound: 30, admit: async () => (await narrow.take({ subject: 'acme' })).allowed },
  ]
  console.log(
    '\n100 a second: let through within 200 ms around the end of a window (limit × 0.2 s + burst is the bound)',
  )
  row('', 'let through', 'bound')
  for (const { name, bound, admit } of cases) {
    await admit()
    await sleep(900)
    const endsAtMs = performance.now() + 200
    let admitted = 0
    while (performance.now() < endsAtMs) {
      const answers = await Promise.all(Array.from({ length: 25 }, admit))
      admitted += answers.filter(Boolean).length
    }
    row(name, String(admitted), String(bound))
  }

  const points = new RateLimiterRedis({
    storeClient: client,
    useRedisPackage: true,
    keyPrefix: 'refused',
    points: 100,
    duration: 60,
  })
  await points.consume('acme', 500).catch(() => undefined)
  const tokens = createLimiter({ tokensPerMinute: 100, store, name: 'refused' })
  await tokens.take({ subject: 'acme', tokens: 500 })
  console.log('\nLeft of 100 after 500 were asked for and refused')
  row('rate-limiter-flexible', String((await points.get('acme'))?.remainingPoints))
  row('ours', String((await tokens.peek('acme'))[0]?.left))
  client.destroy()
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(44) + cells.map((cell) => cell.padStart(22)).join(''))
}

console.log(machine())
await inMemory()
const server = await startRedis()
await onRedis(server.url)
await atTheEdge(server.url)
await server.stop()
