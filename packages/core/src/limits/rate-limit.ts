import { systemClock } from '../clock.ts'
import type { Call } from '../call.ts'
import { SluiceError } from '../errors.ts'
import { defineMiddleware, type Handler, type Middleware } from '../pipeline.ts'
import { streamReply, type Reply } from '../reply.ts'
import { WatchedEvents } from '../report-events.ts'
import { inputMeters, latestUsage, outputMeters, addUsage, type Usage } from '../usage.ts'
import { createLimiter, type LimitDecision, type Limiter, type LimitPermit } from './limiter.ts'
import { checkMs, refuse, shown } from './check-options.ts'
import type { LimiterOptions } from './options.ts'
import { subjectOf, type LimitBy } from './subject-of.ts'
import { TokenGuess, weighedTokens, type TokenWeights } from './token-cost.ts'

export interface RateLimitOptions extends LimiterOptions {
  /**
   * Whose limits these are. A name of the call's context, its model, the key it is sent with (never the key itself), `all`
   * for everybody together; a list for each combination; or a function, whose `undefined` lets the call pass uncounted.
   */
  readonly by: LimitBy | readonly LimitBy[] | ((call: Call) => string | undefined)
  /**
   * What a token of each meter counts against the limits of tokens, 0 or more: `{ cacheRead: 0 }` for providers that do not
   * count what they read from their prompt cache. @default 1 for each
   */
  readonly weights?: TokenWeights
  /** The tokens to take before a call is made, in the place of our guess. */
  readonly estimate?: (call: Call) => number
  /** How long a call may wait for room before it is refused, in milliseconds; its deadline allowing. @default 0 */
  readonly maxWaitMs?: number
  /**
   * Whether a call that asked no provider (answered from the cache, refused by a middleware inside) counts all the same.
   * @default false
   */
  readonly countUnsent?: boolean
}

/**
 * Middleware that refuses calls above a limit with `limits.exceeded` (HTTP 429, `retry-after`), before they cost anything.
 *
 * Tokens are taken before a call is made, as input and expected output, and corrected when its usage is known: at the end
 * of the answer, streams included. A call whose stream breaks off or is left, or that fails without saying what it took,
 * gives nothing back. Retries and further tries inside count with the tokens that are known of them; requests count once a
 * call. Limits of several kinds (a user's inside a tenant's) are several `rateLimit()` one inside the other.
 *
 * Belongs outermost, so that what is refused costs nothing, and outside caches. It does not queue: see `queue()`.
 *
 * @throws {SluiceError} `config.option` at construction; `limits.exceeded`, `limits.too_large`, `limits.no_subject`,
 * `limits.unavailable` from calls.
 *
 * @example
 * import OpenAI from 'openai'
 * import { sluice, withContext } from '@sluice/core'
 * import { rateLimit } from '@sluice/core/limits'
 *
 * const openai = sluice(new OpenAI(), [
 *   rateLimit({ by: 'tenant', requestsPerMinute: 60, tokensPerMinute: 100_000, weights: { cacheRead: 0 } }),
 * ])
 * await withContext({ tenant: 'acme' }, () =>
 *   openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }] }),
 * )
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { by, weights = {}, estimate, maxWaitMs = 0, countUnsent = false, ...rest } = options ?? {}
  checkWeights(weights)
  checkMs(maxWaitMs, 'maxWaitMs of rateLimit()', 0)
  if (estimate !== undefined && typeof estimate !== 'function')
    refuse(`estimate of rateLimit() must be a function of the call, got ${shown(estimate)}.`)
  if (typeof countUnsent !== 'boolean')
    refuse(`countUnsent of rateLimit() must be true or false, got ${shown(countUnsent)}.`)
  const subject = subjectOf(by, 'rateLimit()')
  const limiter = createLimiter(rest)
  const clock = rest.clock ?? systemClock
  const { tokensPerMinute, tokensPerDay, concurrency, burst } = rest
  const needsUsage = tokensPerMinute !== undefined || tokensPerDay !== undefined
  const most = Math.min(
    tokensPerMinute === undefined ? Infinity : (burst?.tokens ?? tokensPerMinute),
    tokensPerDay ?? Infinity,
  )
  const guess = new TokenGuess()

  const tokensOf = (call: Call): number => {
    if (!needsUsage) return 0
    if (estimate) return checkedEstimate(estimate(call))
    const { input, total } = guess.guess(call, weights)
    // A guess at the output must not keep a call out for ever whose input fits.
    return Math.max(input, Math.min(total, most))
  }

  const admit = async (call: Call, subject: string): Promise<LimitDecision> => {
    const request = { subject, tokens: tokensOf(call) }
    const untilMs = Math.min(clock.now() + maxWaitMs, call.context.deadlineAtMs ?? Infinity)
    for (let waitedMs = 0; ;) {
      const decision = await limiter.take(request)
      if (decision.allowed || maxWaitMs === 0) {
        if (waitedMs > 0) call.note({ by: 'rateLimit', action: 'waited', details: { waitedMs } })
        return decision
      }
      const waitMs = decision.error.retryAfterMs ?? Infinity
      if (clock.now() + waitMs > untilMs) return decision
      await clock.sleep(waitMs, call.signal)
      waitedMs += waitMs
    }
  }

  return defineMiddleware({ name: 'rateLimit', needsUsage }, async (call, next) => {
    const who = subject(call)
    if (who === undefined) return next(call)
    const decision = await admit(call, who)
    if (!decision.allowed) {
      const { code, details } = decision.error
      call.note({ by: 'rateLimit', action: 'refused', reason: code, details })
      throw decision.error
    }
    const { permit } = decision
    if (!permit) return next(call)
    if (call.signal?.aborted) {
      void limiter.release(permit)
      throw call.signal.reason
    }
    if (permit.isLocal) call.note({ by: 'rateLimit', action: 'allowed', reason: 'store_down' })
    const ends = needsUsage || concurrency !== undefined
    return follow({ call, next, limiter, permit, weights, guess, countUnsent, ends })
  })
}

interface Followed {
  readonly call: Call
  readonly next: Handler
  readonly limiter: Limiter
  readonly permit: LimitPermit
  readonly weights: TokenWeights
  readonly guess: TokenGuess
  readonly countUnsent: boolean
  /** Whether there is anything to do at the end of an answer. */
  readonly ends: boolean
}

