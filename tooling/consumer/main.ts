// What an application does once it has installed the packages. tooling/check-install.ts copies this file into an empty
// folder, installs the tarballs there, compiles it and runs it on each supported Node.
import { equal, ok } from 'node:assert/strict'
import Anthropic from '@anthropic-ai/sdk'
import { type Middleware, sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
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
