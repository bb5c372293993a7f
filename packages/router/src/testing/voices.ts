import type { ApiId } from '@sluice/core'
import type { Routed } from './routed.ts'

/** What an answer said, whatever its dialect. */
export interface Said {
  readonly text: string
  readonly model: string
  readonly finish: string | undefined
}

/** How a request is made, beside its text. */
export interface Asking {
  readonly model?: string
  readonly signal?: AbortSignal
  readonly headers?: Record<string, string>
  readonly maxRetries?: number
  readonly timeout?: number
  /** Fields of the body. */
  readonly body?: object
}

/** One dialect with its SDK: the three ways to ask it for a text. */
export interface Voice {
  readonly api: ApiId
  whole(routed: Routed, asking?: Asking): Promise<Said>
  /** The raw events, gathered by hand; `seen` gets each piece of text as it comes. */
  stream(routed: Routed, asking?: Asking, seen?: (text: string) => void): Promise<Said>
  /** The SDK's own helper and its final object. */
  helper(routed: Routed, asking?: Asking): Promise<Said>
}

export const question = 'How long does a card take?'
const messages = [{ role: 'user' as const, content: question }]

function sdkOptions({ signal, headers, maxRetries, timeout }: Asking): object {
  return {
    ...(signal && { signal }),
    ...(headers && { headers }),
    ...(maxRetries !== undefined && { maxRetries }),
    ...(timeout !== undefined && { timeout }),
  }
}

export const chat: Voice = {
  api: 'openai.chat',
  async whole({ openai }, asking = {}) {
    const { model = 'auto', body } = asking
    const answer = await openai.chat.completions.create({ model, messages, ...body }, sdkOptions(asking))
    const [choice] = answer.choices
    return { text: choice?.message.content ?? '', model: answer.model, finish: choice?.finish_reason }
  },
  async stream({ openai }, asking = {}, seen) {
    const { model = 'auto', body } = asking
    const said = { text: '', model: '', finish: undefined as string | undefined }
    const request = { model, messages, stream: true as const, ...body }
    for await (const chunk of await openai.chat.completions.create(request, sdkOptions(asking))) {
      const [choice] = chunk.choices
      if (choice?.delta?.content) seen?.(choice.delta.content)
      said.text += choice?.delta?.content ?? ''
      said.model ||= chunk.model
      said.finish = choice?.finish_reason ?? said.finish
    }
    return said
  },
  async helper({ openai }, asking = {}) {
    const { model = 'auto', body } = asking
    const answer = await openai.chat.completions
      .stream({ model, messages, ...body }, sdkOptions(asking))
      .finalChatCompletion()
    const [choice] = answer.choices
    return { text: choice?.message.content ?? '', model: answer.model, finish: choice?.finish_reason }
  },
}

export const responses: Voice = {
  api: 'openai.responses',
  async whole({ openai }, asking = {}) {
    const { model = 'auto', body } = asking
    const answer = await openai.responses.create({ model, input: question, ...body }, sdkOptions(asking))
    return { text: answer.output_text, model: answer.model, finish: answer.status }
  },
  async stream({ openai }, asking = {}, seen) {
    const { model = 'auto', body } = asking
    const said = { text: '', model: '', finish: undefined as string | undefined }
    const request = { model, input: question, stream: true as const, ...body }
    for await (const event of await openai.responses.create(request, sdkOptions(asking))) {
      if (event.type === 'response.created') said.model ||= event.response.model
      if (event.type === 'response.completed' || event.type === 'response.incomplete')
        said.finish = event.response.status
      if (event.type !== 'response.output_text.delta') continue
      seen?.(event.delta)
      said.text += event.delta
    }
    return said
  },
  async helper({ openai }, asking = {}) {
    const { model = 'auto', body } = asking
    const answer = await openai.responses
      .stream({ model, input: question, ...body }, sdkOptions(asking))
      .finalResponse()
    return { text: answer.output_text, model: answer.model, finish: answer.status }
  },
}

export const anthropicMessages: Voice = {
  api: 'anthropic.messages',
  async whole({ anthropic }, asking = {}) {
    const { model = 'auto', body } = asking
    const answer = await anthropic.messages.create({ model, max_tokens: 1000, messages, ...body }, sdkOptions(asking))
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    return { text, model: answer.model, finish: answer.stop_reason ?? undefined }
  },
  async stream({ anthropic }, asking = {}, seen) {
    const { model = 'auto', body } = asking
    const said = { text: '', model: '', finish: undefined as string | undefined }
    const request = { model, max_tokens: 1000, messages, stream: true as const, ...body }
    for await (const event of await anthropic.messages.create(request, sdkOptions(asking))) {
      if (event.type === 'message_start') said.model ||= event.message.model
      if (event.type === 'message_delta') said.finish = event.delta.stop_reason ?? said.finish
      if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue
      seen?.(event.delta.text)
      said.text += event.delta.text
    }
    return said
  },
  async helper({ anthropic }, asking = {}) {
    const { model = 'auto', body } = asking
    const answer = await anthropic.messages
      .stream({ model, max_tokens: 1000, messages, ...body }, sdkOptions(asking))
      .finalMessage()
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    return { text, model: answer.model, finish: answer.stop_reason ?? undefined }
  },
}

export const voices: readonly Voice[] = [chat, responses, anthropicMessages]
