import { toolCall } from '../answer.ts'
import type { Exchange } from './exchange.ts'
import type { Said } from './said.ts'

/** What goes wrong in a stream; counts are of words. */
export interface StreamFault {
  readonly firstAfterMs?: number
  readonly cutAfter?: number
  readonly stallAfter?: number
  readonly malformedAfter?: number
  readonly lacksDone?: boolean
  /** @default that of the timings */
  readonly wordMs?: number
}

/** A whole answer of chat completions. */
export function chatAnswer(exchange: Exchange, said: Said): unknown {
  const { seen } = exchange
  const text = said.pieces.join('')
  const message =
    said.kind === 'text'
      ? { role: 'assistant', content: text, refusal: null }
      : { role: 'assistant', content: null, refusal: null, tool_calls: [{ ...callHead(), ...withArguments(text) }] }
  return {
    id: `chatcmpl-${seen.model}-${seen.attempt}`,
    object: 'chat.completion',
    created: 1_780_000_000,
    model: seen.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(said) }],
    usage: usageOf(exchange, said.pieces.length),
  }
}

/** Streams an answer of chat completions, with what goes wrong in it. */
export async function streamChat(exchange: Exchange, said: Said, fault: StreamFault = {}): Promise<void> {
  const { seen, timings } = exchange
  const { wordMs = timings.wordMs } = fault
  exchange.begin()
  seen.did = '200 stream'
  if (fault.firstAfterMs) {
    seen.did += `, first word after ${fault.firstAfterMs} ms`
    await exchange.sleep(fault.firstAfterMs)
  }
  chunk(exchange, { role: 'assistant', content: said.kind === 'text' ? '' : null })
  if (said.kind === 'tool') chunk(exchange, { tool_calls: [{ index: 0, ...callHead(), ...withArguments('') }] })
  for (const [at, piece] of said.pieces.entries()) {
    if (exchange.isLeft) return
    if (at === fault.cutAfter) {
      seen.did += `, cut after ${at}`
      return exchange.cut()
    }
    if (at === fault.stallAfter) {
      seen.did += `, silent after ${at} for ${timings.stallMs} ms, then closed`
      await exchange.sleep(timings.stallMs)
      return exchange.cut()
    }
    if (at === fault.malformedAfter) {
      seen.did += `, broken JSON after ${at}`
      exchange.frame(`{"id":"chatcmpl-${seen.model}-${seen.attempt}","choices":[{"delta":{"content":`)
    }
    chunk(exchange, said.kind === 'text' ? { content: piece } : { tool_calls: [{ index: 0, ...withArguments(piece) }] })
    seen.wordsSent += 1
    await exchange.sleep(wordMs)
  }
  if (exchange.isLeft) return
  chunk(exchange, {}, finishOf(said))
  if (seen.wantsUsage)
    exchange.frame(JSON.stringify({ ...head(exchange), choices: [], usage: usageOf(exchange, seen.wordsSent) }))
  if (fault.lacksDone) seen.did += ', without [DONE]'
  else exchange.frame('[DONE]')
  exchange.finish()
}

/** Sends one chunk of an answer. */
export function chunk(exchange: Exchange, delta: unknown, finish: string | null = null): void {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }]
  exchange.frame(JSON.stringify({ ...head(exchange), choices }))
}

function head({ seen }: Exchange): object {
  const id = `chatcmpl-${seen.model}-${seen.attempt}`
  return { id, object: 'chat.completion.chunk', created: 1_780_000_000, model: seen.model }
}

function usageOf({ seen }: Exchange, words: number): object {
  return { prompt_tokens: seen.promptWords, completion_tokens: words, total_tokens: seen.promptWords + words }
}

function finishOf({ kind }: Said): string {
  return kind === 'tool' ? 'tool_calls' : 'stop'
}

function callHead(): object {
  return { id: toolCall.id, type: 'function' }
}

function withArguments(text: string): object {
  // The name comes with the beginning of a call only.
  return {
    function: { ...(text === '' || text === toolCall.arguments ? { name: toolCall.name } : {}), arguments: text },
  }
}
