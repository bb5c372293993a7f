import {
  inputTokens,
  isSluiceError,
  latestUsage,
  outputTokens,
  SluiceError,
  streamReply,
  usageOf,
  wholeReply,
} from '@sluice/core'
import type {
  AnswerOf,
  AnswerView,
  ApiId,
  AttemptEnd,
  AttemptRecord,
  Boundaries,
  Call,
  EventOf,
  Handler,
  Reply,
  StreamReply,
  Usage,
} from '@sluice/core'
import { estimateTokens } from '@sluice/core/tokens'
import { classify, type ErrorRule } from '../engine/error-table.ts'
import { outcomeOf, outcomeOfStream } from '../engine/health-outcome.ts'
import { LiveStream, type Shown, type StreamFailure } from '../engine/live-stream.ts'
import { Try, type FailedTry } from '../engine/try.ts'
import type { Flight } from '../health/flight.ts'
import type { HeldStream } from '../held-stream.ts'
import { retryAfterMs } from '../retry-after.ts'
import type { RouteQuery } from '../route/query.ts'
import type { RoutedTarget } from '../route/routed-target.ts'
import type { CascadeCore } from './cascade-core.ts'
import { untilAborted } from './until-aborted.ts'
import { withoutLogprobs } from './wire-logprobs.ts'

/** A try under way: of a step, or of what an estimator asks. */
export interface StepRun {
  readonly routed: RoutedTarget
  readonly attempt: Try
  readonly flight: Flight | undefined
  readonly call: Call
}

/** A whole answer, kept back: read to its end, and given to the application or not. */
export interface KeptAnswer {
  readonly kind: 'kept'
  readonly run: StepRun
  readonly answer: AnswerOf<ApiId>
  readonly view: AnswerView
  readonly usage: Usage | undefined
  readonly isEstimated: boolean
  /** The answer as the application gets it; a stream is given again as it was cut. `hides` takes log-probabilities off. */
  readonly reply: (hides: boolean) => Reply
}

/** A try that gave no answer. */
export interface FailedStep {
  readonly kind: 'failed'
  readonly rule: ErrorRule
  readonly failed: FailedTry
}

/** What came of a try, its tokens worked out. */
export interface StepEnd extends Omit<AttemptEnd, 'price' | 'usage'> {
  readonly usage?: Usage | undefined
}

/** The tries of one call through a cascade: begins them, reads them, and books what came of each. */
export class CallSteps {
  readonly core: CascadeCore
  readonly call: Call
  readonly query: RouteQuery
  readonly #next: Handler | undefined
  readonly #endsAtMs: number
  /** Of all tries that were begun here. */
  readonly #records = new Set<AttemptRecord>()
  /** Tries whose end is not booked, with their tokens where those are known. */
  readonly #open = new Map<StepRun, Usage | undefined>()
  /** What was spent so far, in nano-dollars; `undefined` once something had no price. */
  spentNanoUsd: number | undefined = 0

  constructor(core: CascadeCore, call: Call, next: Handler | undefined, query: RouteQuery) {
    this.core = core
    this.call = call
    this.query = query
    this.#next = next
    this.#endsAtMs = core.endsAtMs(call)
  }

  /** Whether it is too late to ask anybody else. */
  get isLate(): boolean {
    return this.core.clock.now() >= this.#endsAtMs
  }

  /** Sends `call`, a copy of the call, to a target. */
  start(
    routed: RoutedTarget,
    reason: 'cascade' | 'judge',
    known: { call: Call; flight?: Flight | undefined },
  ): StepRun {
    const { clock, timeouts } = this.core
    const { target, send } = routed
    const { call, flight } = known
    const labels = { target: routed.id, model: target.model, reason }
    const init = { target, send, call, labels, next: this.#next, timeouts, endsAtMs: this.#endsAtMs, clock }
    const run = { routed, attempt: new Try(init), flight, call }
    routed.allowance?.begin(this.#expectedTokens(routed))
    if (this.#open.size === 0) this.call.signal?.addEventListener('abort', this.#onAbort)
    this.#open.set(run, undefined)
    this.#records.add(run.attempt.record)
    return run
  }

  /** The answer of a try, read to its end. Books failures; what became of an answer is booked by {@link CallSteps.end}. */
  async kept(run: StepRun): Promise<KeptAnswer | FailedStep> {
    try {
      const result = await run.attempt.run()
      if (result.kind === 'failed') return this.#failed(run, result)
      const { reply, held } = result
      if (reply.kind === 'stream' && held) return await this.#read(run, reply, held)
      run.attempt.release()
      run.flight?.end(this.core.clock.now(), 'ok')
      if (reply.kind !== 'whole') throw unexpected(reply.kind)
      const answer = await reply.value()
      const { api } = this.call
      return this.#keep(run, answer, run.attempt.usage, (hides) =>
        hides ? wholeReply(api, withoutLogprobs(api.id, answer), reply) : reply,
      )
    } catch (error) {
      return this.#thrown(run, error)
    }
  }

  /** The answer of a try as it comes: a stream is given on from its first content. */
  async live(run: StepRun, onEnd: (how: 'whole' | 'left' | StreamFailure) => void): Promise<Reply | FailedStep> {
    try {
      const result = await run.attempt.run()
      if (result.kind === 'failed') return this.#failed(run, result)
      const { reply, held } = result
      if (reply.kind === 'stream' && held) {
        const { clock } = this.core
        run.flight?.firstContent(clock.now())
        const live = this.#watched(run, held, (how, shown) => {
          this.#streamEnded(run, how, shown)
          onEnd(how)
        })
        return streamReply(reply.api, live, reply)
      }
      run.attempt.release()
      run.flight?.end(this.core.clock.now(), 'ok')
      this.end(run, { outcome: 'answered', usage: run.attempt.usage })
      if (reply.kind === 'whole') this.#hold(run, await reply.value())
      onEnd('whole')
      return reply
    } catch (error) {
      return this.#thrown(run, error)
    }
  }

