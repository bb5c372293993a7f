import type { Call } from '../call.ts'
import { credentialOf } from '../limits/subject-of.ts'
import { defineMiddleware, type Middleware } from '../pipeline.ts'
import { isRedisError } from '../redis/index.ts'
import { streamReply, type Reply } from '../reply.ts'
import { WatchedEvents } from '../report-events.ts'
import { checkNames, refuse, shown } from '../limits/check-options.ts'
import { checkQueue, createQueue, type QueueOptions, type QueueSeat } from './queue.ts'
import type { Semaphore, SemaphorePermit } from './redis-semaphore.ts'

/** A part of a call that its turn can go by. */
export type FairBy = 'tenant' | 'user' | 'session' | 'model' | 'credential'

export interface CallQueueOptions extends QueueOptions {
  /** Higher goes first: a number for all calls, or a function of the call. @default 0 */
  readonly priority?: number | ((call: Call) => number)
  /** Calls of different tenants (users, …) take turns; calls that have none share a turn. @default in the order of coming */
  readonly fairBy?: FairBy | ((call: Call) => string | undefined)
  /** A number of places that processes share: a call takes one here, and then one there. @default none */
  readonly shared?: Semaphore
  /** What to do when the shared places cannot be asked for: go by `concurrency` alone, or fail. @default 'allow' */
  readonly onSharedDown?: 'allow' | 'refuse'
}

const fairFields: readonly FairBy[] = ['tenant', 'user', 'session', 'model', 'credential']
const queueNames = ['concurrency', 'maxWaiting', 'timeoutMs', 'weightOf', 'clock']
const optionNames = [...queueNames, 'priority', 'fairBy', 'shared', 'onSharedDown']

/**
 * Middleware that lets a bounded number of calls through at the same time and makes the others wait: by priority, tenants
 * in turn, and not for longer than `timeoutMs` or the call's own deadline. A call keeps its place to the end of its answer.
 *
 * How long a call waited is in its report: `{ by: 'queue', action: 'waited', details: { waitedMs } }`.
 *
 * Belongs inside caches, which need no place, and outside retries, so that a call keeps its place between its tries.
 *
 * @throws {SluiceError} `config.option` at construction; `queue.full` and `queue.timeout` (HTTP 503) from calls.
 *
 * @example
 * import OpenAI from 'openai'
 * import { sluice } from '@sluice/core'
 * import { queue } from '@sluice/core/queue'
 *
 * const openai = sluice(new OpenAI(), [
 *   queue({ concurrency: 16, maxWaiting: 200, timeoutMs: 10_000, fairBy: 'tenant' }),
 * ])
 */
export function queue(options: CallQueueOptions): Middleware {
  checkNames(options, optionNames, 'queue()')
  const { priority = 0, fairBy, shared, onSharedDown = 'allow' } = options
  const checked = checkQueue(options, 'queue()')
  if (typeof priority !== 'function' && !Number.isFinite(priority))
    refuse(`priority of queue() must be a finite number or a function of the call, got ${shown(priority)}.`)
  if (shared !== undefined && typeof shared?.acquire !== 'function')
    refuse(`shared of queue() must be what redisSemaphore() returns, got ${shown(shared)}.`)
  if (onSharedDown !== 'allow' && onSharedDown !== 'refuse')
    refuse(`onSharedDown of queue() must be "allow" or "refuse", got ${shown(onSharedDown)}.`)
  const keyOf = keyFunction(fairBy)
  const lines = createQueue(checked)
  const { clock, timeoutMs } = checked

  const takeShared = async (call: Call, waitedMs: number): Promise<SemaphorePermit | undefined> => {
    if (!shared) return undefined
    const leftMs = Math.min(timeoutMs - waitedMs, (call.context.deadlineAtMs ?? Infinity) - clock.now())
    try {
      return await shared.acquire({ signal: call.signal, timeoutMs: Math.max(0, leftMs) })
    } catch (error) {
      if (onSharedDown === 'refuse' || !isRedisError(error)) throw error
      call.note({ by: 'queue', action: 'allowed', reason: 'shared_down' })
      return undefined
    }
  }

  return defineMiddleware({ name: 'queue' }, async (call, next) => {
    const { signal, context } = call
    const ask = typeof priority === 'function' ? priority(call) : priority
    const sinceMs = clock.now()
    const { deadlineAtMs } = context
    const seat = await lines
      .enter({ priority: ask, key: keyOf(call), signal, deadlineAtMs })
      .catch((error: unknown) => {
        if (!signal?.aborted)
          call.note({
            by: 'queue',
            action: 'refused',
            details: { waitedMs: clock.now() - sinceMs, waiting: lines.waiting },
          })
        throw error
      })
    const place = await takeShared(call, seat.waitedMs).catch((error: unknown) => {
      seat.leave()
      throw error
    })
    const waitedMs = seat.waitedMs + (place?.waitedMs ?? 0)
    if (waitedMs > 0) call.note({ by: 'queue', action: 'waited', details: { waitedMs } })
    return keep(call, { seat, place }, next)
  })
}

interface Kept {
  readonly seat: QueueSeat
  readonly place: SemaphorePermit | undefined
}

/** Keeps the place until the answer is over. */
async function keep(call: Call, { seat, place }: Kept, next: (call: Call) => Promise<Reply>): Promise<Reply> {
  const leave = (): void => {
    seat.leave()
    void place?.release()
  }
  let reply: Reply
  try {
    reply = await next(call)
  } catch (error) {
    leave()
    throw error
  }
  if (reply.kind === 'stream') {
    const events = new WatchedEvents(reply, call.signal, { event: () => undefined, end: leave })
    return streamReply(reply.api, events, reply)
  }
  // A whole answer is over when its body is here. One that cannot be read is for the application to see.
  if (reply.kind === 'whole') await reply.value().catch(() => undefined)
  leave()
  return reply
}

function keyFunction(fairBy: CallQueueOptions['fairBy']): (call: Call) => string {
  if (fairBy === undefined) return () => ''
  if (typeof fairBy === 'function') return (call) => fairBy(call) ?? ''
  if (!fairFields.includes(fairBy))
    refuse(`fairBy of queue() must be ${fairFields.join(', ')} or a function of the call, got ${shown(fairBy)}.`)
  if (fairBy === 'model') return (call) => call.api.model(call.request)
  if (fairBy === 'credential') return credentialOf
  return ({ context }) => context[fairBy] ?? ''
}
