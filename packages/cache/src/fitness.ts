import type { Api, ApiId, AnswerOf, RequestOf } from '@sluice/core'

/** Why an answer is not kept. */
export type SkipReason =
  /** The provider reported an error in it, or its stream failed. */
  | 'error'
  /** There is nothing in it. */
  | 'empty'
  /** It is not over, or some of its choices are missing. */
  | 'unfinished'
  | 'refusal'
  /** Cut at the token limit. */
  | 'length'
  | 'content_filter'
  | 'pause'
  | 'other'
  /** The application left the stream before its end. */
  | 'abandoned'
  /** Larger than the whole cache. */
  | 'too_large'
  /** The cache itself failed. */
  | 'failed'

/** Why an answer must not be served to anybody else; `undefined` when it may. */
export function unfitness<A extends ApiId>(
  api: Api<A>,
  request: RequestOf<A>,
  answer: AnswerOf<A>,
): SkipReason | undefined {
  if (api.error(answer)) return 'error'
  if (api.id === 'openai.embeddings') return isFilledList(answer['data']) ? undefined : 'empty'
  const { choices } = api.answer(answer)
  if (choices.length === 0) return 'empty'
  const { n } = request
  if (typeof n === 'number' && choices.length < n) return 'unfinished'
  for (const { finish, refusal, text, toolCalls } of choices) {
    if (finish === undefined) return 'unfinished'
    if (finish !== 'stop' && finish !== 'tool_calls') return finish
    if (refusal !== undefined) return 'refusal'
    if (finish === 'stop' && toolCalls.length === 0 && text.trim() === '') return 'empty'
  }
  return undefined
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}
