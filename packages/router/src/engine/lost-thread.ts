import type { Call, Reply } from '@sluice/core'
import { wholeResponseReply } from '@sluice/core/transport'

/** Whether a call goes on with a thread of Anthropic, whose earlier messages one target alone has. */
export function isContinuedThread({ call }: { readonly call: Call }): boolean {
  const thread = call.request['thread'] as { readonly type?: unknown } | null | undefined
  return call.api.id === 'anthropic.messages' && thread?.type === 'continue'
}

/**
 * What the provider says of a thread that it does not have. Anthropic's SDK then sends the whole conversation as a new
 * thread, which may go to any target.
 */
export function lostThread({ call }: { readonly call: Call }): Reply {
  const error = {
    type: 'not_found_error',
    message: 'No target that can answer holds this thread. Send the whole conversation again.',
    details: { error_code: 'thread_not_found' },
  }
  call.note({ by: 'router', action: 'give_up', reason: 'thread_not_found' })
  const body = JSON.stringify({ type: 'error', error })
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' }
  return wholeResponseReply(call.api, new Response(body, { status: 404, headers })) as Reply
}
