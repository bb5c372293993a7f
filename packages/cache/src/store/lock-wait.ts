import { systemClock, type Clock } from '@sluice/core'
import type { Store, StoreKey, StoreLock } from './store.ts'

/** How processes agree on the one that asks the provider. */
export interface LeadOrWaitOptions<T> {
  readonly store: Pick<Store, 'lock'>
  readonly key: StoreKey
  /** How long a process that was killed keeps the others waiting, in milliseconds. Renewed while its owner lives. */
  readonly leaseMs: number
  /** How long to wait for another process's answer, in milliseconds, before asking the provider oneself. */
  readonly maxWaitMs: number
  /** Looks the key up again. Whatever it gives but `undefined` ends the wait. */
  readonly read: () => Promise<T | undefined>
  /** @default systemClock */
  readonly clock?: Clock
  /** Ends the wait, with its reason. It does not end a lead. */
  readonly signal?: AbortSignal | undefined
  /** 0 to 1: spreads the polls of waiters. @default Math.random */
  readonly random?: () => number
}

/** The others wait for this process. The lock is renewed until it is released. */
export interface Lead {
  readonly role: 'lead'
  /** Whether the lock ran out meanwhile, so that another process may be asking as well. */
  isLost(): boolean
  /** Lets the next one in: after the answer was stored, or will not be. Never rejects; a second call does nothing. */
  release(): Promise<void>
}

/** Who asks the provider. `alone`: there is nothing to wait for any more, or no telling: ask it yourself, without a lock. */
export type LeadOrWait<T> = Lead | { readonly role: 'found'; readonly found: T } | { readonly role: 'alone' }

const firstPollMs = 25
const lastPollMs = 200
const growth = 1.5

/**
 * Takes the lock of a key, or waits until its holder has stored the answer, is gone, or takes too long.
 *
 * A holder that dies without a word delays the others by at most `leaseMs`: the lock is taken for the lease less the
 * longest pause between two polls, and as much again for the way to the store. A store that fails, or has no locks, leaves everyone alone: it is never an outage.
 *
 * @throws the signal's reason.
 */
export async function leadOrWait<T>(options: LeadOrWaitOptions<T>): Promise<LeadOrWait<T>> {
  const { store, key, leaseMs, maxWaitMs, read, clock = systemClock, signal, random = Math.random } = options
  if (!store.lock) return { role: 'alone' }
  const longestPollMs = Math.min(lastPollMs, leaseMs / 4)
  const heldMs = Math.max(1, Math.floor(leaseMs - 2 * longestPollMs))
  const untilMs = clock.now() + maxWaitMs
  try {
    for (let pollMs = Math.min(firstPollMs, longestPollMs); ; pollMs = Math.min(pollMs * growth, longestPollMs)) {
      signal?.throwIfAborted()
      const lock = await store.lock(key, heldMs, signal)
      if (lock) return await leadUnlessFound(lock, { heldMs, read, clock, signal })
      const leftMs = untilMs - clock.now()
      if (leftMs <= 0) return { role: 'alone' }
      await clock.sleep(Math.min(leftMs, pollMs * (0.5 + random() / 2)), signal)
      const found = await read()
      if (found !== undefined) return { role: 'found', found }
    }
  } catch {
    signal?.throwIfAborted()
    return { role: 'alone' }
  }
}

/** Another process may have stored the answer and released the lock between our look and our lock. */
async function leadUnlessFound<T>(
  lock: StoreLock,
  of: Required<Pick<LeadOrWaitOptions<T>, 'read' | 'clock'>> & { heldMs: number; signal: AbortSignal | undefined },
): Promise<LeadOrWait<T>> {
  const lead = leading(lock, of.heldMs, of.clock)
  // A look that fails takes the lock from nobody: the provider is asked all the same.
  const found = await of.read().catch(() => undefined)
  if (found === undefined && !of.signal?.aborted) return lead
  await lead.release()
  of.signal?.throwIfAborted()
  return { role: 'found', found: found as T }
}

function leading(lock: StoreLock, heldMs: number, clock: Clock): Lead {
  const end = new AbortController()
  let isTaken = false
  let untilMs = clock.now() + heldMs
  let renewal: Promise<void> = Promise.resolve()
  const isLost = (): boolean => isTaken || clock.now() >= untilMs
  const renew = async (): Promise<void> => {
    const sentAtMs = clock.now()
    // A store that fails may be back before the lease has run out.
    const isHeld = await lock.renew(heldMs).catch(() => undefined)
    if (isHeld) untilMs = sentAtMs + heldMs
    else if (isHeld === false) isTaken = true
  }
  const renewing = async (): Promise<void> => {
    while (!isLost()) {
      await clock.sleep(heldMs / 3, end.signal)
      await (renewal = renew())
    }
  }
  // It rejects when it is told to end.
  renewing().catch(() => undefined)
  const release = async (): Promise<void> => {
    end.abort()
    // Overtaking a renewal would look like a loss.
    await renewal
    await lock.release().catch(() => undefined)
  }
  let released: Promise<void> | undefined
  return { role: 'lead', isLost, release: () => (released ??= release()) }
}
