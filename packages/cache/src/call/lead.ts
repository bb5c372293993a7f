import type { ApiId, Call, Reply } from '@sluice/core'
import { keptReply, note } from './answered-call.ts'
import type { CacheHit, CacheMiss } from '../cache-lookup.ts'
import type { CacheEntry } from '../entry.ts'
import { hitReply, type HitMark } from './hit-reply.ts'
import { isFaultStatus, isProvidersFault } from './providers-fault.ts'
import type { Scene } from './scene.ts'
import { leadOrWait, type Lead } from '../store/lock-wait.ts'
import { keyNamed } from '../ticket.ts'

/** A call that the cache has no answer to, and that asks the provider for everyone who asks the same now. */
export interface LeadScene<A extends ApiId> extends Scene<A> {
  readonly found: CacheMiss<A>
}

/** Asks the provider, or waits for the process that does, and keeps the answer. */
export async function lead<A extends ApiId>(scene: LeadScene<A>): Promise<Reply<A>> {
  const turn = await turnOf(scene)
  if (turn && turn.role === 'found') {
    const { entry } = turn.found
    return standIn(scene, entry, 'other_process', 'hit')
  }
  try {
    return await asked(scene, turn)
  } catch (error) {
    await turn?.release()
    const { ifError } = scene.found
    if (!ifError || scene.call.signal?.aborted || !isProvidersFault(scene.call, error)) throw error
    return standIn(scene, ifError, 'stale_if_error', 'stale')
  }
}

async function asked<A extends ApiId>(scene: LeadScene<A>, turn: Lead | undefined): Promise<Reply<A>> {
  const { core, call, next, query, found } = scene
  const reply = (await next(call as Call)) as Reply<A>
  if (found.ifError && reply.kind === 'error' && isFaultStatus(reply.status)) {
    await reply.discard()
    await turn?.release()
    return standIn(scene, found.ifError, 'stale_if_error', 'stale')
  }
  return keptReply(reply, { core, call, query, ticket: found.ticket, onEnd: () => turn?.release() })
}

/** Among processes that share a store: this one's turn to ask, or the answer that another one stored meanwhile. */
async function turnOf<A extends ApiId>(
  scene: LeadScene<A>,
): Promise<Lead | { readonly role: 'found'; readonly found: CacheHit<A> } | undefined> {
  const { core, call, query, found } = scene
  const { lock, clock, random } = core.settings
  const { locks } = core.store
  // A store that did not even tell what it has is not asked to wait by.
  if (!lock || !locks.lock || found.reason.startsWith('store_')) return undefined
  const turn = await leadOrWait({
    ...lock,
    store: locks,
    key: keyNamed(found.key),
    read: async () => {
      const again = await core.look(query, call.context, undefined, 'exact')
      return again.outcome === 'hit' && again.reason === 'exact' ? again : undefined
    },
    clock,
    random,
    signal: call.signal,
  })
  return turn.role === 'alone' ? undefined : turn
}

/** A stored answer where the provider's own was wanted. */
function standIn<A extends ApiId>(
  { core, call }: LeadScene<A>,
  entry: CacheEntry<A>,
  reason: string,
  mark: HitMark,
): Reply<A> {
  const savedNanoUsd = core.savings.count(call.api, call.request, entry.answer)
  note(call, 'hit', reason, savedNanoUsd === undefined ? {} : { savedNanoUsd })
  return hitReply(call, entry, mark)
}
