import { isObject, type JsonObject } from '../../json.ts'

/** What a message is to the conversation, in both dialects. */
export type MessageRole = 'system' | 'user' | 'assistant' | 'tool'

/** A conversation in the parts that are kept or dropped whole. */
export interface Conversation {
  /** Indexes of system and developer messages: never dropped. */
  readonly system: readonly number[]
  /** Indexes of the messages of each exchange, oldest first: what the user said, and everything up to the next time. */
  readonly exchanges: readonly (readonly number[])[]
}

/** Content blocks that only Anthropic's messages have. */
const anthropicBlocks: readonly unknown[] = [
  'tool_use',
  'tool_result',
  'thinking',
  'redacted_thinking',
  'document',
  'server_tool_use',
]

/** Whether messages are Anthropic's. Those of text alone are the same in both dialects, and count as OpenAI's. */
export function areAnthropic(messages: readonly JsonObject[]): boolean {
  return messages.some(({ content }) =>
    blocks(content).some(
      ({ type, source }) => anthropicBlocks.includes(type) || (type === 'image' && isObject(source)),
    ),
  )
}

/** Results of tools are a user's message at Anthropic, and go with the call before them. */
export function roleOf(message: JsonObject): MessageRole {
  const { role, content } = message
  if (role === 'system' || role === 'developer') return 'system'
  if (role === 'tool' || role === 'function') return 'tool'
  if (role === 'assistant') return 'assistant'
  return blocks(content).some(({ type }) => type === 'tool_result') ? 'tool' : 'user'
}

export function hasToolCalls(message: JsonObject): boolean {
  if (roleOf(message) !== 'assistant') return false
  const { tool_calls: calls, function_call: call, content } = message
  return (
    (Array.isArray(calls) && calls.length > 0) ||
    isObject(call) ||
    blocks(content).some(({ type }) => type === 'tool_use')
  )
}

export function conversationOf(messages: readonly JsonObject[]): Conversation {
  const system: number[] = []
  const exchanges: number[][] = []
  let last: number[] | undefined
  // Messages of the user in a row are one turn.
  let inTurn = false
  messages.forEach((message, index) => {
    const role = roleOf(message)
    if (role === 'system') return void system.push(index)
    if (!last || (role === 'user' && !inTurn)) exchanges.push((last = []))
    last.push(index)
    inTurn = role === 'user'
  })
  return { system, exchanges }
}

/** Tool calls with their results inside one exchange, oldest first, each a list of indexes. */
export function toolRounds(messages: readonly JsonObject[], exchange: readonly number[]): number[][] {
  const rounds: number[][] = []
  let round: number[] | undefined
  for (const index of exchange) {
    const message = messages[index] ?? {}
    if (hasToolCalls(message)) rounds.push((round = [index]))
    else if (round && roleOf(message) === 'tool') round.push(index)
    else round = undefined
  }
  return rounds
}

function blocks(content: unknown): JsonObject[] {
  return Array.isArray(content) ? content.filter(isObject) : []
}
