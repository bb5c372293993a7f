import fc from 'fast-check'
import { expect, it } from 'vitest'
import { casesNeeded, detectableDifference, repeatsNeeded, type PowerSetting } from './power.ts'

const refusal = expect.objectContaining({ code: 'eval.out_of_range' })
const setting: PowerSetting = { betweenVariance: 1 / 9, withinVariances: [0, 0], repeats: [1, 1] }

it('has the value of the paper', () => {
  // Miller (2024), section 5: ω² = 1/9, no other variance, a fall of 0.03 at 5 % and 80 %: 969 questions.
  expect(Math.ceil(casesNeeded(0.03, setting))).toBe(969)
})

it('asks for less where a rise would not be looked for, and for more where more is at stake', () => {
  const two = casesNeeded(0.05, setting)
  expect(casesNeeded(0.05, { ...setting, sides: 'one' })).toBeCloseTo(
    two * ((1.644_854 + 0.841_621) / 2.801_585) ** 2,
    1,
  )
  expect(casesNeeded(0.05, { ...setting, power: 0.9 })).toBeGreaterThan(two)
  expect(casesNeeded(0.05, { ...setting, alpha: 0.1 })).toBeLessThan(two)
})

it('cases, differences and repeats undo each other', () => {
  const variance = fc.double({ min: 0.001, max: 1, noNaN: true })
  fc.assert(
    fc.property(variance, variance, variance, fc.integer({ min: 5, max: 5_000 }), (between, first, second, cases) => {
      const of: PowerSetting = { betweenVariance: between, withinVariances: [first, second], repeats: [2, 3] }
      const difference = detectableDifference(cases, of)
      expect(casesNeeded(difference, of)).toBeCloseTo(cases, 6)
      const repeats = repeatsNeeded(difference, cases, of)
      // What two and three repeats see, that many on both sides see, and one less does not.
      expect(repeats).toBeGreaterThanOrEqual(2)
      expect(repeats).toBeLessThanOrEqual(3)
      const seen = (count: number): number => detectableDifference(cases, { ...of, repeats: [count, count] })
      expect(seen(repeats as number)).toBeLessThanOrEqual(difference * (1 + 1e-9))
      expect(seen((repeats as number) - 1)).toBeGreaterThanOrEqual(difference * (1 - 1e-9))
    }),
  )
})

it('says when no number of repeats is enough', () => {
  expect(repeatsNeeded(0.01, 10, { ...setting, withinVariances: [0.1, 0.1] })).toBeUndefined()
})

it.each([
  ['no difference', () => casesNeeded(0, setting)],
  ['no cases', () => detectableDifference(0, setting)],
  ['alpha of a half', () => casesNeeded(0.1, { ...setting, alpha: 0.5 })],
  ['power of 1', () => casesNeeded(0.1, { ...setting, power: 1 })],
  ['a negative variance', () => casesNeeded(0.1, { ...setting, betweenVariance: -1 })],
  ['half a repeat', () => casesNeeded(0.1, { ...setting, repeats: [0.5, 1] })],
])('refuses %s', (_, run) => {
  expect(run).toThrow(refusal)
})
