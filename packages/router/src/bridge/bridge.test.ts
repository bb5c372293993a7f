import { sluiceErrorOf, wholeReply, withReport, type Call, type Handler } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import type { ResponseInput } from 'openai/resources/responses/responses'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bridge } from './bridge.ts'
import { bridgedClients, models } from './fixtures/bridged-clients.ts'
import type { BridgedApi } from './stream/piece.ts'

const messages = [{ role: 'user' as const, content: 'How is the weather in Oslo?' }]
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const asked = { toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }
const others = (api: BridgedApi): BridgedApi[] => (Object.keys(models) as BridgedApi[]).filter((each) => each !== api)

describe.each(others('openai.chat'))('chat callers, answered by %s', (to) => {
  const request = { model: 'gpt-5', messages }

  it('create', async () => {
    const { openai, provider } = bridgedClients('openai.chat', to)
    provider.enqueue({
      text: 'Rain.',
      reasoning: 'It is autumn.',
      usage: { inputTokens: 20, outputTokens: 9, reasoningTokens: 4 },
    })
    const { data, response, request_id } = await openai.chat.completions.create(request).withResponse()
    expect(data.object).toBe('chat.completion')
    expect(data.model).toBe(models[to])
    expect(data.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Rain.', refusal: null, reasoning_content: 'It is autumn.' },
    })
    expect(data.usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 })
    expect(request_id).toBe(provider.lastCall?.id)
    expect(response.status).toBe(200)
    expect(provider.lastCall?.api).toBe(to)
  })

  it('stream', async () => {
    const { openai, provider } = bridgedClients('openai.chat', to)
    provider.enqueue({ text: 'Rain, and then more of it.' })
    const stream = openai.chat.completions.stream({ ...request, stream_options: { include_usage: true } })
    const deltas: string[] = []
    stream.on('content.delta', ({ delta }) => deltas.push(delta))
    const final = await stream.finalChatCompletion()
    expect(deltas.length).toBeGreaterThan(2)
    expect(final.choices[0]?.message.content).toBe('Rain, and then more of it.')
    expect(final.usage?.completion_tokens).toBe(provider.lastCall?.usage?.outputTokens)
  })

  it('tells the usage of a stream only to who asked for it', async () => {
    const { openai } = bridgedClients('openai.chat', to)
    const chunks = []
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) chunks.push(chunk)
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks.some(({ usage }) => usage)).toBe(false)
  })

  it('parse', async () => {
    const { openai, provider } = bridgedClients('openai.chat', to)
    provider.enqueue('{"city":"Oslo"}')
    const format = zodResponseFormat(z.object({ city: z.string() }), 'place')
    const parsed = await openai.chat.completions.parse({ ...request, response_format: format })
    expect(parsed.choices[0]?.message.parsed).toEqual({ city: 'Oslo' })
  })

  it.each([false, true])('runTools, streamed: %s', async (stream) => {
    const { openai, provider } = bridgedClients('openai.chat', to)
    provider.enqueue(asked, 'It rains in Oslo.')
    const cities: unknown[] = []
    const tool = {
      type: 'function' as const,
      function: {
        name: 'weather',
        description: 'The weather in a city.',
        parameters: schema,
        parse: (text: string) => JSON.parse(text) as object,
        function: async (input: object) => {
          cities.push(input)
          return 'rain'
        },
      },
    }
    const runner = stream
      ? openai.chat.completions.runTools({ ...request, tools: [tool], stream: true })
      : openai.chat.completions.runTools({ ...request, tools: [tool] })
    expect(await runner.finalContent()).toBe('It rains in Oslo.')
    expect(cities).toEqual([{ city: 'Oslo' }])
    provider.expectCalls(2)
  })

  it('leaves the provider when the application leaves the stream', async () => {
    const { openai, provider } = bridgedClients('openai.chat', to)
    provider.enqueue({ chunks: ['one ', 'two ', 'three ', 'four ', 'five '] })
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true }))
      if (chunk.choices[0]?.delta.content) break
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })
})

describe.each(others('openai.responses'))('Responses callers, answered by %s', (to) => {
  const request = { model: 'gpt-5', input: 'How is the weather in Oslo?' }
  const tools = [{ type: 'function' as const, name: 'weather', parameters: schema, strict: false }]

  it('create, with a tool call and its result', async () => {
    const { openai, provider } = bridgedClients('openai.responses', to)
    provider.enqueue(asked, 'It rains in Oslo.')
    const first = await openai.responses.create({ ...request, tools })
    const call = first.output.find((item) => item.type === 'function_call')
    expect(call).toMatchObject({ name: 'weather', arguments: '{"city":"Oslo"}', status: 'completed' })
    expect(first).toMatchObject({ status: 'completed', model: models[to], tools })
    const result = { type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: 'rain' }
    const input = [{ role: 'user', content: request.input }, ...first.output, result] as ResponseInput
    const second = await openai.responses.create({ ...request, tools, input })
    expect(second.output_text).toBe('It rains in Oslo.')
  })

  it('stream', async () => {
    const { openai, provider } = bridgedClients('openai.responses', to)
    provider.enqueue({ text: 'Rain, and then more of it.', reasoning: 'It is autumn.' })
    const stream = openai.responses.stream(request)
    const types: string[] = []
    stream.on('event', ({ type }) => types.push(type))
    const final = await stream.finalResponse()
    expect(final.output_text).toBe('Rain, and then more of it.')
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
    expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
    expect(types.at(-1)).toBe('response.completed')
    expect(final.usage?.output_tokens).toBe(provider.lastCall?.usage?.outputTokens)
  })

  it('says that the answer was cut', async () => {
    const { openai, provider } = bridgedClients('openai.responses', to)
    provider.enqueue({ text: 'Rain', finish: 'length' })
    const answer = await openai.responses.create(request)
    expect(answer).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
  })
})

