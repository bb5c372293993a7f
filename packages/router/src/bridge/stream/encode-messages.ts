import { usageOf, type EventOf, type Usage } from '@sluice/core'
import { anthropicMessages } from '@sluice/core/apis'
import { messagesUsage } from '../answer/usage.ts'
import { messagesErrorType } from '../answer/error-body.ts'
import { AnswerLosses, changed, leftOut, midText } from './answer-losses.ts'
import { newId, ToolIds, type EncoderOptions } from './encoder-options.ts'
import type { PartKind, StreamEncoder, StreamPiece } from './piece.ts'

type Event = EventOf<'anthropic.messages'>
type Block = NonNullable<Event['content_block']>
type Piece<T> = Extract<StreamPiece, { type: T }>
type Content = Piece<'text' | 'reasoning' | 'toolStart' | 'toolDelta' | 'partEnd' | 'itemEnd'>

/** The block that grows: here one is finished before the next one begins. */
interface OpenBlock {
  readonly index: number
  readonly kind: Exclude<PartKind, 'refusal'> | 'other'
  /** Of a tool call. */
  readonly id: string
  /** `undefined`: another source began it. */
  part: number | undefined
  readonly custom: boolean
  /** Input of a custom tool so far. */
  text: string
}

const kinds: { readonly [type: string]: OpenBlock['kind'] } = { text: 'text', thinking: 'reasoning', tool_use: 'tool' }

/**
 * Pieces as Anthropic's messages. Blocks come one after the other: what arrives while a tool call is not finished waits
 * for its end. Refusals in words are the explanation of the stop reason. Reasoning of other providers has no signature,
 * so Anthropic refuses it when it is sent back. Custom tools, which do not exist here, are called with `{ input }`.
 */
export class MessagesEncoder implements StreamEncoder<'anthropic.messages'> {
  readonly #losses = new AnswerLosses()
  readonly #options: EncoderOptions
  readonly #ids = new ToolIds()
  #id: string | undefined
  #blocks = 0
  #open: OpenBlock | undefined
  #calls = 0
  #waiting: Content[] = []
  /** Parts of reasoning that came at a place where there can be none. */
  readonly #dropped = new Set<number>()
  #usage: Usage | undefined
  #refusal = ''
  #finish: Piece<'finish'> | undefined
  #deltaSent = false
  #over = false
  #out: Event[] = []

  constructor(options: EncoderOptions) {
    this.#options = options
  }

  get lossy(): StreamEncoder['lossy'] {
    return this.#losses.all
  }

  adopt(event: Event): void {
    this.#learn(event)
  }

