import type { ApiId } from '@sluice/core'

/** What a provider says when it refuses, in the words of both. */
export interface Refusal {
  readonly status: number
  readonly openai?: { readonly code?: string | number | null; readonly type?: string; readonly message?: string }
  readonly anthropic?: { readonly type: string; readonly message?: string }
  readonly headers?: Readonly<Record<string, string>>
}

/** Where a refusal stands: an HTTP error, a whole body under HTTP 200, the first event of a stream under HTTP 200. */
export type Form = 'http' | 'whole' | 'event'

export const forms: readonly Form[] = ['http', 'whole', 'event']

/** The refusal as a response in the words of `api`; `undefined` where that provider has no such refusal. */
export function refusalResponse(api: ApiId, form: Form, refusal: Refusal): Response | undefined {
  const { status, headers = {} } = refusal
  const said = api === 'anthropic.messages' ? refusal.anthropic : refusal.openai
  if (!said) return undefined
  const error = { message: 'No.', ...said }
  const body = api === 'anthropic.messages' ? { type: 'error', error, request_id: 'req_1' } : { error }
  const json = { 'content-type': 'application/json', ...headers }
  if (form !== 'event')
    return new Response(JSON.stringify(body), { status: form === 'http' ? status : 200, headers: json })
  const event = api === 'openai.responses' ? { type: 'error', sequence_number: 0, param: null, ...error } : body
  const named = api === 'openai.chat' ? '' : 'event: error\n'
  return new Response(`${named}data: ${JSON.stringify(event)}\n\n`, {
    headers: { 'content-type': 'text/event-stream', ...headers },
  })
}
