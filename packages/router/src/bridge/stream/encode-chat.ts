import type { EventOf, Usage } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { chatUsage } from '../answer/usage.ts'
import { AnswerLosses, changed } from './answer-losses.ts'
import { newId, ToolIds, type EncoderOptions } from './encoder-options.ts'
import type { StreamEncoder, StreamPiece } from './piece.ts'

type Event = EventOf<'openai.chat'>
type Choice = Event['choices'][number]
type Piece<T> = Extract<StreamPiece, { type: T }>

interface Call {
  readonly id: string
  readonly index: number
  readonly custom: boolean
}

/** What of an event is not about the whole answer. */
const passing = new Set(['choices', 'usage', 'obfuscation'])

/**
 * Pieces as chat. A message has one text, one refusal and one text of reasoning (`reasoning_content`, as DeepSeek and
 * vLLM name it): parts are joined, those of reasoning with an empty line between. The first event waits for the first
 * content, which tells whether `content` is text or `null`.
 */
export class ChatEncoder implements StreamEncoder<'openai.chat'> {
  readonly #losses = new AnswerLosses()
  readonly #options: EncoderOptions
  readonly #ids = new ToolIds()
  readonly #calls: Call[] = []
  readonly #byPart = new Map<number, Call>()
  #head: Partial<Event> = {}
  /** An event of another source whose head has not been read yet. */
  #adopted: Event | undefined
  #usage: Usage | undefined
  #usageSent = false
  #roleSent = false
  #over: 'finished' | 'failed' | undefined
  #last: 'reasoning' | 'other' | undefined
  #hasReasoning = false
  /** The part that `reasoning_content` grows by now. */
  #reasoning: number | undefined
  #refused = false
  #out: Event[] = []

  constructor(options: EncoderOptions) {
    this.#options = options
  }

  get lossy(): StreamEncoder['lossy'] {
    return this.#losses.all
  }

  adopt(event: Event): void {
    if (event.id) this.#adopted = event
    this.#learn(event)
  }

