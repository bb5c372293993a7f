import fc from 'fast-check'
import { expect, it } from 'vitest'
import { benjaminiHochberg, holm } from './adjust.ts'

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })

it('adjusts as R does', () => {
  // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05)) and method "BH".
  const p = [0.03, 0.01, 0.05, 0.02, 0.04]
  expect(holm(p)).toEqual([0.09, 0.05, 0.09, 0.08, 0.09].map((value) => expect.closeTo(value, 12)))
  expect(benjaminiHochberg(p)).toEqual([0.05, 0.05, 0.05, 0.05, 0.05].map((value) => expect.closeTo(value, 12)))
})

it('has the decisions of the paper of Benjamini and Hochberg', () => {
  // Their example of 15 tests: four are significant at 0.05, of which Bonferroni finds three and Holm as many.
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  expect(benjaminiHochberg(p).filter((q) => q <= 0.05)).toHaveLength(4)
  expect(holm(p).filter((q) => q <= 0.05)).toHaveLength(3)
})

it('is what the definitions say', () => {
  fc.assert(
    fc.property(pValues, (p) => {
      const n = p.length
      const sorted = p.toSorted((a, b) => a - b)
      const [steppedDown, steppedUp] = [holm(p), benjaminiHochberg(p)]
      for (const [index, value] of p.entries()) {
        const rank = sorted.lastIndexOf(value)
        const first = sorted.indexOf(value)
        const down = Math.max(...sorted.slice(0, first + 1).map((each, at) => Math.min(1, each * (n - at))))
        const up = Math.min(1, ...sorted.slice(rank).map((each, at) => (each * n) / (rank + at + 1)))
        expect(steppedDown[index]).toBeGreaterThanOrEqual(down - 1e-12)
        expect(steppedUp[index]).toBeCloseTo(up, 12)
        expect(steppedDown[index]).toBeGreaterThanOrEqual((steppedUp[index] as number) - 1e-12)
      }
    }),
  )
})

it('keeps the order that it was given, and refuses what is no probability', () => {
  expect(holm([])).toEqual([])
  expect(benjaminiHochberg([0.5])).toEqual([0.5])
  for (const bad of [-0.1, 1.1, Number.NaN])
    for (const adjust of [holm, benjaminiHochberg])
      expect(() => adjust([0.1, bad])).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
})
