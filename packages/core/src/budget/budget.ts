import type { ApiId, RequestOf } from '../api/api.ts'
import type { Call } from '../call.ts'
import type { SluiceError } from '../errors.ts'
import { defineMiddleware, type Handler, type Middleware } from '../pipeline.ts'
import { streamReply, type Reply, type WholeReply } from '../reply.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { BudgetedCall } from './budgeted-call.ts'
import { checkBudget, type BudgetOptions, type BudgetSettings } from './budget-options.ts'
import { BudgetedEvents } from './budget-stream.ts'
import { serviceTierOf } from '../service-tier.ts'
import { withOutputLimit } from './output-limit.ts'
import { planOf, type Plan } from './plan.ts'
import { exceededError, type Refusal } from './refusal.ts'
import type { Reservation } from './ledger.ts'
import { modelNamed } from './spending.ts'
import type { Subject } from './subject.ts'

/**
 * Middleware that pays for calls from a budget: it reserves what a call is expected to cost before it is sent, reserves more
 * while a stream goes on, and settles with what all its tries really took: retries, hedges, cascade steps and judges
 * included. A call that fails before any provider worked for it gives all of it back, an answer from a cache costs nothing,
 * and a stream that is cut off is charged at least what was reserved, because what it cost is never told.
 *
 * A call without room fails with `budget.exceeded`, HTTP 402: which limit, what is left and when it frees stand in its
 * `details`. Clients do not retry a 402, and no retry would help. `onExceeded` names gentler ways.
 *
 * Belongs outside of guards, cache and router, and inside of rate limits. It knows the tries of its own call only. In the
 * call's report it notes `reserve`, `extend`, `clamp`, `downgrade`, `cut`, `settle`, `release` and `refuse`.
 *
 * @throws {SluiceError} `config.option`, `budget.subject` at construction; of a call `budget.exceeded` (402),
 * `budget.unpriced` (400), `budget.subject` and `budget.no_limit` (500), `budget.unavailable` (503).
 *
 * @example
 * import OpenAI from 'openai'
 * import { sluice } from '@sluice/core'
 * import { budget, createLedger } from '@sluice/core/budget'
 * import { createPriceBook } from '@sluice/core/prices'
 *
 * const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 50, window: 'month', timeZone: 'Europe/Berlin' }] })
 * const price = createPriceBook({ ceiling: { inputUsdPerMillion: 20, outputUsdPerMillion: 100 } })
 * const openai = sluice(new OpenAI(), [budget({ ledger, price, subject: ({ tenant }) => ({ tenant }) })])
 */
export function budget(options: BudgetOptions): Middleware {
  const settings = checkBudget(options)
  return defineMiddleware({ name: 'budget', needsUsage: true }, async (call, next) => {
    const before = call.attempts.length
    const { sent, plan, reservation } = await admit(settings, call)
    return answered(new BudgetedCall(settings, call, { plan, reservation, before }), sent, next)
  })
}

/** What a call is let through with. */
interface Admitted {
  /** The call, with another model or a lower limit where it had to be. */
  readonly sent: Call
  readonly plan: Plan
  readonly reservation: Reservation
}

async function admit(settings: BudgetSettings, call: Call): Promise<Admitted> {
  const { onExceeded, downgradeTo, maxOutputTokens } = settings
  const subject = settings.subjectOf(call.context)
  const { api } = call
  let { request } = call
  const tried = new Set<string>()
  for (;;) {
    let plan = planOf(settings, api, request)
    const perChoice = plan.maxOutputTokens === undefined ? Infinity : plan.maxOutputTokens / plan.choices
    if (plan.hasOutput && maxOutputTokens !== undefined && perChoice > maxOutputTokens) {
      request = withOutputLimit(api, request, maxOutputTokens) ?? request
      plan = planOf(settings, api, request)
    }
    const cheaper = onExceeded.has('downgrade') ? downgradeTo.get(plan.model) : undefined
    const mayDowngrade = cheaper !== undefined && !tried.has(cheaper)
    const result = await reserve(settings, call, request, plan, subject, !mayDowngrade)
    if (result.admitted) {
      const fitting = fitted(settings, call, request, plan, result)
      const sent = fitting === call.request ? call : call.with({ request: fitting })
      return { sent, plan, reservation: result }
    }
    if (!mayDowngrade) throw refuse(call, result)
    tried.add(plan.model).add(cheaper)
    call.note({ by: 'budget', action: 'downgrade', reason: result.scope, details: { from: plan.model, to: cheaper } })
    request = api.withModel(request, cheaper)
  }
}

