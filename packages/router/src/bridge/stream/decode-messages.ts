import type { EventOf, ProviderError } from '@sluice/core'
import { anthropicMessages } from '@sluice/core/apis'
import type { Loss } from '../lossy.ts'
import { AnswerLosses, leftOut } from './answer-losses.ts'
import type { StreamDecoder, StreamPiece } from './piece.ts'

type Event = EventOf<'anthropic.messages'>
type Block = NonNullable<Event['content_block']>
type Finishing = Extract<StreamPiece, { type: 'finish' }>['reason']

const finishes: { readonly [reason: string]: Finishing } = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  pause_turn: 'pause',
}

interface OpenBlock {
  readonly part: number
  readonly kind: 'text' | 'reasoning' | 'tool'
  readonly id: string
  readonly custom: boolean
  /** Arguments so far. */
  json: string
  signature: string
}

/**
 * Anthropic's messages as pieces. A call of one of `customTools`, whose free text the request had to wrap in an object,
 * is unwrapped and comes at once when it is whole. A `refusal` that is explained in words is one, else it is
 * `content_filter`.
 */
export function decodeMessages(customTools: ReadonlySet<string>): StreamDecoder<'anthropic.messages'> {
  const losses = new AnswerLosses()
  const open = new Map<number, OpenBlock>()
  let out: StreamPiece[] = []
  let parts = 0
  let counted: NonNullable<Event['usage']> = {}
  let ending: Event['delta'] & { readonly stop_details?: unknown; readonly stop_sequence?: unknown } = {}

  const lose = (loss: Loss): void => {
    if (losses.add(loss)) out.push({ type: 'loss', loss })
  }
  const say = ({ part, kind }: OpenBlock, text: unknown): void => {
    if (typeof text !== 'string' || text === '' || kind === 'tool') return
    out.push({ type: kind, part, text })
  }
  const write = (block: OpenBlock, json: string): void => {
    block.json += json
    if (json !== '' && !block.custom) out.push({ type: 'toolDelta', part: block.part, id: block.id, text: json })
  }
  const begin = (index: number, block: Block): void => {
    const { type, id = '', name = '', input } = block
    const kind = { text: 'text', thinking: 'reasoning', tool_use: 'tool' }[type] as OpenBlock['kind'] | undefined
    if (!kind) return lose(leftOut(['content', index], `no other dialect has ${type} blocks`))
    const custom = kind === 'tool' && customTools.has(name)
    const opened: OpenBlock = { part: parts++, kind, id, custom, json: '', signature: block.signature ?? '' }
    open.set(index, opened)
    if (Array.isArray(block.citations) && block.citations.length > 0) loseCitations(index)
    if (kind !== 'tool') return say(opened, kind === 'text' ? block.text : block.thinking)
    out.push({ type: 'toolStart', part: opened.part, id, name, ...(custom && { custom }) })
    if (typeof input === 'string') write(opened, input)
    else if (input && Object.keys(input).length > 0) write(opened, JSON.stringify(input))
  }
  const loseCitations = (index: number): void =>
    lose(leftOut(['content', index, 'citations'], 'every dialect cites in its own way'))
  const finishBlock = (index: number): void => {
    const block = open.get(index)
    if (!block) return
    open.delete(index)
    const { part, kind, id, custom, json, signature } = block
    // Elsewhere no arguments are spelled as an empty object.
    if (kind === 'tool' && json === '') write(block, '{}')
    if (custom) out.push({ type: 'toolDelta', part, id, text: unwrapped(block.json) })
    const path = ['content', index, 'signature']
    const seal = signature === '' ? undefined : { by: 'anthropic.messages' as const, value: signature, path }
    out.push({ type: 'partEnd', part, kind, ...(kind === 'tool' && { id }), ...(seal && { seal }) })
    if (kind === 'reasoning') out.push({ type: 'itemEnd', kind })
  }
  /** Later counts are totals, and leave out what they do not change: the lifetimes of cache writes. */
  const count = (counts: Event['usage']): void => {
    if (!counts) return
    const told = Object.entries(counts).filter(([, value]) => value !== null)
    counted = { ...counted, ...Object.fromEntries(told) }
    const usage = anthropicMessages.usage({ type: 'message_delta', usage: counted })
    if (usage) out.push({ type: 'usage', usage })
  }
  let isOver = false
  const finish = (): void => {
    isOver = true
    const { stop_reason: native, stop_sequence, stop_details } = ending
    for (const index of open.keys()) finishBlock(index)
    if (native === 'refusal') {
      const { explanation } = (stop_details ?? {}) as { readonly explanation?: unknown }
      const isExplained = typeof explanation === 'string' && explanation !== ''
      if (isExplained) {
        const part = parts++
        out.push({ type: 'refusal', part, text: explanation }, { type: 'partEnd', part, kind: 'refusal' })
      }
      out.push({ type: 'finish', reason: isExplained ? 'refusal' : 'content_filter' })
      return
    }
    const known = finishes[native ?? 'end_turn']
    out.push({
      type: 'finish',
      reason: known ?? 'other',
      ...(known ? undefined : { native: native as string }),
      ...(typeof stop_sequence === 'string' && { stopSequence: stop_sequence }),
    })
  }

  return {
    push(event) {
      out = []
      const { type, index = 0, message, content_block, delta } = event
      if (message) {
        const { id, model, content } = message
        out.push({ type: 'start', id: id || undefined, model: model || undefined, createdAtS: undefined })
        for (const [at, block] of (content ?? []).entries()) begin(at, block)
      } else if (type === 'content_block_start' && content_block) begin(index, content_block)
      else if (type === 'content_block_delta' && delta) {
        const block = open.get(index)
        if (!block) return out
        if (delta.partial_json !== undefined) write(block, delta.partial_json)
        else if (delta.signature) block.signature = delta.signature
        else if (delta.citation) loseCitations(index)
        else say(block, delta.text ?? delta.thinking)
      } else if (type === 'content_block_stop') finishBlock(index)
      else if (type === 'message_delta') ending = { ...ending, ...delta }
      else if (type === 'message_stop') finish()
      else if (type === 'error') out.push({ type: 'error', error: errorOf(event) })
      count(message?.usage ?? event.usage)
      return out
    },
    end() {
      out = []
      // Some servers leave out the last event; the reason says that the answer is whole all the same.
      if (!isOver && typeof ending.stop_reason === 'string') finish()
      return out
    },
  }
}

function errorOf(event: Event): ProviderError {
  const unknown = { code: 'error', type: undefined, message: 'The provider ended the answer with an error.' }
  return anthropicMessages.error(event) ?? unknown
}

/** The free text of a custom tool out of the object that stood for it. */
function unwrapped(json: string): string {
  try {
    const { input } = JSON.parse(json) as { readonly input?: unknown }
    return typeof input === 'string' ? input : json
  } catch {
    return json
  }
}
