import type { Call, Handler, Reply } from '@sluice/core'
import { retryAfterMs } from '../retry-after.ts'
import type { Plan } from '../route/plan.ts'
import type { RoutedTarget } from '../route/routed-target.ts'
import type { RouterCore } from '../route/router-core.ts'
import { backoffMs, longestWaitMs } from './backoff.ts'
import { statusFor, type ErrorRule } from './error-table.ts'
import { alone, race, type RaceResult } from './race.ts'
import { isContinuedThread, lostThread } from './lost-thread.ts'
import { noTarget } from './route-errors.ts'
import { Runs, type Journey, type Reason, type Run } from './run.ts'
import type { FailedTry } from './try.ts'

interface Step {
  readonly target: RoutedTarget
  readonly reason: Reason
}

/** Why the same target is not tried again. */
type NoRetry = 'not_retryable' | 'refused' | 'max_retries' | 'deadline' | 'long_wait' | 'target_out' | 'retry_budget'

/** One call on its way through a router: who is asked, and what is done about each failure. */
export class Routing {
  readonly #journey: Journey
  readonly #runs: Runs
  /** Targets that were not asked yet, in order. */
  readonly #left: RoutedTarget[]
  readonly #asked = new Set<RoutedTarget>()
  #retries = 0
  /** The target that asked for the shortest wait of those that were too long while others could be asked. */
  #deferred: { readonly target: RoutedTarget; readonly atMs: number } | undefined
  /** What the application is shown if nobody answers: the first failure. */
  #original: FailedTry | undefined
  #originalRule: ErrorRule | undefined

  constructor(core: RouterCore, call: Call, next: Handler | undefined, plan: Plan) {
    const endsAtMs = core.endsAtMs(call, plan.query.nowMs)
    this.#journey = { core, call, next, plan, endsAtMs }
    this.#runs = new Runs(this.#journey)
    this.#left = [...plan.order]
  }

