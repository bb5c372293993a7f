// Background jobs on BullMQ: workers of any number of processes share the provider's capacity, the tenants share it fairly,
// and a job that meets a limit comes back when there is room, without using up its attempts. Offline, on a Redis of its own
// (or the one that REDIS_URL names).
//   node --conditions=@sluice/source examples/background-jobs.ts
import { sluice, sluiceErrorOf, withContext } from '@sluice/core'
import { rateLimit, redisLimitStore } from '@sluice/core/limits'
import { queue, redisSemaphore } from '@sluice/core/queue'
import { fakeProvider } from '@sluice/core/testing'
import { startRedis } from '@sluice/core/testing/redis'
import { createNodeRedisClient, DelayedError, Queue, Worker, type Job } from 'bullmq'
import OpenAI from 'openai'
import { createClient } from 'redis'

interface Task {
  readonly tenant: string
  readonly ticket: string
}

const server = process.env['REDIS_URL'] ? undefined : await startRedis()
const url = server?.url ?? process.env['REDIS_URL'] ?? ''
const client = createClient({ url })
client.on('error', console.error)
await client.connect()

// What a provider allows, seen by all processes: 4 calls at the same time, and each tenant 5 a second.
const provider = fakeProvider()
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [
  rateLimit({ store: redisLimitStore(client), by: 'tenant', requestsPerMinute: 300, burst: { requests: 8 } }),
  queue({
    concurrency: 8,
    fairBy: 'tenant',
    shared: redisSemaphore(client, { name: `demo-${Date.now()}`, permits: 4 }),
  }),
])

let returned = 0
async function summarise(job: Job<Task, string>, token?: string): Promise<string> {
  const { tenant, ticket } = job.data
  try {
    const messages = [{ role: 'user' as const, content: `Summarise: ${ticket}` }]
    const { choices } = await withContext({ tenant }, () =>
      openai.chat.completions.create({ model: 'gpt-5-mini', messages }),
    )
    return choices[0]?.message.content ?? ''
  } catch (error) {
    const refusal = sluiceErrorOf(error)
    if (refusal?.retryAfterMs === undefined) throw error
    // Not a failure: the job waits as long as the limit says and keeps its attempts.
    returned += 1
    await job.moveToDelayed(Date.now() + refusal.retryAfterMs, token)
    throw new DelayedError()
  }
}

const clients: { destroy(): void }[] = [client]
function connection(): ReturnType<typeof createNodeRedisClient> {
  const made = createClient({ url })
  made.on('error', console.error)
  clients.push(made)
  return createNodeRedisClient(made)
}

const name = `tickets-${Date.now()}`
const jobs = new Queue<Task, string>(name, { connection: connection() })
// Two workers here; in production they run in processes of their own.
const workers = [1, 2].map(
  () => new Worker<Task, string>(name, summarise, { connection: connection(), concurrency: 6 }),
)

const tickets = Array.from({ length: 24 }, (_, index) => ({
  name: 'summarise',
  data: { tenant: index % 3 === 0 ? 'globex' : 'acme', ticket: `Ticket ${index}: the card has not arrived.` },
}))
const summaries: string[] = []
const { promise: allDone, resolve, reject } = Promise.withResolvers<void>()
for (const worker of workers) {
  worker.on('completed', (_, summary) => summaries.push(summary) === tickets.length && resolve())
  worker.on('failed', (_, error) => reject(error))
}
const startedAtMs = performance.now()
await jobs.addBulk(tickets)
await allDone

const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
console.log(
  `${summaries.length} jobs done in ${seconds} s, ${provider.calls.length} calls, ${returned} times a job came back`,
)

await Promise.all([...workers, jobs].map((each) => each.close()))
for (const each of clients) each.destroy()
await server?.stop()
