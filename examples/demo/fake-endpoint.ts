import Anthropic from '@anthropic-ai/sdk'
import { fakeModels, fakeProvider, type FakeProvider } from '@sluice/core/testing'
import { anthropicTarget } from '@sluice/router'
import OpenAI from 'openai'
import { closerScripts } from './closer-look.ts'
import { callHeader, makeDesk } from './desk.ts'
import type { Endpoint } from './endpoint.ts'
import { faultPlan, outageOf } from './faults.ts'
import { loadAnswers } from './messages.ts'
import type { DemoOptions } from './options.ts'
import { models } from './models.ts'
import { book, priceDateOf } from './prices.ts'
import type { Conversation } from './traffic.ts'

/** How much faster than its catalogue the fake provider is, so that the demo is over in seconds. */
const speedUp = 6
const { cheap, strong, standIn } = models

/**
 * An embedded provider on a real socket of this machine, which speaks the dialects of OpenAI and Anthropic, knows the
 * right answers and fails as real ones do.
 */
export async function fakeEndpoint(
  { seed, calls, faults: isFaulty }: DemoOptions,
  traffic: readonly Conversation[],
): Promise<Endpoint> {
  const answers = await loadAnswers()
  const faster = fakeModels.map((each) => ({
    ...each,
    ttftMs: each.ttftMs / speedUp,
    tokensPerSecond: each.tokensPerSecond * speedUp,
  }))
  const faults = isFaulty ? faultPlan(seed, calls) : []
  const provider = fakeProvider({ seed, models: faster, pace: 'realistic', faults })
  const desk = makeDesk({ seed, traffic, answers })
  provider.on(() => true, desk)
  const calm = fakeProvider({ seed, models: faster, pace: 'realistic' }).on(() => true, desk)
  for (const [pattern, reply] of closerScripts) calm.on(pattern, reply)
  const server = await provider.listen()
  await warmUp(provider)
  const openai = new OpenAI({ apiKey: 'none', baseURL: `${server.url}/v1` })
  const anthropic = new Anthropic({ apiKey: 'none', baseURL: server.url })
  const [first, last] = outageOf(calls)
  const how = isFaulty ? `faults on, ${strong} down for calls ${first} to ${last}` : 'faults off'
  return {
    openai,
    model: 'auto',
    targets: [strong, anthropicTarget(anthropic, standIn, { forwardHeaders: [callHeader] })],
    cheap,
    calm,
    label: `embedded fake provider at ${speedUp} × its speed, ${how}`,
    pricesOf: priceDateOf(strong),
    book,
    answerKey: answers,
    headersOf: (call) => ({ [callHeader]: String(call) }),
    close: () => server.close(),
  }
}

/** The provider's tokenizer takes a while to load: none of the calls that are measured shall wait for it. */
async function warmUp(provider: FakeProvider): Promise<void> {
  const body = JSON.stringify({ model: cheap, max_tokens: 1, messages: [{ role: 'user', content: 'Hello' }] })
  await provider.fetch('http://localhost/v1/chat/completions', { method: 'POST', body }).catch(() => undefined)
  provider.clear()
}
