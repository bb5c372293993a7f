import type { JsonObject } from '../json.ts'
import { isStream, withStream } from './openai-request.ts'

/** What the dialects have in common whose events have names and whose usage comes unasked. */
export const namedEvents: {
  readonly trailer: string
  readonly isStream: typeof isStream
  readonly withStream: typeof withStream
  encode(event: JsonObject): string
  withStreamUsage<R>(request: R): R
  isUsageOnly(event: JsonObject): boolean
} = {
  trailer: '',
  isStream,
  withStream,
  encode: (event) => {
    const { type } = event
    return `${typeof type === 'string' ? `event: ${type}\n` : ''}data: ${JSON.stringify(event)}\n\n`
  },
  withStreamUsage: (request) => request,
  isUsageOnly: () => false,
}
