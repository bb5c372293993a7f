import type { Api, Call, ProviderError, Reply, ReplyInit } from '@sluice/core'
import { responseReply } from '@sluice/core/transport'
import type { BridgedApi } from '../stream/piece.ts'
import { translateError } from './error-body.ts'

/** The head of a reply in the caller's dialect: the provider's, with the request id where the caller's SDK looks for it. */
export function bridgedReply<A extends BridgedApi>(
  caller: Api<A>,
  reply: Pick<Reply, 'status' | 'headers'>,
): ReplyInit {
  const headers = new Headers(reply.headers)
  const [known, other] =
    caller.id === 'anthropic.messages' ? ['request-id', 'x-request-id'] : ['x-request-id', 'request-id']
  const id = headers.get(other as string)
  if (id !== null && !headers.has(known as string)) headers.set(known as string, id)
  return { status: reply.status, headers }
}

/**
 * A refusal by the provider, or an answer that says it failed, as a refusal in the caller's dialect. The status is kept;
 * a failure that came with status 200 gets the one that goes with it.
 */
export async function translatedError<A extends BridgedApi>(
  call: Call<A>,
  reply: Reply,
  failure?: ProviderError,
): Promise<Reply> {
  const { headers } = bridgedReply(call.api, reply)
  const error = failure ?? (reply.kind === 'error' ? await reply.error() : unknown)
  const status = reply.kind === 'error' ? reply.status : /rate_limit/.test(error.code) ? 429 : 500
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers?.delete(name)
  headers?.set('content-type', 'application/json')
  const body = JSON.stringify(translateError(call.api.id, error, status))
  return responseReply(call as unknown as Call, new Response(body, { status, ...(headers && { headers }) }))
}

const unknown: ProviderError = { code: 'error', type: undefined, message: 'The provider failed.' }
