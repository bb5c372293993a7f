import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeakEwma } from './peak-ewma.ts'

const settings = { decayMs: 10_000, priorMs: 200, easing: 0.5 }

describe('PeakEwma', () => {
  it('begins at the prior and believes a higher latency at once', () => {
    const latency = new PeakEwma(settings)
    expect(latency.at(5)).toBe(200)
    latency.observe(900, 10)
    expect(latency.at(10)).toBe(900)
  })

  it('comes down by easing when calls follow closely, by time when they do not', () => {
    const latency = new PeakEwma(settings)
    latency.observe(1000, 0)
    latency.observe(500, 0)
    expect(latency.at(0)).toBe(750)
    latency.observe(400, 60_000)
    expect(latency.at(60_000)).toBeGreaterThanOrEqual(400)
    expect(latency.at(60_000)).toBeLessThan(401)
  })

  it('leaves one stalled call behind after a few good ones', () => {
    const latency = new PeakEwma(settings)
    latency.observe(500, 0)
    latency.observe(8000, 10)
    for (let count = 0; count < 6; count += 1) latency.observe(500, 20 + count)
    expect(latency.at(30)).toBeLessThan(650)
  })

  it('is only ever raised by a call that was given up', () => {
    const latency = new PeakEwma(settings)
    latency.observe(1000, 0)
    latency.observeAtLeast(30, 0)
    expect(latency.at(0)).toBe(1000)
    latency.observeAtLeast(3000, 0)
    expect(latency.at(0)).toBe(3000)
  })

  it('decays towards the prior, from both sides, and gets there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 5000 })), { minLength: 1 }),
        (observed) => {
          const latency = new PeakEwma(settings)
          let nowMs = 0
          for (const [latencyMs, waitMs] of observed) {
            nowMs += waitMs
            latency.observe(latencyMs, nowMs)
          }
          let distance = Math.abs(latency.at(nowMs) - settings.priorMs)
          for (let step = 0; step < 40; step += 1) {
            nowMs += settings.decayMs / 2
            const next = Math.abs(latency.at(nowMs) - settings.priorMs)
            expect(next).toBeLessThanOrEqual(distance)
            distance = next
          }
          expect(distance).toBeLessThan(0.001)
        },
      ),
    )
  })

  it('stays within what was observed and the prior', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1 }), (observed) => {
        const latency = new PeakEwma(settings)
        for (const [index, latencyMs] of observed.entries()) {
          latency.observe(latencyMs, index * 100)
          expect(latency.at(index * 100)).toBeGreaterThanOrEqual(Math.min(latencyMs, ...observed))
          expect(latency.at(index * 100 + 50)).toBeLessThanOrEqual(Math.max(settings.priorMs, ...observed))
        }
      }),
    )
  })

  it('holds still when the clock is set back', () => {
    const latency = new PeakEwma(settings)
    latency.observe(1000, 50_000)
    expect(latency.at(0)).toBe(1000)
  })
})
