// No SDK at all: sluiceFetch is a fetch, for plain use and for any library that takes one. Offline.
//   node --conditions=@sluice/source examples/sluice-fetch.ts
import { cache } from '@sluice/cache'
import { contextHeaders, sluiceFetch } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { retry } from '@sluice/router'

const provider = fakeProvider().fail('reset-before-headers', { times: 1 })
const fetch = sluiceFetch([cache({ ttlMs: 60_000, tenant: 'context' }), retry({ initialDelayMs: 50 })], {
  fetch: provider.fetch,
  exposeHeaders: true,
})

async function ask(tenant: string, question: string): Promise<void> {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer none', ...contextHeaders({ tenant }) },
    body: JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: question }] }),
  })
  const answer = (await response.json()) as { choices: { message: { content: string } }[] }
  console.log(`${tenant}: ${response.headers.get('x-sluice-decisions')}`)
  console.log(`  ${answer.choices[0]?.message.content.slice(0, 72)}…`)
}

// The first meets a broken connection, the second the cache; another tenant never sees the first one's answers.
await ask('acme', 'How do I freeze my card?')
await ask('acme', 'How do I freeze my card?')
await ask('umbrella', 'How do I freeze my card?')
console.log(`${provider.calls.length} requests reached the provider, none with a tenant in it`)