/** Reserves for a plan: all of it, or as little as an answer makes sense with. */
function reserve<A extends ApiId>(
  { ledger, onExceeded, leastOutputTokens, ttlMs }: BudgetSettings,
  { api }: Call<A>,
  request: RequestOf<A>,
  { price, inputTokens, outputTokens, choices, hasOutput }: Plan,
  subject: Subject,
  isLast: boolean,
): Promise<Reservation | Refusal> {
  const nanoUsd = price.expectedNanoUsd
  const tokens = inputTokens + outputTokens
  const least = Math.min(outputTokens, leastOutputTokens * choices)
  const clamps = onExceeded.has('clamp') && withOutputLimit(api, request, least / choices) !== undefined
  const takesLess = isLast && hasOutput && (clamps || (onExceeded.has('cut') && api.isStream(request)))
  const leastAmounts = takesLess ? { leastNanoUsd: price.at(least), leastTokens: inputTokens + least } : {}
  return ledger.reserve({ subject, nanoUsd, tokens, ttlMs, ...leastAmounts })
}

/** The request as it fits what could be reserved. */
function fitted<A extends ApiId>(
  { onExceeded }: BudgetSettings,
  call: Call<A>,
  request: RequestOf<A>,
  plan: Plan,
  { nanoUsd, tokens }: Reservation,
): RequestOf<A> {
  const { price, inputTokens, outputTokens, choices, serviceTier, model } = plan
  const isLess = nanoUsd < price.expectedNanoUsd || tokens < inputTokens + outputTokens
  const note = { nanoUsd, inputTokens, outputTokens, model, ...(serviceTier && { serviceTier }) }
  call.note({ by: 'budget', action: 'reserve', details: note })
  if (!isLess || !onExceeded.has('clamp')) return request
  const affordable = Math.min(price.affordable(nanoUsd, outputTokens), tokens - inputTokens)
  const maxTokens = Math.floor(affordable / choices)
  const lowered = withOutputLimit(call.api, request, maxTokens)
  if (!lowered) return request
  call.note({ by: 'budget', action: 'clamp', details: { maxOutputTokens: maxTokens } })
  return lowered
}

function refuse(call: Call, refusal: Refusal): SluiceError {
  const { scope, window, left, unit, freesAtMs } = refusal
  const details = { window, left, unit, ...(freesAtMs !== undefined && { freesAtMs }) }
  call.note({ by: 'budget', action: 'refuse', reason: scope, details })
  return exceededError(refusal)
}

async function answered(paid: BudgetedCall, sent: Call, next: Handler): Promise<Reply> {
  let reply: Reply
  try {
    reply = await next(sent)
    if (reply.kind === 'whole') await readWhole(paid, reply)
  } catch (error) {
    paid.settle(undefined)
    throw error
  }
  if (reply.kind === 'error') paid.settle(undefined)
  if (reply.kind !== 'stream') return reply
  return streamReply(reply.api, new BudgetedEvents(reply, sent.signal, paid.stream()), reply)
}

async function readWhole<A extends ApiId>(paid: BudgetedCall, reply: WholeReply<A>): Promise<void> {
  const { api } = reply
  const value = await reply.value()
  const usage = api.usage(value)
  const seen = (): number => api.answerText(value).reduce((sum, { text }) => sum + estimateTokens(text), 0)
  paid.settle({
    usage,
    model: modelNamed(value),
    serviceTier: serviceTierOf(value),
    seenTokens: usage ? 0 : seen(),
    isWhole: api.error(value) === undefined,
  })
}
