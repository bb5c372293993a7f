import { defineMiddleware, SluiceError, systemClock } from '@sluice/core'
import type { ApiId, Call, Clock, ErrorReply, Handler, Middleware, Reply, StreamReply, WholeReply } from '@sluice/core'
import { isConnectionError } from './connection-error.ts'
import { HeldStream } from './held-stream.ts'
import { retryDecision, type CallFailure, type RetryPolicy } from './retry-decision.ts'

export interface RetryOptions {
  /** Tries after the first, 0 or more. What the SDK client says wins, per request or on the client, its default (2) included. @default 2 */
  readonly maxRetries?: number
  /** The wait before the first retry where the provider names none, in milliseconds; it doubles with every further one. @default 500 */
  readonly initialDelayMs?: number
  /** The longest wait where the provider names none, in milliseconds. @default 8000 */
  readonly maxDelayMs?: number
  /** `full` draws each of our own waits at random from 0 to its length; `none` waits it out. @default 'full' */
  readonly jitter?: 'full' | 'none'
  /** Where the draws come from: 0 ≤ x < 1. @default Math.random */
  readonly random?: () => number
  /** @default the system's clock */
  readonly clock?: Clock
}

/**
 * Middleware that tries a failed call again, in place of the wrapped client's own retries, which it switches off.
 *
 * Beside what the SDKs retry (connection errors, HTTP 408, 409, 429, 5xx) it retries what they report as success: a
 * stream that breaks off or brings an error before its first content, a whole answer cut off or with an error in a 200.
 * A stream is held back until its first content; from then on it passes, and a failure is the application's to see.
 *
 * A wait that the provider asks for (`retry-after-ms`, `retry-after` in seconds or as a date) is kept, however long, if
 * `context.deadlineAtMs` allows it; otherwise the failure is given back at once. An exhausted quota is not retried. Waits
 * end at once when the call is aborted. The SDK's `timeout` covers all tries together. What it did is noted in the
 * call's report: `{ by: 'retry', action: 'retry', reason: 'http_503' }`, and `give_up` with the reason.
 *
 * Belongs inside the cache and the guards: next to the transport. It knows one provider: it does not fail over, hedge, or
 * limit how many retries a process makes in an outage.
 *
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * const openai = sluice(new OpenAI({ maxRetries: 3 }), [retry()])
 */
export function retry(options: RetryOptions = {}): Middleware {
  const {
    maxRetries = 2,
    initialDelayMs = 500,
    maxDelayMs = 8_000,
    jitter = 'full',
    random,
    clock = systemClock,
  } = checked(options)
  return defineMiddleware({ name: 'retry', ownsRetries: true }, async (call, next) => {
    const policy: RetryPolicy = { maxRetries: call.maxRetries ?? maxRetries, initialDelayMs, maxDelayMs, jitter }
    const { deadlineAtMs } = call.context
    for (let retries = 0; ; retries += 1) {
      const attempt = await tryOnce(call, next)
      if ('reply' in attempt) return attempt.reply
      const decision = retryDecision(attempt.failure, { policy, retries, nowMs: clock.now(), deadlineAtMs, random })
      const { reason } = decision
      if (!decision.retry) {
        const { because } = decision
        if (because !== 'not_retryable')
          call.note({ by: 'retry', action: 'give_up', reason, details: { because, retries } })
        return attempt.giveUp()
      }
      const { delayMs } = decision
      call.note({ by: 'retry', action: 'retry', reason, details: { retry: retries + 1, delayMs } })
      await attempt.discard()
      await clock.sleep(delayMs, call.signal)
    }
  })
}

/** A try that failed, and the two things that can become of it. */
interface FailedAttempt {
  readonly failure: CallFailure
  /** Hands on to the application what it would have seen without us. */
  giveUp(): Reply
  /** Gives the connection back. */
  discard(): Promise<void>
}

type Attempt = { readonly reply: Reply } | FailedAttempt

async function tryOnce(call: Call, next: Handler): Promise<Attempt> {
  let reply: Reply
  try {
    reply = await next(call)
  } catch (error) {
    if (call.signal?.aborted || !isConnectionError(error)) throw error
    const giveUp = (): never => {
      throw error
    }
    return { failure: { kind: 'connection' }, giveUp, discard: async () => undefined }
  }
  if (reply.kind === 'error') return refused(reply)
  return reply.kind === 'stream' ? begun(call, reply) : received(call, reply)
}

async function refused(reply: ErrorReply): Promise<FailedAttempt> {
  const { status, headers } = reply
  // Only a 429 needs its body read: it tells a full minute from an empty account.
  const code =
    status === 429
      ? await reply.error().then(
          (error) => error.code,
          () => undefined,
        )
      : undefined
  return { failure: { kind: 'http', status, headers, code }, giveUp: () => reply, discard: () => reply.discard() }
}

async function begun<A extends ApiId>(call: Call<A>, reply: StreamReply<A>): Promise<Attempt> {
  const held = new HeldStream(reply)
  const beginning = await held.begin()
  const passed = held.toReply() as Reply
  if (beginning.kind === 'committed') return { reply: passed }
  if (beginning.kind === 'broken' && call.signal?.aborted) throw beginning.cause
  const failure: CallFailure = beginning.kind === 'error' ? { ...beginning.error, kind: 'error' } : { kind: 'broken' }
  return { failure, giveUp: () => passed, discard: async () => void (await held.return()) }
}

async function received(call: Call, reply: WholeReply): Promise<Attempt> {
  let failure: CallFailure
  try {
    const error = reply.api.error(await reply.value())
    if (!error) return { reply }
    failure = { ...error, kind: 'error' }
  } catch (error) {
    if (call.signal?.aborted) throw error
    failure = { kind: 'broken' }
  }
  return { failure, giveUp: () => reply, discard: () => reply.discard() }
}

function checked(options: RetryOptions): RetryOptions {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  const { maxRetries = 0, initialDelayMs = 0, maxDelayMs = 0, jitter = 'full', random, clock, ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(
      `retry() has no option "${name}". The options are maxRetries, initialDelayMs, maxDelayMs, jitter, random, clock.`,
    )
  if (!(Number.isSafeInteger(maxRetries) && maxRetries >= 0))
    refuse(`maxRetries of retry() must be a whole number of at least 0, got ${String(maxRetries)}.`)
  for (const [name, value] of Object.entries({ initialDelayMs, maxDelayMs }))
    if (!(Number.isFinite(value) && value >= 0))
      refuse(`${name} of retry() must be milliseconds of at least 0, got ${String(value)}.`)
  if (jitter !== 'full' && jitter !== 'none')
    refuse(`jitter of retry() must be "full" or "none", got ${JSON.stringify(jitter)}.`)
  if (random !== undefined && typeof random !== 'function')
    refuse('random of retry() must be a function that returns 0 to 1.')
  if (clock !== undefined && !(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('clock of retry() must have now() and sleep(ms, signal).')
  return options
}
