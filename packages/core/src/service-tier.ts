import { isObject, type JsonObject } from './json.ts'

/** The service tier that an answer or an event tells of: prices go by it. */
export function serviceTierOf(value: JsonObject): string | undefined {
  const { service_tier: tier, usage, message, response } = value
  const told = tier ?? (isObject(usage) ? usage['service_tier'] : undefined)
  if (typeof told === 'string') return told
  const inner = isObject(message) ? message : response
  return isObject(inner) ? serviceTierOf(inner) : undefined
}
