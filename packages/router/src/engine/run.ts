import { isSluiceError, outputTokens, streamReply, usageOf } from '@sluice/core'
import type { ApiId, AttemptEnd, AttemptRecord, Call, EventOf, Handler, Reply, Usage } from '@sluice/core'
import { estimateTokens } from '@sluice/core/tokens'
import type { Flight } from '../health/flight.ts'
import { retryAfterMs } from '../retry-after.ts'
import type { Plan } from '../route/plan.ts'
import type { RoutedTarget } from '../route/routed-target.ts'
import type { RouterCore } from '../route/router-core.ts'
import { Continuation } from './continuation.ts'
import { classify, type ErrorRule } from './error-table.ts'
import { outcomeOf, outcomeOfStream } from './health-outcome.ts'
import { LiveStream, type Shown, type StreamFailure } from './live-stream.ts'
import { Try, type FailedTry, type TryResult } from './try.ts'

/** Why a try is made. */
export type Reason = 'first' | 'retry' | 'failover' | 'hedge' | 'continue' | 'restart'

/** A try under way. */
export interface Run {
  readonly target: RoutedTarget
  readonly attempt: Try
  readonly flight: Flight
  readonly result: Promise<TryResult>
  /** Tokens that were taken from the target's allowance. */
  readonly expectedTokens: number
  isOver: boolean
  /** Its answer, while the application reads it. */
  live?: LiveStream<ApiId>
}

export type Committed = Extract<TryResult, { kind: 'committed' }>

/** What every part of a call's way through a router works with. */
export interface Journey {
  readonly core: RouterCore
  readonly call: Call
  readonly next: Handler | undefined
  readonly plan: Plan
  /** When all must be over, Unix milliseconds. */
  readonly endsAtMs: number
}

/** The tries of one call: begins them, ends them, and tells health, report and stickiness what came of each. */
export class Runs {
  readonly journey: Journey
  readonly #records: AttemptRecord[] = []

  constructor(journey: Journey) {
    this.journey = journey
  }

  /**
   * Sends the call to a target; `undefined` when its health admits nobody now. `isForced`: whatever its health says.
   * `call`: what is sent, if it is not the call itself.
   */
  start(target: RoutedTarget, reason: Reason, options: { isForced?: boolean; call?: Call } = {}): Run | undefined {
    const { core, plan, next, endsAtMs } = this.journey
    const { clock, timeouts } = core
    const { isStream } = plan.query
    const nowMs = clock.now()
    const { health, allowance } = target
    const flight = options.isForced ? health.begin(nowMs, isStream) : health.tryBegin(nowMs, isStream)
    if (!flight) return undefined
    const labels = { target: target.id, model: target.target.model, reason }
    const { call = this.journey.call } = options
    const expectedTokens = allowance?.countsTokens ? plan.query.inputTokens : 0
    allowance?.begin(expectedTokens)
    const { send } = target
    // What was given up must be in the report, which is written as soon as the application goes away.
    const onAbort = (): void => {
      run.live?.abandon()
      if (!run.isOver) this.cancel(run, this.journey.call.signal?.reason)
    }
    const attempt = new Try({ target: target.target, send, call, labels, next, timeouts, endsAtMs, clock, onAbort })
    this.#records.push(attempt.record)
    const run: Run = { target, attempt, flight, result: attempt.run(), expectedTokens, isOver: false }
    return run
  }

  /** Books a failed try, and says what kind of failure it was. */
  failed(run: Run, { failure }: FailedTry): ErrorRule {
    const { errors, clock } = this.journey.core
    const rule = asToldBy(failure.headers, classify(failure, errors))
    const nowMs = clock.now()
    run.isOver = true
    run.flight.end(nowMs, outcomeOf(rule))
    const askedMs = failure.headers && retryAfterMs(failure.headers, nowMs)
    if (askedMs) run.target.health.coolUntil(nowMs + askedMs, rule.name)
    // Of an answer that had begun, the prompt at least was read.
    const spent = run.attempt.record.status === 200 ? this.#spent(run, undefined) : undefined
    this.#book(run, { outcome: 'failed', error: failure.code ?? rule.name, ...spent })
    return rule
  }

  /** Books a try that was ended by a mistake in a target or another middleware: the error is the application's to see. */
  threw(run: Run, error: unknown): void {
    if (run.isOver) return
    if (this.journey.call.signal?.aborted) return this.cancel(run, this.journey.call.signal.reason)
    run.isOver = true
    run.flight.end(this.journey.core.clock.now(), 'cancelled')
    const name = isSluiceError(error) ? error.code : error instanceof Error ? error.name : 'unknown'
    this.#book(run, { outcome: 'failed', error: name })
  }

  /** Gives up a try that nobody waits for any more. */
  cancel(run: Run, reason: unknown = new DOMException('Nobody waits for this try any more', 'AbortError')): void {
    if (run.isOver) return
    run.isOver = true
    run.attempt.cancel(reason)
    run.result.then(
      (late) => (late.kind === 'committed' ? late.reply.discard() : late.discard()),
      () => undefined,
    )
    run.flight.end(this.journey.core.clock.now(), 'cancelled')
    // What was sent is being read: providers bill the prompt of a request that is given up.
    this.#book(run, { outcome: 'cancelled', ...this.#spent(run, undefined) })
  }

