import { isSluiceError, SluiceError } from '@sluice/core'
import type { GuardStage } from './detector.ts'

/**
 * A guard refused a call. `details` says where (`stage`), which guard and which of its rules, and nothing of the text.
 * Through a wrapped client it arrives as the SDK's `BadRequestError`; `sluiceErrorOf` gives it back.
 */
export class GuardBlockedError extends SluiceError {
  constructor(stage: GuardStage, guard: string, rules: readonly string[]) {
    super({
      code: 'guard.blocked',
      message: `The guard "${guard}" blocked the ${stage} (${rules.join(', ')}). Remove what it names, or relax the guard.`,
      details: { stage, guard, rules },
    })
  }

  static override isInstance(value: unknown): value is GuardBlockedError {
    return isSluiceError(value) && value.code === 'guard.blocked'
  }
}

/** The error for a detector that failed where guards fail closed. */
export function guardFailed(stage: GuardStage, guard: string, cause: unknown): SluiceError {
  return new SluiceError({
    code: 'guard.failed',
    // Not the cause's message: it may quote the text.
    message: `The guard "${guard}" failed (${cause instanceof Error ? cause.name : typeof cause}), so the ${stage} was not let through. See error.cause.`,
    details: { stage, guard },
    cause,
    status: 500,
  })
}
