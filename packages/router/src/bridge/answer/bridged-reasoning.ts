import type { RequestOf } from '@sluice/core'
import type { BridgedApi } from '../stream/piece.ts'

/** How reasoning that a bridge wrote is told from the provider's own. */
export const bridgedReasoning = { idPrefix: 'rs_bridged' } as const

interface Turn {
  readonly role?: unknown
  readonly content?: unknown
}

/**
 * A conversation less the reasoning that came from another provider through a bridge: unsigned `thinking` blocks of
 * Anthropic and `reasoning` items of Responses that nobody stored. The provider itself refuses both. The same request
 * where there are none. Chat has no such check.
 */
export function withoutBridgedReasoning<A extends BridgedApi>(api: A, request: RequestOf<A>): RequestOf<A> {
  if (api === 'openai.responses') {
    const { input } = request as RequestOf<'openai.responses'>
    if (!Array.isArray(input)) return request
    const kept = input.filter(({ type, id }) => type !== 'reasoning' || !`${id}`.startsWith(bridgedReasoning.idPrefix))
    return kept.length === input.length ? request : { ...request, input: kept }
  }
  if (api !== 'anthropic.messages') return request
  const { messages } = request as RequestOf<'anthropic.messages'>
  if (!Array.isArray(messages) || !messages.some(hasUnsigned)) return request
  return { ...request, messages: messages.map((turn) => (hasUnsigned(turn) ? signed(turn) : turn)) }
}

function isUnsigned(block: { readonly type?: unknown; readonly signature?: unknown }): boolean {
  return block.type === 'thinking' && !block.signature
}

function hasUnsigned({ role, content }: Turn): boolean {
  return role === 'assistant' && Array.isArray(content) && content.some(isUnsigned)
}

function signed<T extends Turn>(turn: T): T {
  return { ...turn, content: (turn.content as object[]).filter((block) => !isUnsigned(block)) }
}
