import type { Boundaries } from '../api.ts'
import { piecesOf } from '../pieces.ts'
import { eventsOf } from '../openai-replay.ts'
import { answerText, editMessage, indexOf } from './answer.ts'
import type { ChatAnswer, ChatDelta, ChatEvent, ChatEventChoice, ChatToolCall, ChatToolCallDelta } from './wire.ts'

/**
 * For each choice a chunk with its role, then its text as it was cut, each tool call opened by a chunk with its id and
 * name; at the end, for each, one with the finish reason and all else that is known of the choice; then the usage.
 */
export function replay(value: ChatAnswer, boundaries?: Boundaries): readonly ChatEvent[] {
  const chunks: ChatEventChoice[][] = []
  const calls = new Map<number, readonly ChatToolCall[]>()
  const unopened = new Map<number, ChatToolCallDelta[]>()
  const add = (index: number, delta: ChatDelta): void => void chunks.push([{ index, delta, finish_reason: null }])
  const open = (choice: number, last: number): void => {
    const waiting = unopened.get(choice) ?? []
    for (const call of waiting.splice(0, waiting.findLastIndex(({ index }) => index <= last) + 1))
      add(choice, { tool_calls: [call] })
  }

  for (const [position, choice] of value.choices.entries()) {
    const index = indexOf(choice, position)
    // Content in parts has no deltas of its own: it comes whole.
    const blank = editMessage(choice.message, index, (part, _, text) => (part.includes('content.') ? text : ''))
    const { tool_calls: made, ...head } = blank
    calls.set(index, made ?? [])
    unopened.set(index, made?.map((call, at) => ({ ...call, index: at })) ?? [])
    // An empty list is a field like any other.
    add(index, (made?.length ? head : blank) as ChatDelta)
  }
  for (const { part, choice, text } of piecesOf(answerText(value), boundaries)) {
    const [, field = '', inner = ''] = part.split('.')
    if (field === 'tool_calls') {
      const at = Number(inner)
      open(choice, at)
      const added = calls.get(choice)?.[at]?.custom ? { custom: { input: text } } : { function: { arguments: text } }
      add(choice, { tool_calls: [{ index: at, ...added }] })
    } else if (field !== 'content' || !inner) {
      add(choice, { [field]: inner === '' ? text : { [inner]: text } })
    }
  }
  for (const [position, { message: _, ...choice }] of value.choices.entries()) {
    const index = indexOf(choice, position)
    open(index, Infinity)
    chunks.push([{ ...choice, index, delta: {} } as ChatEventChoice])
  }
  return eventsOf(value, 'chat.completion.chunk', chunks) as unknown as readonly ChatEvent[]
}
