import { defineMiddleware, SluiceError } from '@sluice/core'
import type { ApiId, Call, CallContext, Handler, Middleware, Reply, RequestOf } from '@sluice/core'
import type { TargetSnapshot } from '../health/health-snapshot.ts'
import { CascadeCore, type CascadeStats } from './cascade-core.ts'
import { Cascading } from './cascading.ts'
import type { CascadeOptions } from './options.ts'
import { decisionOf, planOf, type CascadeDecision } from './plan.ts'
import { requestCall } from './request-call.ts'

/** The context of a request that is only to be decided on. */
export interface CascadeContext extends CallContext {
  /** The dialect of the request. @default `openai.responses` for a request with `input` and without `messages`, else `openai.chat` */
  readonly api?: ApiId
}

/** A cascade by itself. */
export interface Cascade {
  /** Which steps a request would take now, what they should cost, and why; nothing is sent. */
  decide(request: RequestOf<ApiId>, context?: CascadeContext): CascadeDecision
  /** The health of each step. Survives JSON. */
  health(): Record<string, TargetSnapshot>
  stats(): CascadeStats
  /**
   * Answers a call, made with `createCall` or come through a pipeline.
   *
   * @param next the rest of the pipeline, for steps that are models of the wrapped client.
   */
  handle(call: Call, next?: Handler): Promise<Reply>
}

/** The inside of a cascade, for `calibrate`. */
const cores = new WeakMap<Cascade, CascadeCore>()

/**
 * A cascade by itself, for use with no client, for looking into one, and for `calibrate`: pass it to {@link cascade} to
 * use it as middleware.
 *
 * @throws {SluiceError} `config.steps`, `config.option` at construction.
 *
 * @example
 * const steps = createCascade({ steps: ['gpt-5-nano', 'gpt-5'], accept: format('json') })
 * console.log(steps.decide({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }).why)
 */
export function createCascade(options: CascadeOptions): Cascade {
  const core = new CascadeCore(options)
  const made: Cascade = {
    decide: (request, context = {}) => decisionOf(core, planOf(core, requestCall(request, context, core.clock), true)),
    health: () => {
      const nowMs = core.clock.now()
      return Object.fromEntries(core.steps.map(({ id, routed }) => [id, routed.health.snapshot(nowMs)]))
    },
    stats: () => core.stats(),
    async handle(call, next) {
      const plan = planOf(core, call)
      if (plan) return new Cascading(core, call, next, plan).run()
      if (!next) throw unknownModel(call.api.model(call.request))
      call.note({ by: 'cascade', action: 'pass', reason: 'other_model' })
      return next(call)
    },
  }
  cores.set(made, core)
  return made
}

/**
 * Middleware that asks cheap targets first and keeps their answer where it is likely to be good; otherwise it asks the
 * next, and gives the last one's answer as it is.
 *
 * A request for `auto` or for the model of the last step is cascaded. The answer of a step before the last is judged
 * before the application sees any of it: a stream is read to its end and, when it is accepted, given as a stream that is
 * cut as it came. So an accepted stream begins only when it is whole; the last step streams live.
 *
 * A step that fails, is passed over by its breaker or cannot take the call escalates to the next. When the last fails, the
 * best answer so far is delivered (see `onLastFailure`). What a content filter stopped is delivered and never asked
 * elsewhere. Left out of a call are steps whose estimator cannot judge what may come: with tools, several choices, other
 * output than text, background responses and conversations that lie at a provider the call goes on to the last step. A
 * response that a step before the last gave stays with that step: what goes on with it is asked there only, unless all
 * steps are models of the wrapped client. Embeddings pass by. What is not accepted was answered all the same: a provider
 * that is told to store responses stores it.
 *
 * Belongs inside guards, cache and budget, and outside `retry()`, which then serves the steps that are models of the
 * wrapped client. It makes no retries of its own: where a step at another client needs them, make a router that step:
 * `defineTarget({ id, api, handle: createRouter({ … }).handle })`.
 *
 * Every try is in the call's report (`reason: 'cascade'`; what estimators ask, `judge`) with tokens and cost, and every
 * decision: `{ by: 'cascade', action: 'accept', reason: 'agrees', details: { step, target, score, threshold } }`; the
 * other actions are `escalate`, `skip`, `fallback`, `give_up`, `pass`. `savedNanoUsd` is what the last step should have
 * cost.
 *
 * @throws {SluiceError} `config.steps`, `config.option` at construction.
 * @see FrugalGPT, https://arxiv.org/abs/2305.05176 (2026-11-22), for cascades that accept above a threshold
 *
 * @example
 * const openai = sluice(new OpenAI(), [
 *   cascade({
 *     steps: ['gpt-5-nano', anthropicTarget(new Anthropic(), 'claude-sonnet-4-5')],
 *     accept: agreement({ of: ['gpt-4.1-nano'] }),
 *   }),
 * ])
 * await openai.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'What is 17 % of 2,340?' }] })
 */
export function cascade(options: CascadeOptions | Cascade): Middleware {
  const steps = isCascade(options) ? options : createCascade(options)
  return defineMiddleware({ name: 'cascade', needsUsage: true }, (call, next) => steps.handle(call, next))
}

/** What a cascade made by this package is made of. @throws {SluiceError} `config.option` */
export function coreOf(cascade: Cascade): CascadeCore {
  const core = typeof cascade === 'object' && cascade !== null ? cores.get(cascade) : undefined
  if (core) return core
  throw new SluiceError({ code: 'config.option', message: 'calibrate() takes a cascade made with createCascade().' })
}

function isCascade(value: CascadeOptions | Cascade): value is Cascade {
  return typeof value === 'object' && value !== null && 'decide' in value && 'handle' in value
}

function unknownModel(model: string): SluiceError {
  return new SluiceError({
    code: 'route.unknown_model',
    message: `The cascade does not answer for the model "${model}", and has no client to leave it to. Ask for "auto".`,
    details: { model },
    status: 404,
  })
}
