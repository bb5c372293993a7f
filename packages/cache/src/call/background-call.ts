import { usageOf, type AnswerOf, type ApiId, type Call, type Handler, type Reply, type Usage } from '@sluice/core'
import { leadOrWait } from '../store/lock-wait.ts'
import type { CacheCore } from '../cache-core.ts'
import type { CacheHit } from '../cache-lookup.ts'
import { keptReply } from './answered-call.ts'
import type { CacheQuery } from '../key/query.ts'
import { keyNamed } from '../ticket.ts'

/** How long a call may take that nobody waits for, in milliseconds: as long as the SDKs wait by default. */
const mostMs = 600_000

/** A hit that the provider is asked for all the same, while the application has its answer. */
export interface BackgroundCall<A extends ApiId> {
  readonly core: CacheCore
  readonly call: Call<A>
  readonly next: Handler
  readonly query: CacheQuery<A>
  readonly hit: CacheHit<A>
}

/**
 * Asks the provider anew for an answer whose time is over, or nearly, once at a time: in this process, and where the store
 * has locks among all. Resolves as soon as it is on its way, or is not needed.
 */
export async function renew<A extends ApiId>(background: BackgroundCall<A>): Promise<void> {
  const { core, hit } = background
  const { lock, clock, random } = core.settings
  if (core.renewing.has(hit.key)) return
  core.renewing.add(hit.key)
  const done = (): void => void core.renewing.delete(hit.key)
  const { locks } = core.store
  if (!lock || !locks.lock) return ask(background, 'renew', done)
  const options = { store: locks, key: keyNamed(hit.key), leaseMs: lock.leaseMs, maxWaitMs: 0, clock, random }
  const role = await leadOrWait({ ...options, read: async () => undefined })
  if (role.role !== 'lead') return done()
  ask(background, 'renew', async () => {
    await role.release()
    done()
  })
}

/** Asks the provider what it would have said in the place of a semantic hit, and has the two compared. */
export function audit<A extends ApiId>(background: BackgroundCall<A>): void {
  const { core, hit } = background
  ask(background, 'audit', async (answer) => {
    if (answer && hit.hitId !== undefined) await core.tier?.audited(hit.hitId, answer)
  })
}

/**
 * Sends the call again, bound to nobody's signal and deadline. What goes wrong is nobody's: the application has its answer.
 * It has to be sent before the middleware answers, and is when this returns.
 */
function ask<A extends ApiId>(
  { core, call, next, query, hit }: BackgroundCall<A>,
  reason: 'renew' | 'audit',
  onEnd: (answer: AnswerOf<A> | undefined) => Promise<void> | void,
): void {
  const controller = new AbortController()
  const over = new AbortController()
  const { deadlineAtMs: _, ...context } = call.context
  const { call: sent, record } = call.attempt({ reason }, { context, signal: controller.signal })
  // The hit itself costs nothing; what this call takes is its own try's, as far as it is known when the report is made.
  let usage: Usage = usageOf({})
  record.ended = { outcome: 'answered', usage: () => (record.sent ? usage : undefined) }
  core.settings.clock.sleep(mostMs, over.signal).then(
    () => controller.abort(new DOMException('The background call took too long.', 'TimeoutError')),
    () => undefined,
  )
  const ended = async (answer: AnswerOf<A> | undefined): Promise<void> => {
    usage = (answer && call.api.usage(answer)) ?? usage
    record.end({ ...record.ended, outcome: answer ? 'answered' : 'failed' })
    await onEnd(answer)
  }
  const work = async (): Promise<void> => {
    let isOver = false
    const once = async (answer: AnswerOf<A> | undefined): Promise<void> => {
      if (isOver) return
      isOver = true
      await ended(answer)
    }
    try {
      const reply = (await next(sent as Call)) as Reply<A>
      await drain(await keptReply(reply, { core, call: sent, query, ticket: hit.ticket, onEnd: once }))
    } finally {
      over.abort()
      await once(undefined)
    }
  }
  core.inBackground(work())
}

/** Reads a reply that nobody wants to its end. */
async function drain<A extends ApiId>(reply: Reply<A>): Promise<void> {
  if (reply.kind === 'error') return reply.discard()
  if (reply.kind === 'whole') return
  for await (const _ of reply.events()) continue
}
