// Questions that are asked again in other words: hits by likeness, a veto explained, an audit, a rejection. Offline.
//   node --conditions=@sluice/source examples/semantic-cache.ts
import { cache, createCache } from '@sluice/cache'
import { consensus, lexicalEmbedder, semantic, threshold } from '@sluice/cache/semantic'
import { sluice, withReport } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { createPriceBook } from '@sluice/core/prices'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'

const { price } = createPriceBook()
const provider = fakeProvider()
  .on(/turn on/i, 'Settings, Display, Dark mode: on.')
  .on(/turn off/i, 'Settings, Display, Dark mode: off.')
const client = new OpenAI({ apiKey: 'none', fetch: provider.fetch })
const request = (content: string) => ({ model: 'gpt-5-mini', messages: [{ role: 'user' as const, content }] })

// A cache for a help desk: its answers are the same for everyone. Whoever insists on a threshold still has the vetoes.
const answers = createCache({
  ttlMs: 3_600_000,
  tenant: 'shared',
  price,
  semantic: semantic({ embedder: lexicalEmbedder(), policy: threshold(0.7), sameForEveryone: true, auditShare: 0 }),
})
const openai = sluice(client, [cache(answers)])
const ask = async (question: string): Promise<void> => {
  const { value, report } = await withReport(() => openai.chat.completions.create(request(question)))
  await answers.idle()
  const [{ action, reason, savedNanoUsd = 0, details } = { action: 'none' }] = report?.decisions ?? []
  const why = details?.['semantic']
    ? ` (${JSON.stringify(details['semantic'])} ${JSON.stringify(details['vetoes'] ?? [])})`
    : ''
  console.log(
    `${action} ${reason}${why}, saved $${(savedNanoUsd / 1e9).toFixed(6)}: ${question} → ${value.choices[0]?.message.content}`,
  )
}

await ask('How do I turn on dark mode?')
await ask('How do I turn on dark mode?') // the very same: exact
await ask('Hello, how do I turn on the dark mode, please?') // alike: served
await ask('How do I turn off dark mode?') // alike too, and the opposite: vetoed
await ask('Turn on dark mode.') // asks to act: never answered by likeness

// What would be served for a question, and why or why not, without asking anybody.
const url = 'https://api.openai.com/v1/chat/completions'
const told = await answers.explain({ api: openaiChat, request: request('How do I never turn on dark mode?'), url })
if (told.outcome === 'miss') console.log('explained:', told.semantic)

// A user says that a hit was wrong: the pair is never served again.
const found = await openai.chat.completions.create(request('So how do I turn on dark mode?')).withResponse()
const hitId = found.response.headers.get('x-sluice-cache-hit-id') ?? ''
console.log(`rejected: ${await answers.reject(hitId)}`)
await ask('So how do I turn on dark mode?')

// Labels repeat, so the neighbours can be asked for a consensus. Every hit is audited here; 2 % are by default.
provider.on(/card/i, 'card_delivery').on(/refund/i, 'refund')
const labels = createCache({
  ttlMs: 3_600_000,
  tenant: 'shared',
  price,
  semantic: semantic({
    embedder: lexicalEmbedder(),
    policy: consensus({ k: 2, minShare: 0.6 }),
    auditShare: 1,
    sameForEveryone: true,
  }),
})
const classifier = sluice(client, [cache(labels)])
const system = { role: 'system' as const, content: 'Name the topic of the question.' }
for (const content of [
  'When does a new card arrive?',
  'When will the new card arrive?',
  'When does a new card arrive by post?',
  'So when does a new card arrive?',
  'How long does a refund take?',
]) {
  await classifier.chat.completions.create({ model: 'gpt-5-nano', messages: [system, { role: 'user', content }] })
  await labels.idle()
}
const { semantic: figures, ...exact } = labels.stats()
console.log(`${figures?.hits} of ${figures?.lookups} by likeness, ${exact.hits - exact.semanticHits} exact`)
console.log(
  `audited ${figures?.audited}, wrong ${figures?.wrong}, at most ${((figures?.wrongOfHits?.upper ?? 1) * 100).toFixed(0)} % of hits wrong`,
)
