import type { EventOf, JsonObject } from '@sluice/core'

type Response = NonNullable<EventOf<'openai.responses'>['response']>

/** A response that has just begun. It repeats the settings of the request; it is not stored at any provider. */
export function responseHead(id: string, model: string, createdAtS: number, request: JsonObject = {}): Response {
  const of = (field: string, otherwise: unknown = null): unknown => request[field] ?? otherwise
  return {
    id,
    object: 'response',
    created_at: createdAtS,
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: of('instructions'),
    max_output_tokens: of('max_output_tokens'),
    max_tool_calls: of('max_tool_calls'),
    metadata: of('metadata', {}),
    model,
    output: [],
    parallel_tool_calls: of('parallel_tool_calls', true),
    previous_response_id: null,
    prompt_cache_key: of('prompt_cache_key'),
    reasoning: of('reasoning', { effort: null, summary: null }),
    safety_identifier: of('safety_identifier'),
    service_tier: null,
    store: false,
    temperature: of('temperature'),
    text: of('text', { format: { type: 'text' } }),
    tool_choice: of('tool_choice', 'auto'),
    tools: of('tools', []),
    top_logprobs: of('top_logprobs', 0),
    top_p: of('top_p'),
    truncation: of('truncation', 'disabled'),
    usage: null,
    user: of('user'),
  }
}
