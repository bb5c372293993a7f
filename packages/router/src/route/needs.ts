import { isCall } from '@sluice/core'
import type { Call, JsonObject } from '@sluice/core'
import type { Modality } from '../target/target.ts'

/** What a request asks of whoever answers it. */
export interface Needs {
  readonly input: ReadonlySet<Modality>
  readonly output: ReadonlySet<Modality>
  readonly tools: boolean
  readonly jsonSchema: boolean
  readonly logprobs: boolean
  /** The request ends with an assistant message that is to be gone on with. */
  readonly prefill: boolean
  /** The longest answer that is allowed; `undefined`: the request names no limit. */
  readonly maxOutputTokens: number | undefined
  /** The conversation lies at the provider: only whoever has it can go on. */
  readonly heldBy: string | undefined
}

type Fields = { readonly [name: string]: unknown }

const textOnly: ReadonlySet<Modality> = new Set(['text'])

/** What a call asks for, read from the fields of its dialect. */
export function needsOf(call: Call): Needs {
  if (isCall(call, 'openai.chat')) return chatNeeds(call.request)
  if (isCall(call, 'openai.responses')) return responsesNeeds(call.request)
  if (isCall(call, 'anthropic.messages')) return messagesNeeds(call.request)
  return { ...none, maxOutputTokens: count(call.request['max_tokens']) }
}

const none: Needs = {
  input: textOnly,
  output: textOnly,
  tools: false,
  jsonSchema: false,
  logprobs: false,
  prefill: false,
  maxOutputTokens: undefined,
  heldBy: undefined,
}

function chatNeeds(request: JsonObject): Needs {
  const { messages, tools, functions, response_format: format, modalities, logprobs } = request
  const input = new Modalities()
  const turns = list(messages)
  for (const turn of turns) input.addAll(list(fields(turn)['content']))
  return {
    input: input.found,
    output: list(modalities).length > 0 ? (new Set(modalities as Modality[]) as ReadonlySet<Modality>) : textOnly,
    tools: list(tools).length > 0 || list(functions).length > 0,
    jsonSchema: fields(format)['type'] === 'json_schema',
    logprobs: logprobs === true,
    prefill: fields(turns.at(-1))['role'] === 'assistant',
    maxOutputTokens: count(request['max_completion_tokens']) ?? count(request['max_tokens']),
    heldBy: undefined,
  }
}

function responsesNeeds(request: JsonObject): Needs {
  const { input: given, tools, text, include, previous_response_id: previous, conversation } = request
  const input = new Modalities()
  const items = list(given)
  for (const item of items) {
    input.addAll(list(fields(item)['content']))
    input.addAll(list(fields(item)['output']))
  }
  const held = previous ?? conversation
  return {
    ...none,
    input: input.found,
    tools: list(tools).length > 0,
    jsonSchema: fields(fields(text)['format'])['type'] === 'json_schema',
    logprobs: list(include).includes('message.output_text.logprobs'),
    prefill: fields(items.at(-1))['role'] === 'assistant',
    maxOutputTokens: count(request['max_output_tokens']),
    heldBy: typeof held === 'string' ? held : held == null ? undefined : String(fields(held)['id']),
  }
}

function messagesNeeds(request: JsonObject): Needs {
  const { messages, tools, output_config: config, output_format: format, thread } = request
  const input = new Modalities()
  const turns = list(messages)
  for (const turn of turns) input.addAll(list(fields(turn)['content']))
  return {
    ...none,
    input: input.found,
    tools: list(tools).length > 0,
    jsonSchema: fields(fields(config)['format'] ?? format)['type'] === 'json_schema',
    prefill: fields(turns.at(-1))['role'] === 'assistant',
    maxOutputTokens: count(request['max_tokens']),
    heldBy: fields(thread)['type'] === 'continue' ? String(fields(thread)['previous_message_id']) : undefined,
  }
}

/** The kinds of content in a list of parts, tool results included. */
class Modalities {
  found: ReadonlySet<Modality> = textOnly

  addAll(parts: readonly unknown[]): void {
    for (const part of parts) {
      const { type, content } = fields(part)
      if (Array.isArray(content)) this.addAll(content)
      const modality = typeof type === 'string' ? modalityOf(type) : undefined
      if (modality) this.found = new Set([...this.found, modality])
    }
  }
}

function modalityOf(type: string): Modality | undefined {
  if (type === 'image_url' || type === 'image' || type === 'input_image') return 'image'
  if (type === 'input_audio' || type === 'audio') return 'audio'
  if (type === 'video_url' || type === 'video') return 'video'
  return type === 'file' || type === 'input_file' || type === 'document' ? 'file' : undefined
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
