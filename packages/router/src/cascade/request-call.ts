import { SluiceError } from '@sluice/core'
import type { ApiId, Call, CallContext, Clock, RequestOf } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'

const apis = [openaiChat, openaiResponses, openaiCompletions, openaiEmbeddings, anthropicMessages] as const

/**
 * A call that is made of a request alone.
 *
 * @throws {SluiceError} `route.dialect` for a dialect that there is none of.
 */
export function requestCall(
  request: RequestOf<ApiId>,
  { api: id = guessed(request), ...context }: CallContext & { readonly api?: ApiId },
  clock: Clock,
): Call {
  const api = apis.find((each) => each.id === id)
  if (!api) throw unknownApi(id)
  return createCall(api as never, request as never, { context, clock })
}

function guessed(request: RequestOf<ApiId>): ApiId {
  return request && 'input' in request && !('messages' in request) ? 'openai.responses' : 'openai.chat'
}

function unknownApi(id: string): SluiceError {
  return new SluiceError({
    code: 'route.dialect',
    message: `There is no dialect "${id}". The dialects are ${apis.map((api) => api.id).join(', ')}.`,
  })
}
