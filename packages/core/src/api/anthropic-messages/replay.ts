import type { JsonObject } from '../../json.ts'
import type { Boundaries } from '../api.ts'
import { piecesOf } from '../pieces.ts'
import { answerText } from './text.ts'
import type { MessagesAnswer, MessagesBlock, MessagesDelta, MessagesEvent } from './wire.ts'

function pick(from: JsonObject, fields: string): JsonObject {
  return Object.fromEntries(fields.split(' ').flatMap((field) => (field in from ? [[field, from[field]]] : [])))
}

/**
 * The sequence of events that the provider documents: `message_start` has the input tokens and at most one output
 * token, `message_delta` the totals and why the answer ended. An answer that is not finished (no `stop_reason`) is
 * replayed as a stream that is not: its last block stays open and nothing ends it.
 */
export function replay(answer: MessagesAnswer, boundaries?: Boundaries): readonly MessagesEvent[] {
  const pieces = Map.groupBy(piecesOf(answerText(answer), boundaries), ({ part }) => part)
  const { content, usage, stop_reason } = answer
  const ending = pick(answer, 'stop_reason stop_sequence stop_details container')
  const totals =
    'input_tokens cache_creation_input_tokens cache_read_input_tokens ' +
    'output_tokens output_tokens_details server_tool_use'
  const message: Record<string, unknown> = { ...answer, content: [] }
  if (stop_reason) {
    for (const field in ending) message[field] = null
    message['usage'] = { ...usage, output_tokens: Math.min(1, usage.output_tokens ?? 0) }
  }
  const events: MessagesEvent[] = [{ type: 'message_start', message: message as never }]

  for (const [index, block] of content.entries()) {
    const blank: Record<string, unknown> = { ...block }
    const deltas: MessagesDelta[] = []
    /** Moves a field of the block into deltas. */
    const move = (
      field: string,
      type: string,
      added: string,
      values: readonly unknown[],
      empty: unknown = '',
    ): void => {
      if (values.length) blank[field] = empty
      for (const value of values) deltas.push({ type: `${type}_delta`, [added]: value })
    }
    const texts = (field: string): string[] => (pieces.get(`content.${index}.${field}`) ?? []).map(({ text }) => text)
    move('text', 'text', 'text', texts('text'))
    move('citations', 'citations', 'citation', (block.citations ?? []) as readonly unknown[], [])
    move('thinking', 'thinking', 'thinking', texts('thinking'))
    // The SDK gathers these in blocks of these types alone.
    if (block.type === 'thinking' && block.signature) move('signature', 'signature', 'signature', [block.signature])
    if (block.type.endsWith('tool_use')) move('input', 'input_json', 'partial_json', texts('input'), {})
    events.push({ type: 'content_block_start', index, content_block: blank as MessagesBlock })
    for (const delta of deltas) events.push({ type: 'content_block_delta', index, delta })
    if (stop_reason || index < content.length - 1) events.push({ type: 'content_block_stop', index })
  }
  if (stop_reason)
    events.push({ type: 'message_delta', delta: ending, usage: pick(usage, totals) }, { type: 'message_stop' })
  return events
}
