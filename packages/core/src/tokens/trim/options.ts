import { SluiceError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { checkLimit } from '../count.ts'
import { kindOf } from '../estimate.ts'

/** What `trimMessages` is told about the messages it has dropped. */
export interface DroppedMessages<M> {
  /** In order, whole exchanges; a summary that was made before among them. */
  readonly messages: readonly M[]
  /** The summary is cut to so many tokens. */
  readonly maxTokens: number
}

export interface TrimOptions<M> {
  /** What the messages may have with everything else that is counted: whole, above 0. */
  readonly maxTokens: number
  /** The model that they are counted for. */
  readonly model: string
  /**
   * Which exchanges go first. `oldest`: from the beginning. `middle`: the first one stays, which often says what it is
   * all about, and the ones after it go. @default 'oldest'
   */
  readonly strategy?: 'oldest' | 'middle'
  /** Tokens of what is sent beside the messages: tools, Anthropic's `system`, room for the answer. @default 0 */
  readonly reservedTokens?: number
  /**
   * How much of `maxTokens` is kept when something has to go, above 0 and up to 1. Below 1 the next turns need no trimming,
   * and the provider's prompt cache holds. @default 0.7
   */
  readonly keepShare?: number
  /** Sums up what was dropped; the text is put in its place as a message of the user. What it throws is thrown. */
  readonly summarise?: (dropped: DroppedMessages<M>) => string | Promise<string>
  /** Counts text in place of the model's encoder: `(text) => estimateTokens(text, { bound: 'upper' })`. */
  readonly count?: (text: string) => number
}

export function checkTrim<M>(messages: unknown, options: TrimOptions<M>): TrimOptions<M> {
  const {
    maxTokens,
    model,
    strategy = 'oldest',
    reservedTokens = 0,
    keepShare = 1,
    summarise,
    count,
    ...unknown
  } = options
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  if (!Array.isArray(messages) || !messages.every((one: unknown) => isObject(one) && typeof one['role'] === 'string'))
    throw new SluiceError({
      code: 'tokens.input',
      message: `The messages of trimMessages() must be a list of objects with a role, got ${kindOf(messages)}. Pass the messages of a chat or Messages request.`,
      details: { got: kindOf(messages) },
    })
  for (const name of Object.keys(unknown))
    refuse(
      `trimMessages() has no option "${name}". The options are maxTokens, model, strategy, reservedTokens, keepShare, summarise, count.`,
    )
  checkLimit(maxTokens, 'maxTokens of trimMessages()')
  checkLimit(reservedTokens, 'reservedTokens of trimMessages()')
  if (typeof model !== 'string') refuse(`model of trimMessages() must be the model's name, got ${kindOf(model)}.`)
  if (strategy !== 'oldest' && strategy !== 'middle')
    refuse(`strategy of trimMessages() must be "oldest" or "middle", got ${JSON.stringify(strategy)}.`)
  if (!(keepShare > 0 && keepShare <= 1))
    refuse(`keepShare of trimMessages() must be above 0 and at most 1, got ${String(keepShare)}.`)
  for (const [name, value] of Object.entries({ summarise, count }))
    if (value !== undefined && typeof value !== 'function') refuse(`${name} of trimMessages() must be a function.`)
  return options
}

/** The JSON of a message, whichever SDK's type it has. */
export function asJson(message: object): JsonObject {
  return message as JsonObject
}
