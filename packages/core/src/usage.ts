/**
 * Tokens of one call by meter. The meters are disjoint: those listed in {@link inputMeters} sum to the provider's input
 * total, those in {@link outputMeters} to its output total. `reasoning` is inside `output` and sums into nothing.
 * All are whole tokens ≥ 0.
 */
export interface Usage {
  /** Input tokens read at the full price. */
  readonly fresh: number
  /** Input tokens served from the provider's prompt cache. */
  readonly cacheRead: number
  /** Input tokens written to the prompt cache at the provider's short lifetime (Anthropic 5 min, OpenAI 30 min). */
  readonly cacheWrite5m: number
  /** Input tokens written to the prompt cache at the provider's long lifetime (Anthropic 1 h, OpenAI 12 h). */
  readonly cacheWrite1h: number
  readonly audioInput: number
  readonly imageInput: number
  /** Output tokens other than audio and image; visible text, tool arguments and reasoning. */
  readonly output: number
  readonly audioOutput: number
  readonly imageOutput: number
  /** The part of `output` spent on reasoning that the provider reported. */
  readonly reasoning: number
}

/** A name of {@link Usage} that costs money on its own. */
export type Meter = Exclude<keyof Usage, 'reasoning'>

export const inputMeters: readonly Meter[] = [
  'fresh',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'audioInput',
  'imageInput',
]
export const outputMeters: readonly Meter[] = ['output', 'audioOutput', 'imageOutput']

/** A usage record with every meter that `part` leaves out at zero. */
export function usageOf(part: Partial<Usage>): Usage {
  return {
    fresh: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    audioInput: 0,
    imageInput: 0,
    output: 0,
    audioOutput: 0,
    imageOutput: 0,
    reasoning: 0,
    ...part,
  }
}

/** The sum of two records, meter by meter. */
export function addUsage(a: Usage, b: Usage): Usage {
  const sum: Record<string, number> = {}
  for (const meter of Object.keys(a) as (keyof Usage)[]) sum[meter] = a[meter] + b[meter]
  return sum as unknown as Usage
}

/**
 * What is known after a later event of the same stream: events carry running totals, but not every event carries every
 * meter, so each meter keeps its highest value. Cache writes are told as one total by some events and by lifetime by
 * others (Anthropic): their split is kept for as long as the total is no higher.
 */
export function latestUsage(known: Usage | undefined, next: Usage | undefined): Usage | undefined {
  if (!known || !next) return next ?? known
  const latest: Record<string, number> = {}
  for (const meter of Object.keys(known) as (keyof Usage)[]) latest[meter] = Math.max(known[meter], next[meter])
  const writes = known.cacheWrite5m + known.cacheWrite1h >= next.cacheWrite5m + next.cacheWrite1h ? known : next
  const { cacheWrite5m, cacheWrite1h } = writes
  return { ...(latest as unknown as Usage), cacheWrite5m, cacheWrite1h }
}

/** All input tokens, however they were served. */
export function inputTokens(usage: Usage): number {
  return inputMeters.reduce((sum, meter) => sum + usage[meter], 0)
}

/** All output tokens, reasoning included. */
export function outputTokens(usage: Usage): number {
  return outputMeters.reduce((sum, meter) => sum + usage[meter], 0)
}

/**
 * Splits a total that counts everything into disjoint parts that sum to it, whatever the provider's details say:
 * parts are granted in the given order and clamped to what is left; the rest goes to `rest`.
 */
export function splitTotal<K extends Meter>(
  total: number,
  parts: readonly (readonly [K, unknown])[],
  rest: Meter,
): Partial<Usage> {
  const split: Partial<Record<Meter, number>> = {}
  let left = wholeTokens(total)
  for (const [meter, value] of parts) {
    const granted = Math.min(wholeTokens(value), left)
    split[meter] = (split[meter] ?? 0) + granted
    left -= granted
  }
  split[rest] = (split[rest] ?? 0) + left
  return split
}

/** A token count from a provider's JSON: whole and ≥ 0; anything else counts as 0. */
export function wholeTokens(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
