// One client, three targets: failover to another dialect, a stream that is gone on with, and why. Offline.
//   node --conditions=@sluice/source examples/routing.ts
import Anthropic from '@anthropic-ai/sdk'
import { sluice, withReport } from '@sluice/core'
import { createPriceBook } from '@sluice/core/prices'
import { fakeProvider } from '@sluice/core/testing'
import { anthropicTarget, createRouter, openaiTarget, router, vllmPrefill } from '@sluice/router'
import OpenAI from 'openai'

// Three providers that can be told to fail, each behind the client of its SDK.
const [first, second, own] = [fakeProvider(), fakeProvider(), fakeProvider()]
const apiKey = 'none'

const routes = createRouter({
  targets: [
    openaiTarget(new OpenAI({ apiKey, fetch: first.fetch }), 'gpt-5-mini'),
    anthropicTarget(new Anthropic({ apiKey, fetch: second.fetch }), 'claude-haiku-4-5'),
    openaiTarget(new OpenAI({ apiKey, fetch: own.fetch, baseURL: 'http://vllm.example/v1' }), 'llama-3.1-8b', {
      id: 'own',
      prefillBody: vllmPrefill,
    }),
  ],
  groups: { cheap: ['own', 'gpt-5-mini'] },
  retry: { initialDelayMs: 20 },
  midStream: 'continue',
  price: createPriceBook().price,
})
const openai = sluice(new OpenAI({ apiKey }), [router(routes)])
const messages = [{ role: 'user' as const, content: 'How long does it take for a new card to arrive?' }]

// What would happen, without sending anything: a group of targets, and a picture that not all of them can read.
console.log(routes.decide({ model: 'cheap', messages }).why)
const image = { type: 'image_url' as const, image_url: { url: 'https://example.com/card.png' } }
const picture = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is this?' }, image] }]
console.log(routes.decide({ model: 'auto', messages: picture }).candidates)

// The first provider is down: the call is answered by the second, in its own dialect.
first.fail('http-503', { times: 3 })
const failedOver = await withReport(() => openai.chat.completions.create({ model: 'auto', messages }))
console.log(`${failedOver.value.model} answered: ${failedOver.value.choices[0]?.message.content}`)
for (const { target, reason, status, outcome, cost } of failedOver.report?.attempts ?? [])
  console.log(`  ${reason}: ${target} ${status} ${outcome}${cost ? ` for $${(cost.nanoUsd / 1e9).toFixed(6)}` : ''}`)

// A stream breaks in its midst. The second target is asked with what was said so far, and goes on in the same stream.
const answer = 'A new card takes four to six working days to arrive. You activate it in the app.'
first.enqueue({ text: answer, fault: 'cut' })
second.enqueue(({ messages: said }) => answer.slice(said.at(-1)?.text.length))
const streamed = await withReport(async () => {
  let text = ''
  const stream = await openai.chat.completions.create({ model: 'auto', messages, stream: true })
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
})
console.log(streamed.value)
for (const { target, reason, outcome, error = '' } of streamed.report?.attempts ?? [])
  console.log(`  ${reason}: ${target} ${outcome} ${error}`)

// How the router and its targets are by now.
console.log(routes.stats())
for (const [id, { state, successRate }] of Object.entries(routes.health()))
  console.log(`${id}: ${state}, success rate ${successRate?.toFixed(2) ?? 'unknown'}`)