  /** Books what came of a try. Its last word counts, and its money once. */
  end(run: StepRun, end: StepEnd): void {
    const { record } = run.attempt
    const { routed } = run
    const { price } = routed
    const { usage } = end
    const isFirst = record.ended === undefined
    // A router that is a step books its own tries: their tokens would count twice.
    const { usage: _, ...untold } = end
    record.end({ ...(this.#isNested(record) ? untold : end), ...(price && { price }) })
    if (this.#open.delete(run) && this.#open.size === 0) this.call.signal?.removeEventListener('abort', this.#onAbort)
    if (!isFirst) return
    const used = usage && routed.allowance?.countsTokens ? inputTokens(usage) + outputTokens(usage) : undefined
    routed.allowance?.end(used === undefined ? 0 : used - this.#expectedTokens(routed))
    if (!usage) return
    if (end.outcome === 'answered' || end.outcome === 'rejected') routed.answered(usage)
    const priced = price?.(usage, { model: routed.target.model, atMs: record.startedAtMs })
    const known = priced && 'nanoUsd' in priced ? priced.nanoUsd : undefined
    this.spentNanoUsd = known === undefined || this.spentNanoUsd === undefined ? undefined : this.spentNanoUsd + known
  }

  /** Whether a step made tries of its own in place of this one. */
  #isNested(record: AttemptRecord): boolean {
    const { attempts } = this.call
    return (
      !record.sent && attempts.slice(attempts.indexOf(record) + 1).some((each) => each.sent && !this.#records.has(each))
    )
  }

  #expectedTokens({ allowance }: RoutedTarget): number {
    return allowance?.countsTokens ? this.query.inputTokens : 0
  }

  /** Notes that an answer was given to the application: whoever gave it holds its conversation. */
  delivered({ run, answer }: KeptAnswer): void {
    this.#hold(run, answer)
  }

  async #read(run: StepRun, reply: StreamReply<ApiId>, held: HeldStream<ApiId>): Promise<KeptAnswer | FailedStep> {
    const { api } = this.call
    const { clock } = this.core
    run.flight?.firstContent(clock.now())
    const folder = api.folder()
    let usage: Usage | undefined
    let failure: FailedTry | undefined
    const live = this.#watched(run, held, (how) => run.flight?.end(clock.now(), outcomeOfStream(how)))
    const read = async (): Promise<void> => {
      for await (const event of live) {
        const error = api.error(event)
        if (error) {
          failure = failedStream({ ...error, kind: 'answer' })
          return
        }
        folder.push(event)
        usage = latestUsage(usage, api.usage(event))
      }
    }
    try {
      await untilAborted(read(), run.call.signal)
    } catch (error) {
      if (run.call.signal?.aborted) throw error
      failure = failedStream({ kind: 'broken' }, error)
    }
    const answer = folder.answer()
    if (failure || answer === undefined)
      return this.#failed(run, failure ?? failedStream({ kind: 'broken' }), live.shown)
    const boundaries: Boundaries = folder.boundaries()
    return this.#keep(run, answer, usage, (hides) => {
      const given = hides ? withoutLogprobs(api.id, answer) : answer
      return streamReply(api, api.replay(given, boundaries), { status: reply.status, headers: reply.headers })
    })
  }

  #watched(
    run: StepRun,
    source: AsyncIterator<EventOf<ApiId>>,
    onEnd: (how: 'whole' | 'left' | StreamFailure, shown: Shown) => void,
  ): LiveStream<ApiId> {
    const { clock, timeouts } = this.core
    return new LiveStream({
      api: this.call.api,
      source,
      clock,
      betweenTokensMs: timeouts.betweenTokensMs,
      cancel: (reason) => run.attempt.cancel(reason),
      watch: (event) => this.#hold(run, event['response']),
      onEnd: (how, shown) => {
        run.attempt.release()
        onEnd(how, shown)
      },
    })
  }

