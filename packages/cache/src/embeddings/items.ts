import type { AnswerOf, JsonObject, RequestOf } from '@sluice/core'

export type EmbeddingsAnswer = AnswerOf<'openai.embeddings'>
export type EmbeddingsRequest = RequestOf<'openai.embeddings'>

/** One input: a text, or its tokens. */
export type EmbeddingsInput = string | readonly number[]

/** The inputs of a request that has a list of them; `undefined` for a single text or a single list of tokens. */
export function inputsOf({ input }: EmbeddingsRequest): readonly EmbeddingsInput[] | undefined {
  if (!Array.isArray(input) || input.length === 0) return undefined
  const isInput = (item: unknown): boolean => typeof item === 'string' || Array.isArray(item)
  return input.every(isInput) ? (input as readonly EmbeddingsInput[]) : undefined
}

/**
 * The answers to the inputs of a request, each as if it had been asked for by itself; `undefined` when the answer is not
 * one to each of them. The tokens are shared in proportion to the inputs' lengths and sum to what the provider counted.
 */
export function answersByItem(
  answer: EmbeddingsAnswer,
  inputs: readonly EmbeddingsInput[],
): readonly EmbeddingsAnswer[] | undefined {
  const { data, usage } = answer
  if (!Array.isArray(data) || data.length !== inputs.length) return undefined
  const inOrder = data.toSorted((a, b) => a.index - b.index)
  if (!inOrder.every(({ index }, at) => index === at)) return undefined
  const lengths = inputs.map((input) => input.length)
  const shares = usage ? sharesOf(usage, lengths) : []
  return inOrder.map((vector, at) => ({
    ...answer,
    data: [{ ...vector, index: 0 }],
    ...(usage && { usage: shares[at] as never }),
  }))
}

/** One answer of many, in their order; `usage` is of those that count. */
export function joinedAnswer(
  answers: readonly EmbeddingsAnswer[],
  usage: JsonObject | undefined,
): EmbeddingsAnswer | undefined {
  const [first] = answers
  if (!first) return undefined
  const { usage: _, ...rest } = first
  const data = answers.map(({ data: [vector] }, index) => ({ ...(vector as EmbeddingsAnswer['data'][number]), index }))
  return { ...rest, data, ...(usage && { usage: usage as NonNullable<EmbeddingsAnswer['usage']> }) }
}

/** What several answers took together; `undefined` when one of them does not say. */
export function usageOfAll(answers: readonly EmbeddingsAnswer[]): JsonObject | undefined {
  const sum: Record<string, number> = {}
  for (const { usage } of answers) {
    if (!usage) return undefined
    for (const [name, value] of Object.entries(usage))
      if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value
  }
  return sum
}

/** Every number of a usage record in whole shares that sum to it; the rounding is the next one's to make up for. */
function sharesOf(usage: JsonObject, weights: readonly number[]): readonly JsonObject[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let before = 0
  return weights.map((weight, at) => {
    const [from, to] =
      all > 0 ? [before / all, (before + weight) / all] : [at / weights.length, (at + 1) / weights.length]
    before += weight
    const share = ([name, value]: [string, unknown]): [string, unknown] => [
      name,
      typeof value === 'number' ? Math.round(value * to) - Math.round(value * from) : value,
    ]
    return Object.fromEntries(Object.entries(usage).map(share))
  })
}
