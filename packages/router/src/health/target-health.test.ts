import { describe, expect, it } from 'vitest'
import type { Outcome } from './flight.ts'
import { OutlierEjection } from './outlier-ejection.ts'
import { TargetHealth } from './target-health.ts'

const breaker = { consecutiveFailures: 3, openMs: 1000, maxOpenMs: 4000 }

function ended(health: TargetHealth, outcome: Outcome, times: number, nowMs: number): void {
  for (let count = 0; count < times; count += 1) health.begin(nowMs).end(nowMs, outcome)
}

/** Two targets that may eject each other. */
function pair(): readonly [TargetHealth, TargetHealth] {
  const set = new OutlierEjection({ consecutiveFailures: 3, baseMs: 30_000 })
  return [new TargetHealth({ breaker }, set.join()), new TargetHealth({ breaker }, set.join())]
}

describe('TargetHealth', () => {
  it.each([
    ['ok', false],
    ['failure', true],
    ['timeout', true],
    ['auth', true],
    ['rate_limited', false],
    ['cancelled', false],
    ['refused', false],
  ] as const)('counts %s towards the breaker: %s', (outcome, opens) => {
    const health = new TargetHealth({ breaker })
    ended(health, outcome, 20, 0)
    expect(health.admit(0)).toBe(opens ? undefined : 'normal')
    const { counts, successRate } = health.snapshot(0)
    expect(counts[outcome]).toBe(20)
    expect(successRate).toBe(opens ? 0 : outcome === 'ok' ? 1 : undefined)
  })

  it.each(['cancelled', 'refused', 'rate_limited'] as const)('frees the probe when it ends as %s', (outcome) => {
    const health = new TargetHealth({ breaker })
    ended(health, 'failure', 3, 0)
    const probe = health.tryBegin(1000)
    expect(probe?.kind).toBe('probe')
    expect(health.tryBegin(1000)).toBeUndefined()
    probe?.end(1100, outcome)
    expect(health.tryBegin(1100)?.kind).toBe('probe')
  })

  it('is left alone until the longest cooldown ends', () => {
    const health = new TargetHealth()
    health.coolUntil(5000, 'retry-after')
    health.coolUntil(2000, 'rate_limited')
    expect(health.admit(4999)).toBeUndefined()
    expect(health.out(4999)).toEqual({ cause: 'cooling', untilAtMs: 5000 })
    expect(health.snapshot(4999)).toMatchObject({ state: 'cooling', reason: 'retry-after', untilAtMs: 5000 })
    expect(health.admit(5000)).toBe('normal')
  })

  it('is back from an ejection for failures as soon as a probe delivers', () => {
    const [health] = pair()
    ended(health, 'failure', 3, 0)
    expect(health.snapshot(0).state).toBe('open')
    const probe = health.tryBegin(1000)
    expect(health.admit(1000)).toBeUndefined()
    probe?.firstContent(1200)
    expect(health.admit(1200)).toBe('normal')
    probe?.end(9000, 'ok')
    expect(health.snapshot(9000).state).toBe('healthy')
  })

  it('waits out an ejection without a breaker', () => {
    const set = new OutlierEjection()
    const health = new TargetHealth({ breaker: false }, set.join())
    set.join()
    ended(health, 'failure', 5, 0)
    expect(health.out(0)).toEqual({ cause: 'ejected', untilAtMs: 30_000 })
    expect(health.admit(29_999)).toBeUndefined()
    expect(health.admit(30_000)).toBe('normal')
  })

  it('is out at once for its credentials, and tried with one call afterwards', () => {
    const [health] = pair()
    ended(health, 'auth', 1, 0)
    expect(health.out(0)).toEqual({ cause: 'auth', untilAtMs: 600_000 })
    expect(health.admit(599_999)).toBeUndefined()
    const probe = health.tryBegin(600_000)
    expect(probe?.kind).toBe('probe')
    expect(health.tryBegin(600_000)).toBeUndefined()
    probe?.end(600_100, 'auth')
    expect(health.out(600_100)).toEqual({ cause: 'auth', untilAtMs: 1_200_100 })
  })

  it('is out for its credentials without a breaker too', () => {
    const set = new OutlierEjection()
    const health = new TargetHealth({ breaker: false }, set.join())
    set.join()
    ended(health, 'auth', 1, 0)
    expect(health.admit(599_999)).toBeUndefined()
    expect(health.admit(600_000)).toBe('normal')
  })

  it('ejects once for many calls that were refused together', () => {
    const [health] = pair()
    const flights = Array.from({ length: 50 }, () => health.begin(0))
    for (const [index, flight] of flights.entries()) flight.end(100 + index, 'auth')
    expect(health.out(200)).toEqual({ cause: 'auth', untilAtMs: 600_100 })
    expect(health.snapshot(200).trips).toBe(1)
  })

  it('is back when a call went well that was made although it was out', () => {
    const [health] = pair()
    ended(health, 'auth', 1, 0)
    const flight = health.begin(50)
    expect(flight.kind).toBe('panic')
    flight.end(90, 'ok')
    expect(health.admit(90)).toBe('normal')
  })

  it('has a load of latency times calls under way and one', () => {
    const health = new TargetHealth({ latency: { priorMs: 100 } })
    expect(health.load(0)).toBe(100)
    const flights = [health.begin(0), health.begin(0)]
    expect(health.load(0)).toBe(300)
    flights[0]?.firstContent(500)
    flights[0]?.end(2000, 'ok')
    flights[1]?.end(500, 'cancelled')
    expect(health.latencyMs(500)).toBe(500)
    expect(health.inFlight).toBe(0)
    expect(health.load(1e9)).toBeCloseTo(100, 6)
  })

  it('does not look idle because it fails fast', () => {
    const health = new TargetHealth({ breaker: false, latency: { priorMs: 100 } })
    ended(health, 'ok', 5, 0)
    const before = health.load(0)
    ended(health, 'failure', 10, 0)
    expect(health.load(0)).toBeCloseTo(before * 2, 6)
  })

  it('keeps the times of streams and of whole answers apart', () => {
    const health = new TargetHealth({ latency: { minSamples: 5 } })
    for (let count = 0; count < 10; count += 1) {
      const stream = health.begin(0)
      stream.firstContent(300)
      stream.firstContent(900)
      stream.end(4000, 'ok')
    }
    for (let count = 0; count < 30; count += 1) {
      health.begin(0, false).end(7000, 'ok')
      health.begin(0, false).end(6000, 'cancelled')
    }
    expect(health.ttftMs(0.99, 7000)! / 300).toBeCloseTo(1, 1)
    expect(health.totalMs(0.1, 7000)! / 4000).toBeCloseTo(1, 1)
    expect(health.totalMs(0.9, 7000)! / 7000).toBeCloseTo(1, 1)
  })

  it('learns from hedged calls that it was slow', () => {
    const health = new TargetHealth({ latency: { minSamples: 10 } })
    for (let count = 0; count < 20; count += 1) {
      const flight = health.begin(0)
      if (count < 15) flight.firstContent(400)
      flight.end(count < 15 ? 500 : 1500, count < 15 ? 'ok' : 'cancelled')
    }
    expect(health.latencyMs(1500)).toBeGreaterThan(1000)
    expect(health.ttftMs(0.9, 1500)! / 1500).toBeCloseTo(1, 1)
  })

  it('ends a flight once', () => {
    const health = new TargetHealth({ breaker })
    const flight = health.begin(0)
    flight.end(10, 'ok')
    flight.end(20, 'failure')
    flight.firstContent(30)
    expect(health.inFlight).toBe(0)
    expect(health.snapshot(30).counts).toMatchObject({ ok: 1, failure: 0 })
  })
})
