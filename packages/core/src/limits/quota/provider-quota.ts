import { systemClock, type Clock } from '../../clock.ts'
import type { Call } from '../../call.ts'
import { SluiceError } from '../../errors.ts'
import { defineMiddleware, type Middleware } from '../../pipeline.ts'
import { streamReply, type Reply } from '../../reply.ts'
import { WatchedEvents } from '../../report-events.ts'
import { latestUsage, type Usage } from '../../usage.ts'
import { checkClock, checkMs, checkNames, checkWhole, refuse, shown } from '../check-options.ts'
import { credentialOf } from '../subject-of.ts'
import { TokenGuess } from '../token-cost.ts'
import type { AimdOptions } from './aimd.ts'
import { QuotaState, type QuotaCost, type QuotaStanding, type QuotaTicket } from './quota-state.ts'

export interface ProviderQuotaOptions {
  /** The longest wait for room, in milliseconds; 0 refuses at once. The call's deadline ends it sooner. @default 60000 */
  readonly maxWaitMs?: number
  /** The share of every quota to leave to others who use the same key, 0 to 0.9. @default 0 */
  readonly reserve?: number
  /** For providers that tell nothing of their quotas. */
  readonly aimd?: AimdOptions
  /** @default the system's clock */
  readonly clock?: Clock
}

/** What is known of one key and model at one provider. */
export interface ProviderStanding {
  readonly host: string
  readonly model: string
  /** A short name of the key, from which it cannot be told. */
  readonly credential: string
  /** Empty for a provider that tells nothing. */
  readonly quotas: readonly QuotaStanding[]
  readonly underWay: number
  /** How many calls may be under way where the provider tells nothing. */
  readonly window: number
}

/** The middleware, and what it has learnt. */
export interface ProviderQuota extends Middleware {
  standings(): readonly ProviderStanding[]
}

const maxStates = 1_000
const optionNames = ['maxWaitMs', 'reserve', 'aimd', 'clock']

/**
 * Middleware that keeps within the provider's own limits, before it has to refuse: mirrors what the headers of its answers
 * say (`x-ratelimit-*`, `anthropic-ratelimit-*`, `retry-after`) for every host, key and model, counts calls under way
 * against it, and lets those wait for which there is no room, in the order of coming. Where there are no such headers, the
 * number of calls under way follows AIMD: one more with every window of successes, to 0.7 with a 429.
 *
 * It knows this process's calls and what the headers tell of the others'. A refusal by the provider passes as it is.
 *
 * Belongs innermost, next to the transport, inside retries and fallbacks.
 *
 * @throws {SluiceError} `config.option` at construction; `quota.exceeded` (HTTP 429) from calls that would have to wait for
 * longer than they may.
 *
 * @example
 * import OpenAI from 'openai'
 * import { sluice } from '@sluice/core'
 * import { providerQuota } from '@sluice/core/limits'
 *
 * const quota = providerQuota({ maxWaitMs: 20_000, reserve: 0.1 })
 * const openai = sluice(new OpenAI(), [quota])
 * console.log(quota.standings())
 */
