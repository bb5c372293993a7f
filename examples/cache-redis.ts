// One cache for all processes: answers in Redis with a copy in each process's memory, one process at a time asking the
// provider, invalidation that reaches everybody, and a Redis that may fail. Offline, on a Redis of its own (or the one that
// REDIS_URL names).
//   node --conditions=@sluice/source examples/cache-redis.ts
import { sluice, withContext } from '@sluice/core'
import { cache, createCache, memoryStore, tieredStore, type Cache } from '@sluice/cache'
import { redisStore } from '@sluice/cache/redis'
import { fakeProvider } from '@sluice/core/testing'
import { startRedis } from '@sluice/core/testing/redis'
import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI from 'openai'
import { createClient } from 'redis'

const server = process.env['REDIS_URL'] ? undefined : await startRedis()
const url = server?.url ?? process.env['REDIS_URL'] ?? ''
const provider = fakeProvider()
const prefix = `sluice:example:${Date.now()}`

interface Process {
  readonly answers: Cache
  ask(question: string): Promise<string>
  end(): void
}

/** What runs in each process of an application; two of them here. */
async function startProcess(): Promise<Process> {
  // `error` must be listened to, or a lost connection ends the process.
  const client = createClient({ url, disableOfflineQueue: true }).on('error', () => undefined)
  const subscriber = client.duplicate().on('error', () => undefined)
  await Promise.all([client.connect(), subscriber.connect()])
  const answers = createCache({
    ttlMs: 3_600_000,
    tenant: 'context',
    keySecret: process.env['CACHE_KEY_SECRET'] ?? 'only-for-this-example',
    store: tieredStore(memoryStore(), redisStore(client, { prefix, subscriber })),
    tags: () => ['handbook'],
  })
  const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [cache(answers)])
  return {
    answers,
    async ask(question) {
      const messages = [{ role: 'user' as const, content: question }]
      const completion = await withContext({ tenant: 'acme' }, () =>
        openai.chat.completions.create({ model: 'gpt-5-mini', messages }),
      )
      return completion.choices[0]?.message.content ?? ''
    },
    end() {
      client.destroy()
      subscriber.destroy()
    },
  }
}

const [one, two] = [await startProcess(), await startProcess()]
const asked = (what: string): void => console.log(`${what}: ${provider.calls.length} upstream calls so far`)

const first = await one.ask('How long does a card take?')
console.log(first === (await two.ask('How long does a card take?')))
asked('the same question in two processes')

await Promise.all([one, two, one, two].map(({ ask }) => ask('Where is the nearest branch?')))
asked('four askers at the same time in two processes')

await one.answers.invalidate({ tags: ['handbook'], tenant: 'acme' })
// Process one sees it at once, the others when the word has reached them: after a millisecond or so.
await sleep(50)
await two.ask('How long does a card take?')
asked('after the handbook changed')

// A Redis that fails: what is in memory is served, everything else is asked of the provider.
await server?.stop()
await two.ask('How long does a card take?')
asked(server ? 'known here, Redis down' : 'known here')
await two.ask('What is the fee?')
asked(server ? 'new, Redis down' : 'new')
console.log(`${two.answers.stats().storeFailures} failures of the store, none of a call`)

for (const process of [one, two]) process.end()
