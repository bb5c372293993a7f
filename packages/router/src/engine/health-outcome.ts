import type { Outcome } from '../health/flight.ts'
import type { ErrorRule, FailureClass } from './error-table.ts'
import type { StreamFailure } from './live-stream.ts'

const outcomes: Readonly<Record<FailureClass, Outcome>> = {
  connection: 'failure',
  timeout: 'timeout',
  broken: 'failure',
  rate_limit: 'rate_limited',
  quota: 'auth',
  auth: 'auth',
  overload: 'failure',
  server: 'failure',
  conflict: 'failure',
  context_length: 'refused',
  content_filter: 'refused',
  request: 'refused',
}

/** What a failure says of its target's health. An empty account is like a refused key: it takes a person to mend. */
export function outcomeOf(rule: ErrorRule): Outcome {
  return outcomes[rule.class]
}

/** What the end of a stream says of its target's health. */
export function outcomeOfStream(how: 'whole' | 'left' | StreamFailure): Outcome {
  if (how === 'whole') return 'ok'
  if (how === 'left') return 'cancelled'
  return how.kind === 'stalled' ? 'timeout' : 'failure'
}