export function providerQuota(options: ProviderQuotaOptions = {}): ProviderQuota {
  const { maxWaitMs = 60_000, reserve = 0, aimd = {}, clock = systemClock } = checked(options)
  /** The one used longest ago first. */
  const states = new Map<string, Known>()
  const guess = new TokenGuess()

  const stateOf = (call: Call): QuotaState => {
    const host = URL.parse(call.http.url)?.host ?? ''
    const model = call.api.model(call.request)
    const credential = credentialOf(call)
    const key = `${host}\n${credential}\n${model}`
    const known = states.get(key) ?? { host, model, credential, state: new QuotaState(clock, reserve, aimd) }
    states.delete(key)
    states.set(key, known)
    if (states.size > maxStates)
      for (const [oldest, { state }] of states) {
        if (state.isIdle) states.delete(oldest)
        break
      }
    return known.state
  }

  const middleware = defineMiddleware({ name: 'providerQuota' }, async (call, next) => {
    const state = stateOf(call)
    const cost = costOf(call, guess)
    const sinceMs = clock.now()
    const atMostMs = Math.max(0, Math.min(maxWaitMs, (call.context.deadlineAtMs ?? Infinity) - sinceMs))
    const expectedMs = state.waitMs(cost)
    // To wait in vain would only lose time.
    const isHopeless = expectedMs === undefined ? atMostMs === 0 : expectedMs > atMostMs
    const ticket = isHopeless ? undefined : await state.enter(cost, call.signal, atMostMs)
    const waitedMs = clock.now() - sinceMs
    if (!ticket) {
      const retryAfterMs = state.waitMs(cost)
      call.note({
        by: 'providerQuota',
        action: 'refused',
        details: { waitedMs, ...(retryAfterMs && { retryAfterMs }) },
      })
      throw exceeded(call, waitedMs, retryAfterMs)
    }
    if (waitedMs > 0) call.note({ by: 'providerQuota', action: 'waited', details: { waitedMs } })
    return follow(call, next, ticket, (usage) => guess.learn(call, usage))
  })

  const standings = (): ProviderStanding[] =>
    [...states.values()].map(({ state, ...of }) => ({
      ...of,
      quotas: state.standings(),
      underWay: state.underWay,
      window: state.window,
    }))
  return Object.assign(middleware, { standings })
}

interface Known {
  readonly host: string
  readonly model: string
  readonly credential: string
  readonly state: QuotaState
}

async function follow(
  call: Call,
  next: (call: Call) => Promise<Reply>,
  ticket: QuotaTicket,
  learn: (usage: Usage) => void,
): Promise<Reply> {
  let reply: Reply
  try {
    reply = await next(call)
  } catch (error) {
    ticket.done()
    throw error
  }
  ticket.responded(reply.status, reply.headers)
  if (reply.kind === 'stream') {
    let usage: Usage | undefined
    const events = new WatchedEvents(reply, call.signal, {
      event: (api, event) => void (usage = latestUsage(usage, api.usage(event))),
      end: (how) => {
        ticket.done()
        if (how === 'whole' && usage) learn(usage)
      },
    })
    return streamReply(reply.api, events, reply)
  }
  if (reply.kind === 'whole') {
    // A body that cannot be read is for the application to see.
    const usage = await reply.value().then(
      (value) => reply.api.usage(value),
      () => undefined,
    )
    if (usage) learn(usage)
  }
  ticket.done()
  return reply
}

function costOf(call: Call, guess: TokenGuess): QuotaCost {
  const { input, total } = guess.guess(call, {})
  return { requests: 1, tokens: total, 'input-tokens': input, 'output-tokens': total - input }
}

function exceeded(call: Call, waitedMs: number, retryAfterMs: number | undefined): SluiceError {
  const model = call.api.model(call.request)
  return new SluiceError({
    code: 'quota.exceeded',
    message:
      `The provider's quota for ${model} is used up, as far as its answers tell, and the call may not wait ` +
      `${retryAfterMs === undefined ? 'for those under way' : `the ${retryAfterMs} ms until there is room`}. Raise maxWaitMs, or send it elsewhere.`,
    details: { model, waitedMs, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    status: 429,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

function checked(options: ProviderQuotaOptions): ProviderQuotaOptions {
  checkNames(options, optionNames, 'providerQuota()')
  const { maxWaitMs = 0, reserve = 0, aimd = {}, clock } = options
  checkMs(maxWaitMs, 'maxWaitMs of providerQuota()', 0, 86_400_000)
  if (!(typeof reserve === 'number' && reserve >= 0 && reserve <= 0.9))
    refuse(`reserve of providerQuota() must be a share from 0 to 0.9, got ${shown(reserve)}.`)
  checkNames(aimd, ['initial', 'min', 'max'], 'aimd of providerQuota()')
  const { initial = 16, min = 1, max = 1_024 } = aimd
  for (const [name, value] of Object.entries({ initial, min, max }))
    checkWhole(value, `aimd.${name} of providerQuota()`)
  if (!(min <= initial && initial <= max))
    refuse(`aimd of providerQuota() must have min ≤ initial ≤ max, got ${min}, ${initial}, ${max}.`)
  checkClock(clock, 'providerQuota()')
  return options
}
