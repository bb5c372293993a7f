import type { Call } from '@sluice/core'
import type { CoreStep } from './cascade-core.ts'
import { tellsLogprobs } from './wire-logprobs.ts'

/** Whether a step is to be asked for log-probabilities: a bridge would lose them, and some models refuse to tell. */
export function needsLogprobs({ api }: Call, { estimator, target }: CoreStep): boolean {
  const { capabilities, apis } = target
  if (!estimator?.needs?.logprobs || capabilities.logprobs === false) return false
  return tellsLogprobs(api.id) && apis.includes(api.id)
}
