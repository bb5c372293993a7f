import { isObject, type JsonObject } from '../../../json.ts'
import { joined, type Answer, type Choice } from '../answer.ts'
import { Failure } from '../failure.ts'
import { logprobsOf } from '../model/logprobs.ts'
import { hexId } from '../model/random.ts'
import type { Ask } from '../request.ts'
import type { FakeCitation, FakeUsage } from '../script.ts'
import type { Stamp } from './dialect.ts'

/** The items of an earlier response and its answer, for `previous_response_id`; `undefined` when it is not stored. */
export type EarlierItems = (id: string) => readonly JsonObject[] | undefined

/** The conversation that a request stands for: earlier turns first, a bare string as a user message. */
export function itemsOf(body: JsonObject, earlier: EarlierItems): JsonObject[] {
  const own: JsonObject[] =
    typeof body.input === 'string'
      ? [{ type: 'message', role: 'user', content: body.input }]
      : (Array.isArray(body.input) ? body.input : []).filter(isObject)
  if (typeof body.previous_response_id !== 'string') return own
  const before = earlier(body.previous_response_id)
  if (before) return [...before, ...own]
  throw new Failure({
    status: 400,
    code: 'previous_response_not_found',
    param: 'previous_response_id',
    message: `Previous response with id '${body.previous_response_id}' not found.`,
  })
}

/** The response as it stands once the answer is finished. */
export function responseObject(ask: Ask, answer: Answer, stamp: Stamp): JsonObject {
  const [choice] = answer.choices
  const output = choice ? outputItems(ask, choice, stamp) : []
  const reason = choice?.finish === 'length' ? 'max_output_tokens' : 'content_filter'
  const cut = choice?.finish === 'length' || choice?.finish === 'content_filter'
  return {
    ...responseHead(ask, stamp),
    status: cut ? 'incomplete' : 'completed',
    completed_at: cut ? null : Math.floor(stamp.createdAtMs / 1000),
    incomplete_details: cut ? { reason } : null,
    output,
    usage: responseUsage(answer.usage),
  }
}

/** The response before anything of the answer is known. */
export function responseHead(ask: Ask, stamp: Stamp): JsonObject {
  const { body } = ask
  const given = (field: string, fallback: unknown): unknown => body[field] ?? fallback
  return {
    id: `resp_${stamp.key}`,
    object: 'response',
    created_at: Math.floor(stamp.createdAtMs / 1000),
    status: 'in_progress',
    background: given('background', false),
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: given('instructions', null),
    max_output_tokens: given('max_output_tokens', null),
    max_tool_calls: given('max_tool_calls', null),
    model: ask.model,
    output: [],
    parallel_tool_calls: given('parallel_tool_calls', true),
    previous_response_id: given('previous_response_id', null),
    prompt_cache_key: given('prompt_cache_key', null),
    reasoning: given('reasoning', { effort: null, summary: null }),
    safety_identifier: given('safety_identifier', null),
    service_tier: 'default',
    store: given('store', true),
    temperature: given('temperature', 1),
    text: given('text', { format: { type: 'text' } }),
    tool_choice: given('tool_choice', 'auto'),
    tools: given('tools', []),
    top_logprobs: given('top_logprobs', 0),
    top_p: given('top_p', 1),
    truncation: given('truncation', 'disabled'),
    usage: null,
    user: given('user', null),
    metadata: given('metadata', {}),
  }
}

/** The finished output items of an answer: reasoning, message, tool calls. */
export function outputItems(ask: Ask, choice: Choice, stamp: Stamp): JsonObject[] {
  const items: JsonObject[] = []
  const id = (prefix: string): string => `${prefix}_${hexId(32, stamp.key, 'item', items.length)}`
  const status = choice.finish === 'length' || choice.finish === 'content_filter' ? 'incomplete' : 'completed'
  if (choice.reasoning.length > 0) {
    items.push({ id: id('rs'), type: 'reasoning', summary: [{ type: 'summary_text', text: joined(choice.reasoning) }] })
  }
  if (choice.text.length > 0 || choice.refusal.length > 0 || choice.toolCalls.length === 0) {
    const content = [
      ...(choice.refusal.length === 0 || choice.text.length > 0 ? [textPart(ask, choice)] : []),
      ...(choice.refusal.length > 0 ? [{ type: 'refusal', refusal: joined(choice.refusal) }] : []),
    ]
    items.push({ id: id('msg'), type: 'message', status, role: 'assistant', content })
  }
  for (const [i, call] of choice.toolCalls.entries()) {
    items.push({
      id: id('fc'),
      type: 'function_call',
      status,
      arguments: joined(call.pieces),
      call_id: call.id ?? `call_${hexId(24, stamp.key, 0, i)}`,
      name: call.name,
    })
  }
  return items
}

function textPart(ask: Ask, choice: Choice): JsonObject {
  const text = joined(choice.text)
  const logprobs = ask.topLogprobs === undefined ? [] : logprobsOf(choice.text, ask.topLogprobs)
  return { type: 'output_text', annotations: urlCitations(choice.citations, text), logprobs, text }
}

function urlCitations(citations: readonly FakeCitation[], text: string): JsonObject[] {
  return citations.map(({ url, title }) => ({
    type: 'url_citation',
    url,
    title,
    start_index: 0,
    end_index: text.length,
  }))
}

function responseUsage(usage: FakeUsage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWrite5mTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  }
}