  push(piece: StreamPiece): readonly Event[] {
    this.#begin()
    if (piece.type === 'loss') this.#losses.add(piece.loss)
    else if (piece.type === 'usage') this.#usage = piece.usage
    else if (!this.#over) this.#write(piece)
    return this.#out
  }

  end(): readonly Event[] {
    this.#begin()
    const { includeUsage } = this.#options
    if (includeUsage && this.#over === 'finished' && this.#usage && !this.#usageSent)
      this.#emit({ ...this.#head, choices: [], usage: chatUsage(this.#usage) } as unknown as Event)
    return this.#out
  }

  #begin(): void {
    this.#out = []
    if (this.#adopted) this.#head = headOf(this.#adopted)
    this.#adopted = undefined
  }

  #write(piece: Exclude<StreamPiece, { type: 'loss' | 'usage' }>): void {
    switch (piece.type) {
      case 'start':
        return this.#start(piece)
      case 'text':
      case 'refusal':
        return this.#say(piece)
      case 'reasoning':
        return this.#think(piece)
      case 'toolStart':
        return this.#call(piece)
      case 'toolDelta': {
        const call = this.#byPart.get(piece.part) ?? this.#calls.find(({ id }) => id === piece.id) ?? this.#calls.at(-1)
        if (!call) return
        const { index, custom } = call
        const added = custom ? { custom: { input: piece.text } } : { function: { arguments: piece.text } }
        return this.#add({ tool_calls: [{ index, ...added }] })
      }
      case 'partEnd':
      case 'itemEnd':
        return this.#losses.seal(piece, 'openai.chat')
      case 'finish':
        return this.#finish(piece)
      case 'error': {
        const { code, type, message } = piece.error
        this.#emit({ error: { message, type: type ?? 'server_error', param: null, code } } as never)
      }
    }
  }

  #start({ id, model, createdAtS }: Piece<'start'>): void {
    const { now = Date.now } = this.#options
    this.#head = {
      id: id ?? this.#options.id ?? newId('chatcmpl-'),
      object: 'chat.completion.chunk',
      created: createdAtS ?? Math.floor(now() / 1000),
      model: model ?? this.#options.model ?? '',
      ...this.#head,
    }
  }

  #say({ type, text, logprobs }: Piece<'text' | 'refusal'>): void {
    const field = type === 'text' ? 'content' : 'refusal'
    this.#add({ [field]: text }, logprobs && { content: null, refusal: null, [field]: logprobs })
  }

  #think({ part, text }: Piece<'reasoning'>): void {
    // Where another source broke off in its reasoning, this goes on with it.
    const goesOn = this.#reasoning === part || (this.#reasoning === undefined && this.#last === 'reasoning')
    const between = this.#hasReasoning && !goesOn ? '\n\n' : ''
    this.#reasoning = part
    this.#add({ reasoning_content: between + text })
  }

  #call({ part, id, name, custom = false }: Piece<'toolStart'>): void {
    const index = Math.max(-1, ...this.#calls.map((call) => call.index)) + 1
    const call = { index, custom, id: this.#ids.next(id, this.#head.id ?? '', index) }
    this.#byPart.set(part, call)
    const what = custom ? { custom: { name, input: '' } } : { function: { name, arguments: '' } }
    this.#add({ tool_calls: [{ index, id: call.id, type: custom ? 'custom' : 'function', ...what }] })
  }

  #finish({ reason, native, stopSequence }: Piece<'finish'>): void {
    const shared: { readonly [reason: string]: string } = {
      stop: 'stop',
      length: 'length',
      tool_calls: this.#calls.length > 0 ? 'tool_calls' : 'stop',
      content_filter: 'content_filter',
      // A refusal in words is its own field here.
      refusal: this.#refused ? 'stop' : 'content_filter',
      pause: 'stop',
    }
    if (reason === 'pause')
      this.#losses.add(changed(['stop_reason'], 'chat cannot say that the turn wants to be continued'))
    this.#role('')
    this.#send({
      index: 0,
      delta: {},
      logprobs: null,
      finish_reason: shared[reason] ?? native ?? 'stop',
      ...(stopSequence !== undefined && { stop_reason: stopSequence }),
    })
  }

  #role(content: string | null): void {
    if (this.#roleSent) return
    if (this.#head.id === undefined)
      this.#start({ type: 'start', id: undefined, model: undefined, createdAtS: undefined })
    const delta = { role: 'assistant', content, refusal: null }
    this.#send({ index: 0, delta, logprobs: null, finish_reason: null })
  }

  #add(delta: Choice['delta'], logprobs: object | null = null): void {
    this.#role(typeof delta.content === 'string' ? '' : null)
    this.#send({ index: 0, delta, logprobs: logprobs as Choice['logprobs'] & object, finish_reason: null })
  }

  #send(choice: Choice): void {
    this.#emit({ ...this.#head, choices: [choice] } as Event)
  }

  #emit(event: Event): void {
    this.#out.push(event)
    this.#learn(event)
  }

  /** What the consumer knows after an event, whoever sent it. */
  #learn(event: Event): void {
    const { choices = [] } = event
    if (openaiChat.error(event)) this.#over = 'failed'
    const usage = openaiChat.usage(event)
    this.#usage = usage ?? this.#usage
    if (usage && choices.length === 0 && this.#over) this.#usageSent = true
    for (const { index = 0, delta, finish_reason } of choices) {
      if (index !== 0) continue
      this.#roleSent = true
      if (finish_reason) this.#over ??= 'finished'
      if (!delta) continue
      if (delta.reasoning_content || delta.reasoning) {
        this.#hasReasoning = true
        this.#last = 'reasoning'
      } else if (delta.content || delta.refusal || delta.tool_calls?.length) this.#last = 'other'
      if (delta.refusal) this.#refused = true
      for (const { index: at = 0, id, type, custom } of delta.tool_calls ?? []) {
        if (this.#calls.some((call) => call.index === at) || !id) continue
        this.#ids.use(id)
        this.#calls.push({ id, index: at, custom: type === 'custom' || !!custom })
      }
    }
  }
}

function headOf(event: Event): Partial<Event> {
  return Object.fromEntries(Object.entries(event).filter(([field]) => !passing.has(field)))
}
