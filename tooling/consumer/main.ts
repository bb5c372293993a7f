// What an application does once it has installed the packages. tooling/check-install.ts copies this file into an empty
// folder, installs the tarballs there, compiles it and runs it on each supported Node.
import { equal, ok } from 'node:assert/strict'
import Anthropic from '@anthropic-ai/sdk'
import { cache } from '@sluice/cache'
import { lexicalEmbedder, flatIndex } from '@sluice/cache/semantic'
import { type Middleware, sluice, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { compare, defineSuite, includes, terminalReport } from '@sluice/eval'
import { guards, pii, promptInjection, secrets } from '@sluice/guards'
import { openaiTarget, router } from '@sluice/router'
import OpenAI from 'openai'

const provider = fakeProvider()
let calls = 0
const count: Middleware = (call, next) => {
  calls += 1
  return next(call)
}

const openai: OpenAI = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [count])
const question = { role: 'user' as const, content: 'Is the installed package complete?' }
const answer = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [question] })
ok(answer.choices[0]?.message.content)

let streamed = ''
for await (const chunk of await openai.chat.completions.create({
  model: 'gpt-5-mini',
  messages: [question],
  stream: true,
})) {
  streamed += chunk.choices[0]?.delta.content ?? ''
}
ok(streamed)

const anthropic: Anthropic = sluice(new Anthropic({ apiKey: 'none', fetch: provider.fetch }), [count])
const message = await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 50, messages: [question] })
equal(message.content[0]?.type, 'text')

equal(calls, 3)

// Every package on one client.
const detectors = [pii({ mode: 'redact', restore: true }), secrets({ mode: 'redact' }), promptInjection()]
const all = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [
  guards({ input: detectors }),
  cache({ ttlMs: 60_000, tenant: 'shared' }),
  router({ targets: [openaiTarget(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), 'gpt-5-mini')] }),
])
const ask = (): Promise<OpenAI.ChatCompletion> =>
  all.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'Write to anna.lopez@example.com about invoice 12.' }],
  })
await ask()
const { report } = await withReport(ask)
ok(report?.decisions.some(({ by, action }) => by === 'cache' && action === 'hit'))
ok(provider.calls.every(({ body }) => !JSON.stringify(body).includes('anna.lopez')))
ok(flatIndex() && (await lexicalEmbedder().embed(['one'])).length === 1)

const suite = defineSuite('installed', {
  cases: [
    { input: 'a', expected: 'a' },
    { input: 'b', expected: 'b' },
  ],
  target: (input: string) => input,
  scorers: [includes()],
})
const run = await suite.run()
const comparison = compare(run, await suite.run())
equal(comparison.verdict, 'not-worse')
ok(terminalReport({ run, comparison }, { color: false }).includes('includes'))
