import type { JsonObject } from '../json.ts'
import type { Role } from './api.ts'

interface Model extends JsonObject {
  readonly model: string
}

interface Streamed extends JsonObject {
  readonly stream?: boolean | null
}

interface UsageOption extends Streamed {
  readonly stream_options?: JsonObject | null
}

export function modelOf(request: Model): string {
  return request.model
}

export function withModel<R extends Model>(request: R, model: string): R {
  return request.model === model ? request : { ...request, model }
}

export function isStream(request: Streamed): boolean {
  return request.stream === true
}

/** Without a stream its `stream_options` go too: OpenAI rejects them in other requests. */
export function withStream<R extends Streamed>(request: R, stream: boolean): R {
  if (isStream(request) === stream) return request
  const copy: Record<string, unknown> = { ...request, stream }
  if (!stream) delete copy['stream_options']
  return copy as R
}

export function withStreamUsage<R extends UsageOption>(request: R): R {
  const options = request.stream_options
  if (!isStream(request) || options?.['include_usage'] === true) return request
  return { ...request, stream_options: { ...options, include_usage: true } }
}

/** The roles of messages, as OpenAI names them. Any other is taken for the user's. */
export const openaiRoles: { readonly [role: string]: Role } = {
  assistant: 'assistant',
  system: 'system',
  developer: 'system',
  tool: 'tool',
  function: 'tool',
}
