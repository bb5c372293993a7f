import type { Losses } from '../lossy.ts'
import type { NeutralMessage, NeutralResult } from './neutral.ts'

/** What stands for words that a conversation must have and has not. */
export const noWords = '…'

/**
 * The conversation with the results of tools directly behind the message that called them, in the order in which they
 * came: Chat Completions and Anthropic Messages ask for it, Responses does not. Results of no call are named as lost.
 */
export function withResultsAtCalls(messages: readonly NeutralMessage[], losses: Losses): NeutralMessage[] {
  const slots: { readonly message: NeutralMessage; readonly results: NeutralResult[] }[] = []
  const callers = new Map<string, (typeof slots)[number]>()
  for (const message of messages) {
    if (message.role !== 'tool') {
      const slot = { message, results: [] }
      slots.push(slot)
      for (const part of message.parts) if (part.type === 'call') callers.set(part.id, slot)
      continue
    }
    for (const result of message.parts) {
      if (result.type !== 'result') continue
      const slot = callers.get(result.id)
      if (!slot) losses.drop(result.path, 'Left out: it answers no call of this conversation.')
      else if (slot !== slots.at(-1)) losses.change(result.path, 'Moved up to the message that made its call.')
      slot?.results.push(result)
    }
  }
  return slots.flatMap(({ message, results }) => {
    const [first] = results
    return first ? [message, { role: 'tool', parts: results, path: first.path }] : [message]
  })
}

/** Whether the conversation ends with what a tool answered. */
export function endsWithResults(messages: readonly NeutralMessage[]): boolean {
  return messages.at(-1)?.role === 'tool'
}
