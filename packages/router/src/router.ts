import { defineMiddleware, SluiceError } from '@sluice/core'
import type { ApiId, Call, CallContext, Handler, Middleware, Reply, RequestOf } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import { Routing } from './engine/routing.ts'
import type { TargetSnapshot } from './health/health-snapshot.ts'
import type { RouterOptions } from './route/options.ts'
import { decisionOf, type Plan, type RouteDecision } from './route/plan.ts'
import { RouterCore, type RouterStats } from './route/router-core.ts'

/** The context of a request that is only to be decided on. */
export interface DecideContext extends CallContext {
  /** The dialect of the request. @default `openai.responses` for a request with `input` and without `messages`, else `openai.chat` */
  readonly api?: ApiId
}

/** A router by itself. */
export interface Router {
  /** What it would do with a request now, and why; nothing is sent, and nothing remembered. */
  decide(request: RequestOf<ApiId>, context?: DecideContext): RouteDecision
  /** The health of each target. Survives JSON. */
  health(): Record<string, TargetSnapshot>
  stats(): RouterStats
  /**
   * Answers a call, made with `createCall` or come through a pipeline: `defineTarget({ handle: router.handle, … })` makes
   * one router a target of another.
   *
   * @param next the rest of the pipeline, for targets that are models of the wrapped client.
   */
  handle(call: Call, next?: Handler): Promise<Reply>
}

const apis = [openaiChat, openaiResponses, openaiCompletions, openaiEmbeddings, anthropicMessages] as const

/**
 * A router by itself, for use with no client and for looking into one: pass it to {@link router} to use it as middleware.
 *
 * @throws {SluiceError} `config.targets`, `config.option`, `config.strategy` at construction.
 *
 * @example
 * const routes = createRouter({ targets: [openaiTarget(new OpenAI(), 'gpt-5-mini'), anthropicTarget(new Anthropic(), 'claude-haiku-4-5')] })
 * console.log(routes.decide({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }).why)
 * const openai = sluice(new OpenAI(), [router(routes)])
 */
export function createRouter(options: RouterOptions): Router {
  const core = new RouterCore(options)
  return {
    decide(request, { api: id = guessed(request), ...context } = {}) {
      const api = apis.find((each) => each.id === id)
      if (!api) throw unknownApi(id)
      const { clock } = core
      const call = createCall(api as never, request as never, { context, clock })
      const plan = core.planner.peek(call, clock.now())
      return plan ? decisionOf(plan) : { target: undefined, candidates: [], why: passedBy }
    },
    health: () => core.board.snapshot(core.clock.now()),
    stats: () => core.stats(),
    handle(call, next) {
      let plan: Plan | undefined
      try {
        const nowMs = core.clock.now()
        core.prober?.look(nowMs)
        plan = core.planner.plan(call, nowMs)
        if (!plan && !next) throw unknownModel(call.api.model(call.request))
      } catch (error) {
        return Promise.reject(error)
      }
      if (plan) return new Routing(core, call, next, plan).run()
      call.note({ by: 'router', action: 'pass', reason: 'other_model' })
      return (next as Handler)(call)
    },
  }
}

/**
 * Middleware that answers each call with one of several targets: it leaves out those that cannot, asks the best by the
 * strategy, tries again, fails over, and keeps away from targets that fail. The wrapped client's own retries are off.
 *
 * Belongs inside guards, cache and budget, in the place of `retry()`: what is inside it runs for each try of a target that
 * is a model of the wrapped client, and for no other.
 *
 * The answer's `model` is that of the target that gave it. Every try is in the call's report with its target, reason,
 * tokens and cost, and every decision: `{ by: 'router', action: 'failover', reason: 'http_503' }`.
 *
 * @throws {SluiceError} `config.targets`, `config.option`, `config.strategy` at construction.
 *
 * @example
 * const openai = sluice(new OpenAI(), [
 *   router({ targets: [openaiTarget(new OpenAI(), 'gpt-5-mini'), anthropicTarget(new Anthropic(), 'claude-haiku-4-5')] }),
 * ])
 * await openai.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] })
 */
export function router(options: RouterOptions | Router): Middleware {
  const routes = isRouter(options) ? options : createRouter(options)
  return defineMiddleware({ name: 'router', ownsRetries: true, needsUsage: true }, (call, next) =>
    routes.handle(call, next),
  )
}

/**
 * Middleware that asks the targets in their order until one answers, whatever model the application asked for.
 *
 * @throws {SluiceError} as {@link router}.
 *
 * @example
 * const openai = sluice(new OpenAI(), [fallback(['gpt-5-mini', anthropicTarget(new Anthropic(), 'claude-haiku-4-5')])])
 */
export function fallback(
  targets: RouterOptions['targets'],
  options: Omit<RouterOptions, 'targets' | 'strategy' | 'otherModels'> = {},
): Middleware {
  return router({ ...options, targets, strategy: 'priority', otherModels: 'route' })
}

function isRouter(value: RouterOptions | Router): value is Router {
  return typeof value === 'object' && value !== null && 'decide' in value && 'handle' in value
}

function guessed(request: RequestOf<ApiId>): ApiId {
  return request && 'input' in request && !('messages' in request) ? 'openai.responses' : 'openai.chat'
}

const passedBy = "The model is none of the router's: the wrapped client answers."

function unknownApi(id: string): SluiceError {
  return new SluiceError({
    code: 'route.dialect',
    message: `There is no dialect "${id}". The dialects are ${apis.map((api) => api.id).join(', ')}.`,
  })
}

function unknownModel(model: string): SluiceError {
  return new SluiceError({
    code: 'route.unknown_model',
    message: `The router has no model or group "${model}", and no client to leave it to. Name a target, a group or "auto".`,
    details: { model },
    status: 404,
  })
}
