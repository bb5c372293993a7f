import { isCall } from '@sluice/core'
import type { AnswerOf, ApiId, Call, JsonObject, RequestOf } from '@sluice/core'

/** What Responses calls the log-probabilities of its text, in `include`. */
const included = 'message.output_text.logprobs'

/** The dialects that can tell the log-probabilities of an answer's tokens. */
export function tellsLogprobs(api: ApiId): boolean {
  return api === 'openai.chat' || api === 'openai.responses'
}

/** The call's request with token log-probabilities asked for; itself where they are already, or cannot be. */
export function withLogprobs(call: Call): RequestOf<ApiId> {
  const { request } = call
  if (isCall(call, 'openai.chat')) return request['logprobs'] === true ? request : { ...request, logprobs: true }
  if (!isCall(call, 'openai.responses')) return request
  const include = listOf(request['include'])
  return include.includes(included) ? request : { ...request, include: [...include, included] }
}

/** The log-probabilities of the tokens of the first choice, in their order; `undefined` where the answer has none. */
export function logprobsIn(api: ApiId, answer: AnswerOf<ApiId>): readonly number[] | undefined {
  const tokens: unknown[] = []
  if (api === 'openai.chat') {
    const { logprobs } = objectOf(listOf(answer['choices'])[0])
    tokens.push(...listOf(objectOf(logprobs)['content']))
  } else if (api === 'openai.responses') {
    for (const item of listOf(answer['output']))
      for (const part of listOf(objectOf(item)['content'])) tokens.push(...listOf(objectOf(part)['logprobs']))
  }
  const found = tokens.map((token) => objectOf(token)['logprob']).filter((value) => typeof value === 'number')
  return found.length > 0 ? found : undefined
}

/** The answer as it would have come had nobody asked for log-probabilities. */
export function withoutLogprobs(api: ApiId, answer: AnswerOf<ApiId>): AnswerOf<ApiId> {
  if (api === 'openai.chat')
    return mapped(answer, 'choices', (choice) => ({ ...choice, logprobs: null })) as AnswerOf<ApiId>
  if (api !== 'openai.responses') return answer
  return mapped(answer, 'output', (item) =>
    mapped(item, 'content', (part) => ('logprobs' in part ? { ...part, logprobs: [] } : part)),
  ) as AnswerOf<ApiId>
}

function mapped(object: JsonObject, field: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = object[field]
  if (!Array.isArray(list)) return object
  return {
    ...object,
    [field]: list.map((item: unknown) => (typeof item === 'object' && item ? change(item as JsonObject) : item)),
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {}
}
