import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonSimilarity } from './json-difference.ts'

const value = fc.jsonValue({ maxDepth: 3 })

describe('jsonSimilarity', () => {
  it('is from 0 to 1, symmetric, and tells of a difference exactly where it is below 1', () => {
    fc.assert(
      fc.property(value, value, fc.constantFrom('ordered' as const, 'set' as const), (first, second, lists) => {
        const { score, differences } = jsonSimilarity(first, second, { lists })
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(differences.length > 0).toBe(score < 1)
        expect(jsonSimilarity(second, first, { lists }).score).toBeCloseTo(score, 9)
      }),
    )
  })

  it('is 1 for a value and itself, its lists in any order when that does not count', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(jsonSimilarity(given, structuredClone(given))).toEqual({ score: 1, differences: [] })
        expect(jsonSimilarity(reversed(given), given, { lists: 'set' }).score).toBeCloseTo(1, 12)
      }),
    )
  })

  it('takes numbers that JSON has not as they are', () => {
    expect(jsonSimilarity({ a: Number.NaN }, { a: Number.NaN }).score).toBe(1)
    expect(jsonSimilarity({ a: Number.NaN }, { a: 1 }).score).toBe(0)
    expect(jsonSimilarity([Number.POSITIVE_INFINITY], [1]).score).toBe(0)
  })

  it('sees fields that are named as those of every object', () => {
    const made = JSON.parse('{"__proto__":1,"constructor":2}') as unknown
    expect(jsonSimilarity(made, {}).differences.map(({ path }) => path)).toEqual(['__proto__', 'constructor'])
  })
})

function reversed(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(reversed).toReversed()
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).map(([key, field]) => [key, reversed(field)]))
}
