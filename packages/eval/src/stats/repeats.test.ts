import fc from 'fast-check'
import { choose } from 'lib-r-math.js'
import { expect, it } from 'vitest'
import { passAtK, passHatK } from './repeats.ts'

it('counts the ways to draw k of n trials', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.integer({ min: 1, max: 60 }), (n, some, draw) => {
      const [c, k] = [Math.min(n, some), Math.min(n, draw)]
      expect(passAtK(n, c, k)).toBeCloseTo(1 - choose(n - c, k) / choose(n, k), 9)
      expect(passHatK(n, c, k)).toBeCloseTo(choose(c, k) / choose(n, k), 9)
    }),
  )
})

it('is the pass rate for one, and more and less than its power for more', () => {
  expect(passAtK(4, 3, 1)).toBeCloseTo(0.75, 12)
  expect(passHatK(4, 3, 1)).toBeCloseTo(0.75, 12)
  expect(passHatK(4, 2, 2)).toBeCloseTo(1 / 6, 12)
  expect(passHatK(4, 2, 2)).toBeLessThan(0.5 ** 2)
  expect([passHatK(4, 2, 3), passAtK(4, 2, 3)]).toEqual([0, 1])
})

it.each([
  ['more passes than trials', 2, 3, 1],
  ['no trial drawn', 2, 1, 0],
  ['more drawn than there are', 2, 1, 3],
  ['half a trial', 2.5, 1, 1],
])('refuses %s', (_, n, c, k) => {
  for (const of of [passAtK, passHatK])
    expect(() => of(n, c, k)).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
})
