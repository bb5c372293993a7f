import { toolCall } from '../answer.ts'
import type { Exchange } from './exchange.ts'
import type { Said } from './said.ts'

/** A whole answer of Anthropic's messages. */
export function messagesAnswer(exchange: Exchange, said: Said): unknown {
  const text = said.pieces.join('')
  const content =
    said.kind === 'text'
      ? { type: 'text', text, citations: null }
      : { ...toolUse(), input: JSON.parse(text) as unknown }
  return { ...head(exchange), content: [content], ...stop(said), usage: usageOf(exchange, said.pieces.length) }
}

/** Streams an answer of Anthropic's messages. */
export async function streamMessages(exchange: Exchange, said: Said): Promise<void> {
  const { seen, timings } = exchange
  const send = (type: string, rest: object): void => exchange.frame(JSON.stringify({ type, ...rest }), type)
  exchange.begin()
  seen.did = '200 stream'
  send('message_start', {
    message: { ...head(exchange), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(exchange, 1) },
  })
  const block = said.kind === 'text' ? { type: 'text', text: '', citations: null } : { ...toolUse(), input: {} }
  send('content_block_start', { index: 0, content_block: block })
  for (const piece of said.pieces) {
    if (exchange.isLeft) return
    const delta =
      said.kind === 'text' ? { type: 'text_delta', text: piece } : { type: 'input_json_delta', partial_json: piece }
    send('content_block_delta', { index: 0, delta })
    seen.wordsSent += 1
    await exchange.sleep(timings.wordMs)
  }
  send('content_block_stop', { index: 0 })
  send('message_delta', { delta: stop(said), usage: { output_tokens: seen.wordsSent } })
  send('message_stop', {})
  exchange.finish()
}

function head({ seen }: Exchange): object {
  return { id: `msg_${seen.model}_${seen.attempt}`, type: 'message', role: 'assistant', model: seen.model }
}

function toolUse(): object {
  return { type: 'tool_use', id: toolCall.id, name: toolCall.name }
}

function stop({ kind }: Said): object {
  return { stop_reason: kind === 'tool' ? 'tool_use' : 'end_turn', stop_sequence: null }
}

function usageOf({ seen }: Exchange, words: number): object {
  return {
    input_tokens: seen.promptWords,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: words,
  }
}
