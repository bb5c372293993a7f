import { SluiceError } from '@sluice/core'
import { decisionOf, type Plan } from '../route/plan.ts'

/** Raised when no target can answer a call; says of each why not. */
export function noTarget(plan: Plan): SluiceError {
  const { candidates } = decisionOf(plan)
  const reasons = candidates.map(({ id, excluded = 'out' }) => `${id}: ${excluded}`)
  return new SluiceError({
    code: 'route.no_target',
    message:
      `No target can answer this call (${reasons.join(', ')}). Add one that can, or correct the capabilities of those ` +
      'that should.',
    details: { candidates: candidates.map(({ id, excluded = 'out' }) => ({ id, excluded })) },
    // A request that nobody can serve is the request's fault; one that nobody serves now is not.
    status: candidates.every(({ excluded }) => excluded !== undefined && !passing.has(excluded)) ? 400 : 503,
  })
}

const passing: ReadonlySet<string> = new Set(['open', 'ejected', 'cooling', 'probing', 'auth', 'limit'])
