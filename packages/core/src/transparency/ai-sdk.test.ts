import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import {
  embedMany,
  generateObject,
  generateText,
  isStepCount,
  Output,
  streamObject,
  streamText,
  tool,
  type EmbeddingModel,
  type LanguageModel,
} from 'ai'
import { z } from 'zod'
import { sluiceFetch } from '../fetch.ts'
import type { ClientCase, ClientInit } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { once, thrownBy } from './recording.ts'

interface Models {
  readonly model: LanguageModel
  readonly embedding: EmbeddingModel | undefined
}

/** The AI SDK over its providers, each with a `fetch` that does or does not run a pipeline. */
function over(
  name: string,
  models: (init: Pick<ClientInit, 'origin' | 'fetch'>) => Models,
): ClientCase<Models, undefined> {
  return {
    name,
    sdk: undefined,
    create: models,
    under: ({ origin, fetch }, middleware, options) =>
      models({ origin, fetch: sluiceFetch(middleware, { ...options, fetch }) }),
  }
}

const apiKey = 'sk-test'
const cases = [
  over('@ai-sdk/openai chat', ({ origin, fetch }) => {
    const openai = createOpenAI({ apiKey, baseURL: `${origin}/v1`, fetch })
    return { model: openai.chat('gpt-5-mini'), embedding: openai.embedding('text-embedding-3-small') }
  }),
  over('@ai-sdk/openai responses', ({ origin, fetch }) => {
    const openai = createOpenAI({ apiKey, baseURL: `${origin}/v1`, fetch })
    return { model: openai.responses('gpt-5-mini'), embedding: undefined }
  }),
  over('@ai-sdk/anthropic', ({ origin, fetch }) => ({
    model: createAnthropic({ apiKey, baseURL: `${origin}/v1`, fetch })('claude-haiku-4-5'),
    embedding: undefined,
  })),
]

const prompt = 'What does shipping cost? 🙂'
const schema = z.object({ carrier: z.string(), days: z.number() })
const tools = {
  weather: tool({
    description: 'The weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `${city}: rain`,
  }),
}
const rounds = [
  {
    toolCalls: [
      { name: 'weather', arguments: { city: 'Oslo' } },
      { name: 'weather', arguments: { city: 'Rome' } },
    ],
  },
  'It rains.',
] as const
const settings = { maxRetries: 0, maxOutputTokens: 30 }

/** Parts of a stream without the ids and instants that the AI SDK makes up itself. */
async function parts(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const log: unknown[] = []
  for await (const part of stream) log.push(steadied(part))
  return log
}

function steadied(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, field: unknown) =>
      ['timestamp', 'messageId', 'callId'].includes(key) || /Ms$|PerSecond$/.test(key) ? undefined : field,
    ) ?? 'null',
  )
}

const behaviours: Behaviours<Models, undefined> = {
  generateText: async ({ model }) => {
    const { text, finishReason, usage, response, warnings, content } = await generateText({
      model,
      prompt,
      system: 'Be brief.',
      ...settings,
    })
    return steadied({
      text,
      finishReason,
      usage,
      warnings,
      content,
      request: response.headers?.['x-request-id'],
      body: response.body,
    })
  },
  'generateText with tools': async ({ model }, { provider }) => {
    provider.enqueue(...rounds)
    const { text, steps, totalUsage } = await generateText({
      model,
      prompt,
      tools,
      stopWhen: isStepCount(3),
      ...settings,
    })
    return steadied({
      text,
      totalUsage,
      steps: steps.map(({ content, finishReason, usage }) => ({ content, finishReason, usage })),
    })
  },
  'generateText with an output schema': async ({ model }) => {
    const { output, usage } = await generateText({
      model,
      prompt,
      output: Output.object({ schema }),
      ...settings,
      maxOutputTokens: 500,
    })
    return steadied({ output, usage })
  },
  generateObject: async ({ model }) => {
    const { object, finishReason, usage } = await generateObject({
      model,
      prompt,
      schema,
      ...settings,
      maxOutputTokens: 500,
    })
    return steadied({ object, finishReason, usage })
  },
  streamText: async ({ model }) => {
    const result = streamText({ model, prompt, ...settings })
    return [await parts(result.fullStream), await result.text, await result.usage, await result.finishReason]
  },
  'streamText with tools': async ({ model }, { provider }) => {
    provider.enqueue(...rounds)
    const result = streamText({ model, prompt, tools, stopWhen: isStepCount(3), ...settings })
    return [await parts(result.fullStream), await result.text, await result.totalUsage]
  },
  'streamText with reasoning': async ({ model }, { provider }) => {
    provider.enqueue({ reasoning: 'A price is wanted.', text: 'Five euros.' })
    return parts(streamText({ model, prompt, ...settings }).fullStream)
  },
  'streamText left early': async ({ model }, { provider }) => {
    // The provider stops there: how far the AI SDK's pipes read ahead is chance.
    provider.fail('stall', { afterTokens: 2 })
    const caller = new AbortController()
    const seen: string[] = []
    for await (const text of streamText({ model, prompt, ...settings, abortSignal: caller.signal }).textStream) {
      seen.push(text)
      if (seen.length === 2) caller.abort()
    }
    return seen
  },
  streamObject: async ({ model }) => {
    const result = streamObject({ model, prompt, schema, ...settings, maxOutputTokens: 500 })
    return [await parts(result.partialObjectStream), await result.object]
  },
  'an abort': async ({ model }, { provider }) => {
    provider.fail('silence')
    const caller = new AbortController()
    once(
      () => provider.pending.length > 0,
      () => caller.abort(),
    )
    return thrownBy(() => generateText({ model, prompt, ...settings, abortSignal: caller.signal })).then(String)
  },
  errors: async ({ model }, { provider }) => {
    provider.fail('http-429', { retryAfterMs: 1, times: 1 })
    const limited = await thrownBy(() => generateText({ model, prompt, ...settings }))
    provider.fail('bad-request', { times: 1 })
    const streamed: unknown[] = []
    const result = streamText({ model, prompt, ...settings, onError: ({ error }) => void streamed.push(error) })
    return [limited, await parts(result.fullStream), streamed]
  },
  'an error event in a stream': async ({ model }, { provider }) => {
    provider.fail('late-error-in-stream', { afterTokens: 2 })
    const errors: unknown[] = []
    const result = streamText({ model, prompt, ...settings, onError: ({ error }) => void errors.push(error) })
    return [await parts(result.fullStream), errors]
  },
  'a retry that succeeds': async ({ model }, { provider }) => {
    provider.fail('http-429', { retryAfterMs: 1, times: 1 })
    return (await generateText({ model, prompt, maxRetries: 1 })).text
  },
  embedMany: async ({ embedding }) => {
    if (!embedding) return 'none'
    return (await embedMany({ model: embedding, values: ['shipping', 'refund'], maxRetries: 0 })).embeddings
  },
}

itIsTransparent(cases, ['in memory', 'over HTTP'], behaviours)