describe.each(others('anthropic.messages'))('Anthropic callers, answered by %s', (to) => {
  const request = { model: 'claude-opus-4-5', max_tokens: 500, messages }

  it('create, with a tool call and its result', async () => {
    const { anthropic, provider } = bridgedClients('anthropic.messages', to)
    provider.enqueue(asked, 'It rains in Oslo.')
    const tools = [{ name: 'weather', input_schema: { ...schema, type: 'object' as const } }]
    const first = await anthropic.messages.create({ ...request, tools })
    expect(first).toMatchObject({ type: 'message', role: 'assistant', model: models[to], stop_reason: 'tool_use' })
    const call = first.content.find((block) => block.type === 'tool_use')
    expect(call).toMatchObject({ name: 'weather', input: { city: 'Oslo' } })
    const second = await anthropic.messages.create({
      ...request,
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'rain' }] },
      ],
    })
    expect(second.content).toMatchObject([{ type: 'text', text: 'It rains in Oslo.' }])
  })

  it('stream', async () => {
    const { anthropic, provider } = bridgedClients('anthropic.messages', to)
    provider.enqueue({ text: 'Rain, and then more of it.' })
    const stream = anthropic.messages.stream(request)
    const deltas: string[] = []
    stream.on('text', (text) => deltas.push(text))
    const final = await stream.finalMessage()
    expect(deltas.length).toBeGreaterThan(2)
    expect(final.content).toMatchObject([{ type: 'text', text: 'Rain, and then more of it.' }])
    expect(final.stop_reason).toBe('end_turn')
    expect(final.usage.output_tokens).toBe(provider.lastCall?.usage?.outputTokens)
    expect(final.usage.input_tokens).toBe(provider.lastCall?.usage?.inputTokens)
  })
})

describe('errors', () => {
  it('keep their status, words and the time to wait', async () => {
    const { openai, provider } = bridgedClients('openai.chat', 'anthropic.messages')
    provider.fail('http-429', { retryAfterS: 7 })
    const error = await openai.chat.completions.create({ model: 'x', messages }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error' })
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect((error as { headers: Headers }).headers.get('retry-after')).toBe('7')
    expect((error as { requestID: string }).requestID).toBe(provider.lastCall?.id)
  })

  it.each([
    ['bad-request', 400, 'invalid_request_error'],
    ['unauthorized', 401, 'authentication_error'],
    ['http-503', 503, 'api_error'],
    ['context-length', 400, 'invalid_request_error'],
  ] as const)('%s of OpenAI, for Anthropic callers', async (fault, status, type) => {
    const { anthropic, provider } = bridgedClients('anthropic.messages', 'openai.chat')
    provider.fail(fault)
    const error = await anthropic.messages
      .create({ model: 'x', max_tokens: 5, messages })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status, error: { type: 'error', error: { type } } })
    expect((error as { error: { error: { message: string } } }).error.error.message.length).toBeGreaterThan(10)
  })

  it('become a refusal where a whole answer is an error under status 200', async () => {
    const { anthropic, provider } = bridgedClients('anthropic.messages', 'openai.responses')
    provider.fail('error-in-stream')
    await expect(anthropic.messages.create({ model: 'x', max_tokens: 5, messages })).rejects.toMatchObject({
      status: 500,
    })
  })

  it('in a stream are met as those of the caller’s own provider', async () => {
    const { openai, provider } = bridgedClients('openai.chat', 'anthropic.messages')
    provider.fail('late-error-in-stream')
    const read = async (): Promise<void> => {
      for await (const _ of await openai.chat.completions.create({ model: 'x', messages, stream: true })) continue
    }
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError)
  })

  it('tell of a stream that broke off', async () => {
    const { openai, provider } = bridgedClients('openai.chat', 'anthropic.messages')
    provider.fail('truncated')
    const read = async (): Promise<void> => {
      for await (const _ of await openai.chat.completions.create({ model: 'x', messages, stream: true })) continue
    }
    await expect(read()).rejects.toMatchObject({ code: 'stream.incomplete' })
  })
})

