import fc from 'fast-check'
import { dhyper, phyper } from 'lib-r-math.js'
import { describe, expect, it } from 'vitest'
import { fisherExact } from './fisher.ts'

describe('fisherExact', () => {
  it("is right about the lady's tea", () => {
    // Fisher, The Design of Experiments: three of four cups told right.
    expect(
      fisherExact(
        [
          [3, 1],
          [1, 3],
        ],
        'greater',
      ),
    ).toBeCloseTo(17 / 70, 12)
    expect(
      fisherExact([
        [3, 1],
        [1, 3],
      ]),
    ).toBeCloseTo(34 / 70, 12)
    expect(
      fisherExact([
        [4, 0],
        [0, 4],
      ]),
    ).toBeCloseTo(2 / 70, 12)
    expect(
      fisherExact([
        [0, 0],
        [3, 4],
      ]),
    ).toBe(1)
  })

  it("is the hypergeometric distribution's, as R has it", () => {
    const count = fc.nat(60)
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const table = [
          [a, b],
          [c, d],
        ] as const
        const [white, black, drawn] = [a + b, c + d, a + c]
        fc.pre(white + black > 0)
        expect(fisherExact(table, 'less')).toBeCloseTo(phyper(a, white, black, drawn), 9)
        const above = a === 0 ? 1 : 1 - phyper(a - 1, white, black, drawn)
        expect(fisherExact(table, 'greater')).toBeCloseTo(above, 9)
        const mass = (k: number): number => dhyper(k, white, black, drawn)
        let both = 0
        for (let k = Math.max(0, drawn - black); k <= Math.min(white, drawn); k += 1)
          if (mass(k) <= mass(a) * (1 + 1e-7)) both += mass(k)
        expect(fisherExact(table)).toBeCloseTo(both, 9)
      }),
      { numRuns: 150 },
    )
  })

  it('refuses counts that are none', () => {
    for (const bad of [-1, 0.5, Number.NaN, Infinity])
      expect(() =>
        fisherExact([
          [bad, 1],
          [1, 1],
        ]),
      ).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
  })
})
