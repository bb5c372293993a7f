import type { ApiId, Boundaries, JsonObject } from '@sluice/core'

/** Where an entry is kept. Both parts are hashes: neither shows a tenant or a prompt. */
export interface StoreKey {
  /** Whose it is, hashed. A store keeps what belongs to one scope together: in one hash tag on Redis Cluster. */
  readonly scope: string
  /** The request, hashed: 32 bytes as base64url. */
  readonly id: string
}

/**
 * Where each of some tags of a scope stood at one moment. A tag's number grows whenever it is invalidated; what it begins
 * with is the store's affair, so that only numbers of the same store compare.
 */
export type Generations = Readonly<Record<string, number>>

/** The tag that every entry of a scope has, by which the whole scope is invalidated. Its name is not a valid tag. */
export const everything = ''

/** The tag that an entry has for itself, by which it is invalidated alone, also while its answer is being made. */
export function keyTag(id: string): string {
  return `=${id}`
}

/**
 * An answer as a store keeps it: plain JSON data, deeply frozen when it comes out.
 *
 * An entry is `fresh` until `freshUntilMs`; from then to `staleUntilMs` it may be served while it is renewed, and to
 * `errorUntilMs` in the place of an error. `freshUntilMs` ≤ both others; the store may forget it after the later one.
 */
export interface StoredEntry {
  readonly api: ApiId
  /** A second digest of the request: an entry whose `check` differs from the reader's is another request's. */
  readonly check: string
  /** The native whole answer, however it was delivered. */
  readonly answer: JsonObject
  /** How the stream that it came in was cut; absent when it came whole. */
  readonly boundaries?: Boundaries
  /** The provider's id of the request that it answered, by header name. */
  readonly requestIds: Readonly<Record<string, string>>
  /** Generations of its tags, {@link everything} included, when its request began: what is invalidated meanwhile is never kept. */
  readonly tags: Generations
  readonly storedAtMs: number
  readonly freshUntilMs: number
  readonly staleUntilMs: number
  readonly errorUntilMs: number
  /** How long the provider took for the answer, in milliseconds. */
  readonly tookMs: number
  /** What the semantic tier knows of it; absent where it takes no part. */
  readonly semantic?: SemanticPart
  /** Only on what `tieredStore` keeps in its near store, and never on what comes out of it. */
  readonly near?: NearPart
}

/** What a near store is told about an entry that the far one has. */
export interface NearPart {
  /** The entry's generations in the far store; `tags` are those of the near one. */
  readonly tags: Generations
  /** When it was copied. */
  readonly copiedAtMs: number
  /** The unbroken run of pushes that it was copied in, by number; 0 when there was none. */
  readonly run: number
}

/** What makes an entry a candidate for prompts that are like its own. */
export interface SemanticPart {
  /** The text of its user turn. */
  readonly text: string
  /** Entries with the same group have the same answer. */
  readonly group: string
  /** Digests of prompts that this answer was found wrong for; the oldest go first. */
  readonly rejected: readonly string[]
}

/** What a store knows under a key. */
export interface StoreFound {
  /** `undefined` when there is none, it is past all its times, or one of its tags was invalidated since. */
  readonly entry: StoredEntry | undefined
  /** The generations of the tags that were asked for and of {@link everything}, now. */
  readonly generations: Generations
}

/** The right to be the one who asks the provider, across processes. */
export interface StoreLock {
  /** Holds it `leaseMs` from now on. `false` when it was lost meanwhile. */
  renew(leaseMs: number): Promise<boolean>
  /** Gives it back if it is still held. */
  release(): Promise<void>
}

/** What a store does with entries that are being invalidated elsewhere. */
export interface Invalidation {
  readonly scope: string
  /** An entry that is gone; absent when a tag is meant. */
  readonly id?: string
  /** A tag with its new generation; absent when an entry is meant. */
  readonly tag?: string
  readonly generation?: number
}

/**
 * Where answers are kept. The contract suite `storeContract` of `@sluice/cache/testing` says what one must do.
 *
 * Every method may reject: the cache takes that for a miss and goes on. A store sets no timeouts of its own beyond those of
 * its options; `signal` tells it that nobody waits any more.
 */
export interface Store {
  /** For reports: `memory`, `redis`. */
  readonly name: string
  /** It answers out of this process's memory: it is asked without a deadline. @default absent: it may be slow or down */
  readonly isLocal?: true
  /** Looks an entry up and tells the generations of `tags`, as one consistent step. */
  get(key: StoreKey, tags: readonly string[], signal?: AbortSignal): Promise<StoreFound>
  /** As {@link Store.get}, at once, and asked in its place. Only of a store that is local, where it makes a hit cheaper. */
  peek?(key: StoreKey, tags: readonly string[]): StoreFound
  /**
   * Keeps an entry in the place of another. `false`, and nothing is kept, when one of its tags was invalidated since it was
   * asked for, when it is past all its times already, or too large.
   */
  set(key: StoreKey, entry: StoredEntry, signal?: AbortSignal): Promise<boolean>
  /** Forgets an entry. `true` when there was one. */
  delete(key: StoreKey): Promise<boolean>
  /** Moves tags to their next generation: no entry that has one of them is found any more. */
  invalidate(scope: string, tags: readonly string[]): Promise<void>
  /** Takes the lock of a key for `leaseMs`; `undefined` while another holds it. Absent where nothing is shared. */
  lock?(key: StoreKey, leaseMs: number, signal?: AbortSignal): Promise<StoreLock | undefined>
  /**
   * Calls `listener` for what other processes invalidate; returns how to stop. Absent where nothing is pushed.
   *
   * `onLive(true)` says that nothing is missed from now on, `onLive(false)` that something may be, until it is live again.
   */
  onInvalidation?(listener: (gone: Invalidation) => void, onLive?: (isLive: boolean) => void): () => void
  /** What it holds in this process. */
  size?(): { readonly entries: number; readonly bytes: number }
}
