/** What a limit counts. */
export type LimitUnit = 'nanoUsd' | 'tokens'

/**
 * One account in one window, and how much it may hold. What the store counts is kept by `key`, `unit` is part of it, and
 * `limit` is not: another limit finds the same usage.
 */
export type Counter = {
  readonly key: string
  readonly unit: LimitUnit
  /** Whole, 0 to 2⁵³ - 1. */
  readonly limit: number
} & (
  | { readonly kind: 'total' }
  | {
      /** The window that the caller believes to be the present one. The store answers `clock` when it is not. */
      readonly kind: 'calendar'
      readonly startMs: number
      readonly endMs: number
    }
  | {
      /** The present slot of `slotMs` and the `slots` before it. A charge leaves with the whole slot. */
      readonly kind: 'rolling'
      readonly slotMs: number
      readonly slots: number
    }
)

/** An amount in both units; whole, 0 to 2⁵³ - 1. */
export interface Amounts {
  readonly nanoUsd: number
  readonly tokens: number
}

/** What is held for a reservation. Whoever made it keeps this, so that a store that lost it can be told again. */
export interface Hold extends Amounts {
  readonly expiresAtMs: number
  /** Whether it is given back when it expires; otherwise it is charged. */
  readonly refunds: boolean
  /** How long its end is remembered, in milliseconds. */
  readonly rememberMs: number
  readonly counters: readonly Counter[]
  /** For each counter the slot it is held in: the start of a calendar window, the number of a rolling one's slot. */
  readonly slots: readonly number[]
}

/** One thing a store does in one atomic step, after it has dealt with what expired. */
export type LedgerStep =
  | {
      readonly do: 'reserve'
      readonly id: string
      /** As much as there is room for is held: at most `want`, at least `least`, or nothing. */
      readonly want: Amounts
      readonly least: Amounts
      readonly ttlMs: number
      readonly refunds: boolean
      readonly rememberMs: number
      readonly counters: readonly Counter[]
    }
  | {
      readonly do: 'extend'
      readonly id: string
      readonly want: Amounts
      readonly least: Amounts
      readonly ttlMs: number
      readonly lost: Hold | undefined
    }
  | {
      readonly do: 'settle'
      readonly id: string
      readonly actual: Amounts
      /** Otherwise `actual` is what it cost at least, and nothing is given back. */
      readonly isExact: boolean
      /** What was held, as far as the caller knows: booked where the store has lost it. */
      readonly lost: Hold | undefined
    }
  | { readonly do: 'read'; readonly counters: readonly Counter[] }

/** One account's state. */
export interface Reading {
  /** Charged and held together. */
  readonly used: number
  /** Of this, held by reservations that are open. */
  readonly held: number
  /** When enough has left the window; `undefined`: not by the passing of time. */
  readonly freesAtMs: number | undefined
}

/** What became of a step. `nowMs` is the store's own time. */
export type LedgerAnswer = { readonly nowMs: number } & (
  | { readonly is: 'clock' }
  | { readonly is: 'held'; readonly hold: Hold; readonly wasLost: boolean }
  /** `full` lists the counters without room, by their place in the list; for `extend` in the hold's. */
  | {
      readonly is: 'refused'
      readonly full: readonly (Reading & { readonly at: number })[]
      readonly counters: readonly Counter[]
    }
  | { readonly is: 'settled'; readonly charged: Amounts; readonly was: 'open' | 'expired' | 'settled' | 'lost' }
  /** The reservation has been settled before. */
  | { readonly is: 'closed' }
  /** The store knows no such reservation, and what it was told of it is too old to be trusted. */
  | { readonly is: 'unknown' }
  | { readonly is: 'read'; readonly readings: readonly Reading[] }
)

/**
 * Where a ledger keeps its accounts. One `step` is one atomic step for all accounts of one root, by the store's own clock.
 *
 * Rules: a refused step writes nothing; steps are idempotent by id; what is held counts against every counter until it is
 * settled or expires; a reservation that expired is charged or refunded before anything else is looked at.
 */
export interface LedgerStore {
  /** Rejects when it cannot be asked; whether the step was carried out is then unknown. */
  step(root: string, step: LedgerStep): Promise<LedgerAnswer>
}
