import { seeded } from './seeded.ts'

/** Two ends of a bootstrap interval, percentiles. NaN where the figure was undefined in too many resamples. */
export interface Interval {
  readonly low: number
  readonly high: number
}

export interface BootstrapOptions {
  readonly resamples: number
  readonly confidence: number
  readonly seed: number
}

/**
 * Percentile intervals of several figures over resampled rows. `figures` gets how often each row was drawn and returns
 * its figures in a fixed order; resamples in which one is not finite are left out for that figure.
 */
export function bootstrap(
  rows: number,
  figures: (weights: Int32Array) => readonly number[],
  { resamples, confidence, seed }: BootstrapOptions,
): Interval[] {
  const random = seeded(seed)
  const weights = new Int32Array(rows)
  const samples: number[][] = []
  for (let resample = 0; resample < resamples; resample += 1) {
    weights.fill(0)
    for (let draw = 0; draw < rows; draw += 1) {
      const row = Math.floor(random() * rows)
      weights[row] = (weights[row] as number) + 1
    }
    for (const [index, figure] of figures(weights).entries()) {
      const list = (samples[index] ??= [])
      if (Number.isFinite(figure)) list.push(figure)
    }
  }
  return samples.map((sample): Interval => {
    if (sample.length < resamples / 2) return { low: Number.NaN, high: Number.NaN }
    const sorted = Float64Array.from(sample).sort()
    const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
    return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) }
  })
}
