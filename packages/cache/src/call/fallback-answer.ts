import type { AttemptRecord, Call } from '@sluice/core'

/** Why a router asks another target than the one that it chose. A cascade's next step is no such reason: it was chosen. */
const detours: ReadonlySet<string | undefined> = new Set(['failover', 'hedge', 'continue'])

/** Tries that are for the router's own sake. */
const asides: ReadonlySet<string | undefined> = new Set(['judge', 'probe'])

/**
 * Whether a call was answered by another model than the one that was asked first, because that one failed or was slow.
 * Another target with the same model gives the same answers.
 */
export function isFallbackAnswer(call: Call): boolean {
  const tried = call.attempts.filter(({ target, reason }) => target !== undefined && !asides.has(reason))
  const [first] = tried
  const answered =
    tried.findLast(({ ended }) => ended?.outcome === 'answered') ?? tried.findLast(({ ended }) => ended === undefined)
  if (!first || !answered || answered.target === first.target) return false
  const isDetour = tried.some(({ target, reason }) => target === answered.target && detours.has(reason))
  return isDetour && modelOf(answered, call) !== modelOf(first, call)
}

function modelOf({ model }: AttemptRecord, { api, request }: Call): string {
  return model ?? api.model(request)
}
