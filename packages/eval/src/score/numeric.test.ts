import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { closeness, numeric } from './numeric.ts'

describe('numeric', () => {
  it.each([
    ['The total is 1,204.50 euros.', 1204.5],
    ['First 3, then 4, so 7.', 7],
    ['x = -5', -5],
    // The minus sign of typography.
    ['x = −5', -5],
    ['pages 10-12', 12],
    ['the model gpt-5', 5],
    ['p = .05', 0.05],
    ['6.02e23 per mole', 6.02e23],
    ['1,2345', 2345],
    ['+7', 7],
    [7, 7],
    ['42%', '42 percent'],
  ])('reads %j as the number of %j', async (output, expected) => {
    expect(await valueBy(numeric(), output, { expected })).toBe(1)
  })

  it('allows what it is told to, absolutely or as a share', async () => {
    expect(await valueBy(numeric({ absolute: 0.5 }), '10.5', { expected: 10 })).toBe(1)
    expect(await valueBy(numeric({ absolute: 0.4 }), '10.5', { expected: 10 })).toBe(0)
    expect(await valueBy(numeric({ relative: 0.1 }), '-109', { expected: -100 })).toBe(1)
    expect(await valueBy(numeric({ relative: 0.1 }), '111', { expected: 100 })).toBe(0)
  })

  it('grades by closeness when told to', async () => {
    expect(await scoreBy(numeric({ graded: true }), '90', { expected: 110 })).toEqual({
      status: 'scored',
      score: 0.9,
      evidence: { value: 90, wanted: 110 },
    })
  })

  it('finds an output without a number wrong, and leaves one unscored when none is expected', async () => {
    expect(await valueBy(numeric(), 'none', { expected: 1 })).toBe(0)
    expect(await valueBy(numeric(), Number.NaN, { expected: 1 })).toBe(0)
    expect(await valueBy(numeric(), '1e999', { expected: 1 })).toBe(0)
    expect(await valueBy(numeric(), '1', { expected: 'none' })).toBe('expected_no_number')
    expect(await valueBy(numeric(), '1', { expected: Number.POSITIVE_INFINITY })).toBe('expected_no_number')
  })

  it('takes time that grows with the text, whatever the text is', async () => {
    const start = process.cpuUsage()
    for (const text of ['111,'.repeat(250_000), '1'.repeat(1_000_000), '1e'.repeat(500_000), '-'.repeat(1_000_000)])
      await valueBy(numeric(), `${text}x`, { expected: 1 })
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(10_000)
  })
})

describe('closeness', () => {
  it('is symmetric, from 0 to 1, 1 for equals and 0 for other signs', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const close = closeness(a, b)
        expect(close).toBeGreaterThanOrEqual(0)
        expect(close).toBeLessThanOrEqual(1)
        expect(close).toBe(closeness(b, a))
        expect(closeness(a, a)).toBe(1)
        if (a > 0 && b < 0) expect(close).toBe(0)
      }),
    )
  })

  it('is 1 − |a − b| / (|a| + |b|)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        expect(closeness(a, b)).toBeCloseTo(1 - Math.abs(a - b) / (a + b), 12)
      }),
    )
  })
})