  #keep(run: StepRun, answer: AnswerOf<ApiId>, told: Usage | undefined, reply: (hides: boolean) => Reply): KeptAnswer {
    const { api } = this.call
    const view = api.answer(answer)
    const usage = told ?? api.usage(answer)
    const text = view.choices.map((choice) => choice.text).join('')
    const taken = usage ?? usageOf({ fresh: this.query.inputTokens, output: estimateTokens(text) })
    if (this.#open.has(run)) this.#open.set(run, taken)
    return { kind: 'kept', run, answer, view, reply, usage: taken, isEstimated: usage === undefined }
  }

  #failed(run: StepRun, failed: FailedTry, shown?: Shown): FailedStep {
    const { errors, clock } = this.core
    const { failure } = failed
    const rule = classify(failure, errors)
    const nowMs = clock.now()
    run.attempt.release()
    run.flight?.end(nowMs, outcomeOf(rule))
    const askedMs = failure.headers && retryAfterMs(failure.headers, nowMs)
    if (askedMs) run.routed.health.coolUntil(nowMs + askedMs, rule.name)
    const spent = run.attempt.record.status === 200 ? this.#spent(run, shown) : undefined
    this.end(run, { outcome: 'failed', error: failure.code ?? rule.name, ...spent })
    return { kind: 'failed', rule, failed }
  }

  #streamEnded(run: StepRun, how: 'whole' | 'left' | StreamFailure, shown: Shown): void {
    run.flight?.end(this.core.clock.now(), outcomeOfStream(how))
    const usage = shown.usage ?? run.attempt.usage
    if (how === 'whole') return this.end(run, { outcome: 'answered', usage })
    const isLeft = how === 'left' || this.call.signal?.aborted === true
    const error =
      typeof how === 'object' && !isLeft
        ? { error: how.kind === 'error' ? 'error_in_stream' : `stream_${how.kind}` }
        : {}
    this.end(run, { outcome: isLeft ? 'cancelled' : 'failed', ...error, ...this.#spent(run, shown) })
  }

  /** What was thrown instead of a reply: by a bridge or a router that is a step, or because nobody waits any more. */
  #thrown(run: StepRun, error: unknown): FailedStep {
    if (!run.call.signal?.aborted && isSluiceError(error) && /^(?:bridge|route)\./.test(error.code)) {
      const { code, status } = error
      return this.#failed(run, failedTry({ kind: 'http', code, status }, error))
    }
    const { record } = run.attempt
    run.attempt.release()
    run.flight?.end(this.core.clock.now(), 'cancelled')
    const end: StepEnd = run.call.signal?.aborted ? { outcome: 'cancelled' } : { outcome: 'failed', error: 'threw' }
    // Providers bill the prompt of a request that is given up.
    if (!record.ended) this.end(run, record.sent ? { ...end, ...this.#spent(run, undefined) } : end)
    throw error
  }

  /** At once, because the report of a call that is aborted is written at once. */
  readonly #onAbort = (): void => {
    for (const [run, usage] of this.#open)
      this.end(run, {
        outcome: 'cancelled',
        ...(usage ? { usage } : run.attempt.record.sent && this.#spent(run, undefined)),
      })
  }

  /** What a try that gave no whole answer took: as far as the provider told, else estimated. */
  #spent(run: StepRun, shown: Shown | undefined): Pick<StepEnd, 'usage' | 'isEstimated'> {
    const told = shown?.usage ?? run.attempt.usage
    const output = shown ? estimateTokens(shown.text) : 0
    if (told && outputTokens(told) >= output) return { usage: told }
    return { usage: told ? { ...told, output } : usageOf({ fresh: this.query.inputTokens, output }), isEstimated: true }
  }

  /** A response that its provider keeps can be gone on with there only. */
  #hold(run: StepRun, response: unknown): void {
    if (this.call.api.id !== 'openai.responses') return
    const { id } = (response ?? {}) as { id?: unknown }
    const step = this.core.steps.find(({ routed }) => routed === run.routed)
    if (typeof id === 'string' && step) this.core.holders.set(id, step, this.core.clock.now())
  }
}

function failedTry(failure: FailedTry['failure'], error: unknown): FailedTry {
  const giveUp = (): never => {
    throw error
  }
  return { kind: 'failed', failure, giveUp, discard: async () => undefined }
}

/** A stream that failed after its first content: what was read of it is no answer. */
function failedStream(failure: FailedTry['failure'], cause?: unknown): FailedTry {
  const { code, kind } = failure
  const error = new SluiceError({
    code: 'cascade.stream',
    message: `The stream of a step ${kind === 'answer' ? `ended with the error "${code}"` : 'broke off'}. Retry the call.`,
    status: 502,
    cause,
  })
  return failedTry(failure, error)
}

function unexpected(kind: string): SluiceError {
  return new SluiceError({
    code: 'cascade.reply',
    message: `A step replied with a ${kind} where an answer was expected.`,
    status: 500,
  })
}
