import Anthropic from '@anthropic-ai/sdk'
import { sluice, type JsonObject } from '@sluice/core'
import OpenAI from 'openai'
import { guards, type GuardsOptions } from '../guards.ts'

export interface Recorded {
  readonly openai: OpenAI
  readonly anthropic: Anthropic
  /** The bodies that were sent, in order. */
  readonly sent: readonly JsonObject[]
}

/** Guarded clients of both SDKs over a transport that keeps what it is sent and answers with what `reply` makes of it. */
export function recorded(options: GuardsOptions, reply: (body: JsonObject) => unknown): Recorded {
  const sent: JsonObject[] = []
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const body = JSON.parse(String(init?.body)) as JsonObject
    sent.push(body)
    const answer = reply(body)
    return Array.isArray(answer)
      ? new Response(answer.map(frame).join(''), { headers: { 'content-type': 'text/event-stream' } })
      : Response.json(answer)
  }
  const middleware = [guards(options)]
  return {
    openai: sluice(new OpenAI({ apiKey: 'test', fetch }), middleware),
    anthropic: sluice(new Anthropic({ apiKey: 'test', fetch }), middleware),
    sent,
  }
}

function frame(event: JsonObject | '[DONE]'): string {
  if (event === '[DONE]') return 'data: [DONE]\n\n'
  const { type } = event
  return `${typeof type === 'string' ? `event: ${type}\n` : ''}data: ${JSON.stringify(event)}\n\n`
}

export function chatAnswer(message: JsonObject): JsonObject {
  const choices = [{ index: 0, message: { role: 'assistant', refusal: null, ...message }, finish_reason: 'stop' }]
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-5-mini', choices }
}

/** The chunks of a streamed answer of chat, one a delta. */
export function chatEvents(...deltas: readonly JsonObject[]): readonly unknown[] {
  const chunk = (delta: JsonObject, finish_reason: string | null): JsonObject => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-5-mini',
    choices: [{ index: 0, delta, finish_reason }],
  })
  return [...deltas.map((delta) => chunk(delta, null)), chunk({}, 'stop'), '[DONE]']
}

export function responsesAnswer(output: readonly JsonObject[], status = 'completed'): JsonObject {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'gpt-5-mini',
    status,
    output,
    tools: [],
    usage: null,
  }
}

/** The events of a streamed response of which only whole items are told, and `between` before each is done. */
export function responsesEvents(
  output: readonly JsonObject[],
  between: readonly JsonObject[] = [],
): readonly JsonObject[] {
  const events: JsonObject[] = [
    { type: 'response.created', response: responsesAnswer([], 'in_progress') },
    ...output.flatMap((item, output_index) => [
      { type: 'response.output_item.added', output_index, item: begun(item) },
      ...between,
      { type: 'response.output_item.done', output_index, item },
    ]),
    { type: 'response.completed', response: responsesAnswer(output) },
  ]
  return events.map((event, sequence_number) => ({ ...event, sequence_number }))
}

function begun({ id, type, call_id }: JsonObject): JsonObject {
  return { id, type, status: 'in_progress', ...(call_id !== undefined && { call_id, action: { commands: [] } }) }
}

export function messagesAnswer(content: readonly JsonObject[]): JsonObject {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  }
}