/** Makes the call, and settles what it took when that is known. */
async function follow(followed: Followed): Promise<Reply> {
  const { call, next, limiter, permit, ends, countUnsent } = followed
  let reply: Reply
  try {
    reply = await next(call)
  } catch (error) {
    if (call.attempts.length === 0 && !countUnsent) void limiter.release(permit)
    else void limiter.settle(permit, atLeast(followed, undefined))
    throw error
  }
  if (call.attempts.length === 0 && !countUnsent) {
    void limiter.release(permit)
    return reply
  }
  if (!ends) return reply
  if (reply.kind === 'stream') return followStream(followed, reply)
  if (reply.kind === 'error') {
    // Providers do not charge what they refuse.
    void limiter.settle(permit, { tokens: tokensOfTries(followed, undefined) ?? 0 })
    return reply
  }
  const usage = await reply.value().then(
    (value) => reply.api.usage(value),
    () => undefined,
  )
  end(followed, usage)
  return reply
}

function followStream(followed: Followed, reply: Extract<Reply, { kind: 'stream' }>): Reply {
  const { call, limiter, permit } = followed
  let usage: Usage | undefined
  const events = new WatchedEvents(reply, call.signal, {
    event: (api, event) => void (usage = latestUsage(usage, api.usage(event))),
    end: (how) => {
      if (how === 'whole') end(followed, usage)
      else void limiter.settle(permit, atLeast(followed, usage))
    },
  })
  return streamReply(reply.api, events, reply)
}

/** Settles an answer that is whole. One that does not tell its usage gives nothing back. */
function end(followed: Followed, usage: Usage | undefined): void {
  const { call, limiter, permit, guess } = followed
  if (usage) guess.learn(call, usage)
  const tokens = tokensOfTries(followed, usage)
  void limiter.settle(permit, tokens === undefined ? {} : { tokens })
}

/** What an answer that broke off took: what was guessed, or more if more is known. */
function atLeast(followed: Followed, usage: Usage | undefined): { tokens: number } {
  return { tokens: Math.max(followed.permit.tokens, tokensOfTries(followed, usage) ?? 0) }
}

/** What is known of all tries together; `undefined` when nothing is. */
function tokensOfTries({ call, weights }: Followed, answer: Usage | undefined): number | undefined {
  let sum: Usage | undefined
  let isAnswered = false
  for (const { usage, ended } of call.attempts) {
    if (!usage) continue
    sum = sum ? addUsage(sum, usage) : usage
    isAnswered ||= ended?.outcome === 'answered'
  }
  if (!isAnswered && answer) sum = sum ? addUsage(sum, answer) : answer
  return sum && weighedTokens(sum, weights)
}

function checkWeights(weights: unknown): void {
  if (typeof weights !== 'object' || weights === null)
    refuse(`weights of rateLimit() must be numbers by meter, got ${shown(weights)}.`)
  const meters: readonly string[] = [...inputMeters, ...outputMeters]
  for (const [meter, weight] of Object.entries(weights)) {
    if (!meters.includes(meter))
      refuse(`weights of rateLimit() has no meter "${meter}". The meters are ${meters.join(', ')}.`)
    if (!(typeof weight === 'number' && weight >= 0 && weight <= 1_000))
      refuse(`weights.${meter} of rateLimit() must be from 0 to 1000, got ${shown(weight)}.`)
  }
}

function checkedEstimate(tokens: number): number {
  if (Number.isFinite(tokens) && tokens >= 0) return Math.ceil(tokens)
  throw new SluiceError({
    code: 'limits.estimate',
    message: `estimate of rateLimit() returned ${shown(tokens)}; it must return tokens of at least 0.`,
    status: 500,
  })
}
