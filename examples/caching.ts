// Answers that need not be asked for again: hits, streams, tags, tenants, and why a request was no hit. Offline.
//   node --conditions=@sluice/source examples/caching.ts
import { cache, createCache } from '@sluice/cache'
import { sluice, withContext, withReport, type Pricer } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'

// Made-up prices: a dollar a million tokens in, four out.
const price: Pricer = (usage) => ({ nanoUsd: usage.fresh * 1_000 + usage.output * 4_000, byMeter: {} })

const clock = fakeClock()

// A cache can be asked without a client, and used in several.
const answers = createCache({
  ttlMs: 3_600_000,
  tenant: 'context', // each tenant has its own answers; 'shared' would be everyone's
  staleWhileRevalidateMs: 600_000, // then served for ten more minutes while a new one is fetched
  staleIfErrorMs: 86_400_000, // and for a day where the provider fails
  tags: (_, { metadata }) => [`manual ${String(metadata?.['manual'])}`], // what the answers were made from
  price,
  clock,
})

const provider = fakeProvider({ clock })
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch, maxRetries: 0 }), [cache(answers)], {
  price,
  clock,
})
const context = { tenant: 'acme', metadata: { manual: 'v7' } }
const params = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'How do I descale it?' }] }

async function ask(what: string, run: () => PromiseLike<unknown>, tenant = 'acme'): Promise<void> {
  const { settled } = await withReport(() => withContext({ ...context, tenant }, async () => void (await run())))
  for (const { decisions, cost } of await settled) {
    const did = decisions.map(({ action, reason }) => `${action} (${reason})`).join(', ')
    const saved = decisions.reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0)
    console.log(`${what}: ${did}; cost ${cost?.nanoUsd ?? 0} nano-dollars, saved ${saved}`)
  }
}
const whole = (): Promise<unknown> => openai.chat.completions.create(params)
const streamed = async (): Promise<void> => {
  for await (const _ of await openai.chat.completions.create({ ...params, stream: true })) continue
}

await ask('the first call', whole)
await ask('the same call', whole)
await ask('the same, as a stream', streamed)
await ask('another tenant', whole, 'umbrella')
await ask('three at the same time', () =>
  Promise.all([1, 2, 3].map(() => openai.responses.create({ model: 'gpt-5-mini', input: 'Hi' }))),
)

// The manual has changed: whatever was answered from it is forgotten, and so is what is being answered now.
await answers.invalidate({ tags: ['manual v7'], tenant: 'acme' })
await ask('after the manual changed', whole)

// Lists of embeddings are cached by their items.
const embed = (...input: string[]): PromiseLike<unknown> =>
  openai.embeddings.create({ model: 'text-embedding-3-small', input })
await ask('two vectors', () => embed('descale', 'refill'))
await ask('one of them, and a new one', () => embed('refill', 'grind'))

// Why was that no hit? Which field splits two keys, without showing what was asked.
const [before, after] = ['How do I descale it?', 'How do I descale it? '].map((content) => ({
  query: { api: openaiChat, request: { ...params, messages: [{ role: 'user' as const, content }] } },
  context,
}))
if (before && after)
  for (const { part, path, a, b } of answers.keyDiff(before, after).differences)
    console.log(`${part} ${path}: ${a} / ${b}`)

// An answer that is over for five minutes is served while a new one is fetched; one that is over for hours where the
// provider fails: it is better than an error.
await clock.advance(3_900_000)
await ask('an hour and five minutes later', whole)
await answers.idle()
await clock.advance(10 * 3_600_000)
provider.fail('http-503')
await ask('ten hours later, the provider down', whole)

const { hits, misses, stores, savedNanoUsd } = answers.stats()
console.log(`${hits} hits, ${misses} misses, ${stores} stored, ${savedNanoUsd} nano-dollars saved`)
console.log(`${provider.calls.length} requests reached the provider`)
