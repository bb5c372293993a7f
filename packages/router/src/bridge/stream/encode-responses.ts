import type { EventOf, Usage } from '@sluice/core'
import { openaiResponses } from '@sluice/core/apis'
import { bridgedReasoning } from '../answer/bridged-reasoning.ts'
import { responsesUsage } from '../answer/usage.ts'
import { AnswerLosses, changed, leftOut, midText } from './answer-losses.ts'
import { bare, newId, ToolIds, type EncoderOptions } from './encoder-options.ts'
import type { StreamEncoder, StreamPiece } from './piece.ts'
import { responseHead } from './response-head.ts'
import { ResponsesItems, textField, type ItemPart, type ItemPartKind, type OutputItem } from './responses-items.ts'

type Event = EventOf<'openai.responses'>
type Response = NonNullable<Event['response']>
type Piece<T> = Extract<StreamPiece, { type: T }>
type Fields = Omit<Event, 'type'>

const eventName: { readonly [kind: string]: string } = {
  output_text: 'output_text',
  refusal: 'refusal',
  summary_text: 'reasoning_summary_text',
  reasoning_text: 'reasoning_text',
  function_call: 'function_call_arguments',
  custom_tool_call: 'custom_tool_call_input',
}

/**
 * Pieces as Responses: texts and refusals that follow each other are parts of one message. Reasoning is shown as a
 * summary, which is what clients of Responses look at. Calls may grow beside each other; the message before a call is
 * over when the call begins.
 */
export class ResponsesEncoder implements StreamEncoder<'openai.responses'> {
  readonly #losses = new AnswerLosses()
  readonly #options: EncoderOptions
  readonly #items = new ResponsesItems()
  readonly #ids = new ToolIds()
  readonly #calls = new Map<number, OutputItem>()
  /** Whether thoughts are left out that came at a place where there can be none. */
  #isDropping = false
  #head: Response | undefined
  #announced = ''
  #sequence = 0
  #usage: Usage | undefined
  #finish: Piece<'finish'> | undefined
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
    else if (piece.type === 'finish') this.#finish = piece
    else if (!this.#over) this.#write(piece)
    return this.#out
  }

  end(): readonly Event[] {
    this.#out = []
    const finish = this.#finish
    if (this.#over || !finish) return this.#out
    const { reason, native, stopSequence } = finish
    this.#start({})
    const why = { length: 'max_output_tokens', content_filter: 'content_filter', other: native ?? 'other' }[
      reason as string
    ]
    for (const call of this.#items.openCalls) this.#endCall(call)
    this.#endItem(why === undefined ? 'completed' : 'incomplete')
    if (stopSequence !== undefined)
      this.#losses.add(leftOut(['stop_sequence'], 'Responses cannot say which stop sequence ended the answer'))
    if (reason === 'pause')
      this.#losses.add(changed(['stop_reason'], 'Responses cannot say that the turn wants to be continued'))
    const status = why === undefined ? 'completed' : 'incomplete'
    this.#emit(`response.${status}`, {
      response: {
        ...(this.#head as Response),
        status,
        completed_at: why === undefined ? this.#nowS() : null,
        incomplete_details: why === undefined ? null : { reason: why },
        output: this.#items.output(),
        usage: this.#usage ? (responsesUsage(this.#usage) as unknown as NonNullable<Response['usage']>) : null,
      },
    })
    return this.#out
  }

  #write(piece: Exclude<StreamPiece, { type: 'loss' | 'usage' | 'finish' }>): void {
    switch (piece.type) {
      case 'error': {
        const { code, message } = piece.error
        return this.#emit('error', { code, message, param: null })
      }
      case 'start':
        return this.#start(piece)
      case 'text':
        return this.#say(piece, 'output_text', piece.logprobs)
      case 'refusal':
        if (piece.logprobs) this.#losses.add(leftOut(['logprobs'], 'a refusal has no log probabilities in Responses'))
        return this.#say(piece, 'refusal')
      case 'reasoning':
        return this.#think(piece)
      case 'toolStart':
        return this.#call(piece)
      case 'toolDelta': {
        const call = this.#callOf(piece)
        if (call && !call.done) this.#delta(call, undefined, piece.text)
        return
      }
      case 'partEnd':
        return this.#endPiece(piece)
      case 'itemEnd':
        return this.#endPieces(piece)
    }
  }

