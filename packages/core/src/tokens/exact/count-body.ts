import type { ApiId, RequestOf } from '../../api/api.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { chatAsInput } from './chat-as-input.ts'
import { notCountable } from './not-countable.ts'

/** The endpoints that count. */
export type CountEndpoint = 'openai' | 'anthropic' | 'vllm'

// What each endpoint takes; the other fields of a call (limits, sampling, streaming) do not change its input.
const fields = {
  openai: [
    'model',
    'input',
    'instructions',
    'tools',
    'tool_choice',
    'text',
    'reasoning',
    'parallel_tool_calls',
    'previous_response_id',
    'conversation',
    'truncation',
    'personality',
  ],
  anthropic: [
    'model',
    'messages',
    'system',
    'tools',
    'tool_choice',
    'thinking',
    'output_config',
    'cache_control',
    'speed',
    'context_management',
    'mcp_servers',
  ],
  vllmChat: ['model', 'messages', 'tools', 'chat_template', 'chat_template_kwargs', 'add_generation_prompt'],
  vllmText: ['model', 'prompt', 'add_special_tokens'],
} as const

/**
 * The body that asks an endpoint for the input tokens of a request.
 *
 * @throws {SluiceError} `tokens.not_countable` for what the endpoint cannot be asked.
 */
export function countBody<A extends ApiId>(endpoint: CountEndpoint, api: A, request: RequestOf<A>): JsonObject {
  const body: JsonObject = request
  if (endpoint === 'anthropic' && api === 'anthropic.messages') return pick(body, fields.anthropic)
  if (endpoint === 'openai' && api === 'openai.responses') return pick(body, fields.openai)
  if (endpoint === 'openai' && api === 'openai.chat') return chatAsInput(request as RequestOf<'openai.chat'>)
  if (endpoint === 'vllm' && api === 'openai.chat') return pick(body, fields.vllmChat)
  if (endpoint === 'vllm') {
    const text = body['prompt'] ?? (api === 'openai.embeddings' ? body['input'] : undefined)
    if (typeof text === 'string') return pick({ ...body, prompt: text }, fields.vllmText)
  }
  throw notCountable(`${endpoint} has no endpoint that counts this ${api} request`)
}

export function pick(body: JsonObject, names: readonly string[]): JsonObject {
  const picked: Record<string, unknown> = {}
  for (const name of names) if (body[name] !== undefined) picked[name] = body[name]
  return picked
}

/** The count in an endpoint's answer: `input_tokens`, of vLLM `count`. */
export function countIn(answer: unknown): number | undefined {
  const count = isObject(answer) ? (answer['input_tokens'] ?? answer['count']) : undefined
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}
