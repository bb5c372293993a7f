import type { Effort } from './neutral.ts'

/**
 * Tokens of thinking that stand for an effort with Claude models before 4.6, which know no efforts. Ours: no provider
 * publishes such a table. 1024 is the least that Claude takes.
 */
const budgets: readonly (readonly [effort: Exclude<Effort, 'none'>, tokens: number])[] = [
  ['minimal', 1024],
  ['low', 2048],
  ['medium', 8192],
  ['high', 16_384],
  ['xhigh', 24_576],
  ['max', 32_768],
]

/** The least budget that Claude takes, tokens. */
export const leastBudget = 1024

/** The tokens of thinking for an effort. */
export function budgetOfEffort(effort: Exclude<Effort, 'none'>): number {
  return budgets.find(([name]) => name === effort)?.[1] ?? leastBudget
}

/** The effort whose budget is the largest that is not above this one; `exact` where it is this one. */
export function effortOfBudget(tokens: number): { readonly effort: Effort; readonly exact: boolean } {
  const [effort, budget] = budgets.findLast(([, most]) => most <= tokens) ?? ['minimal', leastBudget]
  return { effort, exact: budget === tokens }
}
