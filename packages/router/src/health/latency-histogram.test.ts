import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from './latency-histogram.ts'

const settings = { halfLifeMs: 60_000, minSamples: 1 }

describe('LatencyHistogram', () => {
  it('is within 2 % of the observation of that rank', () => {
    const latencies = fc.array(fc.double({ min: 1, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.001, max: 1, noNaN: true }), (observed, q) => {
        const histogram = new LatencyHistogram(settings)
        for (const latencyMs of observed) histogram.observe(latencyMs, 1000)
        const exact = observed.toSorted((a, b) => a - b)[Math.ceil(q * observed.length - 1e-6) - 1]!
        const error = Math.abs(histogram.quantile(q, 1000)! - exact) / exact
        expect(error).toBeLessThanOrEqual(0.0200001)
      }),
      { numRuns: 500 },
    )
  })

  it.each([0, -5, Number.NaN, 0.2])('counts a latency of %d as the least it knows', (latencyMs) => {
    const histogram = new LatencyHistogram(settings)
    histogram.observe(latencyMs, 0)
    expect(histogram.quantile(0.5, 0)).toBe(1)
  })

  it('counts a latency beyond its range as the most it knows', () => {
    const histogram = new LatencyHistogram(settings)
    histogram.observe(1e12, 0)
    expect(histogram.quantile(0.5, 0)).toBe(3_600_000)
  })

  it('answers only when it knows enough that is not too old', () => {
    const histogram = new LatencyHistogram({ halfLifeMs: 1000, minSamples: 4 })
    for (let count = 0; count < 3; count += 1) histogram.observe(100, 0)
    histogram.observeAtLeast(100, 0)
    expect(histogram.quantile(0.5, 0)).toBeUndefined()
    expect(histogram.summary(0)).toBeUndefined()
    for (let count = 0; count < 5; count += 1) histogram.observe(100, 0)
    expect(histogram.samples(0)).toBe(8)
    expect(histogram.quantile(0.5, 1000)).toBeDefined()
    expect(histogram.samples(1000)).toBe(4)
    expect(histogram.quantile(0.5, 1001)).toBeUndefined()
  })

  it('follows what changed: old latencies count half after every half-life', () => {
    const histogram = new LatencyHistogram({ halfLifeMs: 1000, minSamples: 1 })
    for (let count = 0; count < 100; count += 1) histogram.observe(100, 0)
    for (let count = 0; count < 20; count += 1) histogram.observe(900, 3000)
    expect(histogram.quantile(0.5, 3000)! / 900).toBeCloseTo(1, 1)
  })

  it('keeps its figures over years of one process', () => {
    const histogram = new LatencyHistogram({ halfLifeMs: 1000, minSamples: 1 })
    const yearMs = 365 * 86_400_000
    for (let hour = 0; hour < 24; hour += 1) histogram.observe(200, yearMs + hour * 3_600_000)
    expect(histogram.samples(yearMs + 23 * 3_600_000)).toBeCloseTo(1, 6)
    expect(histogram.quantile(0.99, yearMs + 23 * 3_600_000)! / 200).toBeCloseTo(1, 1)
    histogram.observe(300, 50 * yearMs)
    expect(histogram.quantile(0.01, 50 * yearMs)! / 300).toBeCloseTo(1, 1)
  })

  it('is not made to look faster by slow calls that were given up', () => {
    const plain = new LatencyHistogram(settings)
    const hedged = new LatencyHistogram(settings)
    for (let percent = 1; percent <= 100; percent += 1) {
      const latencyMs = percent * 10
      plain.observe(latencyMs, 0)
      // What takes longer than 900 ms is given up at 900 ms; every seventh call was aborted early for reasons of its own.
      if (latencyMs > 900) hedged.observeAtLeast(900, 0)
      else hedged.observe(latencyMs, 0)
      if (percent % 7 === 0) hedged.observeAtLeast(5, 0)
    }
    for (const q of [0.5, 0.75, 0.89]) expect(hedged.quantile(q, 0)).toBe(plain.quantile(q, 0))
    expect(hedged.quantile(0.99, 0)! / 900).toBeCloseTo(1, 1)
  })

  it('gives the quantiles one looks at together', () => {
    const histogram = new LatencyHistogram(settings)
    for (let ms = 10; ms <= 1000; ms += 10) histogram.observe(ms, 0)
    const { p50, p95, p99 } = histogram.summary(0)!
    expect([p50 / 500, p95 / 950, p99 / 990].every((ratio) => Math.abs(ratio - 1) <= 0.02)).toBe(true)
  })
})
