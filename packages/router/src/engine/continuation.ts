import { IncompleteStreamError } from '@sluice/core'
import type { ApiId, Call, EventOf, JsonObject } from '@sluice/core'
import { estimateTokens } from '@sluice/core/tokens'
import { asPrefill } from '../bridge/prefill.ts'
import { streamDecoder } from '../bridge/stream/decoder.ts'
import { streamEncoder } from '../bridge/stream/encoder.ts'
import type { BridgedApi, StreamDecoder, StreamEncoder, StreamPiece } from '../bridge/stream/piece.ts'
import type { RoutedTarget } from '../route/routed-target.ts'
import type { Shown, StreamFailure } from './live-stream.ts'
import { afterPrefill, afterRepeat, type TextSplice } from './overlap.ts'
import { restartMarker } from './restart.ts'
import type { Committed, Run, Runs } from './run.ts'

/** Shorter than this, what was shown is easier found in a new answer than gone on with. */
const shortText = 12

/** Tries to go on with one stream before its failure is shown. */
const maxTries = 3

const bridged: ReadonlySet<ApiId> = new Set(['openai.chat', 'anthropic.messages', 'openai.responses'])

/** How one target is asked to go on. */
interface Way {
  readonly target: RoutedTarget
  /** The request, and what of the shown text it holds; `undefined`: the same request again. */
  readonly prefill: string | undefined
}

/** Finds somebody to go on with a stream that failed, or to begin it anew. */
export class Continuation {
  readonly #runs: Runs
  readonly #run: Run
  readonly #encoder: StreamEncoder | undefined

  private constructor(runs: Runs, run: Run) {
    const { core, call } = runs.journey
    this.#runs = runs
    this.#run = run
    if (core.midStream !== 'continue') return
    const { request } = call
    const includeUsage = (request['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true
    this.#encoder = streamEncoder(call.api.id as BridgedApi, { request, includeUsage })
  }

  /** `undefined` where the dialect has no streams that could be gone on with. */
  static of(runs: Runs, run: Run): Continuation | undefined {
    return bridged.has(runs.journey.call.api.id) ? new Continuation(runs, run) : undefined
  }

  /** Learns what the application has seen. */
  watch(event: EventOf<ApiId>): void {
    this.#encoder?.adopt(event as EventOf<BridgedApi>)
  }

  /** What goes on in the place of the failed stream; `undefined`: nobody can. */
  async recover(failure: StreamFailure, shown: Shown): Promise<AsyncIterator<EventOf<ApiId>> | undefined> {
    const { core, call } = this.#runs.journey
    const restarts = core.midStream === 'restart'
    // Nobody can go on in the midst of a tool call, or with several answers at once.
    if (call.signal?.aborted || (shown.isBound && !restarts)) return undefined
    for (const way of this.#ways(shown, restarts).slice(0, maxTries)) {
      const rest = await this.#try(way, shown, restarts)
      if (!rest) continue
      core.counts.resumed += 1
      const from = this.#run.target.id
      this.#runs.note(restarts ? 'restart' : 'continue', `stream_${failure.kind}`, { from, to: way.target.id })
      return rest
    }
    return undefined
  }

  /** The others first, then the one that failed; by prefill where that is known to work. */
  #ways(shown: Shown, restarts: boolean): readonly Way[] {
    const { core, plan } = this.#runs.journey
    const nowMs = core.clock.now()
    const failed = this.#run.target
    const others = plan.order.filter((each) => each !== failed && each.health.admit(nowMs))
    return [...others, failed].flatMap((target): Way[] => {
      const again: Way = { target, prefill: undefined }
      if (restarts || shown.text.trim() === '' || target.target.capabilities.prefill !== true) return [again]
      // Anthropic refuses a prefill that ends in white space.
      const onward: Way = { target, prefill: shown.text.trimEnd() }
      // Of a word or two nobody could tell whether they are said again; an answer that begins with them is soon found.
      return shown.text.length < shortText ? [again, onward] : [onward, again]
    })
  }

  async #try(way: Way, shown: Shown, restarts: boolean): Promise<AsyncIterator<EventOf<ApiId>> | undefined> {
    const { call } = this.#runs.journey
    const { target, prefill } = way
    const asked = prefill === undefined ? call : withPrefill(call, prefill, target.target.prefillBody)
    const run = this.#runs.start(target, restarts ? 'restart' : 'continue', { call: asked, isForced: true })
    const result = await run?.result
    if (!run || !result) return undefined
    if (result.kind === 'failed') {
      this.#runs.failed(run, result)
      await result.discard()
      return undefined
    }
    const source = this.#begin(run, result)
    if (restarts || !source) return source && withMarker(call, target.id, source)
    const splice = prefill === undefined ? afterRepeat(shown.text) : afterPrefill(shown.text, prefill)
    const spliced = new SplicedStream(source, call.api.id as BridgedApi, this.#encoder as StreamEncoder, splice, shown)
    if (await spliced.align()) return spliced
    await spliced.return()
    return undefined
  }

  #begin(run: Run, result: Committed): AsyncIterator<EventOf<ApiId>> | undefined {
    const { core } = this.#runs.journey
    run.isOver = true
    if (!result.held) return undefined
    run.flight.firstContent(core.clock.now())
    return this.#runs.live(run, result.held, true)
  }
}

