import type { Quantile } from '../stats/quantile.ts'

/** A score with three digits after the point. */
export function score(value: number): string {
  return value.toFixed(3)
}

export function interval(low: number, high: number, format: (value: number) => string = score): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '[unknown]'
  return `[${format(low)}, ${format(high)}]`
}

/** A difference of scores in points, with its sign. */
export function points(difference: number): string {
  return `${difference > 0 ? '+' : difference < 0 ? '−' : '±'}${(Math.abs(difference) * 100).toFixed(1)}`
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** Milliseconds as people say them. */
export function duration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  return `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`
}

/** Nano-dollars as dollars, with as many digits as it takes to see them. */
export function dollars(nanoUsd: number): string {
  const usd = nanoUsd / 1e9
  if (usd === 0) return '$0'
  const digits = Math.abs(usd) >= 1 ? 2 : Math.min(9, 2 - Math.floor(Math.log10(Math.abs(usd))))
  return `${usd < 0 ? '−' : ''}$${Math.abs(usd).toFixed(digits)}`
}

export function latency(quantile: Quantile): string {
  if ('tooFew' in quantile) return `n too small (needs ${quantile.needs})`
  return `${duration(quantile.value)} [${duration(quantile.low)}, ${duration(quantile.high)}]`
}

/** A p-value, not more exactly than it is known. */
export function pValue(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`
}

/** The first lines of a list, and how many more there are. */
export function firstOf(lines: readonly string[], most: number): readonly string[] {
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines
}
