import { describe, expect, it } from 'vitest'
import { wilson } from './wilson.ts'

describe('wilson', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  it.each([
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [1, 29, 0.006113214292762667, 0.17175521879320282],
    [17, 20, 0.6395811352592431, 0.9476312541037835],
    [0, 20, 0, 0.16112515805281935],
    [5, 5, 0.5655175352168251, 1],
    [0, 1, 0, 0.7934506856227626],
  ])('%i of %i', (successes, n, low, high) => {
    expect(wilson(successes, n)).toEqual({
      value: successes / n,
      low: expect.closeTo(low, 12),
      high: expect.closeTo(high, 12),
    })
  })

  it('solves the equation that defines it', () => {
    // At each end the observed share is 1.96 standard errors away, with the standard error of that end.
    const { value, low, high } = wilson(37, 120)
    for (const end of [low, high])
      expect((value - end) ** 2).toBeCloseTo((1.959963984540054 ** 2 * end * (1 - end)) / 120, 12)
  })

  it.each([
    ['n', 0, 0],
    ['n', 1, 1.5],
    ['successes', 3, 2],
    ['successes', -1, 2],
  ])('refuses a wrong %s', (name, successes, n) => {
    expect(() => wilson(successes, n)).toThrow(
      expect.objectContaining({ code: 'eval.out_of_range', details: { name } }),
    )
  })
})
