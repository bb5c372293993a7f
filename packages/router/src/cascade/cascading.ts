import { inputTokens, usageOf } from '@sluice/core'
import type { ApiId, Call, Handler, Reply, RequestOf, Usage } from '@sluice/core'
import { statusFor } from '../engine/error-table.ts'
import type { CascadeCore, CoreStep } from './cascade-core.ts'
import { CallSteps, type FailedStep, type KeptAnswer } from './call-steps.ts'
import { Judging, type Judgement } from './judging.ts'
import { needsLogprobs } from './needs-logprobs.ts'
import { stepNanoUsd, type CascadePlan } from './plan.ts'
import { withLogprobs } from './wire-logprobs.ts'

/** An answer that was not accepted, and may still be the best there is. */
interface Candidate {
  readonly step: CoreStep
  readonly kept: KeptAnswer
  /** `undefined`: its estimator had no opinion. */
  readonly score: number | undefined
  readonly hides: boolean
}

/** Why no further step is asked. */
type Stop = 'max_cost' | 'deadline'

/** One call on its way through a cascade. */
export class Cascading {
  readonly #core: CascadeCore
  readonly #call: Call
  readonly #plan: CascadePlan
  readonly #steps: CallSteps
  #best: Candidate | undefined
  #failure: FailedStep | undefined

  constructor(core: CascadeCore, call: Call, next: Handler | undefined, plan: CascadePlan) {
    this.#core = core
    this.#call = call
    this.#plan = plan
    this.#steps = new CallSteps(core, call, next, plan.query)
  }

  /** The first answer that is accepted, the last step's as it is, or what there is instead. */
  async run(): Promise<Reply> {
    const { order, skipped } = this.#plan
    this.#core.countCall()
    for (const { step, reason } of skipped) this.#note('skip', reason, step)
    for (const step of order.slice(0, -1)) {
      const stop = this.#stop(step)
      if (stop) return this.#stopped(stop, step)
      const reply = await this.#try(step)
      if (reply) return reply
    }
    const last = order.at(-1) as CoreStep
    const stop = this.#stop(last)
    return stop ? this.#stopped(stop, last) : this.#deliver(last)
  }

  /** Asks a step and judges what it says; `undefined`: on to the next one. */
  async #try(step: CoreStep): Promise<Reply | undefined> {
    const { estimator, threshold = 1 } = step
    const { core } = this.#steps
    const { health } = step.routed
    const flight = estimator && health.tryBegin(core.clock.now(), this.#plan.query.isStream)
    // Somebody else took the one probe that its breaker lets through.
    if (!flight) return this.#note('skip', health.out(core.clock.now())?.cause ?? 'probing', step)
    const request = stepRequest(this.#call, step)
    const hides = request !== this.#call.request
    const judging = new Judging(this.#steps, step, estimator)
    try {
      const call = hides ? this.#call.with({ request }) : this.#call
      core.count(step, 'asked')
      const kept = await this.#steps.kept(this.#steps.start(step.routed, 'cascade', { call, flight }))
      if (kept.kind === 'failed') return this.#failed(step, kept)
      const candidate = (score: number | undefined): Candidate => ({ step, kept, score, hides })
      const settled = this.#settledBy(kept)
      if (settled) {
        this.#note('accept', settled, step)
        return this.#hand(candidate(undefined))
      }
      const judged = await judging.judge(kept)
      if (judged.score !== undefined && judged.score >= threshold) return this.#accept(candidate(judged.score), judged)
      return this.#reject(candidate(judged.score), judged)
    } finally {
      judging.end()
    }
  }

  /** Asks the last step; when it fails, gives the best answer so far, if there is one to be given. */
  async #deliver(step: CoreStep): Promise<Reply> {
    const { core } = this.#steps
    const flight = step.routed.health.begin(core.clock.now(), this.#plan.query.isStream)
    core.count(step, 'asked')
    const run = this.#steps.start(step.routed, 'cascade', { call: this.#call, flight })
    const reply = await this.#steps.live(run, (how) =>
      core.count(step, typeof how === 'object' ? 'failed' : 'delivered'),
    )
    if (reply.kind !== 'failed') {
      void this.#failure?.failed.discard()
      this.#note('accept', 'last', step)
      return reply
    }
    core.count(step, 'failed')
    const { rule, failed } = reply
    const best = this.#best
    // What a content filter refused is not to be had in another way either.
    const canFallBack = rule.class !== 'content_filter' && core.onLastFailure === 'best' && best && best.score !== 0
    if (!canFallBack) {
      void this.#failure?.failed.discard()
      this.#note('give_up', rule.name, step)
      return failed.giveUp(statusFor(failed.failure, rule))
    }
    void failed.discard()
    this.#note('fallback', rule.name, best.step, { failed: step.id, ...scoreOf(best) })
    return this.#hand(best)
  }

  /** An answer that is not ours to judge: the provider's content filter stopped it, or the model declined. */
  #settledBy({ view }: KeptAnswer): string | undefined {
    const { choices } = view
    if (choices.some(({ finish }) => finish === 'content_filter')) return 'content_filter'
    if (this.#core.refusals === 'judge') return undefined
    return choices.some(({ finish, refusal }) => finish === 'refusal' || refusal !== undefined) ? 'refusal' : undefined
  }

  #failed(step: CoreStep, failure: FailedStep): Reply | undefined {
    const { rule, failed } = failure
    this.#core.count(step, 'failed')
    if (rule.class === 'content_filter') {
      this.#note('give_up', rule.name, step)
      return failed.giveUp(statusFor(failed.failure, rule))
    }
    void this.#failure?.failed.discard()
    this.#failure = failure
    return this.#note('escalate', rule.name, step)
  }

