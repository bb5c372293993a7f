const relativeError = 0.02
/** Buckets grow by this factor, so that the middle of one is within {@link relativeError} of everything in it. */
const growth = (1 + relativeError) / (1 - relativeError)
const perLog = 1 / Math.log(growth)
const minMs = 1
const maxMs = 3_600_000
const buckets = Math.ceil(Math.log(maxMs / minMs) * perLog) + 1

/** Weights are rescaled before they could overflow. */
const maxWeight = 1e150

/** How a {@link LatencyHistogram} forgets, and when it knows enough. */
export interface HistogramSettings {
  /** After that long an observation counts half, in milliseconds. */
  readonly halfLifeMs: number
  /** Observations, aged ones in part, that it needs to answer. */
  readonly minSamples: number
}

/** Quantiles of a latency, in milliseconds. */
export interface LatencySummary {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/**
 * Quantiles of recent latencies in constant memory: counts in buckets of logarithmic width, older ones counting ever less.
 * A quantile is within 2 % of the observation of that rank for 1 ms to 1 h; below and above it gives those ends.
 *
 * Calls that were given up count too, as having taken at least that long (the product-limit estimate); otherwise every
 * hedged or cancelled slow call would make the target look faster. A quantile that lies beyond all that is known is the
 * longest time seen: a lower bound.
 *
 * @see Masson, Rim, Lee: DDSketch, VLDB 2019 (the buckets); Cormode et al.: Forward Decay, ICDE 2009 (the ageing);
 * Kaplan, Meier: Nonparametric Estimation from Incomplete Observations, JASA 53, 1958 (the calls given up)
 */
export class LatencyHistogram {
  readonly #halfLifeMs: number
  readonly #minSamples: number
  readonly #seen = new Float64Array(buckets)
  readonly #givenUp = new Float64Array(buckets)
  #totalSeen = 0
  #totalGivenUp = 0
  /** The instant at which an observation weighs 1; later ones weigh more. Not a number before the first. */
  #landmarkMs = Number.NaN

  constructor(settings: HistogramSettings) {
    this.#halfLifeMs = settings.halfLifeMs
    this.#minSamples = settings.minSamples
  }

  /** A call took this long. */
  observe(latencyMs: number, nowMs: number): void {
    const weight = this.#weightAt(nowMs)
    this.#seen[bucketOf(latencyMs)]! += weight
    this.#totalSeen += weight
  }

  /** A call was given up after this long. */
  observeAtLeast(latencyMs: number, nowMs: number): void {
    const weight = this.#weightAt(nowMs)
    this.#givenUp[bucketOf(latencyMs)]! += weight
    this.#totalGivenUp += weight
  }

  /** Observations of finished calls, each counting what its age has left of it. */
  samples(nowMs: number): number {
    return this.#totalSeen === 0 ? 0 : this.#totalSeen / this.#weightAt(nowMs)
  }

  /** The latency, in milliseconds, within which a share `q` of 0..1 of the calls stays; `undefined` while too few are known. */
  quantile(q: number, nowMs: number): number | undefined {
    if (this.samples(nowMs) < this.#minSamples || this.#totalSeen === 0) return undefined
    // Sums of weights are not exact; a share that is hit exactly must not fall into the next bucket.
    const beyond = 1 - q + 1e-9
    let atRisk = this.#totalSeen + this.#totalGivenUp
    let surviving = 1
    let last = 0
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const seen = this.#seen[bucket]!
      const givenUp = this.#givenUp[bucket]!
      if (seen > 0) {
        surviving *= Math.max(0, 1 - seen / atRisk)
        if (surviving <= beyond) return middleOf(bucket)
      }
      if (seen + givenUp > 0) last = bucket
      atRisk -= seen + givenUp
    }
    return middleOf(last)
  }

  /** The quantiles one looks at; `undefined` while too few are known. */
  summary(nowMs: number): LatencySummary | undefined {
    const p50 = this.quantile(0.5, nowMs)
    const p95 = this.quantile(0.95, nowMs)
    const p99 = this.quantile(0.99, nowMs)
    return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 }
  }

  #weightAt(nowMs: number): number {
    if (Number.isNaN(this.#landmarkMs)) this.#landmarkMs = nowMs
    const weight = 2 ** ((nowMs - this.#landmarkMs) / this.#halfLifeMs)
    if (weight <= maxWeight) return weight
    this.#rescale(weight)
    this.#landmarkMs = nowMs
    return 1
  }

  #rescale(weight: number): void {
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      this.#seen[bucket]! /= weight
      this.#givenUp[bucket]! /= weight
    }
    this.#totalSeen /= weight
    this.#totalGivenUp /= weight
  }
}

function bucketOf(latencyMs: number): number {
  // Not a number and negative latencies, which a clock set back gives, land in the first bucket.
  if (!(latencyMs > minMs)) return 0
  return Math.min(buckets - 1, Math.ceil(Math.log(latencyMs / minMs) * perLog))
}

/** The value of which all of a bucket is within the relative error; the first bucket holds what is not above `minMs`. */
function middleOf(bucket: number): number {
  return bucket === 0 ? minMs : Math.min(maxMs, (minMs * 2 * growth ** bucket) / (growth + 1))
}
