import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import { describe, expect, it } from 'vitest'
import { anthropicMessages, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses } from '../../api/index.ts'
import { countRequest } from '../count.ts'
import { exactCounter } from './exact-counter.ts'

/** A transport that answers what `answer` makes of each request, and keeps them. */
function transport(answer: (body: Record<string, unknown>) => unknown, status = 200) {
  const sent: { url: string; headers: Headers; body: Record<string, unknown> }[] = []
  const send: typeof fetch = async (input, init) => {
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>
    sent.push({ url: String(input), headers: new Headers(init?.headers), body })
    return Response.json(answer(body), { status })
  }
  return { sent, fetch: send }
}

const apiKey = 'sk-test'
const chat = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'Hello' }],
  max_tokens: 5,
  stream: true,
}
const claude = {
  model: 'claude-haiku-4-5',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'Hello' }],
  stream: true,
}

describe('exactCounter', () => {
  it('asks Anthropic for Messages, without what has no input', async () => {
    const { sent, fetch } = transport(() => ({ input_tokens: 42 }))
    const counter = exactCounter({ anthropic: new Anthropic({ apiKey, fetch }) })
    expect(await counter.count({ api: anthropicMessages, request: claude })).toEqual({
      inputTokens: 42,
      source: 'provider',
    })
    expect(sent[0]?.url).toMatch(/\/v1\/messages\/count_tokens$/)
    expect(sent[0]?.body).toEqual({ model: claude.model, messages: claude.messages })
  })

  it.each([
    ['openai 7', OpenAI],
    ['openai 6', OpenAI6 as unknown as typeof OpenAI],
  ])('asks OpenAI for Responses, by %s', async (_, Client) => {
    const { sent, fetch } = transport(() => ({ object: 'response.input_tokens', input_tokens: 7 }))
    const counter = exactCounter({ openai: new Client({ apiKey, fetch }) })
    const request = { model: 'gpt-5-mini', input: 'Hello', max_output_tokens: 9, tools: [], store: false }
    expect((await counter.count({ api: openaiResponses, request })).inputTokens).toBe(7)
    expect(sent[0]?.url).toMatch(/\/v1\/responses\/input_tokens$/)
    expect(sent[0]?.body).toEqual({ model: 'gpt-5-mini', input: 'Hello', tools: [] })
  })

  it('asks OpenAI for chats as the Responses API has them', async () => {
    const { sent, fetch } = transport(() => ({ input_tokens: 7 }))
    const counter = exactCounter({ openai: new OpenAI({ apiKey, fetch }) })
    const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }
    const schema = { name: 'out', schema: { type: 'object' }, strict: true }
    const request = {
      model: 'gpt-5-mini',
      messages: [
        { role: 'system' as const, content: 'Be brief.' },
        {
          role: 'user' as const,
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
            { type: 'file', file: { file_id: 'f1' } },
          ],
        },
        { role: 'assistant' as const, content: 'Wait', tool_calls: [call] },
        { role: 'tool' as const, tool_call_id: 'c1', content: 'A cat' },
      ],
      tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      response_format: { type: 'json_schema', json_schema: schema },
      reasoning_effort: 'low',
    }
    await counter.count({ api: openaiChat, request })
    expect(sent[0]?.body).toEqual({
      model: 'gpt-5-mini',
      input: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'See' },
            { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
            { type: 'input_file', file_id: 'f1' },
          ],
        },
        { role: 'assistant', content: 'Wait' },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'A cat' },
      ],
      tools: [{ type: 'function', name: 'look', parameters: { type: 'object' } }],
      tool_choice: { type: 'function', name: 'look' },
      text: { format: { type: 'json_schema', ...schema } },
      reasoning: { effort: 'low' },
    })
  })

  it('asks vLLM for chats, completions and embeddings', async () => {
    const { sent, fetch } = transport((body) => ({ count: body['prompt'] ? 2 : 11, max_model_len: 4096, tokens: [] }))
    const counter = exactCounter({ vllm: { url: 'http://gpu:8000/v1/', apiKey, fetch } })
    expect((await counter.count({ api: openaiChat, request: chat })).inputTokens).toBe(11)
    expect((await counter.count({ api: openaiCompletions, request: { model: 'm', prompt: 'Hi' } })).inputTokens).toBe(2)
    expect((await counter.count({ api: openaiEmbeddings, request: { model: 'm', input: 'Ho' } })).inputTokens).toBe(2)
    expect(sent.map(({ url }) => url)).toEqual(Array(3).fill('http://gpu:8000/tokenize'))
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer sk-test')
    expect(sent.map(({ body }) => body)).toEqual([
      { model: 'gpt-5-mini', messages: chat.messages },
      { model: 'm', prompt: 'Hi' },
      { model: 'm', prompt: 'Ho' },
    ])
  })

  it('asks once for equal requests, at the same time or later', async () => {
    const { sent, fetch } = transport(() => ({ input_tokens: 8 }))
    const counter = exactCounter({ anthropic: new Anthropic({ apiKey, fetch }), maxEntries: 1 })
    const call = { api: anthropicMessages, request: claude }
    const counts = await Promise.all([
      counter.count(call),
      counter.count({ ...call, request: { ...claude, max_tokens: 77 } }),
    ])
    expect(counts.map(({ inputTokens }) => inputTokens)).toEqual([8, 8])
    expect(await counter.count(call)).toEqual({ inputTokens: 8, source: 'cache' })
    expect(sent).toHaveLength(1)
    await counter.count({ ...call, request: { ...claude, system: 'Other' } })
    await counter.count(call)
    expect(sent).toHaveLength(3)
  })

  it('throws what the provider answers, and remembers no failure', async () => {
    let isDown = true
    const fetch: typeof globalThis.fetch = async () =>
      isDown
        ? Response.json({ error: { type: 'api_error', message: 'no' } }, { status: 400 })
        : Response.json({ input_tokens: 3 })
    const anthropic = new Anthropic({ apiKey, fetch, maxRetries: 0 })
    const call = { api: anthropicMessages, request: claude }
    const counter = exactCounter({ anthropic })
    await expect(counter.count(call)).rejects.toBeInstanceOf(Anthropic.BadRequestError)
    expect(await exactCounter({ anthropic, onFailure: 'local' }).count(call)).toEqual({
      inputTokens: countRequest(call).inputTokens,
      source: 'local',
    })
    isDown = false
    expect(await counter.count(call)).toEqual({ inputTokens: 3, source: 'provider' })
  })

  it('takes no answer without a count for one', async () => {
    for (const answer of [{}, { input_tokens: -1 }, { input_tokens: '7' }, null]) {
      const { fetch } = transport(() => answer)
      const counter = exactCounter({ anthropic: new Anthropic({ apiKey, fetch }) })
      await expect(counter.count({ api: anthropicMessages, request: claude })).rejects.toMatchObject({
        code: 'tokens.count_failed',
      })
    }
    const { fetch } = transport(() => ({}), 503)
    await expect(
      exactCounter({ vllm: { url: 'http://gpu', fetch } }).count({ api: openaiChat, request: chat }),
    ).rejects.toMatchObject({ code: 'tokens.count_failed', details: { endpoint: 'vllm', status: 503 } })
  })

  it('says what cannot be asked', async () => {
    const { fetch } = transport(() => ({ input_tokens: 1 }))
    const counter = exactCounter({ openai: new OpenAI({ apiKey, fetch }) })
    const refused = { code: 'tokens.not_countable' }
    await expect(counter.count({ api: anthropicMessages, request: claude })).rejects.toMatchObject(refused)
    await expect(counter.count({ api: openaiEmbeddings, request: { model: 'm', input: 'x' } })).rejects.toMatchObject(
      refused,
    )
    const audio = {
      role: 'user' as const,
      content: [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }],
    }
    await expect(counter.count({ api: openaiChat, request: { model: 'm', messages: [audio] } })).rejects.toMatchObject(
      refused,
    )
  })

  it('refuses options that cannot work', () => {
    const openai = new OpenAI({ apiKey })
    const config = expect.objectContaining({ code: 'config.option' })
    for (const options of [
      {},
      { openai, vllm: { url: 'http://gpu' } },
      { openai: {} },
      { anthropic: openai },
      { vllm: { url: 'gpu' } },
      { vllm: { url: 'http://gpu', timeoutMs: 0 } },
      { openai, maxEntries: -1 },
      { openai, onFailure: 'ignore' },
      { openai, ttlMs: 5 },
    ])
      expect(() => exactCounter(options as never)).toThrow(config)
  })
})
