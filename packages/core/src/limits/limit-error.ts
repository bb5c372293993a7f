import { SluiceError } from '../errors.ts'
import type { LimitStanding } from './limiter.ts'

/** What a refused call is told: which limit, how much is left of it, and when there is room. */
export function exceededError(blocking: LimitStanding, limits: readonly LimitStanding[], nowMs: number): SluiceError {
  const { name, limit, left, asked, waitMs } = blocking
  const facts = { limit: name, max: limit, left, asked }
  if (waitMs === Infinity)
    return new SluiceError({
      code: 'limits.too_large',
      message:
        `The call asks for ${asked} at once of the limit ${name}, which never lets more than ${blocking.mostAtOnce} ` +
        'through at once. Make the call smaller or raise the limit or its burst.',
      details: { ...facts, mostAtOnce: blocking.mostAtOnce },
    })
  return new SluiceError({
    code: 'limits.exceeded',
    message: `The limit ${name} of ${limit} is reached: ${left} left, ${asked} asked. There is room in ${waitMs} ms.`,
    details: {
      ...facts,
      freesAtMs: nowMs + waitMs,
      exceeded: limits.filter((one) => one.waitMs > 0).map((one) => one.name),
    },
    status: 429,
    retryAfterMs: waitMs,
  })
}

export function unavailableError(cause: unknown): SluiceError {
  return new SluiceError({
    code: 'limits.unavailable',
    message:
      'The store of the limits does not answer, and onStoreDown is "refuse". Check that Redis runs, or let calls pass with "share".',
    status: 503,
    retryAfterMs: 1_000,
    cause,
  })
}
