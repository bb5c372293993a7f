import { isCall, SluiceError, streamReply, wholeReply } from '@sluice/core'
import type { Api, ApiId, Call, EventOf, Handler, JsonObject, Reply } from '@sluice/core'
import { deriveCall } from '@sluice/core/transport'
import { bridgedReply, translatedError } from './answer/bridged-reply.ts'
import { bridgedApis, translateAnswer } from './answer/translate-answer.ts'
import type { Loss } from './lossy.ts'
import { lossesOf } from './prefill.ts'
import { translateRequest } from './request/index.ts'
import type { BridgedApi } from './stream/piece.ts'
import { lossyError, translateEvents } from './stream/translate-events.ts'

/** How a bridge treats what it cannot carry. */
export interface BridgeOptions {
  /**
   * Whether anything that cannot be carried fails the call. Otherwise only that does without which the translation does
   * not stand for the original. An answer that loses something has then been paid for. @default false
   */
  readonly strict?: boolean | undefined
  /** Output tokens where the caller sets no limit and the other dialect demands one; at least 1. @default 4096 */
  readonly maxOutputTokens?: number | undefined
  /** The model to ask for, by its name at the handler's provider. @default the one that the call asks for */
  readonly model?: string | undefined
  /** Called with what could not be carried of a request or of an answer, where there was anything. Must not throw. */
  readonly onLossy?: ((lossy: readonly Loss[], call: Call) => void) | undefined
}

/**
 * Lets a handler that speaks one dialect answer calls in another: `bridge('openai.chat', 'anthropic.messages')(handler)`.
 * The request, the whole or streamed answer and errors are translated; HTTP status and headers are kept, and the request
 * id is also found under the name that the caller's SDK knows. Calls that are in `to` already pass untouched. What could
 * not be carried is noted in the call's report.
 *
 * @param from the callers' dialect.
 * @param to the handler's dialect.
 * @throws {SluiceError} `config.bridge` for dialects that cannot be translated, `config.option` for unknown or bad options.
 *   Calls fail with `bridge.lossy`, which names the places, with `bridge.dialect` when they are in neither dialect, and
 *   with `bridge.malformed` when the answer is not in the provider's.
 */
export function bridge(from: ApiId, to: ApiId, options: BridgeOptions = {}): (handler: Handler) => Handler {
  checkOptions(options)
  const caller = bridged(from)
  const provider = bridged(to)
  return (handler) => async (call) => {
    if (isCall(call, provider)) return handler(call)
    if (!isCall(call, caller)) throw wrongDialect(call, caller, provider)
    return answered(call, caller, provider, handler, options)
  }
}

async function answered<From extends BridgedApi, To extends BridgedApi>(
  call: Call<From>,
  caller: From,
  provider: To,
  handler: Handler,
  { strict = false, maxOutputTokens, model, onLossy }: BridgeOptions,
): Promise<Reply> {
  const callerApi = bridgedApis[caller] as Api<From>
  const providerApi = bridgedApis[provider] as Api<To>
  const anyCall = call as unknown as Call
  const tell = (lossy: readonly Loss[], what: string): void => {
    if (lossy.length === 0) return
    const paths = lossy.map(({ path }) => path)
    call.note({ by: 'bridge', action: 'lossy', details: { from: caller, to: provider, what, paths } })
    onLossy?.(lossy, anyCall)
  }

  const translated = translateRequest(caller, provider, call.request, {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(model !== undefined && { model }),
  })
  const lossy = lossesOf(call.request, translated.lossy)
  if (lossy.some(({ fatal }) => fatal) || (strict && lossy.length > 0)) throw lossyError(lossy)
  tell(lossy, 'request')
  // Usage comes last in chat and only where it is asked for; the others tell it always.
  const request = providerApi.isStream(translated.request)
    ? providerApi.withStreamUsage(translated.request)
    : translated.request
  const reply = (await handler(deriveCall(anyCall, providerApi as unknown as Api, request))) as unknown as Reply<To>
  if (reply.kind === 'error') return translatedError(call, reply)

  const head = bridgedReply(callerApi, reply)
  const own = call.request as JsonObject
  if (reply.kind === 'stream') {
    const includeUsage = asksForUsage(own)
    const told = (losses: readonly Loss[]): void => tell(losses, 'answer')
    const events = translateEvents(provider, caller, reply.events(), {
      request: own,
      includeUsage,
      onLossy: told,
      strict,
    })
    return streamReply(callerApi as Api, events as AsyncIterable<EventOf<ApiId>>, head)
  }
  const value = await reply.value()
  const failure = providerApi.error(value)
  if (failure) return translatedError(call, reply, failure)
  const { answer, lossy: lost } = translateAnswer(provider, caller, value, { request: own })
  if (strict && lost.length > 0) throw lossyError(lost)
  tell(lost, 'answer')
  // A server that does not stream, for a caller that does.
  if (callerApi.isStream(call.request)) return streamReply(callerApi as Api, callerApi.replay(answer) as [], head)
  return wholeReply(callerApi as Api, answer as never, head)
}

function asksForUsage({ stream_options }: JsonObject): boolean {
  return (stream_options as { readonly include_usage?: unknown } | null | undefined)?.include_usage === true
}

function bridged(api: ApiId): BridgedApi {
  if (Object.hasOwn(bridgedApis, api)) return api as BridgedApi
  throw new SluiceError({
    code: 'config.bridge',
    message: `A bridge joins ${Object.keys(bridgedApis).join(', ')}, not "${api}".`,
    details: { api },
  })
}

function checkOptions(options: BridgeOptions): void {
  const { strict, maxOutputTokens, model, onLossy } = options
  const names = ['strict', 'maxOutputTokens', 'model', 'onLossy']
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined) throw badOption(`Unknown option "${unknown}" of bridge(): it takes ${names.join(', ')}.`)
  if (strict !== undefined && typeof strict !== 'boolean')
    throw badOption(`strict must be true or false, got ${String(strict)}.`)
  if (maxOutputTokens !== undefined && !(Number.isInteger(maxOutputTokens) && maxOutputTokens >= 1))
    throw badOption(`maxOutputTokens must be a whole number of tokens, at least 1, got ${String(maxOutputTokens)}.`)
  if (model !== undefined && (typeof model !== 'string' || model === ''))
    throw badOption(`model must be a non-empty text, got ${JSON.stringify(model)}.`)
  if (onLossy !== undefined && typeof onLossy !== 'function')
    throw badOption(`onLossy must be a function, got ${typeof onLossy}.`)
}

function badOption(message: string): SluiceError {
  return new SluiceError({ code: 'config.option', message })
}

function wrongDialect(call: Call, from: ApiId, to: ApiId): SluiceError {
  return new SluiceError({
    code: 'bridge.dialect',
    message: `This bridge takes calls in ${from} and ${to}, got one in ${call.api.id}.`,
    details: { api: call.api.id, from, to },
    status: 500,
  })
}
