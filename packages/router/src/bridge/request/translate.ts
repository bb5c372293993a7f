import { SluiceError, type ApiId, type JsonObject, type RequestOf } from '@sluice/core'
import { Losses, type Loss } from '../lossy.ts'
import { fromChat } from './chat/decode.ts'
import { noWords } from './conversation.ts'
import { fromMessages } from './messages/decode.ts'
import { fromResponses } from './responses/decode.ts'
import { traitsOf, unknownModel, type ModelTraits } from './model-traits.ts'
import type { Dialect, NeutralRequest } from './neutral.ts'
import type { Encode } from './target.ts'
import { toChat } from './chat/encode.ts'
import { toMessages } from './messages/encode.ts'
import { toResponses } from './responses/encode.ts'

export interface TranslateRequestOptions {
  /** The model that will answer, which the translated request names. @default the model of the original */
  readonly model?: string
  /**
   * The limit of an answer, tokens, at least 1: for Anthropic, which asks for one, where the original names none.
   * @default 4096, and what thinking takes on top of that
   */
  readonly maxOutputTokens?: number
  /**
   * What the model takes. Between OpenAI and Anthropic the default is read from the name of the model; between the two
   * dialects of OpenAI it is taken to take what it was asked for.
   */
  readonly traits?: Partial<ModelTraits>
}

/** A request in another dialect. */
export interface TranslatedRequest<A extends ApiId> {
  readonly request: RequestOf<A>
  /** What was left out or changed; empty where the translation says all that the original says. */
  readonly lossy: readonly Loss[]
}

const decoders: { readonly [D in Dialect]: (request: JsonObject, losses: Losses) => NeutralRequest } = {
  'openai.chat': fromChat,
  'openai.responses': fromResponses,
  'anthropic.messages': fromMessages,
}

const encoders: { readonly [D in Dialect]: Encode } = {
  'openai.chat': toChat,
  'openai.responses': toResponses,
  'anthropic.messages': toMessages,
}

/** Whether a request of the one dialect can be translated into the other: any into itself, and these three into each other. */
export function translatable(from: ApiId, to: ApiId): boolean {
  return from === to || (from in decoders && to in decoders)
}

/**
 * Translates a request between Chat Completions, Responses and Anthropic Messages; within one dialect it is the request
 * itself. Nothing is lost in silence: every field that the other dialect has no place for, unknown ones included, and
 * every value that arrives changed is named in `lossy`. The request is not changed, nor is any part of it copied that
 * need not be.
 *
 * Not named, because nothing of it would reach the model or differ: `null` in place of an absent field, values that ask
 * for what happens anyway (`n: 1`, penalties of 0, a text format), ids and the status `completed` of items of Responses,
 * empty texts, whether instructions come as system or as developer message, and how texts of one role in a row are
 * divided into messages.
 *
 * Reasoning: `reasoning_effort`, `reasoning.effort` and `output_config.effort` stand for each other, `thinking` disabled
 * for the effort `none`; for Claude before 4.6 the efforts minimal, low, medium, high, xhigh and max are 1024, 2048,
 * 8192, 16384, 24576 and 32768 thinking tokens. Reasoning of earlier turns is left out: it is bound to its provider.
 *
 * JSON without a schema (`json_object`) is left out for Anthropic, not imitated. The results of tools move to their
 * calls, system prompts in front, where the dialect asks for it.
 *
 * @throws {SluiceError} `bridge.dialect` for a pair that is not {@link translatable}, `config.option` for a bad option.
 *
 * @example
 * const body = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hello' }] }
 * const { request, lossy } = translateRequest('openai.chat', 'anthropic.messages', body, { model: 'claude-haiku-4-5' })
 */
export function translateRequest<F extends ApiId, T extends ApiId>(
  from: F,
  to: T,
  request: RequestOf<F>,
  options: TranslateRequestOptions = {},
): TranslatedRequest<T> {
  const { model, maxOutputTokens, traits } = checked(options)
  if (!translatable(from, to)) {
    throw new SluiceError({
      code: 'bridge.dialect',
      message: `A request of ${from} cannot be translated to ${to}. The bridge joins ${Object.keys(decoders).join(', ')}.`,
      details: { from, to },
    })
  }
  if (from === (to as ApiId)) {
    const named = model === undefined ? request : { ...(request as JsonObject), model }
    return { request: named as unknown as RequestOf<T>, lossy: [] }
  }
  const losses = new Losses()
  const neutral = withWords(decoders[from as Dialect](request as JsonObject, losses), losses)
  const name = model ?? neutral.model
  const vendor = vendorOf(to)
  const known = vendorOf(from) === vendor ? unknownModel : traitsOf(vendor, name)
  const target = { model: name, traits: { ...known, ...traits }, maxOutputTokens }
  const translated = encoders[to as Dialect](neutral, target, losses)
  return { request: translated as unknown as RequestOf<T>, lossy: losses.list }
}

/** No provider takes a conversation without a message. */
function withWords(request: NeutralRequest, losses: Losses): NeutralRequest {
  if (request.messages.length > 0) return request
  losses.fatal([], 'Nothing of the conversation could be carried.')
  return { ...request, messages: [{ role: 'user', path: [], parts: [{ type: 'text', text: noWords, path: [] }] }] }
}

function vendorOf(api: ApiId): 'openai' | 'anthropic' {
  return api === 'anthropic.messages' ? 'anthropic' : 'openai'
}

function checked(options: TranslateRequestOptions): TranslateRequestOptions {
  const { model: _model, maxOutputTokens = 1, traits: _traits, ...unknown } = options
  const [name] = Object.keys(unknown)
  const message =
    name !== undefined
      ? `translateRequest() has no option "${name}". The options are model, maxOutputTokens, traits.`
      : !(Number.isSafeInteger(maxOutputTokens) && maxOutputTokens >= 1) &&
        `maxOutputTokens of translateRequest() must be a whole number of at least 1, got ${String(maxOutputTokens)}.`
  if (message) throw new SluiceError({ code: 'config.option', message })
  return options
}
