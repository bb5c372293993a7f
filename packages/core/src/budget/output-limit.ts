import type { Api, ApiId, RequestOf } from '../api/api.ts'
import { isObject, type JsonObject } from '../json.ts'

/** What a request says of the length of its answer. */
export interface OutputLimit {
  /** The most tokens of one choice; `undefined` where it does not say. */
  readonly maxTokens: number | undefined
  /** Answers that are written, and paid for: `n`, `best_of`, prompts of a list. */
  readonly choices: number
  /** Whether there is output at all. */
  readonly hasOutput: boolean
}

/** The least that the Responses API takes. */
const leastResponsesTokens = 16
/** The least that Anthropic thinks with. */
const leastThinkingTokens = 1_024

export function outputLimitOf<A extends ApiId>(api: Api<A>, request: RequestOf<A>): OutputLimit {
  const body: JsonObject = request
  switch (api.id as ApiId) {
    case 'openai.chat':
      return {
        maxTokens: count(body['max_completion_tokens']) ?? count(body['max_tokens']),
        choices: count(body['n']) ?? 1,
        hasOutput: true,
      }
    case 'openai.responses':
      return { maxTokens: count(body['max_output_tokens']), choices: 1, hasOutput: true }
    case 'openai.completions': {
      const { prompt } = body
      const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1
      const choices = Math.max(count(body['n']) ?? 1, count(body['best_of']) ?? 1) * prompts
      return { maxTokens: count(body['max_tokens']) ?? 16, choices, hasOutput: true }
    }
    case 'openai.embeddings':
      return { maxTokens: 0, choices: 1, hasOutput: false }
    default:
      return { maxTokens: count(body['max_tokens']), choices: 1, hasOutput: true }
  }
}

/**
 * The request with a limit of `maxTokens` a choice, whatever it says itself; `undefined` where the dialect has no such
 * limit, or does not take one as low.
 */
export function withOutputLimit<A extends ApiId>(
  api: Api<A>,
  request: RequestOf<A>,
  maxTokens: number,
): RequestOf<A> | undefined {
  const body: JsonObject = request
  if (maxTokens < 1) return undefined
  switch (api.id as ApiId) {
    case 'openai.chat': {
      const isOld = count(body['max_tokens']) !== undefined
      const isNew = count(body['max_completion_tokens']) !== undefined || !isOld
      return { ...request, ...(isOld && { max_tokens: maxTokens }), ...(isNew && { max_completion_tokens: maxTokens }) }
    }
    case 'openai.responses':
      return maxTokens < leastResponsesTokens ? undefined : { ...request, max_output_tokens: maxTokens }
    case 'openai.completions':
      return { ...request, max_tokens: maxTokens }
    case 'anthropic.messages':
      return withMessagesLimit(request, maxTokens)
    default:
      return undefined
  }
}

/** Thinking has to end before the answer does. */
function withMessagesLimit<R extends JsonObject>(request: R, maxTokens: number): R | undefined {
  const { thinking } = request
  const budget = isObject(thinking) ? count(thinking['budget_tokens']) : undefined
  if (budget === undefined || budget < maxTokens) return { ...request, max_tokens: maxTokens }
  if (maxTokens <= leastThinkingTokens) return undefined
  return { ...request, max_tokens: maxTokens, thinking: { ...(thinking as JsonObject), budget_tokens: maxTokens - 1 } }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
