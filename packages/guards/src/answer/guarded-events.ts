import {
  IncompleteStreamError,
  type Api,
  type ApiId,
  type EventOf,
  type EventText,
  type Folder,
  type JsonObject,
  type StreamReply,
} from '@sluice/core'
import { GuardBlockedError } from '../errors.ts'
import { after, isPromise, type MaybePromise } from '../maybe-promise.ts'
import type { GrowingText } from '../stream/growing-text.ts'
import { Blocked } from '../stream/guarding.ts'
import { addingEvent } from './adding-event.ts'
import type { AnswerGuard } from './answer-guard.ts'
import { endedBy, namedCalls, withoutUnread, type CalledTool } from './dialect-events.ts'

/** One growing part of a streamed answer. */
interface Part<A extends ApiId> {
  readonly name: Pick<EventText, 'part' | 'choice' | 'channel'>
  text: GrowingText
  /** All that came, and all that was shown of it. */
  came: string
  shown: string
  /** The last event that added to it. */
  last: EventOf<A> | undefined
  isOver: boolean
  callId: string | undefined
}

/** How much was held back, in characters, after each event. */
export interface HoldCounts {
  readonly events: number
  readonly mean: number
  readonly max: number
}

/**
 * The events of a stream, checked as they pass: text that could still turn into something is held back and shown with a later
 * event of its part. What repeats a text (`*.done` and the events that end an answer) repeats what was shown. An object rather
 * than a generator: leaving a generator that was never started runs nothing, and such a stream would not be reported.
 */
