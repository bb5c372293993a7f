import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, textSimilarity } from './levenshtein.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 12 })

describe('editDistance', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
    ['', 'abc', 3],
    ['👍🏽', '👍', 1],
    ['ab', 'ba', 2],
  ])('from %j to %j is %d', (first, second, distance) => {
    expect(editDistance(first, second)).toBe(distance)
  })

  it('is a metric', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      }),
    )
  })

  it('is at least the difference of the lengths and at most the longer', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [x, y] = [Array.from(a).length, Array.from(b).length]
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(x - y))
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(x, y))
      }),
    )
  })

  it('counts the letters that were put in', () => {
    fc.assert(
      fc.property(text, text, text, (a, middle, b) => {
        expect(editDistance(a + b, a + middle + b)).toBe(Array.from(a + middle + b).length - Array.from(a + b).length)
      }),
    )
  })
})

describe('textSimilarity', () => {
  it('is from 0 to 1, and 1 only for equal texts', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const similarity = textSimilarity(a, b)
        expect(similarity).toBeGreaterThanOrEqual(0)
        expect(similarity === 1).toBe(a === b)
      }),
    )
  })
})
