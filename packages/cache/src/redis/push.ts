import type { Invalidation } from '../store/store.ts'

/** A message's beginning; the script of an invalidated tag writes the rest. */
export function messageStart(from: string, scope: string): string {
  return `${JSON.stringify({ from, scope }).slice(0, -1)},"tag":`
}

export function messageOf(from: string, gone: Invalidation): string {
  return JSON.stringify({ from, ...gone })
}

/** What a message says, `undefined` for one's own and for what is none. */
export function goneOf(message: string, self: string): Invalidation | undefined {
  let value: unknown
  try {
    value = JSON.parse(message)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { from, scope, id, tag, generation } = value as Record<string, unknown>
  if (from === self || typeof scope !== 'string') return undefined
  if (typeof id === 'string') return { scope, id }
  return typeof tag === 'string' && typeof generation === 'number' ? { scope, tag, generation } : undefined
}

/**
 * The part of a second Redis client that listens. What `createClient` of `redis` 5 and later returns fits, connected and
 * used for nothing else; beside a cluster, a client of any one of its nodes.
 */
export interface RedisSubscriber {
  readonly isReady: boolean
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  unsubscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  on(event: 'ready' | 'reconnecting' | 'end', listener: () => void): unknown
  off(event: 'ready' | 'reconnecting' | 'end', listener: () => void): unknown
}

export function isRedisSubscriber(value: unknown): value is RedisSubscriber {
  if (typeof value !== 'object' || value === null) return false
  const { isReady, subscribe, unsubscribe, on, off } = value as Partial<RedisSubscriber>
  return typeof isReady === 'boolean' && [subscribe, unsubscribe, on, off].every((each) => typeof each === 'function')
}

/** Listens to a channel until it is told to stop. `onLive` follows the connection: what is sent while it is down is lost. */
export function listen(
  subscriber: RedisSubscriber,
  channel: string,
  onMessage: (message: string) => void,
  onLive: (isLive: boolean) => void,
): () => void {
  let isSubscribed = false
  let isStopped = false
  let wasLive = false
  // The server goes on sending until it has heard that it is to stop.
  const hear = (message: string): void => {
    if (!isStopped) onMessage(message)
  }
  const update = (): void => {
    const isLive = isSubscribed && subscriber.isReady
    if (isLive !== wasLive) onLive((wasLive = isLive))
  }
  const events = ['ready', 'reconnecting', 'end'] as const
  for (const event of events) subscriber.on(event, update)
  subscriber.subscribe(channel, hear).then(
    () => {
      isSubscribed = !isStopped
      update()
    },
    // Without the right to subscribe it is never live.
    () => undefined,
  )
  return () => {
    for (const event of events) subscriber.off(event, update)
    isSubscribed = false
    isStopped = true
    update()
    subscriber.unsubscribe(channel, hear).catch(() => undefined)
  }
}
