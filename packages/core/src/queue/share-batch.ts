import type { AnswerOf } from '../api/api.ts'
import { estimateTokens } from '../tokens/estimate.ts'

type Answer = AnswerOf<'openai.embeddings'>

/**
 * The answers of a batch, one for each text, or `undefined` when it is not one that can be shared out. The tokens of the
 * batch are shared in proportion to the texts, and sum to what the provider counted.
 */
export function sharedAnswers(answer: Answer, texts: readonly string[]): Answer[] | undefined {
  const { data, usage } = answer
  if (!Array.isArray(data) || data.length !== texts.length) return undefined
  const byIndex = data.toSorted((a, b) => a.index - b.index)
  if (!byIndex.every(({ index }, at) => index === at)) return undefined
  const weights = texts.map((text) => estimateTokens(text))
  const prompt = usage && sharedTokens(usage.prompt_tokens, weights)
  const total = usage && sharedTokens(usage.total_tokens, weights)
  return byIndex.map((one, at) => ({
    ...answer,
    data: [{ ...one, index: 0 }],
    ...(usage && { usage: { ...usage, prompt_tokens: prompt?.[at] ?? 0, total_tokens: total?.[at] ?? 0 } }),
  }))
}

/** Whole shares of a whole total in proportion to `weights`, by largest remainder: they sum to the total. */
export function sharedTokens(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, one) => all + one, 0)
  const exact = weights.map((weight) => (sum > 0 ? (total * weight) / sum : total / weights.length))
  const shares = exact.map(Math.floor)
  const order = exact.map((_, at) => at).sort((a, b) => fraction(exact[b]) - fraction(exact[a]))
  let left = Math.round(total) - shares.reduce((all, one) => all + one, 0)
  for (const at of order) {
    if (left <= 0) break
    shares[at] = (shares[at] ?? 0) + 1
    left -= 1
  }
  return shares
}

function fraction(value: number | undefined): number {
  return (value ?? 0) % 1
}
