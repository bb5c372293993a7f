import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallBudget } from './call-budget.ts'
import { HedgeBudget } from './hedge-budget.ts'
import { RetryBudget } from './retry-budget.ts'

function spendAll(budget: CallBudget, nowMs: number): number {
  let spent = 0
  while (budget.trySpend(nowMs)) spent += 1
  return spent
}

describe('RetryBudget', () => {
  it('allows a tenth of the calls and one a second, to the last one', () => {
    const budget = new RetryBudget()
    expect(spendAll(budget, 0)).toBe(10)
    for (let count = 0; count < 999; count += 1) budget.call(0)
    expect(spendAll(budget, 0)).toBe(99)
    budget.call(0)
    expect(spendAll(budget, 0)).toBe(1)
    expect(budget.snapshot(0)).toEqual({ calls: 1000, spent: 110, left: 0 })
  })

  it('makes no storm of 500 callers that fail together', () => {
    const budget = new RetryBudget()
    let wire = 0
    for (let caller = 0; caller < 500; caller += 1) {
      budget.call(0)
      wire += 1
    }
    for (let round = 0; round < 3; round += 1)
      for (let caller = 0; caller < 500; caller += 1) if (budget.trySpend(round * 100)) wire += 1
    expect(wire).toBe(500 + 50 + 10)
  })

  it('forgets deposits when they are as old as the window, so that quiet times save nothing up', () => {
    const budget = new RetryBudget({ minPerSecond: 0 })
    for (let count = 0; count < 100; count += 1) budget.call(0)
    expect(budget.left(8_999)).toBe(10)
    expect(budget.left(10_000)).toBe(0)
  })

  it.each([
    { share: 0.29, calls: 100, allowed: 29 },
    { share: 0.1, calls: 30, allowed: 3 },
    { share: 0.07, calls: 100, allowed: 7 },
    { share: 2, calls: 7, allowed: 14 },
    { share: 0, calls: 1000, allowed: 0 },
  ])('is exact: $allowed for $calls calls at $share', ({ share, calls, allowed }) => {
    const budget = new RetryBudget({ share, minPerSecond: 0 })
    for (let count = 0; count < calls; count += 1) budget.call(0)
    expect(spendAll(budget, 0)).toBe(allowed)
  })
})

describe('HedgeBudget', () => {
  it('allows one call in twenty and nothing before', () => {
    const budget = new HedgeBudget()
    for (let count = 0; count < 19; count += 1) budget.call(count)
    expect(spendAll(budget, 20)).toBe(0)
    budget.call(20)
    expect(spendAll(budget, 20)).toBe(1)
  })
})

describe('every budget', () => {
  const steps = fc.array(
    fc.record({ waitMs: fc.integer({ min: 0, max: 700 }), calls: fc.nat({ max: 30 }), wanted: fc.nat({ max: 30 }) }),
    { maxLength: 120 },
  )

  it('is never exceeded: over the whole run, and over any stretch of it', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 100 }), (run, percent) => {
        const share = percent / 100
        const budget = new CallBudget({ share, minPerSecond: 0, windowMs: 10_000 })
        const happened: { atMs: number; calls: number; spent: number }[] = []
        let atMs = 0
        for (const { waitMs, calls, wanted } of run) {
          atMs += waitMs
          for (let count = 0; count < calls; count += 1) budget.call(atMs)
          let spent = 0
          for (let count = 0; count < wanted; count += 1) if (budget.trySpend(atMs)) spent += 1
          happened.push({ atMs, calls, spent })
        }
        for (const [from, first] of happened.entries()) {
          const before = happened.filter((step) => step.atMs <= first.atMs && step.atMs > first.atMs - 10_000)
          let calls = before.slice(0, -1).reduce((sum, step) => sum + step.calls, 0)
          let spent = 0
          for (const step of happened.slice(from)) {
            calls += step.calls
            spent += step.spent
            expect(spent).toBeLessThanOrEqual(share * calls + 1e-9)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('adds its lowest rate once a window and no more', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const budget = new CallBudget({ share: 0, minPerSecond: 2, windowMs: 1000 })
        let atMs = 0
        let spent = 0
        for (const { waitMs, wanted } of run) {
          atMs += waitMs
          for (let count = 0; count < wanted; count += 1) if (budget.trySpend(atMs)) spent += 1
        }
        // Ten tenths of the window may be as short as nine of them.
        expect(spent).toBeLessThanOrEqual(2 * (1 + Math.floor(atMs / 900)))
      }),
    )
  })

  it('does not pay out twice when the clock is set back', () => {
    const budget = new RetryBudget({ minPerSecond: 1 })
    expect(spendAll(budget, 100_000)).toBe(10)
    expect(spendAll(budget, 0)).toBe(0)
    expect(spendAll(budget, 100_500)).toBe(0)
  })
})
