import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { AzureOpenAI } from 'openai'
import OpenAI6 from 'openai-6'
import Anthropic0 from 'anthropic-sdk-0'
import { describe, expect, it } from 'vitest'
import { anthropicMessages, openaiChat, openaiResponses } from '../api/index.ts'
import { isWireError } from '../errors-http.ts'
import { SluiceError } from '../errors.ts'
import { sluice } from '../sluice.ts'
import { fakeProvider } from '../testing/index.ts'
import { clientTransport, createCall, deriveCall, type SendingClient } from './index.ts'

const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]
const chat = { model: 'gpt-5-mini', messages }

interface Sent {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: unknown
}

/** A fetch that answers all alike and writes down what it was asked. */
function recorder(answer: () => Response = () => Response.json({ id: 'x', object: 'chat.completion', choices: [] })) {
  const sent: Sent[] = []
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const headers = Object.fromEntries(new Headers(init.headers))
    sent.push({ url: String(url), headers, body: JSON.parse(init.body as string) })
    return answer()
  }
  return { sent, fetch: fetch as typeof globalThis.fetch }
}

type Made = { readonly name: string; readonly make: (fetch: typeof globalThis.fetch) => SendingClient }

const openaiClients: readonly Made[] = [
  {
    name: 'openai 7',
    make: (fetch) => new OpenAI({ apiKey: 'k', fetch, defaultHeaders: { 'x-mine': '1' }, organization: 'o' }),
  },
  { name: 'openai 6', make: (fetch) => new OpenAI6({ apiKey: 'k', fetch }) },
  {
    name: 'openai, wrapped',
    make: (fetch) => sluice(new OpenAI({ apiKey: 'k', fetch }), [(call, next) => next(call)]),
  },
  { name: 'openai, key by function', make: (fetch) => new OpenAI({ apiKey: async () => 'k', fetch }) },
  {
    name: 'Azure',
    make: (fetch) => new AzureOpenAI({ apiKey: 'k', endpoint: 'https://a.example', apiVersion: '2025-01-01', fetch }),
  },
]

