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
  /** Given by another model than the one that was asked first, because that one failed. */
  | 'fallback'
  /** Larger than the store takes. */
  | 'too_large'
  /** One of its tags was invalidated while it was made. */
  | 'invalidated'
  /** The store did not answer in time: the answer may be kept or not. */
  | 'store_late'
  | 'store_failed'
  /** The store failed too often and is left alone for a while. */
  | 'store_paused'
  /** The cache itself failed. */
  | 'failed'

/** Why an answer must not be served to anybody else; `undefined` when it may. */
export function unfitness<A extends ApiId>(
  api: Api<A>,
  request: RequestOf<A>,
  answer: AnswerOf<A>,
  keepRefusals: boolean = false,
): SkipReason | undefined {
  if (api.error(answer)) return 'error'
  if (api.id === 'openai.embeddings') return unfitVectors(answer['data'])
  const { choices } = api.answer(answer)
  if (choices.length === 0) return 'empty'
  const { n } = request
  if (typeof n === 'number' && choices.length < n) return 'unfinished'
  for (const { finish, refusal, text, toolCalls } of choices) {
    if (finish === undefined) return 'unfinished'
    const isRefusal = refusal !== undefined || finish === 'refusal'
    if (isRefusal && !keepRefusals) return 'refusal'
    if (isRefusal) continue
    if (finish !== 'stop' && finish !== 'tool_calls') return finish
    if (finish === 'stop' && toolCalls.length === 0 && text.trim() === '') return 'empty'
  }
  return undefined
}

function unfitVectors(data: unknown): SkipReason | undefined {
  return Array.isArray(data) && data.length > 0 ? undefined : 'empty'
}