describe('what cannot be carried', () => {
  const request = { model: 'x', messages, logit_bias: { '50256': -100 } }

  it('is noted in the report', async () => {
    const seen: string[][] = []
    const onLossy = (lossy: readonly { path: string }[]): void => void seen.push(lossy.map(({ path }) => path))
    const { openai } = bridgedClients('openai.chat', 'anthropic.messages', { onLossy })
    const { report } = await withReport(() => openai.chat.completions.create(request))
    const note = report?.decisions.find(({ by }) => by === 'bridge')
    expect(note).toMatchObject({ action: 'lossy', details: { what: 'request', paths: ['logit_bias'] } })
    expect(seen).toEqual([['logit_bias']])
    expect(JSON.stringify(report)).not.toContain('50256')
  })

  it('is noted once of a streamed answer', async () => {
    const { openai, provider } = bridgedClients('openai.chat', 'anthropic.messages')
    provider.enqueue({ text: 'Rain.', reasoning: 'It is autumn.' })
    const { settled } = await withReport(() => openai.chat.completions.stream({ model: 'x', messages }).finalContent())
    const [report] = await settled
    const notes = report?.decisions.filter(({ by }) => by === 'bridge')
    expect(notes).toMatchObject([{ action: 'lossy', details: { what: 'answer', paths: ['content[0].signature'] } }])
  })

  it('is refused under strict, before anything is sent', async () => {
    const { openai, provider } = bridgedClients('openai.chat', 'anthropic.messages', { strict: true })
    const error = await openai.chat.completions.create(request).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 400, code: 'bridge.lossy' })
    expect(sluiceErrorOf(error)?.details).toMatchObject({ paths: ['logit_bias'], fatal: false })
    expect(String(error)).not.toContain('50256')
    provider.expectCalls(0)
  })

  it('is refused under strict in an answer too, streamed or not', async () => {
    const { openai, provider } = bridgedClients('openai.chat', 'anthropic.messages', { strict: true })
    provider.on(/weather/, { text: 'Rain.', reasoning: 'It is autumn.' })
    const plain = { model: 'x', messages }
    await expect(openai.chat.completions.create(plain)).rejects.toMatchObject({ code: 'bridge.lossy' })
    const stream = openai.chat.completions.stream(plain)
    await expect(stream.finalContent()).rejects.toThrow(/content\[0\]\.signature/)
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('is refused in any case where the translation would not stand for the original', async () => {
    const { openai, provider } = bridgedClients('openai.responses', 'anthropic.messages')
    const stored = openai.responses.create({ model: 'x', input: 'Go on.', previous_response_id: 'resp_1' })
    await expect(stored).rejects.toMatchObject({ code: 'bridge.lossy' })
    provider.expectCalls(0)
  })
})

describe('what a provider may do', () => {
  const chat = { model: 'gpt-5', messages }
  const answering = (answer: object): Handler => {
    const value = { id: 'resp_1', model: 'm', object: 'response', status: 'completed', output: [], ...answer }
    return bridge('openai.chat', 'openai.responses')(async (call) => wholeReply(call.api, value as never))
  }

  it('answers whole where a stream was asked for', async () => {
    const output = [{ type: 'message', id: 'i', content: [{ type: 'output_text', text: 'Rain.' }] }]
    const reply = await answering({ output })(createCall(openaiChat, { ...chat, stream: true }) as unknown as Call)
    const texts: string[] = []
    if (reply.kind === 'stream')
      for await (const event of reply.events()) texts.push(...reply.api.delta(event).map(({ text }) => text))
    expect(texts).toEqual(['Rain.'])
  })

  it.each([
    ['rate_limit_exceeded', 429],
    ['server_error', 500],
  ])('fails with %s in an answer under status 200, which is a refusal with %i', async (code, status) => {
    const failed = answering({ status: 'failed', error: { code, message: 'Sorry.' } })
    const reply = await failed(createCall(openaiChat, chat) as unknown as Call)
    expect(reply).toMatchObject({ kind: 'error', status })
    expect(reply.kind === 'error' && (await reply.error())).toMatchObject({ code, message: 'Sorry.' })
  })
})

describe('bridge()', () => {
  it.each([
    ['an unknown option', { stict: true }],
    ['strict that is no boolean', { strict: 'yes' }],
    ['no tokens', { maxOutputTokens: 0 }],
    ['parts of tokens', { maxOutputTokens: 1.5 }],
    ['a callback that is none', { onLossy: 'log' }],
  ])('refuses %s', (_, options) => {
    expect(() => bridge('openai.chat', 'anthropic.messages', options as object)).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
  })

  it('refuses dialects that it cannot translate', () => {
    expect(() => bridge('openai.embeddings', 'openai.chat')).toThrow(
      expect.objectContaining({ code: 'config.bridge', message: expect.stringContaining('openai.embeddings') }),
    )
  })

  it('lets calls in the provider’s own dialect pass, and refuses those in a third one', async () => {
    const { anthropic, openai, provider } = bridgedClients('openai.chat', 'anthropic.messages')
    provider.enqueue('Rain.')
    const answer = await anthropic.messages.create({ model: 'x', max_tokens: 5, messages })
    expect(answer.content).toMatchObject([{ text: 'Rain.' }])
    await expect(openai.responses.create({ model: 'x', input: 'Hi' })).rejects.toMatchObject({ code: 'bridge.dialect' })
  })
})