  #accept(candidate: Candidate, { score, reason }: Judgement): Reply {
    const { step } = candidate
    const last = this.#plan.order.at(-1) as CoreStep
    const saved =
      pricedAt(last, candidate.kept.usage, this.#core.clock.now()) ?? stepNanoUsd(this.#core, last, this.#plan)
    this.#note('accept', reason, step, { score, threshold: step.threshold }, saved)
    return this.#hand(candidate)
  }

  #reject(candidate: Candidate, { score, reason }: Judgement): undefined {
    const { step, kept } = candidate
    this.#core.count(step, 'rejected')
    this.#steps.end(kept.run, { outcome: 'rejected', usage: kept.usage, isEstimated: kept.isEstimated })
    this.#note('escalate', reason, step, { ...(score !== undefined && { score }), threshold: step.threshold })
    if (!this.#best || rank(candidate) >= rank(this.#best)) this.#best = candidate
  }

  /** Gives a kept answer to the application. */
  #hand({ step, kept, hides }: Candidate): Reply {
    void this.#failure?.failed.discard()
    this.#core.count(step, 'delivered')
    // The last word on a try counts: one that was rejected may be all there is.
    this.#steps.end(kept.run, { outcome: 'answered', usage: kept.usage, isEstimated: kept.isEstimated })
    this.#steps.delivered(kept)
    return kept.reply(hides)
  }

  /** Why a step may not be asked any more. */
  #stop(step: CoreStep): Stop | undefined {
    const { maxCostNanoUsd } = this.#core
    // Somebody has to be asked.
    if (!this.#best && !this.#failure) return undefined
    if (this.#steps.isLate) return 'deadline'
    if (maxCostNanoUsd === undefined) return undefined
    const { spentNanoUsd } = this.#steps
    const expected = stepNanoUsd(this.#core, step, this.#plan)
    // Money closes: what nobody can price is not bought.
    const isWithin = spentNanoUsd !== undefined && expected !== undefined && spentNanoUsd + expected <= maxCostNanoUsd
    return isWithin ? undefined : 'max_cost'
  }

  #stopped(stop: Stop, step: CoreStep): Reply {
    const { spentNanoUsd } = this.#steps
    const details = { ...(spentNanoUsd !== undefined && { spentNanoUsd }), ...(this.#best && scoreOf(this.#best)) }
    if (this.#best) {
      this.#note('fallback', stop, this.#best.step, details)
      return this.#hand(this.#best)
    }
    this.#note('give_up', stop, step, details)
    // Without an answer there is a failure: a step that was asked brought one or the other.
    const { failed, rule } = this.#failure as FailedStep
    return failed.giveUp(statusFor(failed.failure, rule))
  }

  #note(action: string, reason: string, step: CoreStep, details: object = {}, savedNanoUsd?: number): undefined {
    this.#call.note({
      by: 'cascade',
      action,
      reason,
      ...(savedNanoUsd !== undefined && { savedNanoUsd }),
      details: { step: step.index, target: step.id, ...details },
    })
  }
}

/** What a step is asked: the call's own request, with what its estimator needs. */
export function stepRequest(call: Call, step: CoreStep): RequestOf<ApiId> {
  return needsLogprobs(call, step) ? withLogprobs(call) : call.request
}

function scoreOf({ score }: Candidate): { readonly score?: number } {
  return score === undefined ? {} : { score }
}

/** No opinion ranks below every score but that of an answer that is known to be bad. */
function rank({ score }: Candidate): number {
  return score ?? Number.MIN_VALUE
}

/**
 * What an answer of this length would have cost at a step. What its own prompt cache served is the cheap model's affair. An
 * expectation from the step's own answers would flatter: those are of the calls that were escalated, the harder ones.
 */
function pricedAt({ routed }: CoreStep, usage: Usage | undefined, atMs: number): number | undefined {
  if (!usage) return undefined
  const fresh = inputTokens(usage) - usage.audioInput - usage.imageInput
  const { audioInput, imageInput, output } = usage
  const priced = routed.price?.(usageOf({ fresh, audioInput, imageInput, output }), {
    model: routed.target.model,
    atMs,
  })
  return priced && 'nanoUsd' in priced ? priced.nanoUsd : undefined
}