  push(piece: StreamPiece): readonly Event[] {
    this.#out = []
    if (piece.type === 'loss') this.#losses.add(piece.loss)
    else if (piece.type === 'usage') this.#usage = piece.usage
    else if (this.#over) return this.#out
    else if (piece.type === 'start') this.#start(piece)
    else if (piece.type === 'finish') this.#finish = piece
    else if (piece.type === 'error') this.#fail(piece)
    else if (piece.type === 'refusal') this.#refuse(piece)
    else this.#content(piece)
    return this.#out
  }

  end(): readonly Event[] {
    this.#out = []
    const finish = this.#finish
    if (this.#over || !finish) return this.#out
    this.#begin()
    if (!this.#deltaSent) {
      this.#close()
      while (this.#waiting.length > 0) {
        this.#flush()
        this.#close()
      }
      this.#emit(this.#ending(finish))
    }
    this.#emit({ type: 'message_stop' })
    return this.#out
  }

  #ending({ reason, native, stopSequence }: Piece<'finish'>): Event {
    const shared: { readonly [reason: string]: string } = {
      stop: stopSequence === undefined ? 'end_turn' : 'stop_sequence',
      length: 'max_tokens',
      tool_calls: 'tool_use',
      content_filter: 'refusal',
      refusal: 'refusal',
      pause: 'pause_turn',
    }
    let stop_reason = shared[reason] ?? native ?? 'end_turn'
    // OpenAI calls it a stop when the request named the tool to call.
    if (stop_reason === 'end_turn' && this.#calls > 0) stop_reason = 'tool_use'
    else if (stop_reason === 'tool_use' && this.#calls === 0) stop_reason = 'end_turn'
    const explanation = this.#refusal
    if (explanation !== '' && stop_reason === 'tool_use')
      this.#losses.add(leftOut(['refusal'], 'Anthropic cannot refuse and call a tool at once'))
    else if (explanation !== '') {
      if (reason !== 'refusal')
        this.#losses.add(changed(['stop_reason'], 'Anthropic has words of refusal only with that reason'))
      stop_reason = 'refusal'
    }
    const isExplained = stop_reason === 'refusal' && explanation !== ''
    const stop_details = isExplained ? { type: 'refusal', category: null, explanation } : null
    const delta = { stop_reason, stop_sequence: stopSequence ?? null, stop_details, container: null }
    return {
      type: 'message_delta',
      delta,
      usage: messagesUsage(this.#usage ?? usageOf({})) as NonNullable<Event['usage']>,
    }
  }

  #start({ id, model }: Partial<Piece<'start'>>): void {
    if (this.#id !== undefined) return
    const counts = { ...messagesUsage(this.#usage ?? usageOf({})), output_tokens: 0, output_tokens_details: null }
    this.#emit({
      type: 'message_start',
      message: {
        id: id ?? this.#options.id ?? newId('msg_'),
        type: 'message',
        role: 'assistant',
        model: model ?? this.#options.model ?? '',
        content: [],
        container: null,
        diagnostics: null,
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: { cache_creation: null, ...counts, service_tier: null, inference_geo: null, speed: null },
      },
    })
  }

  #begin(): void {
    this.#start({})
  }

  #content(piece: Content): void {
    this.#begin()
    const open = this.#open
    const isOpen = open !== undefined && 'part' in piece && this.#belongs(piece, open)
    // Only the end of an unfinished call makes room for what comes after it.
    if (open?.kind === 'tool' && !isOpen) {
      this.#waiting.push(piece)
      return
    }
    if (isOpen) open.part = piece.part
    switch (piece.type) {
      case 'text':
        if (piece.logprobs) this.#losses.add(leftOut(['logprobs'], 'Anthropic has no log probabilities'))
        if (piece.text === '') return
        if (!isOpen) this.#openBlock('text', piece.part, { type: 'text', text: '', citations: null })
        return this.#delta({ type: 'text_delta', text: piece.text })
      case 'reasoning':
        // The thoughts of another source in the middle of the text that it goes on with.
        if (this.#dropped.has(piece.part)) return
        if (open?.kind === 'text' && open.part === undefined) {
          this.#dropped.add(piece.part)
          return void this.#losses.add(midText)
        }
        if (!isOpen) this.#openBlock('reasoning', piece.part, { type: 'thinking', thinking: '', signature: '' })
        return this.#delta({ type: 'thinking_delta', thinking: piece.text })
      case 'toolStart':
        return this.#call(piece)
      case 'toolDelta':
        if (!isOpen) return
        if (open.custom) open.text += piece.text
        else this.#delta({ type: 'input_json_delta', partial_json: piece.text })
        return
      case 'partEnd':
        this.#losses.seal(piece, 'anthropic.messages')
        return this.#endPart(piece, isOpen)
      case 'itemEnd':
        return this.#losses.seal(piece, 'anthropic.messages')
    }
  }

  /** Whether a piece adds to the open block: one of its own part, or the first of its kind after another source. */
  #belongs(piece: Exclude<Content, { type: 'itemEnd' }>, open: OpenBlock): boolean {
    if (open.part !== undefined) return open.part === piece.part
    if (piece.type === 'toolStart') return false
    const kind = piece.type === 'partEnd' ? piece.kind : piece.type === 'toolDelta' ? 'tool' : piece.type
    return kind === open.kind && (kind !== 'tool' || !('id' in piece) || !piece.id || ownId(piece.id) === open.id)
  }

  #call({ part, id, name, custom = false }: Piece<'toolStart'>): void {
    const block = { type: 'tool_use', id: this.#ids.next(ownId(id), this.#id ?? '', this.#calls), name, input: {} }
    this.#openBlock('tool', part, { ...block, caller: { type: 'direct' } }, custom)
    if (custom) this.#losses.add(changed(['content', this.#blocks - 1], 'a custom tool is called with { input }'))
  }

  #endPart({ part, kind, seal }: Piece<'partEnd'>, isOpen: boolean): void {
    const proof = seal?.by === 'anthropic.messages' ? seal.value : undefined
    if (!isOpen && proof !== undefined && kind === 'reasoning' && !this.#dropped.has(part))
      this.#openBlock('reasoning', part, { type: 'thinking', thinking: '', signature: '' })
    else if (!isOpen) return
    const open = this.#open
    if (open?.custom) this.#delta({ type: 'input_json_delta', partial_json: JSON.stringify({ input: open.text }) })
    if (proof !== undefined) this.#delta({ type: 'signature_delta', signature: proof })
    this.#close()
    this.#flush()
  }

  /** Writes what waited for the end of a call; what has to wait for the next one goes back in its order. */
  #flush(): void {
    for (const piece of this.#waiting.splice(0)) this.#content(piece)
  }

  #refuse({ text, logprobs }: Piece<'refusal'>): void {
    if (logprobs) this.#losses.add(leftOut(['logprobs'], 'Anthropic has no log probabilities'))
    this.#refusal += text
  }

  #fail({ error }: Piece<'error'>): void {
    const { code, message } = error
    const type = messagesErrorType(error)
    this.#emit({
      type: 'error',
      error: { type, message, ...(code !== type && { details: { error_code: code } }) },
    })
  }

  #openBlock(kind: OpenBlock['kind'], part: number, content_block: Block, custom = false): void {
    this.#close()
    this.#emit({ type: 'content_block_start', index: this.#blocks, content_block })
    this.#open = { index: this.#blocks - 1, kind, id: content_block.id ?? '', part, custom, text: '' }
  }

  #delta(delta: NonNullable<Event['delta']>): void {
    this.#emit({ type: 'content_block_delta', index: this.#open?.index ?? 0, delta })
  }

  #close(): void {
    if (this.#open) this.#emit({ type: 'content_block_stop', index: this.#open.index })
  }

  #emit(event: Event): void {
    this.#out.push(event)
    this.#learn(event)
  }

  /** What the consumer knows after an event, whoever sent it. */
  #learn(event: Event): void {
    const { type, message, index = 0, content_block } = event
    if (message) {
      this.#id = message.id
      this.#usage ??= anthropicMessages.usage(event)
    } else if (content_block) {
      const { id = '', type: block } = content_block
      this.#blocks = index + 1
      this.#open = { index, kind: kinds[block] ?? 'other', id, part: undefined, custom: false, text: '' }
      if (block === 'tool_use') {
        this.#ids.use(id)
        this.#calls += 1
      }
    } else if (type === 'content_block_stop') this.#open = undefined
    else if (type === 'message_delta') this.#deltaSent = true
    else if (type === 'message_stop' || type === 'error') this.#over = true
  }
}

/** Anthropic refuses other characters when the call is sent back. */
function ownId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_')
}
