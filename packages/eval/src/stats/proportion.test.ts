import fc from 'fast-check'
import { dbinom, qnorm } from 'lib-r-math.js'
import { describe, expect, it } from 'vitest'
import { clopperPearson, wilson } from './proportion.ts'

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
    for (const interval of [wilson, clopperPearson])
      expect(() => interval(successes, n)).toThrow(
        expect.objectContaining({ code: 'eval.out_of_range', details: { name } }),
      )
  })

  it("takes any level, by R's normal distribution", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(400),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (n, some, level) => {
          const successes = Math.min(n, some)
          const z = qnorm(0.5 + level / 2)
          const { value, low, high } = wilson(successes, n, { level })
          for (const end of [low, high]) expect((value - end) ** 2).toBeCloseTo((z ** 2 * end * (1 - end)) / n, 9)
        },
      ),
    )
    for (const level of [0, 1, Number.NaN])
      for (const interval of [wilson, clopperPearson])
        expect(() => interval(1, 2, { level })).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
  })
})

describe('clopperPearson', () => {
  it('leaves each tail of the binomial distribution its half, as R has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (n, some) => {
        const successes = Math.min(n, some)
        const { low, high } = clopperPearson(successes, n)
        let [above, below] = [0, 0]
        for (let k = successes; k <= n; k += 1) above += dbinom(k, n, low)
        for (let k = 0; k <= successes; k += 1) below += dbinom(k, n, high)
        if (successes > 0) expect(above).toBeCloseTo(0.025, 9)
        if (successes < n) expect(below).toBeCloseTo(0.025, 9)
        expect([low === 0, high === 1]).toEqual([successes === 0, successes === n])
      }),
    )
  })

  it('has the value of the rule of three', () => {
    // Nothing in 20: the upper end is 1 − 0.025^(1/20).
    expect(clopperPearson(0, 20).high).toBeCloseTo(1 - 0.025 ** (1 / 20), 12)
  })
})