export class GuardedEvents<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #api: Api<A>
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #guard: AnswerGuard
  readonly #ended: (hold: HoldCounts) => void
  readonly #parts = new Map<string, Part<A>>()
  /** Tools that are called, and ids of the calls, by the part that their arguments grow in. */
  readonly #tools = new Map<string, CalledTool>()
  readonly #ids = new Map<string, string>()
  readonly #folder: Folder<A> | undefined
  #queue: EventOf<A>[] = []
  /** Events that were added, by which later ones are numbered anew. */
  #added = 0
  #lastNumber = -1
  #shownCharacters = 0
  #events = 0
  #heldSum = 0
  #heldMost = 0
  #failure: { readonly error: unknown } | undefined
  #isDone = false
  #isOver = false

  constructor(reply: StreamReply<A>, guard: AnswerGuard, ended: (hold: HoldCounts) => void) {
    this.#api = reply.api
    this.#source = reply.events()[Symbol.asyncIterator]()
    this.#guard = guard
    this.#ended = ended
    if (guard.wantsAnswer) this.#folder = reply.api.folder()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    const queued = this.#queue.shift()
    if (queued) return { done: false, value: queued }
    if (this.#failure) throw this.#failure.error
    if (this.#isDone) return { done: true, value: undefined }
    let step: IteratorResult<EventOf<A>>
    try {
      step = await this.#source.next()
    } catch (error) {
      return this.#broken(error)
    }
    try {
      const handled = step.done ? this.#over(() => true) : this.#handle(step.value)
      if (isPromise(handled)) await handled
    } catch (error) {
      return this.#blocked(error)
    }
    if (step.done) {
      this.#isDone = true
      this.#end()
    }
    return this.next()
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    this.#isDone = true
    this.#queue = []
    try {
      await this.#source.return?.()
    } finally {
      this.#end()
    }
    return { done: true, value: undefined }
  }

  /** The stream broke off: what is left of the answer is shown before the failure, if it may be. */
  async #broken(error: unknown): Promise<IteratorResult<EventOf<A>>> {
    try {
      await this.#over(() => true)
    } catch (blocked) {
      return this.#blocked(blocked)
    }
    this.#failure = { error: this.#told(error) }
    this.#end()
    return this.next()
  }

  /** The failure of the stream, which tells of the answer what was shown. */
  #told(error: unknown): unknown {
    if (!IncompleteStreamError.isInstance(error)) return error
    let text = ''
    for (const { name, shown } of this.#parts.values()) if (name.choice === 0 && name.channel === 'text') text += shown
    return new IncompleteStreamError(this.#api.id, { ...error.partial, text }, error.cause)
  }

  /** Nothing more is shown, and the provider stops writing. */
  async #blocked(reason: unknown): Promise<never> {
    this.#queue = []
    const failure =
      reason instanceof Blocked
        ? new GuardBlockedError({ ...reason.blocking, shownCharacters: this.#shownCharacters })
        : reason
    this.#failure = { error: failure }
    await this.#source.return?.().catch(() => undefined)
    this.#end()
    throw failure
  }

  #handle(event: EventOf<A>): MaybePromise<void> {
    const api = this.#api
    this.#folder?.push(event)
    return after(this.#name(event), () => {
      const texts = api.delta(event)
      const ends = endedBy(api, event)
      if (texts.length === 0 && !ends) {
        return this.#show(event, this.#guard.rewrites ? withoutUnread(event) : event)
      }
      const written: string[] = []
      return after(this.#grow(event, texts, ends, written, 0), () =>
        after(ends ? this.#over(ends) : undefined, () =>
          after(this.#repeat(texts, written, 0), () => {
            const left = [...written]
            return this.#show(
              event,
              api.mapDelta(event, ({ text }) => left.shift() ?? text),
            )
          }),
        ),
      )
    })
  }

  /** Notes the tools that are called. A call that begins in a part of another one ends that. */
  #name(event: EventOf<A>): MaybePromise<void> {
    let done: MaybePromise<void> = undefined
    for (const { part, tool, id } of namedCalls(event)) {
      const known = this.#parts.get(part)
      this.#tools.set(part, tool)
      if (known && !known.isOver && known.callId !== undefined && id !== undefined && known.callId !== id)
        done = after(done, () => this.#finish(known))
      if (id !== undefined) this.#ids.set(part, id)
    }
    return done
  }

  /** Pushes what an event adds; what is over with it comes out whole. */
  #grow(
    event: EventOf<A>,
    texts: readonly EventText[],
    ends: ReturnType<typeof endedBy<A>>,
    written: string[],
    from: number,
  ): MaybePromise<void> {
    for (let index = from; index < texts.length; index += 1) {
      const text = texts[index] as EventText
      if (text.mode === 'snapshot') continue
      const part = this.#part(text)
      part.last = event
      part.came += text.text
      const isOver = ends?.(text) === true
      const out = isOver ? part.text.finish(text.text, this.#answer()) : part.text.push(text.text)
      if (isOver) part.isOver = true
      const next = (shown: string): void => {
        part.shown += shown
        this.#shownCharacters += shown.length
        this.#held(part)
        written[index] = shown
      }
      if (isPromise(out)) return out.then(next).then(() => this.#grow(event, texts, ends, written, index + 1))
      next(out)
    }
  }

  /** What a text that is repeated as a whole was shown as. */
  #repeat(texts: readonly EventText[], written: string[], from: number): MaybePromise<void> {
    for (let index = from; index < texts.length; index += 1) {
      const { mode, text, ...name } = texts[index] as EventText
      if (mode !== 'snapshot') continue
      const known = this.#parts.get(name.part)
      if (known?.came === text) {
        written[index] = known.shown
        continue
      }
      const out = this.#guard.open(name, this.#tools.get(name.part)).finish(text, this.#answer())
      const next = (shown: string): void => {
        written[index] = shown
        const part = known ?? this.#part({ ...name, mode, text })
        part.isOver = true
        part.came = text
        part.shown = shown
      }
      if (isPromise(out)) return out.then(next).then(() => this.#repeat(texts, written, index + 1))
      next(out)
    }
  }

  /** Shows what is left of the parts that are over. */
  #over(ends: (part: Part<A>['name']) => boolean): MaybePromise<void> {
    let done: MaybePromise<void> = undefined
    for (const part of this.#parts.values())
      if (!part.isOver && ends(part.name)) done = after(done, () => this.#finish(part))
    return done
  }

  #finish(part: Part<A>): MaybePromise<void> {
    part.isOver = true
    return after(part.text.finish('', this.#answer()), (rest) => {
      if (rest === '' || !part.last) return
      part.shown += rest
      this.#shownCharacters += rest.length
      const event = addingEvent(this.#api, part.last, part.name, rest)
      this.#push(event, this.#lastNumber + 1)
      this.#added += 1
    })
  }

  #show(event: EventOf<A>, edited: EventOf<A>): MaybePromise<void> {
    const { withholds } = this.#guard
    if (!hasBeside(event)) {
      this.#push(edited)
      return
    }
    return after(this.#guard.beside(edited, withholds || edited !== event), (shown) => {
      this.#push(shown)
    })
  }

  #part(name: EventText): Part<A> {
    const { part, choice, channel } = name
    const known = this.#parts.get(part)
    if (known && !known.isOver) return known
    const text = this.#guard.open(name, this.#tools.get(part))
    if (known) {
      // Some servers go on after they said that it was over.
      known.text = text
      known.isOver = false
      known.callId = this.#ids.get(part)
      return known
    }
    const opened: Part<A> = {
      name: { part, choice, channel },
      text,
      came: '',
      shown: '',
      last: undefined,
      isOver: false,
      callId: this.#ids.get(part),
    }
    this.#parts.set(part, opened)
    return opened
  }

  #held({ text }: Part<A>): void {
    const { held } = text
    this.#events += 1
    this.#heldSum += held
    if (held > this.#heldMost) this.#heldMost = held
  }

  #answer(): unknown {
    return this.#folder?.answer()
  }

  /** Gives an event on. Where events are numbered, those behind an added one are numbered anew. */
  #push(event: EventOf<A>, number?: number): void {
    const { sequence_number: told } = event as JsonObject
    if (typeof told !== 'number') {
      this.#queue.push(event)
      return
    }
    this.#lastNumber = number ?? told + this.#added
    this.#queue.push(this.#lastNumber === told ? event : { ...event, sequence_number: this.#lastNumber })
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    const mean = this.#events === 0 ? 0 : Math.round((this.#heldSum / this.#events) * 100) / 100
    this.#ended({ events: this.#events, mean, max: this.#heldMost })
  }
}

/** Whether an event can have more in it than a delta: quotations, echoes. Most have not, and need no closer look. */
function hasBeside(event: JsonObject): boolean {
  const { choices, logprobs, annotation, part, item, response, content_block: block, delta, command, output } = event
  if (Array.isArray(choices))
    return choices.some((choice: JsonObject) => choice?.['logprobs'] || beside(choice?.['delta']))
  if (Array.isArray(logprobs) && logprobs.length > 0) return true
  return [annotation, part, item, response, block, command, output].some((each) => each !== undefined) || beside(delta)
}

const besides = ['citation', 'annotations', 'reasoning_details', 'thinking_blocks']

/** Compaction comes in one delta. */
function beside(delta: unknown): boolean {
  if (typeof delta !== 'object' || delta === null) return false
  return (delta as JsonObject)['type'] === 'compaction_delta' || besides.some((field) => field in delta)
}
