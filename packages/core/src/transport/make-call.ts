import type { Api, ApiId, RequestOf } from '../api/api.ts'
import { PipelineCall, type Call, type CallHttp } from '../call.ts'
import { systemClock, type Clock } from '../clock.ts'
import { checkContext, type CallContext } from '../context.ts'
import { SluiceError } from '../errors.ts'
import { isObject, snapshotJson } from '../json.ts'

/** What there is to a call besides its request; all of it may be left out. */
export interface CallOptions {
  readonly context?: CallContext
  readonly signal?: AbortSignal
  /** @default the system's clock */
  readonly clock?: Clock
}

/**
 * A call that no SDK client made: for handlers that are used by themselves, such as a router's. Middleware that passes it
 * on to a client's transport is refused, because it belongs to no client.
 *
 * @param request the native request body; a frozen snapshot of it is taken.
 * @throws {SluiceError} `request.malformed` when the request is not a JSON object; `context.invalid`.
 *
 * @example
 * import { openaiChat } from '@sluice/core/apis'
 * import { clientTransport, createCall } from '@sluice/core/transport'
 *
 * const messages = [{ role: 'user' as const, content: 'Hi' }]
 * const reply = await clientTransport(openai)(createCall(openaiChat, { model: 'gpt-5-mini', messages }))
 */
export function createCall<A extends ApiId>(api: Api<A>, request: RequestOf<A>, options: CallOptions = {}): Call<A> {
  const { context = {}, signal, clock = systemClock } = options
  checkContext(context)
  const value = snapshotJson(request)
  if (!isObject(value))
    throw new SluiceError({
      code: 'request.malformed',
      message: `A request must be a JSON object, got ${Array.isArray(request) ? 'a list' : typeof request}.`,
    })
  return PipelineCall.from(api, {
    url: '',
    init: signal ? { signal } : {},
    headers: new Headers(),
    text: JSON.stringify(value),
    value,
    context,
    maxRetries: undefined,
    clock,
    transport: async () => {
      throw new SluiceError({
        code: 'pipeline.no_client',
        message:
          'This call was made with createCall() and belongs to no client. Send it to a target or another handler.',
        status: 500,
      })
    },
  })
}

/**
 * The same call (id, context, signal, report) with a request in another dialect: for targets and bridges. The client that
 * the call came through refuses it; a {@link clientTransport} takes it.
 *
 * @throws {SluiceError} `pipeline.foreign_call` for an object that is not a call.
 */
export function deriveCall<A extends ApiId>(call: Call, api: Api<A>, request: RequestOf<A>, http?: CallHttp): Call<A> {
  return ownCall(call).derive(api, request, http)
}

/** The call as the engine knows it. */
export function ownCall<A extends ApiId>(call: Call<A>): PipelineCall<A> {
  if (call instanceof PipelineCall) return call
  throw new SluiceError({
    code: 'pipeline.foreign_call',
    message: 'A middleware passed on an object that is not a call. Make changed copies with call.with({ … }).',
    status: 500,
  })
}
