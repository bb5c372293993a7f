import { describe, expect, it } from 'vitest'
import { anthropicMessages, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses } from '../api/index.ts'
import type { ChatRequest } from '../api/openai-chat/wire.ts'
import { countRequest, countTokens, isWithinTokens, preloadEncoding, truncateTokens } from './count.ts'
import { estimateRequest } from './estimate-request.ts'
import { dataUrl, png } from './fixtures/sample-images.ts'
import { chinese, english } from './fixtures/sample-texts.ts'

const model = 'gpt-4o'
const chat = (rest: Partial<ChatRequest>) => ({
  api: openaiChat,
  request: { model, messages: [{ role: 'user' as const, content: 'Hello' }], ...rest },
})
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

describe('countRequest', () => {
  it('has the recipe for messages: 4 each, 1 for a name, 3 before the answer', () => {
    // The worked example that OpenAI publishes with its recipe: 129 tokens for gpt-4, 124 for gpt-4o.
    const messages = [
      ['system', 'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.'],
      ['system', 'New synergies will help drive top-line growth.', 'example_user'],
      ['system', 'Things working well together will increase revenue.', 'example_assistant'],
      [
        'system',
        "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
        'example_user',
      ],
      ['system', "Let's talk later when we're less busy about how to do better.", 'example_assistant'],
      ['user', "This late pivot means we don't have time to boil the ocean for the client deliverable."],
    ].map(([role, content, name]) => ({ role, content, ...(name && { name }) })) as ChatRequest['messages']
    expect(countRequest(chat({ model: 'gpt-4', messages })).inputTokens).toBe(129)
    expect(countRequest(chat({ messages })).inputTokens).toBe(124)
  })

  it('counts tools as their JSON and more', () => {
    const { byPart } = countRequest(chat({ tools: [weather] }))
    expect(byPart.tools).toBe(Math.ceil(countTokens(JSON.stringify([weather]), model) * 1.1))
    expect(byPart.text).toBe(1)
  })

  it('counts a description once, with its tool or schema', () => {
    const schema = { name: 'answer', description: 'What to say', schema: { type: 'object' } }
    const { byPart } = countRequest(chat({ response_format: { type: 'json_schema', json_schema: schema } }))
    expect(byPart.text).toBe(1)
    expect(byPart.tools).toBe(Math.ceil(countTokens(JSON.stringify(schema), model) * 1.1))
  })

  it('counts calls of tools, their names and their results', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }
    const { byPart } = countRequest(
      chat({
        messages: [
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c1', content: 'Rain' },
        ],
      }),
    )
    const said = ['{"city":"Oslo"}', 'Rain', 'get_weather'].map((text) => countTokens(text, model))
    expect(byPart.text).toBe(said.reduce((sum, one) => sum + one))
    expect(byPart.overhead).toBe(2 * 4 + 3 + 3)
  })

  it('counts images from the size in their header, audio by its length, and files by a guess', () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: dataUrl(png(2048, 4096)) } },
      { type: 'image_url', image_url: { url: 'https://example.com/cat.png', detail: 'low' } },
      { type: 'input_audio', input_audio: { data: 'A'.repeat(64_000), format: 'wav' } },
      { type: 'file', file: { file_id: 'file-1' } },
    ]
    const { byPart } = countRequest(chat({ messages: [{ role: 'user', content }] }))
    expect(byPart.media).toBe(1105 + 85 + 10 + 4000)
  })

  it('reads the Responses API', () => {
    const request = {
      model,
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_image', image_url: dataUrl(png(1024, 1024)) }] },
        { type: 'function_call', call_id: 'c', name: 'get_weather', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'Rain' },
      ],
      tools: [{ type: 'function', name: 'get_weather', parameters: {} }],
    }
    const count = countRequest({ api: openaiResponses, request })
    expect(count.byPart).toMatchObject({ media: 765, overhead: 4 * 4 + 3 + 3 })
    expect(count.byPart.text).toBe(countTokens('Be brief.', model) + 1 + 1 + countTokens('get_weather', model))
    expect(count.unseen).toEqual([])
    expect(countRequest({ api: openaiResponses, request: { model, input: 'Hello' } }).inputTokens).toBe(1 + 4 + 3)
    const stored = { model, input: 'Hello', previous_response_id: 'resp_1' }
    expect(countRequest({ api: openaiResponses, request: stored }).unseen).toEqual(['previous_response_id'])
  })

  it('reads Anthropic, whose tools come with a prompt of its own', () => {
    const image = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: png(1000, 1000).toString('base64') },
    }
    const request = {
      model: 'claude-haiku-4-5',
      max_tokens: 10,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: [image, { type: 'text', text: 'Hello' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: { at: 'it' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [image] }] },
      ],
      tools: [{ name: 'look', description: 'Look', input_schema: { type: 'object' } }],
    }
    const count = countRequest({ api: anthropicMessages, request })
    expect(count.byPart).toMatchObject({ media: 2 * 1334, overhead: 4 * 4 + 3 + 3 + 346 })
    expect(count.encoding).toEqual({ encoding: 'o200k_base', isExact: false })
    const forced = countRequest({ api: anthropicMessages, request: { ...request, tool_choice: { type: 'any' } } })
    expect(count.inputTokens - forced.inputTokens).toBe(346 - 313)
  })

  it('counts texts and ready tokens of completions and embeddings, with nothing around them', () => {
    expect(countRequest({ api: openaiCompletions, request: { model, prompt: 'Hello' } }).inputTokens).toBe(1)
    expect(countRequest({ api: openaiEmbeddings, request: { model, input: ['Hello', 'Hello'] } }).inputTokens).toBe(2)
    expect(countRequest({ api: openaiEmbeddings, request: { model, input: [[1, 2], [3]] } }).inputTokens).toBe(3)
    expect(countRequest({ api: openaiEmbeddings, request: { model, input: [1, 2] } }).inputTokens).toBe(2)
  })

  it('is close to what is estimated without the encoder', () => {
    const messages = [english().slice(0, 8_000), chinese].map((content) => ({ role: 'user' as const, content }))
    const call = chat({ messages, tools: [weather] })
    const { inputTokens } = estimateRequest(call.api, call.request)
    expect(Math.abs(inputTokens / countRequest(call).inputTokens - 1)).toBeLessThan(0.06)
    const bounds = (['upper', 'certain'] as const).map((bound) => estimateRequest(call.api, call.request, { bound }))
    expect(bounds[0]?.inputTokens).toBeGreaterThan(inputTokens)
    expect(bounds[1]?.inputTokens).toBeGreaterThan(bounds[0]?.inputTokens ?? 0)
  })

  it('takes anything a caller may send', () => {
    for (const request of [
      {},
      { messages: 'no' },
      { messages: [null, 7, { content: [null, { type: 'image_url' }] }] },
      { model: 7, tools: 'x' },
    ])
      for (const api of [openaiChat, anthropicMessages, openaiResponses])
        expect(estimateRequest(api, request as never).inputTokens).toBeGreaterThanOrEqual(0)
    expect(() => countRequest({ api: openaiChat, request: undefined as never })).toThrow(
      expect.objectContaining({ code: 'tokens.input' }),
    )
    expect(() => estimateRequest(openaiChat, 'x' as never)).toThrow(expect.objectContaining({ code: 'tokens.input' }))
  })
})

