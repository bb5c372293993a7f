import { isObject, type JsonObject } from '../json.ts'

/** The frame that ends a stream of chat or completions. */
export const openaiDone = 'data: [DONE]\n\n'

export function encodeEvent(event: JsonObject): string {
  return `data: ${JSON.stringify(event)}\n\n`
}

/** An event of chat or completions less the `usage: null` that stands in all but one when usage was asked for. */
export function withoutUsageTrace<E extends JsonObject>(event: E): E {
  if (event['usage'] !== null) return event
  const { usage: _, ...rest } = event
  return rest as unknown as E
}

/** Whether an event of chat or completions carries usage and no choice. */
export function isUsageOnly({ choices, usage }: JsonObject): boolean {
  return Array.isArray(choices) && choices.length === 0 && isObject(usage)
}
