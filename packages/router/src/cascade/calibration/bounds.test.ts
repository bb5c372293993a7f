import { describe, expect, it } from 'vitest'
import { seeded } from '../../learn/seeded.ts'
import { binomialTail, lossAbovePValue, lossUpperBound, type LossSample } from './bounds.ts'

function lossSample(losses: readonly number[]): LossSample {
  const sum = losses.reduce((total, loss) => total + loss, 0)
  return { count: losses.length, sum, isBinary: losses.every((loss) => loss === 0 || loss === 1) }
}

/** The plain sum, in BigInt-free double precision: exact enough for small n. */
function tailBySum(k: number, n: number, p: number): number {
  let sum = 0
  for (let x = 0; x <= k; x += 1) {
    let choose = 1
    for (let factor = 1; factor <= x; factor += 1) choose = (choose * (n - factor + 1)) / factor
    sum += choose * p ** x * (1 - p) ** (n - x)
  }
  return sum
}

describe('bounds', () => {
  it.each([
    [3, 20, 0.3],
    [0, 50, 0.05],
    [19, 20, 0.5],
    [30, 60, 0.2],
    [1, 60, 0.9],
  ])('knows the binomial tail of %d of %d at %d', (k, n, p) => {
    expect(binomialTail(k, n, p)).toBeCloseTo(tailBySum(k, n, p), 10)
  })

  it('gives the bound of Clopper and Pearson for losses of 0 and 1', () => {
    // No loss in n draws: 1 − risk^(1/n); "the rule of three".
    expect(lossUpperBound({ count: 100, sum: 0, isBinary: true }, 0.95)).toBeCloseTo(1 - 0.05 ** 0.01, 6)
    // R: binom.test(10, 100, alternative = "less")$conf.int[2]
    expect(lossUpperBound({ count: 100, sum: 10, isBinary: true }, 0.95)).toBeCloseTo(0.1637, 3)
    expect(lossUpperBound({ count: 5, sum: 5, isBinary: true }, 0.95)).toBe(1)
  })

  it('is wrong no more often than it says, also for losses in between', () => {
    const random = seeded(7)
    const runs = 2_000
    let wrong = 0
    for (let run = 0; run < runs; run += 1) {
      // Mean 0.15: half of the losses are 0, the others uniform up to 0.6.
      const sample = lossSample(Array.from({ length: 80 }, () => (random() < 0.5 ? 0 : random() * 0.6)))
      if (lossUpperBound(sample, 0.9) < 0.15) wrong += 1
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.1)
  })

  it('shows nothing without losses, and nothing of the impossible', () => {
    expect(lossAbovePValue(lossSample([]), 0.5)).toBe(1)
    expect(lossAbovePValue(lossSample([0, 0]), 0)).toBe(1)
    expect(lossAbovePValue(lossSample([1, 1]), 1)).toBe(0)
  })
})