describe('isWithinTokens and truncateTokens', () => {
  it('agree with the count', () => {
    for (const text of [english().slice(0, 3_000), chinese, 'a'.repeat(500), ''])
      for (const limit of [0, 1, 50, 200, countTokens(text, model), 10_000]) {
        expect(isWithinTokens(text, limit, model)).toBe(countTokens(text, model) <= limit)
        const beginning = truncateTokens(text, limit, model)
        expect(text.startsWith(beginning)).toBe(true)
        const count = countTokens(beginning, model)
        expect(count).toBeLessThanOrEqual(limit)
        if (beginning !== text) expect(count).toBeGreaterThan(limit - 4)
      }
  })

  it('never cut inside a character', () => {
    const text = '👩🏽‍💻🤷🏿‍♂️𠮷é中'.repeat(20)
    for (let limit = 0; limit < 80; limit += 1) expect(truncateTokens(text, limit, model).isWellFormed()).toBe(true)
  })

  it('answer at once for what is far too long', () => {
    const text = 'word '.repeat(2_000_000)
    const start = process.cpuUsage()
    for (let run = 0; run < 100; run += 1) expect(isWithinTokens(text, 1_000, model)).toBe(false)
    // A few milliseconds; reading it all takes minutes.
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(2_000)
  })

  it('refuse a limit that is none', () => {
    preloadEncoding('gpt-5')
    for (const limit of [-1, 1.5, Number.NaN, '7' as never, undefined as never]) {
      const error = expect.objectContaining({ code: 'tokens.limit', message: expect.stringContaining(String(limit)) })
      expect(() => isWithinTokens('a', limit, model)).toThrow(error)
      expect(() => truncateTokens('a', limit, model)).toThrow(error)
    }
    expect(() => countTokens(7 as never, model)).toThrow(expect.objectContaining({ code: 'tokens.input' }))
    expect(() => countTokens('a', undefined as never)).toThrow(expect.objectContaining({ code: 'tokens.input' }))
  })
})
