import { SluiceError } from '@sluice/core'
import type { AnswerView, ApiId, CallContext, Handler, RequestOf } from '@sluice/core'
import { refuse } from '../../health/option-check.ts'
import { CallSteps } from '../call-steps.ts'
import { coreOf, type Cascade } from '../cascade.ts'
import type { CascadeCore, CoreStep } from '../cascade-core.ts'
import { stepRequest } from '../cascading.ts'
import type { StepView } from '../estimator.ts'
import { Judging } from '../judging.ts'
import { planOf } from '../plan.ts'
import { requestCall } from '../request-call.ts'
import type { RecordedCase, StepOutcome } from './cases.ts'

/** One answer to be graded. */
export interface GradedAnswer {
  /** Of the first choice. */
  readonly text: string
  readonly view: AnswerView
  readonly step: StepView
}

/** A request that all steps are to be asked, and how their answers are graded. */
export interface LiveCase {
  /** Unique among the cases. */
  readonly id: string
  readonly group?: string
  readonly request: RequestOf<ApiId>
  /** The dialect of the request. @default `openai.responses` for a request with `input` and without `messages`, else `openai.chat` */
  readonly api?: ApiId
  readonly context?: CallContext
  /** How good an answer is, 0..1; true is 1. */
  readonly grade: (answer: GradedAnswer) => number | boolean | Promise<number | boolean>
}

export interface RecordCasesOptions {
  /** Where steps that are models of a wrapped client are sent: `clientTransport(new OpenAI())`. */
  readonly next?: Handler
  /** Cases at the same time, 1 or more. @default 4 */
  readonly concurrency?: number
  readonly signal?: AbortSignal
}

/** Recorded cases, and how many there are none of. */
export interface RecordedCases {
  readonly cases: readonly RecordedCase[]
  /** Cases left out, since the last step failed on them. */
  readonly failed: number
}

/**
 * Asks every step of a cascade each request, judges and grades the answers, and returns what `calibrate` works on: plain
 * JSON, to be kept, because it was paid for. Nothing is streamed.
 *
 * @throws {SluiceError} `config.option`, also for targets without a price; whatever `grade` throws.
 */
export async function recordCases(
  cascade: Cascade,
  cases: readonly LiveCase[],
  options: RecordCasesOptions = {},
): Promise<RecordedCases> {
  const core = coreOf(cascade)
  const { next, concurrency = 4, signal, ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(`recordCases() has no option "${name}". The options are next, concurrency, signal.`)
  if (!(Number.isSafeInteger(concurrency) && concurrency > 0))
    refuse(`concurrency of recordCases() must be a whole number of at least 1, got ${String(concurrency)}.`)
  for (const { id, grade } of cases)
    if (typeof grade !== 'function')
      refuse(`Case "${id}" needs a function \`grade\` that says how good an answer is, 0..1.`)
  const recorded: (RecordedCase | undefined)[] = Array.from({ length: cases.length })
  let place = 0
  const work = async (): Promise<void> => {
    for (let at = place++; at < cases.length; at = place++) {
      signal?.throwIfAborted()
      recorded[at] = await recordCase(core, cases[at] as LiveCase, { next, signal })
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, cases.length) }, work))
  const whole = recorded.filter((each) => each !== undefined)
  return { cases: whole, failed: recorded.length - whole.length }
}

interface Sending {
  readonly next: Handler | undefined
  readonly signal: AbortSignal | undefined
}

async function recordCase(core: CascadeCore, live: LiveCase, sending: Sending): Promise<RecordedCase | undefined> {
  const { id, group, request, api, context = {} } = live
  const made = requestCall(request, { ...context, ...(api && { api }) }, core.clock)
  const call = made.with({
    request: made.api.withStream(made.request, false),
    ...(sending.signal && { signal: sending.signal }),
  })
  const query = (planOf(core, call.with({ request: call.api.withModel(call.request, 'auto') })) ?? noPlan(id)).query
  const outcomes: StepOutcome[] = []
  for (const step of core.steps) {
    const steps = new CallSteps(core, call, sending.next, query)
    const outcome = await outcomeOf(steps, step, live)
    if (!outcome && step === core.last) return undefined
    const { spentNanoUsd } = steps
    if (spentNanoUsd === undefined)
      refuse(`calibrate() needs to know what "${step.id}" and its judges cost. Give them a price.`)
    outcomes.push({ quality: 0, ...outcome, costNanoUsd: spentNanoUsd })
  }
  return { id, ...(group !== undefined && { group }), steps: outcomes }
}

async function outcomeOf(
  steps: CallSteps,
  step: CoreStep,
  { grade, id }: LiveCase,
): Promise<Omit<StepOutcome, 'costNanoUsd'> | undefined> {
  const { call } = steps
  if (step.routed.route(call.api.id) === undefined) return undefined
  const judging = step.estimator && new Judging(steps, step, step.estimator)
  try {
    const asked = call.with({ request: stepRequest(call, step) })
    const kept = await steps.kept(steps.start(step.routed, 'cascade', { call: asked }))
    if (kept.kind === 'failed') {
      void kept.failed.discard()
      return undefined
    }
    const { view, usage, isEstimated, run } = kept
    const { index, target } = step
    const judged = await judging?.judge(kept)
    // Until the step's own try is counted, only its judges are.
    const { spentNanoUsd: judgesNanoUsd } = steps
    steps.end(run, { outcome: 'answered', usage, isEstimated })
    const text = view.choices[0]?.text ?? ''
    const quality = Number(await grade({ text, view, step: { index, id: step.id, target } }))
    if (!(quality >= 0 && quality <= 1)) refuse(`grade of case "${id}" must say 0 to 1, said ${String(quality)}.`)
    return { quality, ...(judged && { estimate: judged.score ?? null }), ...(judgesNanoUsd && { judgesNanoUsd }) }
  } finally {
    judging?.end()
  }
}

function noPlan(id: string): never {
  throw new SluiceError({ code: 'config.option', message: `Case "${id}" is in a dialect that no cascade answers.` })
}
