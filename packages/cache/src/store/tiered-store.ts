import { SluiceError, systemClock, type Clock } from '@sluice/core'
import { everything, type Generations, type Store, type StoredEntry, type StoreFound, type StoreKey } from './store.ts'

export interface TieredStoreOptions {
  /** How long an entry is served from near without a look at far, in milliseconds, unless far pushes. @default 5000 */
  readonly nearTtlMs?: number
  /** @default systemClock */
  readonly clock?: Clock
}

/**
 * A near store in front of a far one: reads near, then far, and keeps near what far had; writes both. What is invalidated
 * through it is gone at once in this process; what another process invalidates is gone near after at most `nearTtlMs`, or,
 * where far pushes invalidations, as soon as it is told: entries are then kept near for as long as they live. While the
 * connection of the pushes is down, and for what was copied before, `nearTtlMs` holds again.
 *
 * Far decides: generations that leave it are far's, and an entry that far refuses is not kept near. While far fails, what
 * is near is served as before, and everything else rejects. Locks are far's.
 *
 * An entry that has tags which its reader did not ask for is served, but not kept near: no one could tell whether they were
 * invalidated on its way.
 *
 * @throws {SluiceError} `config.option`.
 *
 * @example
 * import { memoryStore, tieredStore } from '@sluice/cache'
 * import { redisStore } from '@sluice/cache/redis'
 * import { createClient } from 'redis'
 *
 * const client = await createClient().on('error', console.error).connect()
 * const subscriber = await client.duplicate().on('error', console.error).connect()
 * const store = tieredStore(memoryStore(), redisStore(client, { subscriber }))
 */
export function tieredStore(near: Store, far: Store, options: TieredStoreOptions = {}): Store {
  const { nearTtlMs = 5_000, clock = systemClock, ...unknown } = options
  for (const [name, store] of Object.entries({ near, far }))
    if (!isStore(store)) throw optionError(`needs a store as ${name}, got ${store === null ? 'null' : typeof store}.`)
  if (near === far) throw optionError('needs two stores: near and far are the same one.')
  for (const name of Object.keys(unknown))
    throw optionError(`has no option "${name}". The options are nearTtlMs, clock.`)
  if (!(Number.isFinite(nearTtlMs) && nearTtlMs > 0))
    throw optionError(`needs nearTtlMs above 0, in milliseconds, got ${String(nearTtlMs)}.`)
  return new TieredStore(near, far, nearTtlMs, clock)
}

function optionError(problem: string): SluiceError {
  return new SluiceError({ code: 'config.option', message: `tieredStore() ${problem}` })
}

function isStore(value: unknown): value is Store {
  if (typeof value !== 'object' || value === null) return false
  const { get, set, delete: remove, invalidate } = value as Partial<Store>
  return [get, set, remove, invalidate].every((method) => typeof method === 'function')
}

class TieredStore implements Store {
  readonly name: string
  readonly lock?: NonNullable<Store['lock']>
  readonly onInvalidation?: NonNullable<Store['onInvalidation']>
  readonly size?: NonNullable<Store['size']>
  readonly #near: Store
  readonly #far: Store
  readonly #nearTtlMs: number
  readonly #clock: Clock
  /** Unbroken runs of pushes so far; of what was copied in the present one nothing is missed. */
  #runs = 0
  #isLive = false

  constructor(near: Store, far: Store, nearTtlMs: number, clock: Clock) {
    this.name = `${near.name}+${far.name}`
    this.#near = near
    this.#far = far
    this.#nearTtlMs = nearTtlMs
    this.#clock = clock
    if (far.lock) this.lock = far.lock.bind(far)
    if (far.onInvalidation) this.onInvalidation = far.onInvalidation.bind(far)
    if (near.size) this.size = near.size.bind(near)
    far.onInvalidation?.(
      ({ scope, id, tag }) => {
        const gone = id === undefined ? near.invalidate(scope, [tag ?? everything]) : near.delete({ scope, id })
        // A near store that cannot forget must not be believed.
        gone.catch(() => this.#follow(false))
      },
      (isLive) => this.#follow(isLive),
    )
  }

  async get(key: StoreKey, tags: readonly string[], signal?: AbortSignal): Promise<StoreFound> {
    const asked = { atMs: this.#clock.now(), run: this.#run() }
    const before = await this.#near.get(key, tags, signal).catch(() => undefined)
    const copy = before?.entry && this.#served(before.entry, tags)
    if (copy) return { entry: copy, generations: copy.tags }
    const found = await this.#far.get(key, tags, signal)
    if (found.entry && before) await this.#copy(key, found.entry, before.generations, asked)
    return found
  }

  async set(key: StoreKey, entry: StoredEntry, signal?: AbortSignal): Promise<boolean> {
    const asked = { atMs: this.#clock.now(), run: this.#run() }
    // Before far is asked: what is invalidated from here on must not be kept.
    const before = await this.#near.get(key, Object.keys(entry.tags), signal).catch(() => undefined)
    if (!(await this.#far.set(key, entry, signal))) return false
    if (before) await this.#copy(key, entry, before.generations, asked)
    return true
  }

  async delete(key: StoreKey): Promise<boolean> {
    try {
      return await this.#far.delete(key)
    } finally {
      await this.#near.delete(key)
    }
  }

  async invalidate(scope: string, tags: readonly string[]): Promise<void> {
    try {
      await this.#far.invalidate(scope, tags)
    } finally {
      await this.#near.invalidate(scope, tags)
    }
  }

  /** Near's copy as far has it, when it may still be served and tells all that is asked. */
  #served({ near: part, ...entry }: StoredEntry, tags: readonly string[]): StoredEntry | undefined {
    if (!part) return undefined
    const isTold = part.run !== 0 && part.run === this.#run()
    if (!isTold && this.#clock.now() >= part.copiedAtMs + this.#nearTtlMs) return undefined
    return tags.every((tag) => Object.hasOwn(part.tags, tag)) ? Object.freeze({ ...entry, tags: part.tags }) : undefined
  }

  /** `current` are near's generations from before far was asked: whatever is invalidated meanwhile, near refuses the copy. */
  async #copy(
    key: StoreKey,
    entry: StoredEntry,
    current: Generations,
    asked: { readonly atMs: number; readonly run: number },
  ): Promise<void> {
    const tags = Object.create(null) as Record<string, number>
    for (const tag of Object.keys(entry.tags)) {
      if (!Object.hasOwn(current, tag)) return
      tags[tag] = current[tag] as number
    }
    const near = { tags: entry.tags, copiedAtMs: asked.atMs, run: asked.run }
    await this.#near.set(key, { ...entry, tags, near }).catch(() => false)
  }

  #run(): number {
    return this.#isLive ? this.#runs : 0
  }

  #follow(isLive: boolean): void {
    if (isLive && !this.#isLive) this.#runs += 1
    this.#isLive = isLive
  }
}
