import type { Score } from './scorer.ts'

/** What a score may carry beside its value. */
export type ScoreFacts = Omit<Extract<Score, { status: 'scored' }>, 'status' | 'score'>

export function scoredAs(score: number, facts: ScoreFacts = {}): Score {
  return { status: 'scored', score, ...facts }
}

/** 1 or 0. */
export function passedIf(isPassed: boolean, facts: ScoreFacts = {}): Score {
  return scoredAs(isPassed ? 1 : 0, facts)
}

export function unscored(reason: string, evidence?: unknown): Score {
  return { status: 'unscored', reason, ...(evidence !== undefined && { evidence }) }
}