  /** The answer of the first target that has one; the first failure, as it came, when none has. */
  async run(): Promise<Reply> {
    const { core, plan } = this.#journey
    const { counts, retry, hedge, clock } = core
    const { isPanic } = plan
    const nowMs = clock.now()
    counts.calls += 1
    retry.budget.call(nowMs)
    hedge?.budget.call(nowMs)
    let isAnswered = false
    try {
      const first = this.#left.shift()
      const isThread = isContinuedThread(this.#journey)
      if (!first && isThread) return lostThread(this.#journey)
      if (!first) throw noTarget(plan)
      if (isPanic) await this.#coolDown(first)
      for (let step: Step | undefined = { target: first, reason: 'first' }; step;) {
        const { target, reason } = step as Step
        this.#asked.add(target)
        const isForced = isPanic || reason === 'retry'
        const outcome: RaceResult = await (reason === 'failover'
          ? this.#askInTurn(target)
          : this.#ask(target, reason, isForced))
        if (outcome.kind === 'won') {
          isAnswered = true
          return this.#won(outcome.run, outcome.result)
        }
        if (outcome.kind === 'lost') {
          this.#keep(outcome.failed, outcome.rule)
          const retry = await this.#waitToRetry(target, outcome.failed, outcome.rule)
          // Chosen when it is asked and no sooner: others take the room that a target has meanwhile.
          if (retry === 'waited') step = { target, reason: 'retry' }
          else step = this.#failover(target, outcome.rule, retry) ?? (await this.#waitForSomebody(outcome.rule))
        } else {
          // Somebody else took the one probe that its breaker lets through.
          const other = this.#takeNext()
          step = other && { target: other, reason }
        }
      }
      if (isThread && this.#originalRule?.action !== 'stop') return lostThread(this.#journey)
      if (!this.#original) throw noTarget(plan)
      return this.#original.giveUp(statusFor(this.#original.failure, this.#originalRule as ErrorRule))
    } finally {
      counts[isAnswered ? 'answered' : 'failed'] += 1
    }
  }

  /** A failover: not all who fail over at the same time ask a target of which nobody knows whether it answers. */
  async #askInTurn(target: RoutedTarget): Promise<RaceResult> {
    const { core, call } = this.#journey
    const turn = target.gate.wait(core.clock, call.signal)
    // What need not wait begins at once: nobody may take the room that the target has.
    if (turn) await turn
    target.gate.entered()
    try {
      return await this.#ask(target, 'failover', false)
    } finally {
      target.gate.left()
    }
  }

  #ask(target: RoutedTarget, reason: Reason, isForced: boolean): Promise<RaceResult> {
    const hedgeMs = this.#hedgeMs(target)
    if (hedgeMs === undefined) return alone(this.#runs, target, reason, isForced)
    return race(this.#runs, { target, reason, isForced, hedgeMs, hedge: (main) => this.#hedge(main) })
  }

  /** Where the only target asked to be left alone, it is, if the caller can wait: a request now would be refused. */
  async #coolDown({ id, health }: RoutedTarget): Promise<void> {
    const { core, call, endsAtMs } = this.#journey
    const { clock } = core
    const nowMs = clock.now()
    const out = health.out(nowMs)
    if (out?.cause !== 'cooling') return
    const delayMs = core.jittered(out.untilAtMs - nowMs)
    if (nowMs + delayMs >= endsAtMs || delayMs > longestWaitMs) return
    this.#runs.note('wait', 'cooling', { target: id, delayMs })
    await clock.sleep(delayMs, call.signal)
  }

  #won(run: Run, result: Parameters<Runs['commit']>[1]): Reply {
    const { core, plan } = this.#journey
    void this.#original?.discard()
    if (run.attempt.record.reason === 'hedge') core.counts.hedgesWon += 1
    this.#runs.note('route', plan.by, { target: run.target.id, model: run.target.target.model })
    return this.#runs.commit(run, result)
  }

  /** The first failure is shown, unless a later target refused the content: that is the last word. */
  #keep(failed: FailedTry, rule: ErrorRule): void {
    if (this.#original && rule.class !== 'content_filter') return void failed.discard()
    void this.#original?.discard()
    this.#original = failed
    this.#originalRule = rule
  }

  /** Waits until the same target may be tried again; a reason: it is not. */
  async #waitToRetry(
    target: RoutedTarget,
    failed: FailedTry,
    { action, name }: ErrorRule,
  ): Promise<NoRetry | 'waited'> {
    const { core, call } = this.#journey
    if (action !== 'retry') return 'not_retryable'
    const delayMs = this.#retryDelay(target, failed)
    if (typeof delayMs === 'string') return delayMs
    this.#retries += 1
    core.counts.retries += 1
    this.#runs.note('retry', name, { target: target.id, retry: this.#retries, delayMs })
    await core.clock.sleep(delayMs, call.signal)
    return 'waited'
  }

  /** Who is asked in the place of a target that failed; `undefined`: nobody. */
  #failover(target: RoutedTarget, { action, name: reason }: ErrorRule, because: NoRetry): Step | undefined {
    const { counts } = this.#journey.core
    const { id } = target
    if (action === 'stop') return this.#runs.note('give_up', reason, { target: id, because })
    if (action === 'larger') this.#keepLarger(target)
    const other = this.#takeNext()
    if (!other && (this.#coolingSoon() || this.#canComeBack())) return undefined
    // With nobody else to ask, what forbade a retry is what ended the call.
    if (!other)
      return this.#runs.note('give_up', reason, {
        target: id,
        because: action === 'retry' ? because : 'no_target_left',
      })
    counts.failovers += 1
    this.#runs.note('failover', reason, { from: id, to: other.id, because })
    return { target: other, reason: 'failover' }
  }

  #canComeBack(): boolean {
    const { core, call, endsAtMs } = this.#journey
    const allowed = call.maxRetries ?? core.retry.maxRetries ?? 2
    return this.#deferred !== undefined && this.#deferred.atMs < endsAtMs && this.#retries < allowed
  }

  /** Who was not asked because of a pause that it wanted, if that is over soon. To wait for it is no retry. */
  #coolingSoon(): { target: RoutedTarget; atMs: number } | undefined {
    const { core, plan, endsAtMs } = this.#journey
    const nowMs = core.clock.now()
    const paused = plan.excluded.filter(({ reason }) => reason === 'cooling').map(({ target }) => target)
    let soonest: { target: RoutedTarget; atMs: number } | undefined
    for (const target of [...this.#left, ...paused]) {
      const out = target.health.out(nowMs)
      if (out?.cause !== 'cooling' || this.#asked.has(target)) continue
      const atMs = out.untilAtMs
      if (atMs - nowMs > core.retry.maxWaitMs || atMs >= endsAtMs || atMs >= (soonest?.atMs ?? Infinity)) continue
      soonest = { target, atMs }
    }
    return soonest
  }

  /** Once there is nobody to ask now: who can be asked soon, after the wait for it. */
  async #waitForSomebody(rule: ErrorRule): Promise<Step | undefined> {
    if (rule.action === 'stop' || rule.action === 'larger') return undefined
    const cooling = this.#coolingSoon()
    if (!cooling) return this.#comeBack(rule)
    const { core, call } = this.#journey
    const { target, atMs } = cooling
    const place = this.#left.indexOf(target)
    if (place >= 0) this.#left.splice(place, 1)
    const delayMs = core.jittered(Math.max(0, atMs - core.clock.now()))
    this.#runs.note('wait', 'cooling', { target: target.id, delayMs })
    await core.clock.sleep(delayMs, call.signal)
    core.counts.failovers += 1
    return { target, reason: 'failover' }
  }

