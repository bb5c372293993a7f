// Calls of the real SDKs that the tests of the budget make, whole and streamed.
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { Middleware } from '../pipeline.ts'
import { createPriceBook, type PriceBook } from '../prices/index.ts'
import { sluice } from '../sluice.ts'
import type { FakeProvider } from '../testing/index.ts'

/** 1,000 nano-dollars a token of input, 10,000 of output; ten times that for `dear`. */
export const prices: PriceBook = createPriceBook({
  bundled: false,
  sources: [
    {
      source: 'test',
      checkedAt: '2026-01-01',
      models: {
        cheap: { prices: { fresh: 1, output: 10 } },
        dear: { prices: { fresh: 10, output: 100 }, serviceTiers: { priority: { times: 2 } } },
        free: { prices: { fresh: 0, output: 0 } },
      },
    },
  ],
})

export interface SampleAnswer {
  readonly text: string
  /** The dialect's own word for why it ended. */
  readonly finish: string | null | undefined
}

export interface SampleOptions {
  readonly model?: string
  readonly maxTokens?: number
  readonly signal?: AbortSignal
}

export interface SampleCaller {
  readonly name: string
  /** What it says of an answer that reached its limit. */
  readonly atLimit: string
  /** The field that limits the answer. */
  readonly limitField: string
  whole(options?: SampleOptions): Promise<SampleAnswer>
  stream(options?: SampleOptions): Promise<SampleAnswer>
}

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]

/** The SDKs' ways to ask, through the given middleware. */
export function sampleCallers(provider: FakeProvider, middleware: readonly Middleware[]): readonly SampleCaller[] {
  const { fetch } = provider
  const options = { fetch, maxRetries: 0, logLevel: 'off' } as const
  const openai = sluice(new OpenAI({ apiKey: 'k', ...options }), middleware)
  const anthropic = sluice(new Anthropic({ apiKey: 'k', ...options }), middleware)
  const tokens = (name: string, maxTokens: number | undefined): object =>
    maxTokens === undefined ? {} : { [name]: maxTokens }
  return [
    {
      name: 'chat',
      atLimit: 'length',
      limitField: 'max_completion_tokens',
      async whole({ model = 'cheap', maxTokens, signal } = {}) {
        const body = { model, messages, ...tokens('max_completion_tokens', maxTokens) }
        const { choices } = await openai.chat.completions.create(body, { signal })
        return { text: choices[0]?.message.content ?? '', finish: choices[0]?.finish_reason }
      },
      async stream({ model = 'cheap', maxTokens, signal } = {}) {
        const body = { model, messages, ...tokens('max_completion_tokens', maxTokens) }
        const { choices } = await openai.chat.completions.stream(body, { signal }).finalChatCompletion()
        return { text: choices[0]?.message.content ?? '', finish: choices[0]?.finish_reason }
      },
    },
    {
      name: 'responses',
      atLimit: 'max_output_tokens',
      limitField: 'max_output_tokens',
      async whole({ model = 'cheap', maxTokens, signal } = {}) {
        const body = { model, input: 'Where is my refund?', ...tokens('max_output_tokens', maxTokens) }
        const answer = await openai.responses.create(body, { signal })
        return { text: answer.output_text, finish: answer.incomplete_details?.reason }
      },
      async stream({ model = 'cheap', maxTokens, signal } = {}) {
        const body = { model, input: 'Where is my refund?', ...tokens('max_output_tokens', maxTokens) }
        const answer = await openai.responses.stream(body, { signal }).finalResponse()
        return { text: answer.output_text, finish: answer.incomplete_details?.reason }
      },
    },
    {
      name: 'messages',
      atLimit: 'max_tokens',
      limitField: 'max_tokens',
      async whole({ model = 'cheap', maxTokens = 4_000, signal } = {}) {
        const answer = await anthropic.messages.create({ model, messages, max_tokens: maxTokens }, { signal })
        const [block] = answer.content
        return { text: block?.type === 'text' ? block.text : '', finish: answer.stop_reason }
      },
      async stream({ model = 'cheap', maxTokens = 4_000, signal } = {}) {
        const answer = await anthropic.messages
          .stream({ model, messages, max_tokens: maxTokens }, { signal })
          .finalMessage()
        const [block] = answer.content
        return { text: block?.type === 'text' ? block.text : '', finish: answer.stop_reason }
      },
    },
    {
      name: 'completions',
      atLimit: 'length',
      limitField: 'max_tokens',
      async whole({ model = 'cheap', maxTokens = 4_000, signal } = {}) {
        const answer = await openai.completions.create(
          { model, prompt: 'Where is my refund?', max_tokens: maxTokens },
          { signal },
        )
        return { text: answer.choices[0]?.text ?? '', finish: answer.choices[0]?.finish_reason }
      },
      async stream({ model = 'cheap', maxTokens = 4_000, signal } = {}) {
        const body = { model, prompt: 'Where is my refund?', max_tokens: maxTokens, stream: true } as const
        let text = ''
        let finish: string | null | undefined
        for await (const { choices } of await openai.completions.create(body, { signal })) {
          text += choices[0]?.text ?? ''
          finish = choices[0]?.finish_reason ?? finish
        }
        return { text, finish }
      },
    },
  ]
}
