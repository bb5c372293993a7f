import type { Api, CallContext, Clock, JsonObject, Usage } from '@sluice/core'
import type { SemanticPart, StoredEntry, StoreFound, StoreKey } from '../store/store.ts'
import type { Unsuited } from './veto/index.ts'

/** A request as the semantic tier sees it. Made by the cache, and only for requests that may be answered by likeness. */
export interface SemanticQuery {
  /** The dialect of the request and of the answers in its partition. */
  readonly api: Api
  /** Everything but the text of the user turn, hashed: scope, dialect, address, model, system prompt, tools, schema, parameters. */
  readonly partition: string
  readonly key: StoreKey
  /** The text of the one user turn. */
  readonly text: string
  readonly context: CallContext
  readonly signal: AbortSignal | undefined
}

/** Numbers and names behind a decision, for `explain` and reports. Never the text of a prompt. */
export interface SemanticTrace {
  /** The nearest entry and its cosine, −1..1. */
  readonly nearest?: { readonly id: string; readonly similarity: number }
  /** Why the prompt takes no part at all. */
  readonly unsuited?: Unsuited
  /** The vetoes by kind, e.g. `number`. With `explain` also the canonical values that differ. */
  readonly vetoes?: readonly string[]
  readonly vetoDetails?: readonly {
    readonly kind: string
    readonly prompt: readonly string[]
    readonly neighbour: readonly string[]
  }[]
  readonly policy?: string
  /** What the policy reckoned with, by name: `{ similarity: 0.93, similarityNeeded: 0.95, agreeing: 2 }`. */
  readonly numbers?: Readonly<Record<string, number>>
}

export type SemanticFound =
  | {
      readonly outcome: 'hit'
      /** Names this serving, for `reject`. */
      readonly hitId: string
      /** The entry to serve. */
      readonly found: StoreFound & { readonly key: StoreKey }
      readonly reason: 'semantic'
      readonly trace: SemanticTrace
      /** When set, the hit is to be checked in the background: ask the provider too and tell `audited`. */
      readonly wantsAudit: boolean
    }
  | { readonly outcome: 'miss'; readonly reason: SemanticMiss; readonly trace: SemanticTrace }

export type SemanticMiss =
  | 'unsuited'
  | 'no_neighbour'
  | 'vetoed'
  | 'policy'
  | 'rejected'
  /** It would have been a hit, but the tier only watches. */
  | 'shadow'
  /** Too many of its hits were wrong: it serves nothing until its figures are good again. */
  | 'tripped'
  | 'late'
  | 'failed'

/** What the tier needs of the cache that it is part of. */
export interface SemanticHost {
  readonly clock: Clock
  /** Reads an entry that a neighbour names; `entry` is `undefined` when it is gone or invalidated. Rejects when it cannot tell. */
  read(key: StoreKey, signal: AbortSignal | undefined): Promise<StoreFound>
  /** Replaces an entry that was read, for what the tier learned of it. */
  write(key: StoreKey, entry: StoredEntry): Promise<boolean>
}

/** The semantic tier of a cache, opened once by `createCache`. */
export interface SemanticTier {
  find(query: SemanticQuery): Promise<SemanticFound>
  /** What to keep with an answer that is about to be stored under the query's key; `undefined` when the query is unsuited. */
  describe(query: SemanticQuery, answer: JsonObject): Promise<SemanticPart | undefined>
  /** Makes an entry that was stored with its part a candidate. */
  learn(query: SemanticQuery, entry: StoredEntry): Promise<void>
  /** Tells the outcome of an audit: what the provider answered to a query that a hit was served for. */
  audited(hitId: string, fresh: JsonObject): Promise<void>
  /** A hit was wrong: the pair is never served again. `false` when the id is not known (any more). */
  reject(hitId: string): Promise<boolean>
  /** As `find`, with `vetoDetails`, and nothing counted. */
  explain(query: SemanticQuery): Promise<SemanticFound>
  stats(): SemanticStats
}

export interface SemanticStats {
  readonly lookups: number
  readonly hits: number
  readonly audited: number
  readonly wrong: number
  readonly rejected: number
  /**
   * Share of served hits that were wrong, by audits, with its one-sided 95 % upper bound; neither is below the share of
   * hits that were rejected. `undefined` before the first audit that told.
   */
  readonly wrongOfHits: { readonly estimate: number; readonly upper: number } | undefined
  /** Audits whose two answers nobody could compare: prose, and no `sameAnswer`. They count neither as right nor as wrong. */
  readonly unjudged: number
  readonly isTripped: boolean
  /** What a tier that only watches, or has tripped, would have served. */
  readonly shadowHits: number
  /** The same by what the provider then answered: labels that cost nothing. */
  readonly shadow: {
    readonly judged: number
    readonly wrong: number
    readonly wrongOfHits: { readonly estimate: number; readonly upper: number } | undefined
    /** How long the provider took for the answers that would have been served instead, in milliseconds. */
    readonly savedMs: number
    /** The tokens of those answers; `undefined` where none told them. */
    readonly savedUsage: Usage | undefined
  }
  /** Near misses that were judged off path: linked to an answer, or refused for good. */
  readonly promoted: number
  readonly refused: number
  readonly misses: Readonly<Partial<Record<SemanticMiss, number>>>
}

/** What `createCache({ semantic })` takes: options bound to everything but the cache itself. */
export interface SemanticOption {
  readonly id: 'semantic'
  open(host: SemanticHost): SemanticTier
}