  /** The answer, or its beginning, as the application gets it. */
  commit(run: Run, { reply, held }: Committed): Reply {
    const { clock } = this.journey.core
    run.isOver = true
    run.target.gate.answered(clock.now())
    if (reply.kind !== 'stream' || !held) {
      run.flight.end(clock.now(), 'ok')
      this.#answered(run, () => run.attempt.usage)
      this.#holdWhole(run, reply)
      return reply
    }
    run.flight.firstContent(clock.now())
    return streamReply(reply.api, this.live(run, held), reply)
  }

  /** The events of an answer that has begun, watched to its end. */
  live(run: Run, source: AsyncIterator<EventOf<ApiId>>, isLast: boolean = false): LiveStream<ApiId> {
    const { core, call } = this.journey
    const { clock, timeouts, midStream } = core
    // What goes on with a stream is not gone on with: two changes of voice in one answer are enough.
    const continuation = midStream === 'error' || isLast ? undefined : Continuation.of(this, run)
    run.live = new LiveStream({
      api: call.api,
      source,
      clock,
      betweenTokensMs: timeouts.betweenTokensMs,
      cancel: (reason) => run.attempt.cancel(reason),
      recover: continuation && ((failure, shown) => continuation.recover(failure, shown)),
      watch: this.#watcher(run, continuation),
      onEnd: (how, shown) => {
        run.attempt.release()
        this.#ended(run, how, shown)
      },
    })
    return run.live
  }

  note(action: string, reason: string, details: Record<string, string | number>): undefined {
    this.journey.call.note({ by: 'router', action, reason, details })
  }

  #watcher(run: Run, continuation: Continuation | undefined): ((event: EventOf<ApiId>) => void) | undefined {
    const holds = this.#isHeld()
    if (!continuation && !holds) return undefined
    return (event) => {
      continuation?.watch(event)
      if (holds) this.#holdResponse(run, event['response'] ?? event['message'])
    }
  }

  #ended(run: Run, how: 'whole' | 'left' | StreamFailure, shown: Shown): void {
    const { clock } = this.journey.core
    run.flight.end(clock.now(), outcomeOfStream(how))
    const usage = shown.usage ?? run.attempt.usage
    if (how === 'whole') return this.#answered(run, () => usage)
    const error =
      typeof how === 'object' ? { error: how.kind === 'error' ? 'error_in_stream' : `stream_${how.kind}` } : {}
    const outcome = how === 'left' ? 'cancelled' : 'failed'
    this.#book(run, { outcome, ...error, ...this.#spent(run, shown) })
  }

  /** `usage` is worked out only where somebody goes by it. */
  #answered(run: Run, usage: () => Usage | undefined): void {
    const { core, call } = this.journey
    const { target } = run
    core.answers.set(target.id, (core.answers.get(target.id) ?? 0) + 1)
    if (target.price) target.answered(usage())
    core.stickiness.answered(call, target.id, usage, core.clock.now())
    this.#book(run, { outcome: 'answered', usage })
  }

  /** What a try that gave no whole answer took: as far as the provider told, else estimated. */
  #spent(run: Run, shown: Shown | undefined): Pick<AttemptEnd, 'usage' | 'isEstimated'> {
    const told = shown?.usage ?? run.attempt.usage
    const output = shown ? estimateTokens(shown.text) + estimateTokens(shown.otherText) : 0
    if (told && outputTokens(told) >= output) return { usage: told }
    const { query } = this.journey.plan
    return { usage: told ? { ...told, output } : usageOf({ fresh: query.inputTokens, output }), isEstimated: true }
  }

  #book(run: Run, end: AttemptEnd): void {
    const { target, attempt, expectedTokens } = run
    const { record } = attempt
    const { usage: _, ...untold } = end
    const told = this.#isNested(record) ? untold : end
    record.end(target.price ? { ...told, price: target.price } : told)
    const { allowance } = target
    if (!allowance) return
    const usage = allowance.countsTokens ? record.usage : undefined
    allowance.end(usage ? usage.fresh + usage.cacheRead + usage.output - expectedTokens : 0)
  }

  /** Whether a target made tries of its own in the place of this one, as a router does: their tokens would count twice. */
  #isNested(record: AttemptRecord): boolean {
    const { attempts } = this.journey.call
    if (record.sent || attempts.length === 1) return false
    return attempts.slice(attempts.indexOf(record) + 1).some((each) => each.sent && !this.#records.includes(each))
  }

  /** Whether the provider keeps the answer, so that a later request may go on with it. */
  #isHeld(): boolean {
    const { api, request } = this.journey.call
    return api.id === 'openai.responses' || (api.id === 'anthropic.messages' && request['thread'] !== undefined)
  }

  #holdWhole(run: Run, reply: Reply): void {
    if (reply.kind !== 'whole' || !this.#isHeld()) return
    reply.value().then(
      (value) => this.#holdResponse(run, value),
      () => undefined,
    )
  }

  /** A response that its provider keeps can be gone on with there only. */
  #holdResponse(run: Run, response: unknown): void {
    const { core, call } = this.journey
    // What a bridge made of an answer is kept nowhere.
    if (!run.target.target.apis.includes(call.api.id)) return
    const { id, conversation } = (response ?? {}) as { id?: unknown; conversation?: { id?: unknown } | null }
    for (const held of [id, conversation?.id])
      if (typeof held === 'string') core.stickiness.holds(held, run.target.id, core.clock.now())
  }
}

/** The provider's word on whether another try helps, except for content that it refused: nobody is asked that again. */
function asToldBy(headers: Headers | undefined, rule: ErrorRule): ErrorRule {
  const isWelcome = headers?.get('x-should-retry') === 'true' && rule.action === 'stop'
  return isWelcome && rule.class !== 'content_filter' ? { ...rule, action: 'retry' } : rule
}