  #start({ id, model, createdAtS }: Partial<Piece<'start'>>): void {
    const { request, now: _, ...options } = this.#options
    this.#head ??= responseHead(
      id ?? options.id ?? newId('resp_'),
      model ?? options.model ?? '',
      createdAtS ?? this.#nowS(),
      request,
    )
    if (this.#announced === '') this.#emit('response.created', { response: this.#head })
    if (this.#announced !== 'in_progress') this.#emit('response.in_progress', { response: this.#head })
  }

  #say({ part, text }: { part: number; text: string }, kind: ItemPartKind, logprobs?: readonly object[]): void {
    const isThought = kind === 'summary_text' || kind === 'reasoning_text'
    this.#start({})
    let item = this.#items.current
    let held = item?.parts.findLast(({ state }) => state === 'open')
    // The open part is this one's, or one that another source began and this one goes on with.
    if (!item || held?.kind !== kind || (held.part !== undefined && held.part !== part)) {
      if (item && (item.draft['type'] === 'reasoning') !== isThought) {
        this.#endItem()
        item = undefined
      }
      item ??= isThought
        ? this.#addItem('reasoning', bridgedReasoning.idPrefix, { summary: [] })
        : this.#addItem('message', 'msg', { status: 'in_progress', content: [], role: 'assistant' })
      held = this.#addPart(item, kind)
    }
    held.part = part
    this.#delta(item, held, text, kind === 'output_text' ? { logprobs: logprobs ?? [] } : {})
  }

  #think(piece: Piece<'reasoning'>): void {
    const open = this.#items.current?.parts.findLast(({ state }) => state === 'open')
    if (open && open.part === undefined && this.#items.current?.draft['type'] === 'message') {
      this.#isDropping = true
      return void this.#losses.add(midText)
    }
    this.#say(piece, piece.raw ? 'reasoning_text' : 'summary_text')
  }

  #call({ part, id, name, custom }: Piece<'toolStart'>): void {
    this.#start({})
    this.#endItem()
    const call_id = this.#ids.next(id, this.#head?.id ?? '', this.#items.list.length)
    const item = custom
      ? this.#addItem('custom_tool_call', 'ctc', { status: 'in_progress', call_id, name, input: '' })
      : this.#addItem('function_call', 'fc', { status: 'in_progress', arguments: '', call_id, name })
    item.part = part
    this.#calls.set(part, item)
  }

  #callOf({ part, id }: { readonly part: number; readonly id?: string }): OutputItem | undefined {
    const known = this.#calls.get(part)
    if (known) return known
    const open = this.#items.openCalls.filter((call) => call.part === undefined)
    return open.find(({ draft }) => draft['call_id'] === id) ?? open.at(-1)
  }

  #endPiece(piece: Piece<'partEnd'>): void {
    this.#losses.seal(piece, 'openai.responses')
    const { part, kind } = piece
    const item = kind === 'tool' ? this.#callOf(piece) : this.#items.current
    if (!item || item.done) return
    if (kind === 'tool') return this.#endCall(item)
    const held = item.parts.findLast(({ state }) => state !== 'done')
    if (held && (held.part === part || (held.part === undefined && kindOf(held) === kind))) this.#endPart(item, held)
  }

  #endPieces(piece: Piece<'itemEnd'>): void {
    const { kind, seal, incomplete } = piece
    this.#losses.seal(piece, 'openai.responses')
    if (kind === 'reasoning' && this.#isDropping) {
      this.#isDropping = false
      return
    }
    const own = seal?.by === 'openai.responses' ? seal.value : undefined
    if (own !== undefined && this.#items.current?.draft['type'] !== 'reasoning') {
      this.#start({})
      this.#endItem()
      this.#addItem('reasoning', 'rs', { summary: [] })
    }
    if (this.#items.current?.draft['type'] === kind) this.#endItem(incomplete ? 'incomplete' : 'completed', own)
  }

  #addItem(type: string, prefix: string, fields: object): OutputItem {
    const output_index = this.#items.list.length
    const id = `${prefix}_${bare(this.#head?.id ?? '')}_${output_index}`
    this.#emit('response.output_item.added', { output_index, item: { id, type, ...fields } })
    return this.#items.list[output_index] as OutputItem
  }

  #addPart(item: OutputItem, kind: ItemPartKind): ItemPart {
    for (const open of item.parts) this.#endPart(item, open)
    const list = kind === 'summary_text' ? 'summary' : 'content'
    const index = ((item.draft[list] ?? []) as unknown[]).length
    const extra = kind === 'output_text' ? { annotations: [], logprobs: [] } : {}
    this.#emit(`response.${partName(kind)}.added`, {
      ...this.#place(item, { list, index }),
      part: { type: kind, ...extra, [textField[kind] as string]: '' },
    })
    return item.parts.at(-1) as ItemPart
  }

  #delta(item: OutputItem, held: ItemPart | undefined, delta: string, more: Fields = {}): void {
    const name = eventName[held?.kind ?? String(item.draft['type'])]
    this.#emit(`response.${name}.delta`, { ...this.#place(item, held), delta, ...more })
  }

  #endPart(item: OutputItem, held: ItemPart): void {
    const { list, index, kind, state } = held
    if (state === 'done') return
    const place = this.#place(item, held)
    const part = structuredClone((item.draft[list] as NonNullable<Event['part']>[])[index]) as NonNullable<
      Event['part']
    >
    const name = eventName[kind]
    const field = textField[kind]
    if (state === 'open' && name && field) {
      const logprobs = kind === 'output_text' ? { logprobs: part.logprobs ?? [] } : {}
      this.#emit(`response.${name}.done`, { ...place, [field]: part[field], ...logprobs })
    }
    this.#emit(`response.${partName(kind)}.done`, { ...place, part })
  }

  #endCall(item: OutputItem): void {
    const { draft, index } = item
    const type = String(draft['type'])
    const field = textField[type] as string
    const named = type === 'function_call' && { name: String(draft['name']) }
    this.#emit(`response.${eventName[type]}.done`, { ...this.#place(item), ...named, [field]: draft[field] })
    // A call that the length limit cut is not JSON.
    const status = type === 'custom_tool_call' || isJson(String(draft[field] || '{}')) ? 'completed' : 'incomplete'
    this.#emit('response.output_item.done', { output_index: index, item: structuredClone({ ...draft, status }) })
  }

  /** Ends the message or the train of thought, if there is one. */
  #endItem(status = 'completed', encrypted_content?: string): void {
    const item = this.#items.current
    if (!item) return
    for (const held of item.parts) this.#endPart(item, held)
    const ending = { ...('status' in item.draft && { status }), ...(encrypted_content && { encrypted_content }) }
    const whole = structuredClone({ ...item.draft, ...ending })
    this.#emit('response.output_item.done', { output_index: item.index, item: whole })
  }

  #place({ index, draft }: OutputItem, held?: Pick<ItemPart, 'list' | 'index'>): Fields {
    const place = { item_id: String(draft['id'] ?? ''), output_index: index }
    return held ? { ...place, [held.list === 'summary' ? 'summary_index' : 'content_index']: held.index } : place
  }

  #nowS(): number {
    return Math.floor((this.#options.now ?? Date.now)() / 1000)
  }

  #emit(type: string, fields: Fields): void {
    const event = { type, ...fields, sequence_number: this.#sequence } as Event
    this.#out.push(event)
    this.#learn(event)
  }

  /** What the consumer knows after an event, whoever sent it. */
  #learn(event: Event): void {
    const { type, response, item, sequence_number } = event
    this.#sequence = (sequence_number ?? this.#sequence) + 1
    if (response) {
      this.#head = response
      this.#usage = openaiResponses.usage(event) ?? this.#usage
      this.#announced = type.slice('response.'.length)
    }
    if (item?.call_id && type === 'response.output_item.added') this.#ids.use(item.call_id)
    if (openaiResponses.isTerminal(event)) this.#over = true
    this.#items.learn(event)
  }
}

function partName(kind: string): string {
  return kind === 'summary_text' ? 'reasoning_summary_part' : 'content_part'
}

function kindOf({ kind }: ItemPart): string {
  return { output_text: 'text', refusal: 'refusal' }[kind] ?? 'reasoning'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
