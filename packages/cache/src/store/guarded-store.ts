import type { Clock } from '@sluice/core'
import type { Generations, Store, StoredEntry, StoreFound, StoreKey } from './store.ts'

/** Why a store did not tell: it took too long, it failed, or it did so often that it is left alone for a while. */
export type StoreFailure = 'store_late' | 'store_failed' | 'store_paused'

/** What a store told in time, or why it did not. */
export interface GuardedRead {
  readonly found: StoreFound | undefined
  readonly failure: StoreFailure | undefined
  /** Where the tags stood when they were asked for, as soon as that is known: it may be after the deadline. */
  readonly told: { readonly generations?: Generations }
}

/** After this many failures in a row a store is left alone. */
const mostFailures = 5

/** For so long, in milliseconds; then one call tries it again. */
const pauseMs = 1_000

/**
 * A store that may be slow or down, asked with a deadline. It never rejects. A store that fails again and again is not
 * asked by every call: it is left alone for a second, and then tried by one call at a time until it answers.
 */
export class GuardedStore {
  readonly store: Store
  readonly #timeoutMs: number
  readonly #clock: Clock
  #failures = 0
  #pausedUntilMs = -Infinity

  constructor(store: Store, timeoutMs: number, clock: Clock) {
    this.store = store
    this.#timeoutMs = timeoutMs
    this.#clock = clock
  }

  /** As {@link read}, at once, where the store can: only then there is a result. */
  peek(key: StoreKey, tags: readonly string[]): GuardedRead | undefined {
    if (!this.store.isLocal || !this.store.peek) return undefined
    try {
      const found = this.store.peek(key, tags)
      return { found, failure: undefined, told: found }
    } catch {
      return { found: undefined, failure: 'store_failed', told: {} }
    }
  }

  async read(key: StoreKey, tags: readonly string[]): Promise<GuardedRead> {
    if (this.#isPaused()) return { found: undefined, failure: 'store_paused', told: {} }
    const asked = settled(() => this.store.get(key, tags))
    const result = await this.#inTime(asked)
    if (result?.value) return { found: result.value, failure: undefined, told: result.value }
    const told: { generations?: Generations } = {}
    if (result) return { found: undefined, failure: 'store_failed', told }
    void asked.then(({ value }) => value && (told.generations = value.generations))
    return { found: undefined, failure: 'store_late', told }
  }

  /** `undefined` when it is not known whether the entry was kept. */
  async write(key: StoreKey, entry: StoredEntry): Promise<boolean | StoreFailure> {
    if (this.#isPaused()) return 'store_paused'
    const result = await this.#inTime(settled(() => this.store.set(key, entry)))
    return result === undefined ? 'store_late' : (result.value ?? 'store_failed')
  }

  /** The store's locks, if it has any, with the same deadline. It rejects for what is no answer. */
  get locks(): Pick<Store, 'lock'> {
    const { store } = this
    if (!store.lock) return {}
    return {
      lock: async (key, leaseMs) => {
        if (this.#isPaused()) throw new Error('The store is left alone for a while.')
        const asked = settled(async () => store.lock?.(key, leaseMs))
        const result = await this.#inTime(asked)
        if (result && 'value' in result) return result.value
        // A lock that comes too late must not stay with nobody.
        if (!result) void asked.then(({ value }) => value?.release().catch(() => undefined))
        throw new Error('The store did not answer.')
      },
    }
  }

  #isPaused(): boolean {
    const nowMs = this.#clock.now()
    if (this.#failures < mostFailures) return false
    if (nowMs < this.#pausedUntilMs) return true
    // This call tries it; the others go on doing without.
    this.#pausedUntilMs = nowMs + pauseMs
    return false
  }

  /** What came within the deadline; `undefined` when nothing did. */
  async #inTime<T>(asked: Promise<Settled<T>>): Promise<Settled<T> | undefined> {
    const result = this.store.isLocal ? await asked : await withDeadline(asked, this.#timeoutMs, this.#clock)
    if (result && 'value' in result) this.#failures = 0
    else {
      this.#failures += 1
      if (this.#failures >= mostFailures) this.#pausedUntilMs = this.#clock.now() + pauseMs
    }
    return result
  }
}

/** How a promise ended. */
type Settled<T> = { readonly value: T } | { readonly value?: undefined; readonly error: unknown }

async function settled<T>(run: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await run() }
  } catch (error) {
    return { error }
  }
}

async function withDeadline<T>(asked: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  const timer = new AbortController()
  const late = clock.sleep(ms, timer.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([asked, late])
  } finally {
    timer.abort()
  }
}
