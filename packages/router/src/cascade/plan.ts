import { SluiceError } from '@sluice/core'
import type { Call } from '@sluice/core'
import { exclusionOf } from '../route/exclusion.ts'
import { RouteQuery } from '../route/query.ts'
import { expectedNanoUsd } from '../strategy/strategies.ts'
import type { CascadeCore, CoreStep } from './cascade-core.ts'

/** Which steps a call takes. */
export interface CascadePlan {
  readonly query: RouteQuery
  /** The answer of the last of them is delivered as it is. */
  readonly order: readonly CoreStep[]
  readonly skipped: readonly { readonly step: CoreStep; readonly reason: string }[]
}

/** A step as it was considered for a call. */
export interface CascadeStepDecision {
  readonly id: string
  readonly model: string
  /**
   * Why it is not asked: a capability that does not suffice (`context_length`, `tools`…), `left_out`, what its estimator
   * cannot judge (`judges:tools`, `judges:choices`, `judges:output`), `held`, `background`, its health (`open`, `cooling`…), or its `limit`.
   */
  readonly skipped?: string
  /** Judges its answers; missing where they are delivered as they are. */
  readonly estimator?: string
  readonly threshold?: number
  /** What asking it and its judges should cost, in nano-dollars; missing where nobody knows. */
  readonly expectedNanoUsd?: number
}

/** What a cascade would do with a call. */
export interface CascadeDecision {
  /** False when the model is none of the cascade's, and the call passes by. */
  readonly cascades: boolean
  /** All steps in their order. */
  readonly steps: readonly CascadeStepDecision[]
  /** In words. */
  readonly why: string
}

/**
 * The steps that a call takes; `undefined` when its model is none of ours and such calls pass by. `isPeek`: somebody only
 * wants to know.
 *
 * @throws {SluiceError} `route.unknown_model` where they are refused.
 */
export function planOf(core: CascadeCore, call: Call, isPeek: boolean = false): CascadePlan | undefined {
  const { steps, last, otherModels, clock } = core
  const nowMs = clock.now()
  // Vectors of different models cannot be compared.
  if (call.api.id === 'openai.embeddings') return undefined
  const model = call.api.model(call.request)
  if (model !== 'auto' && model !== last.id && model !== last.target.model) {
    if (otherModels === 'pass') return undefined
    if (otherModels === 'refuse') throw unknownModel(model, last)
  }
  const query = new RouteQuery(call, { group: undefined, bond: undefined, nowMs, isPeek })
  const misfits = new Map(steps.map((step) => [step, misfit(step, query)] as const))
  // When nobody fits, the last is asked all the same: the provider has the last word.
  const end = holderOf(core, query) ?? steps.findLast((step) => misfits.get(step) === undefined) ?? last
  const reasons = steps.map((step) => {
    if (step === end) return undefined
    const why = misfits.get(step) ?? (step.index > end.index ? 'held' : unjudged(step, query, steps))
    return why ?? step.routed.health.out(nowMs)?.cause ?? (hasRoom(step, query) ? undefined : 'limit')
  })
  return {
    query,
    order: steps.filter((_, place) => reasons[place] === undefined),
    skipped: steps.flatMap((step, place) => (reasons[place] === undefined ? [] : [{ step, reason: reasons[place] }])),
  }
}

/** A plan as data. */
export function decisionOf(core: CascadeCore, plan: CascadePlan | undefined): CascadeDecision {
  const steps = core.steps.map((step): CascadeStepDecision => {
    const { id, target, estimator, threshold } = step
    const skipped = plan?.skipped.find((each) => each.step === step)?.reason
    const isJudged = plan !== undefined && skipped === undefined && step !== plan.order.at(-1)
    const expected = plan && skipped === undefined ? stepNanoUsd(core, step, plan) : undefined
    return {
      id,
      model: target.model,
      ...(skipped !== undefined && { skipped }),
      ...(isJudged && estimator && { estimator: estimator.name }),
      ...(isJudged && threshold !== undefined && { threshold }),
      ...(expected !== undefined && { expectedNanoUsd: expected }),
    }
  })
  if (!plan) return { cascades: false, steps, why: "The model is not the cascade's: the wrapped client answers." }
  const [first, second] = plan.order
  const why = second
    ? `"${first?.id}" is asked first; "${second.id}" if its answer is not accepted.`
    : `Only "${first?.id}" is asked: the others are left out of this call.`
  return { cascades: true, steps, why }
}

/** What asking a step, and having its answer judged, should cost; `undefined` where nobody knows. */
export function stepNanoUsd(core: CascadeCore, step: CoreStep, { query, order }: CascadePlan): number | undefined {
  const judges = step === order.at(-1) ? [] : (step.estimator?.asks ?? [])
  let sum = 0
  for (const routed of [step.routed, ...judges.map((target) => core.routed(target))]) {
    const expected = expectedNanoUsd(routed, query)
    if (expected === undefined) return undefined
    sum += expected
  }
  return sum
}

/** Why a step cannot answer a call. */
function misfit(step: CoreStep, query: RouteQuery): string | undefined {
  if (step.routed.route(query.call.api.id) === undefined) return 'dialect'
  return exclusionOf(step.target, query, undefined)
}

/** Whether its `limits` let a step be asked now. */
function hasRoom({ routed: { allowance } }: CoreStep, query: RouteQuery): boolean {
  return !allowance || allowance.allows(allowance.countsTokens ? query.inputTokens : 0, query.nowMs)
}

/** Why there is no use in asking a step before the last. */
function unjudged(step: CoreStep, query: RouteQuery, steps: readonly CoreStep[]): string | undefined {
  const { estimator, threshold } = step
  const { needs, call } = query
  if (!estimator || threshold === undefined) return 'left_out'
  const { judges = {} } = estimator
  if (needs.tools && !judges.tools) return 'judges:tools'
  if (choicesOf(call) > 1 && !judges.choices) return 'judges:choices'
  if ([...needs.output].some((modality) => modality !== 'text')) return 'judges:output'
  if (call.request['background'] === true) return 'background'
  // What is not accepted must not stay in a conversation; and one that lies at a provider can be gone on with there only.
  if (call.request['conversation'] != null) return 'held'
  return needs.heldBy !== undefined && !steps.every(({ isWrapped }) => isWrapped) ? 'held' : undefined
}

/** The step that holds the conversation that a call goes on with, where steps are at several providers. */
function holderOf(core: CascadeCore, { needs, nowMs }: RouteQuery): CoreStep | undefined {
  if (needs.heldBy === undefined || core.steps.every(({ isWrapped }) => isWrapped)) return undefined
  return core.holders.get(needs.heldBy, nowMs)
}

function choicesOf(call: Call): number {
  const { n } = call.request
  return typeof n === 'number' ? n : 1
}

function unknownModel(model: string, last: CoreStep): SluiceError {
  return new SluiceError({
    code: 'route.unknown_model',
    message: `The cascade does not answer for the model "${model}". Ask for "auto" or "${last.target.model}".`,
    details: { model },
    status: 404,
  })
}