  /** The wait that a target asked for, and that was put off while there were others to ask, once there are none. */
  async #comeBack({ name }: ErrorRule): Promise<Step | undefined> {
    const { core, call } = this.#journey
    const deferred = this.#deferred
    if (!deferred || !this.#canComeBack()) return undefined
    const { clock, retry, counts } = core
    const nowMs = clock.now()
    const { target, atMs } = deferred
    this.#deferred = undefined
    if (!retry.budget.trySpend(nowMs))
      return this.#runs.note('give_up', name, { target: target.id, because: 'retry_budget' })
    this.#retries += 1
    counts.retries += 1
    const delayMs = Math.max(0, atMs - nowMs)
    this.#runs.note('retry', name, { target: target.id, retry: this.#retries, delayMs })
    await clock.sleep(delayMs, call.signal)
    return { target, reason: 'retry' }
  }

  /** The next target that its health admits and that can be expected to answer in time; those with room first. */
  #takeNext(): RoutedTarget | undefined {
    const { core, plan, endsAtMs } = this.#journey
    const nowMs = core.clock.now()
    const { isStream } = plan.query
    const able = this.#left.filter(({ health }) => {
      const usualMs = (isStream ? health.ttftMs(0.5, nowMs) : health.totalMs(0.5, nowMs)) ?? 0
      return health.admit(nowMs) && nowMs + usualMs < endsAtMs
    })
    const next = able.find((target) => target.hasRoom(plan.query, nowMs)) ?? able[0]
    if (next) this.#left.splice(this.#left.indexOf(next), 1)
    return next
  }

  /** After a prompt that was too long only a longer context helps. */
  #keepLarger({ target }: RoutedTarget): void {
    const { contextTokens = Infinity } = target.capabilities
    const larger = this.#left.filter((other) => {
      const theirs = other.target.capabilities.contextTokens
      return theirs === undefined || contextTokens === Infinity || theirs > contextTokens
    })
    this.#left.splice(0, Infinity, ...larger)
  }

  /** How long to wait before the same target is tried again, in milliseconds; a reason: it is not. */
  #retryDelay(target: RoutedTarget, { failure }: FailedTry): number | NoRetry {
    const { health } = target
    const { core, call, endsAtMs, plan } = this.#journey
    const { retry, clock, random } = core
    const { headers } = failure
    const nowMs = clock.now()
    const allowed = call.maxRetries ?? retry.maxRetries ?? 2
    if (headers?.get('x-should-retry') === 'false') return 'refused'
    if (this.#retries >= allowed) return 'max_retries'
    const askedMs = headers && retryAfterMs(headers, nowMs)
    const delayMs = Math.round(askedMs ?? backoffMs(retry, this.#retries, random))
    if (nowMs + delayMs >= endsAtMs || delayMs > longestWaitMs) return 'deadline'
    if (!plan.isPanic && this.#left.some((other) => other.health.admit(nowMs))) {
      // A long wait, or a target whose breaker has opened, is no use while somebody else could answer now.
      const out = health.out(nowMs)
      if (delayMs > retry.maxWaitMs) {
        const atMs = nowMs + delayMs
        if (!this.#deferred || atMs < this.#deferred.atMs) this.#deferred = { target, atMs }
        return 'long_wait'
      }
      if (out && out.cause !== 'cooling') return 'target_out'
    }
    return retry.budget.trySpend(nowMs) ? delayMs : 'retry_budget'
  }

  #hedgeMs({ health }: RoutedTarget): number | undefined {
    const { core, plan } = this.#journey
    const { hedge, clock } = core
    if (!hedge || this.#left.length === 0) return undefined
    const nowMs = clock.now()
    return hedge.afterMs ?? (plan.query.isStream ? health.ttftMs(0.95, nowMs) : health.totalMs(0.95, nowMs))
  }

  #hedge(main: Run): Run | undefined {
    const { core, call } = this.#journey
    const { hedge, clock, counts } = core
    const nowMs = clock.now()
    if (!hedge || call.signal?.aborted || hedge.budget.left(nowMs) < 1) return undefined
    const target = this.#takeNext()
    const run = target && this.#runs.start(target, 'hedge')
    if (!run) return undefined
    hedge.budget.trySpend(nowMs)
    counts.hedges += 1
    this.#runs.note('hedge', 'slow', { target: run.target.id, over: main.target.id })
    return run
  }
}
