import { isObject, type JsonObject } from '../json.ts'
import type { ChatUsage } from './openai-chat/wire.ts'

/** An answer of chat or completions. */
interface Answer extends JsonObject {
  readonly usage?: ChatUsage | null
}

const everywhere = ['id', 'created', 'model', 'service_tier', 'system_fingerprint']

/**
 * The events of a stream from the choices of each: all with the fields that identify the answer, the first also with
 * every field that no dialect knows, and one more with the usage where the answer has it.
 */
export function eventsOf(answer: Answer, object: string, choices: readonly (readonly JsonObject[])[]): JsonObject[] {
  const { usage, ...first } = answer
  const rest = Object.fromEntries(everywhere.filter((field) => field in answer).map((field) => [field, answer[field]]))
  const events: JsonObject[] = choices.map((list) => ({ choices: list }))
  if (isObject(usage)) events.push({ choices: [], usage })
  else if (events.length === 0) events.push({ choices: [] })
  return events.map((event, at) => ({ ...(at > 0 ? rest : usage === null ? answer : first), object, ...event }))
}