describe('clientTransport', () => {
  it.each(openaiClients)('sends what the client itself would: $name', async ({ make }) => {
    const { sent, fetch } = recorder()
    const client = make(fetch)
    await (client as unknown as OpenAI).chat.completions.create(chat)
    const send = clientTransport(client)
    for (let turn = 0; turn < 3; turn += 1) await send(createCall(openaiChat, chat))
    const [own, ...ours] = sent
    for (const request of ours) expect(request).toEqual(own)
    expect(ours).toHaveLength(3)
  })

  it.each([
    { name: 'Anthropic 1', make: (fetch: typeof globalThis.fetch) => new Anthropic({ apiKey: 'k', fetch }) },
    {
      name: 'Anthropic 0',
      make: (fetch: typeof globalThis.fetch) => new Anthropic0({ apiKey: 'k', fetch }) as unknown as Anthropic,
    },
  ])('sends what the client itself would: $name', async ({ make }) => {
    const { sent, fetch } = recorder(() => Response.json({ type: 'message', content: [] }))
    const client = make(fetch)
    const request = { model: 'claude-haiku-4-5', max_tokens: 9, messages }
    await client.messages.create(request)
    const send = clientTransport(client)
    for (let turn = 0; turn < 3; turn += 1) await send(createCall(anthropicMessages, request))
    const [own, ...ours] = sent
    for (const each of ours)
      expect({ ...each, headers: { ...each.headers, 'x-stainless-timeout': '' } }).toEqual({
        ...own,
        headers: { ...own?.headers, 'x-stainless-timeout': '' },
      })
  })

  it('notices a changed key, base URL and fetch', async () => {
    const first = recorder()
    const second = recorder()
    const client = new OpenAI({ apiKey: 'k', fetch: first.fetch })
    const send = clientTransport(client)
    for (let turn = 0; turn < 2; turn += 1) await send(createCall(openaiChat, chat))
    client.apiKey = 'other'
    await send(createCall(openaiChat, chat))
    client.baseURL = 'https://elsewhere.example/v1'
    await send(createCall(openaiChat, chat))
    Object.assign(client, { fetch: second.fetch })
    await send(createCall(openaiChat, chat))
    expect(first.sent.map(({ url, headers }) => [new URL(url).host, headers['authorization']])).toEqual([
      ['api.openai.com', 'Bearer k'],
      ['api.openai.com', 'Bearer k'],
      ['api.openai.com', 'Bearer other'],
      ['elsewhere.example', 'Bearer other'],
    ])
    expect(second.sent).toHaveLength(1)
  })

  it('tells the dialects apart, and streams from whole answers', async () => {
    const { sent, fetch } = recorder()
    const send = clientTransport(new OpenAI({ apiKey: 'k', fetch }))
    for (let turn = 0; turn < 2; turn += 1) {
      await send(createCall(openaiChat, chat))
      await send(createCall(openaiResponses, { model: 'gpt-5-mini', input: 'Hi' }))
      await send(createCall(openaiChat, { ...chat, stream: true }))
    }
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
      '/v1/chat/completions',
      '/v1/responses',
      '/v1/chat/completions',
      '/v1/chat/completions',
      '/v1/responses',
      '/v1/chat/completions',
    ])
    expect(sent.map(({ body }) => (body as { stream?: boolean }).stream)).toEqual([
      undefined,
      undefined,
      true,
      undefined,
      undefined,
      true,
    ])
  })

  it('sends once and gives a refusal back as it came', async () => {
    const provider = fakeProvider()
    provider.fail('http-429', { retryAfterS: 7 })
    const send = clientTransport(new OpenAI({ apiKey: 'k', fetch: provider.fetch, maxRetries: 5 }))
    for (let turn = 1; turn <= 3; turn += 1) {
      const reply = await send(createCall(openaiChat, chat))
      expect(reply.kind).toBe('error')
      expect(reply.status).toBe(429)
      expect(reply.headers.get('retry-after')).toBe('7')
      expect(reply.kind === 'error' && (await reply.error())).toMatchObject({ code: 'rate_limit_exceeded' })
      provider.expectCalls(turn)
    }
  })

  it('reads whole answers and streams', async () => {
    const provider = fakeProvider()
    const send = clientTransport(new OpenAI({ apiKey: 'k', fetch: provider.fetch }))
    for (let turn = 0; turn < 2; turn += 1) {
      const whole = await send(createCall(openaiChat, chat))
      expect(whole.kind === 'whole' && openaiChat.answer((await whole.value()) as never).choices[0]?.text).toBe(
        provider.lastCall?.answerText,
      )
      const stream = await send(createCall(openaiChat, { ...chat, stream: true }))
      let text = ''
      if (stream.kind === 'stream')
        for await (const event of stream.events())
          for (const piece of openaiChat.delta(event as never)) text += piece.text
      expect(text).toBe(provider.lastCall?.answerText)
    }
  })

  it.each(['first', 'later'])('throws what fetch threw, marked as such: the %s call', async (when) => {
    const failure = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })
    let fails = when === 'first'
    const { fetch } = recorder(() => {
      if (fails) throw failure
      return Response.json({ choices: [] })
    })
    const send = clientTransport(new OpenAI({ apiKey: 'k', fetch }))
    if (!fails) await send(createCall(openaiChat, chat))
    fails = true
    const error = await send(createCall(openaiChat, chat)).catch((thrown: unknown) => thrown)
    expect(error).toBe(failure)
    expect(isWireError(error)).toBe(true)
  })

  it("gives the signal's reason when the caller goes away", async () => {
    const controller = new AbortController()
    const provider = fakeProvider()
    provider.fail('silence')
    const send = clientTransport(new OpenAI({ apiKey: 'k', fetch: provider.fetch }))
    const sending = send(createCall(openaiChat, chat, { signal: controller.signal })).catch((thrown: unknown) => thrown)
    await new Promise(setImmediate)
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await sending).toBe(reason)
    await provider.settled()
  })

  it('gives back what the middleware of a wrapped client refuses, as the error it is', async () => {
    const refusal = new SluiceError({ code: 'limits.exceeded', message: 'Wait.', status: 429, retryAfterMs: 1500 })
    const client = sluice(new OpenAI({ apiKey: 'k', fetch: recorder().fetch }), [() => Promise.reject(refusal)])
    const reply = await clientTransport(client)(createCall(openaiChat, chat))
    expect(reply).toMatchObject({ kind: 'error', status: 429 })
    expect(reply.headers.get('retry-after-ms')).toBe('1500')
  })

  it('records the try with its host', async () => {
    const { fetch } = recorder()
    const send = clientTransport(new OpenAI({ apiKey: 'k', fetch, baseURL: 'https://eu.example/v1' }))
    const made = createCall(openaiChat, chat)
    const { call, record } = made.attempt({ target: 'eu', reason: 'first' })
    await send(deriveCall(call, openaiChat, { ...chat, model: 'other' }))
    expect(made.attempts).toEqual([record])
    expect(record).toMatchObject({ target: 'eu', reason: 'first', status: 200, url: 'https://eu.example/v1' })
    await send(call)
    expect(made.attempts).toHaveLength(2)
    expect(made.attempts[1]).toMatchObject({ target: 'eu', reason: 'first', status: 200 })
  })

  it('hands on beta headers and query of the application', async () => {
    const outer = recorder()
    const inner = recorder(() => Response.json({ type: 'message', content: [] }))
    const send = clientTransport(new Anthropic0({ apiKey: 'inner', fetch: inner.fetch }))
    const client = sluice(new Anthropic0({ apiKey: 'outer', fetch: outer.fetch }), [(call) => send(call)])
    const request = { model: 'claude-haiku-4-5', max_tokens: 9, messages }
    await client.beta.messages.create({ ...request, betas: ['files-api-2025-04-14'] })
    expect(outer.sent).toEqual([])
    expect(inner.sent[0]?.url).toContain('/v1/messages?beta=true')
    expect(inner.sent[0]?.headers).toMatchObject({ 'x-api-key': 'inner', 'anthropic-beta': 'files-api-2025-04-14' })
  })

  it.each([null, undefined, {}, 'client'])('refuses %j', (client) => {
    expect(() => clientTransport(client as never)).toThrow(expect.objectContaining({ code: 'config.client' }))
  })
})

describe('createCall', () => {
  it('refuses what is no request', () => {
    expect(() => createCall(openaiChat, 'hello' as never)).toThrow(
      expect.objectContaining({ code: 'request.malformed' }),
    )
  })

  it('takes a frozen snapshot and belongs to no client', async () => {
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'a' }] }
    const call = createCall(openaiChat, request)
    request.messages.push({ role: 'user', content: 'b' })
    expect(call.request).toEqual({ model: 'm', messages: [{ role: 'user', content: 'a' }] })
    expect(Object.isFrozen(call.request.messages)).toBe(true)
    const through = sluice(new OpenAI({ apiKey: 'k', fetch: recorder().fetch }), [(_, next) => next(call)])
    await expect(through.chat.completions.create(chat)).rejects.toThrow('belongs to no client')
  })
})
