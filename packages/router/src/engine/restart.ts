import type { ApiId, EventOf, JsonObject } from '@sluice/core'

/** What a {@link restartMarker} says. */
export interface Restart {
  /** The target that answers from here on. */
  readonly target: string
}

/** The event that tells a consumer to forget what it has: the answer begins anew. Each dialect skips what it does not know. */
export function restartMarker(api: ApiId, target: string): EventOf<ApiId> {
  const sluice = { restart: { target } }
  if (api === 'openai.chat')
    return { id: '', object: 'chat.completion.chunk', created: 0, model: '', choices: [], sluice } as never
  return { type: 'ping', sluice } as never
}

/**
 * The marker of `midStream: 'restart'`, if that is what an event is: drop all that was shown, the answer begins anew with
 * the next event. For consumers of raw events; helpers that gather events (`.stream()`) know no such thing.
 *
 * @example
 * let text = ''
 * const stream = await openai.chat.completions.create({ model: 'auto', stream: true, messages: [] })
 * for await (const chunk of stream) {
 *   if (isRestart(chunk)) text = ''
 *   text += chunk.choices[0]?.delta.content ?? ''
 * }
 */
export function isRestart(event: unknown): Restart | undefined {
  const { sluice } = (event ?? {}) as { sluice?: JsonObject }
  const restart = sluice?.['restart']
  return typeof restart === 'object' && restart !== null ? (restart as unknown as Restart) : undefined
}