/** The events of a second source as the continuation of a stream whose first events came from another. */
class SplicedStream implements AsyncIterableIterator<EventOf<ApiId>> {
  readonly #source: AsyncIterator<EventOf<ApiId>>
  readonly #decoder: StreamDecoder
  readonly #encoder: StreamEncoder
  readonly #splice: TextSplice
  readonly #api: BridgedApi
  readonly #shown: Shown
  /** Text that was given out. */
  #text = ''
  readonly #ready: EventOf<ApiId>[] = []
  /** What came before the texts were aligned. */
  readonly #early: StreamPiece[] = []
  /** The last text part, for what was held back of it. */
  #part = 0
  #isDiverged = false
  #isDone = false

  constructor(
    source: AsyncIterator<EventOf<ApiId>>,
    api: BridgedApi,
    encoder: StreamEncoder,
    splice: TextSplice,
    shown: Shown,
  ) {
    this.#source = source
    this.#api = api
    this.#decoder = streamDecoder(api)
    this.#encoder = encoder
    this.#splice = splice
    this.#shown = shown
  }

  /**
   * Reads on until all that was shown has come again, and something behind it. False when it does not, or fails first:
   * until then somebody else may be asked.
   */
  async align(): Promise<boolean> {
    try {
      while (this.#ready.length === 0 && !this.#isDiverged && !this.#isDone) await this.#pull()
    } catch {
      return false
    }
    return this.#splice.isAligned && !this.#isDiverged
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<ApiId>>> {
    try {
      while (this.#ready.length === 0 && !this.#isDone) await this.#pull()
    } catch (error) {
      throw this.#whole(error)
    }
    const event = this.#ready.shift()
    return event === undefined ? { done: true, value: undefined } : { done: false, value: event }
  }

  async return(): Promise<IteratorResult<EventOf<ApiId>>> {
    this.#isDone = true
    this.#ready.length = 0
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  /** An error with all that was shown of the answer, and not its second part alone. */
  #whole(error: unknown): unknown {
    if (!IncompleteStreamError.isInstance(error)) return error
    const { usage, events, truncated } = error.partial
    const partial = { text: this.#shown.text + this.#text, usage, events: this.#shown.events + events, truncated }
    return new IncompleteStreamError(this.#api, partial, error.cause)
  }

  async #pull(): Promise<void> {
    const step = await this.#source.next()
    const pieces = step.done ? this.#decoder.end() : this.#decoder.push(step.value as EventOf<BridgedApi>)
    for (const piece of pieces) this.#take(piece)
    if (!step.done) return
    this.#isDone = true
    if (!this.#splice.isAligned || this.#isDiverged) return
    this.#flush()
    this.#ready.push(...(this.#encoder.end() as EventOf<ApiId>[]))
  }

  #take(piece: StreamPiece): void {
    // The stream has begun already, and its thinking was shown.
    if (piece.type === 'start' || piece.type === 'reasoning') return
    if ('kind' in piece && piece.kind === 'reasoning') return
    if (piece.type === 'text') {
      this.#part = piece.part
      const text = this.#splice.push(piece.text)
      if (text === undefined) this.#isDiverged = true
      else if (text !== '') this.#push({ ...piece, text })
      return
    }
    const isNew = this.#ready.length === 0 && this.#text === ''
    if (!this.#splice.isAligned || (isNew && piece.type === 'error')) {
      // An answer that fails or is over before it has said what was shown is another answer.
      if (endings.has(piece.type)) this.#isDiverged = true
      else if (piece.type === 'usage') this.#early.push(piece)
      return
    }
    if (endings.has(piece.type)) this.#flush()
    this.#push(piece)
  }

  #flush(): void {
    const text = this.#splice.end()
    if (text !== '') this.#push({ type: 'text', part: this.#part, text })
  }

  /** Nothing reaches the encoder, which others may need, before it is clear that this is the same answer. */
  #push(piece: StreamPiece): void {
    if (this.#isDiverged) return
    if (piece.type === 'text') this.#text += piece.text
    for (const each of [...this.#early.splice(0), piece])
      this.#ready.push(...(this.#encoder.push(each) as EventOf<ApiId>[]))
  }
}

/** Pieces that a text does not go on behind. */
const endings: ReadonlySet<string> = new Set(['partEnd', 'itemEnd', 'finish', 'toolStart', 'refusal', 'error'])

/** How each dialect calls the limit of an answer. */
const limitNames = ['max_tokens', 'max_completion_tokens', 'max_output_tokens']

/** The call with the shown text as the assistant's last message, to be gone on with within what its limit leaves. */
function withPrefill(call: Call, text: string, body: JsonObject | undefined): Call {
  const request = call.request as JsonObject
  const last = { role: 'assistant', content: text }
  const name = call.api.id === 'openai.responses' ? 'input' : 'messages'
  const given = request[name]
  const turns = typeof given === 'string' ? [{ role: 'user', content: given }] : ((given ?? []) as unknown[])
  const said = estimateTokens(text)
  const left = limitNames.flatMap((limit) => {
    const tokens = request[limit]
    return typeof tokens === 'number' ? [[limit, Math.max(1, tokens - said)] as const] : []
  })
  const onward = { ...request, ...Object.fromEntries(left), ...body, [name]: [...turns, last] }
  return call.with({ request: asPrefill(onward) as never })
}

/** The events of an answer that begins anew, behind the marker that says so. */
function withMarker(call: Call, target: string, source: AsyncIterator<EventOf<ApiId>>): AsyncIterator<EventOf<ApiId>> {
  let isMarked = false
  return {
    next() {
      if (isMarked) return source.next()
      isMarked = true
      return Promise.resolve({ done: false, value: restartMarker(call.api.id, target) })
    },
    return: () => source.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  }
}
