import { allowed, type EvidenceTier, type GuardAction, type Span, type Verdict } from './detector.ts'

/** The verdict on spans: the action where there are any, their rules counted in the explanation. */
export function spansVerdict(action: GuardAction, spans: readonly Span[], tier?: EvidenceTier): Verdict {
  if (spans.length === 0) return allowed
  const counts = new Map<string, number>()
  for (const { rule } of spans) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  const rules = [...counts.keys()].sort()
  return {
    action,
    score: spans.reduce((highest, { score = 1 }) => Math.max(highest, score), 0),
    ...(tier && { tier }),
    spans: spans.toSorted((a, b) => a.start - b.start || b.end - a.end),
    rules,
    explanation: rules.map((rule) => `${counts.get(rule)} ${rule}`).join(', '),
  }
}

/** The verdict of a rule that judges the text as a whole. */
export function ruleVerdict(action: GuardAction, rules: readonly string[], explanation: string, score = 1): Verdict {
  return { action, score, spans: [], rules, explanation }
}
