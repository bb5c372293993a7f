import { isSluiceError, SluiceError } from '@sluice/core'
import type { GuardStage } from './detector.ts'

/** What is told of a block. */
export interface Blocking {
  readonly stage: GuardStage
  readonly guard: string
  readonly rules: readonly string[]
  /** Names what was found without telling it: a salted hash. */
  readonly fingerprint?: string | undefined
  /** Of a streamed answer: characters that had been shown before. */
  readonly shownCharacters?: number | undefined
}

/**
 * A guard refused a call or its answer. `details` says where (`stage`), which guard and which of its rules, and a salted
 * `fingerprint` of what was found, and nothing of the text. Through a wrapped client it arrives as the SDK's
 * `BadRequestError`; `sluiceErrorOf` gives it back. Inside a stream it is thrown as it is, with `shownCharacters` in its details.
 */
export class GuardBlockedError extends SluiceError {
  constructor({ stage, guard, rules, fingerprint, shownCharacters }: Blocking) {
    super({
      code: 'guard.blocked',
      message: `The guard "${guard}" blocked the ${stage} (${rules.join(', ')}). Remove what it names, or relax the guard.`,
      details: {
        stage,
        guard,
        rules,
        ...(fingerprint !== undefined && { fingerprint }),
        ...(shownCharacters !== undefined && { shownCharacters }),
      },
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
    message: `The guard "${guard}" failed (${causeName(cause)}), so the ${stage} was not let through. See error.cause.`,
    details: { stage, guard },
    cause,
    status: 500,
  })
}

function causeName(cause: unknown): string {
  if (isSluiceError(cause)) return cause.code
  return cause instanceof Error ? cause.name : typeof cause
}
