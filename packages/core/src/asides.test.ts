import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { sluiceFetch } from './fetch.ts'
import { defineMiddleware, type Middleware } from './pipeline.ts'
import { withReport } from './report.ts'
import { sluice } from './sluice.ts'

const model = 'm'
const counted = { input_tokens: 7 }

function setUp() {
  const sent: [path: string, body: unknown][] = []
  const seen: [id: string, isAside: boolean | undefined][] = []
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    sent.push([new URL(String(url)).pathname, JSON.parse(String(init?.body))])
    return Response.json(counted)
  }
  const shouting = defineMiddleware({ asides: true }, (call, next) => {
    seen.push([call.api.id, call.api.isAside])
    const { api, request } = call
    return next(call.with({ request: api.mapText(request, ({ text }) => text.toUpperCase()) }))
  })
  const deaf: Middleware = () => {
    throw new Error('asked about a call that it did not ask for')
  }
  const middleware = [deaf, shouting]
  return {
    sent,
    seen,
    openai: sluice(new OpenAI({ apiKey: 'k', fetch }), middleware),
    anthropic: sluice(new Anthropic({ apiKey: 'k', fetch }), middleware),
    gateway: sluiceFetch(middleware, { fetch }),
  }
}

describe('a call that asks about a request', () => {
  it.each<[string, (clients: ReturnType<typeof setUp>) => Promise<unknown>]>([
    ['/v1/responses/input_tokens', ({ openai }) => openai.responses.inputTokens.count({ model, input: 'hi' })],
    ['/v1/responses/compact', ({ openai }) => openai.responses.compact({ model, input: 'hi' })],
    [
      '/v1/messages/count_tokens',
      ({ anthropic }) => anthropic.messages.countTokens({ model, messages: [{ role: 'user', content: 'hi' }] }),
    ],
    [
      '/v1/messages/count_tokens',
      ({ anthropic }) => anthropic.beta.messages.countTokens({ model, messages: [{ role: 'user', content: 'hi' }] }),
    ],
  ])('%s is shown to the middleware that wants it, and to no other', async (path, ask) => {
    const clients = setUp()
    const { value, report } = await withReport(() => ask(clients))
    expect(value).toMatchObject(counted)
    expect(report).toBeUndefined()
    expect(clients.seen).toEqual([[path.includes('messages') ? 'anthropic.messages' : 'openai.responses', true]])
    expect(clients.sent.map(([at]) => at)).toEqual([path])
    expect(JSON.stringify(clients.sent)).toContain('"HI"')
  })

  it('is one through a fetch, too', async () => {
    const { gateway, sent } = setUp()
    const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] })
    const response = await gateway('https://api.example/anthropic/v1/messages/count_tokens?beta=true', {
      method: 'POST',
      body,
    })
    expect(await response.text()).toBe(JSON.stringify(counted))
    expect(sent).toEqual([
      ['/anthropic/v1/messages/count_tokens', { model, messages: [{ role: 'user', content: 'HI' }] }],
    ])
  })
})
