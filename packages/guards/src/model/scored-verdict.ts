import { allowed, type Verdict } from '../detector.ts'
import type { JudgeMode } from '../option-checks.ts'

/** Scores from 0 to 1 by label. */
export type LabelScores = Readonly<Record<string, number>>

/** Thresholds: one for all labels, or by label; a label without one is left out of account. */
export type Thresholds = number | LabelScores

/** The verdict on scores: the labels at or above their threshold. */
export function scoredVerdict(
  mode: JudgeMode,
  scores: LabelScores,
  thresholds: Thresholds,
  labels?: readonly string[],
): Verdict {
  const counted = Object.entries(scores).filter(([label]) => {
    if (labels && !labels.includes(label)) return false
    return typeof thresholds === 'number' || thresholds[label] !== undefined
  })
  const score = Math.min(1, Math.max(0, ...counted.map(([, each]) => each)))
  const found = counted.filter(
    ([label, each]) => each >= (typeof thresholds === 'number' ? thresholds : (thresholds[label] as number)),
  )
  if (found.length === 0) return { ...allowed, score }
  const rules = found.toSorted((a, b) => b[1] - a[1]).map(([label]) => label)
  return { action: mode, score, spans: [], rules, explanation: rules.join(', ') }
}

/** The highest score of each label over several texts. */
export function highest(all: readonly LabelScores[]): LabelScores {
  const scores: Record<string, number> = {}
  for (const each of all)
    for (const [label, score] of Object.entries(each)) scores[label] = Math.max(scores[label] ?? 0, score)
  return scores
}
