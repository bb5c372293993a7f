import type { AttemptRecord } from '../attempt.ts'
import type { Call } from '../call.ts'
import { isObject } from '../json.ts'
import type { PriceOf } from '../prices/index.ts'
import { inputTokens, outputTokens, usageOf, type Usage } from '../usage.ts'
import { costOf, type BudgetPrices } from './call-price.ts'
import type { Amounts } from './store.ts'

/** What the answer itself tells of its cost. */
export interface AnswerTold {
  /** `undefined`: it did not tell. */
  readonly usage: Usage | undefined
  readonly model: string | undefined
  readonly serviceTier: string | undefined
  /** Output that was seen, as estimated from its text. */
  readonly seenTokens: number
  /** It came to its end; otherwise `usage` is what was told until then. */
  readonly isWhole: boolean
}

/** What the tries of a call took. */
export interface Spending extends Amounts {
  /** Tries that a provider worked on, or may have. */
  readonly tries: number
  /** It may have been more: a provider worked for the answer, and nobody told how much. */
  readonly isLowerBound: boolean
  readonly isEstimated: boolean
}

/** What is known of the request. */
export interface Asked {
  readonly inputTokens: number
  readonly model: string
  readonly serviceTier: string | undefined
  /** Tries that were made before: not of this budget. */
  readonly before: number
}

/**
 * What all tries of a call took: the answer, and the retries, hedges, cascade steps and judges besides. Those that a router
 * has accounted for are priced as it says. A try that was answered and never counted is estimated by the request's input. A
 * refusal by the provider costs nothing.
 *
 * @param answer `undefined` where there is no answer that any provider was paid for.
 */
export function spendingOf(call: Call, prices: BudgetPrices, asked: Asked, answer: AnswerTold | undefined): Spending {
  const tries = call.attempts.slice(asked.before)
  const sum = { nanoUsd: 0, tokens: 0, tries: 0, isLowerBound: false, isEstimated: false }
  const add = (usage: Usage, nanoUsd: number): void => {
    sum.tries += 1
    sum.nanoUsd += nanoUsd
    sum.tokens += inputTokens(usage) + outputTokens(usage)
  }
  let isAnswered = false
  let isCounted = false
  const uncounted: AttemptRecord[] = []
  for (const record of tries) {
    const { usage, ended } = record
    if (!usage) {
      uncounted.push(record)
      continue
    }
    if (ended?.outcome === 'answered') {
      isAnswered = true
      isCounted = ended.isEstimated !== true
    }
    sum.isEstimated ||= ended?.isEstimated === true
    add(usage, recordCost(record, usage, prices, asked))
  }
  const worked = uncounted.filter(({ status }) => status !== undefined && status >= 200 && status < 300)
  const answering = answer && !isAnswered ? worked.pop() : undefined
  if (answer && answering) {
    const told = answer.usage ?? usageOf({ fresh: asked.inputTokens })
    const isFinal = answer.isWhole && answer.usage !== undefined
    const usage = isFinal ? told : { ...told, output: Math.max(told.output, answer.seenTokens) }
    const model = answer.model ?? modelOf(answering, asked)
    const serviceTier = answer.serviceTier ?? asked.serviceTier
    add(usage, answerCost(prices, usage, { model, atMs: answering.startedAtMs, serviceTier }, asked))
    isCounted = isFinal
    sum.isEstimated ||= !isFinal
  }
  if (answer && sum.tries > 0) sum.isLowerBound = !(answer.isWhole && isCounted)
  for (const record of [...worked, ...uncounted.filter(mayHaveWorked)]) {
    const usage = usageOf({ fresh: asked.inputTokens })
    add(usage, recordCost(record, usage, prices, asked))
    sum.isEstimated = true
    // Beside an answer that was counted it is one of several tries; alone it is all there is, and unknown.
    if (!answer) sum.isLowerBound = true
  }
  return sum
}

function recordCost(record: AttemptRecord, usage: Usage, prices: BudgetPrices, asked: Asked): number {
  const { startedAtMs: atMs, ended } = record
  const of = { model: modelOf(record, asked), atMs }
  const own = ended?.price?.(usage, of)
  if (own && 'nanoUsd' in own) return own.nanoUsd
  const known = prices.costOf(usage, { ...of, serviceTier: asked.serviceTier })
  if (!('unpriced' in known)) return known.nanoUsd
  // A model of the router's that no list has: the ceiling is surely enough, what was asked for is better than nothing.
  return prices.ceilingOf(usage)?.nanoUsd ?? costOf(prices, usage, { model: asked.model, atMs })
}

/** What the answer costs. It may name a model, or a tier, that no list has: what was asked for stands in. */
function answerCost(prices: BudgetPrices, usage: Usage, of: PriceOf, asked: Asked): number {
  for (const one of [of, { ...of, model: asked.model }, { model: asked.model, atMs: of.atMs }]) {
    const result = prices.costOf(usage, one)
    if (!('unpriced' in result)) return result.nanoUsd
  }
  return costOf(prices, usage, of)
}

function modelOf(record: AttemptRecord, { model }: Asked): string {
  return record.model ?? (record.sent ? record.sent.api.model(record.sent.request) : model)
}

/** Failures of a connection that was never made. */
const unreached: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** Whether a try that brought no response may have reached the provider, which then works, and bills. */
function mayHaveWorked({ sent, status, thrown }: AttemptRecord): boolean {
  if (!sent || status !== undefined) return false
  for (let at = thrown, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { code, cause } = at as { readonly code?: unknown; readonly cause?: unknown }
    if (unreached.includes(code)) return false
    at = cause
  }
  return true
}

/** The model that an answer or an event names. */
export function modelNamed(value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  const { model, message, response } = value
  const named = model ?? (isObject(message) ? message['model'] : isObject(response) ? response['model'] : undefined)
  return typeof named === 'string' ? named : undefined
}
