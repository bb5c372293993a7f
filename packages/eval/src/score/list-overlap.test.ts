import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { listOverlap } from './list-overlap.ts'

const same = (item: string, expected: string): number => Number(item === expected)

describe('listOverlap', () => {
  it('pairs items whatever their order, by letters unless told', async () => {
    expect(await valueBy(listOverlap(), ['b', 'a'], { expected: ['a', 'b'] })).toBe(1)
    expect(await valueBy(listOverlap(), ['cat'], { expected: ['car'] })).toBeCloseTo(2 / 3, 12)
    expect(await valueBy(listOverlap({ similarity: same }), ['cat'], { expected: ['car'] })).toBe(0)
  })

  it('counts items too many unless they are allowed, and items too few always', async () => {
    const of = { expected: ['a', 'b'] }
    expect(await valueBy(listOverlap({ similarity: same }), ['a', 'b', 'c', 'd'], of)).toBe(0.5)
    expect(await valueBy(listOverlap({ similarity: same, allowExtra: true }), ['a', 'b', 'c', 'd'], of)).toBe(1)
    expect(await valueBy(listOverlap({ similarity: same, allowExtra: true }), ['a'], of)).toBe(0.5)
    expect(await valueBy(listOverlap(), [], { expected: [] })).toBe(1)
  })

  it('reads lists from JSON text, fenced too, and compares items that are no text by their JSON', async () => {
    expect(await valueBy(listOverlap(), '```json\n["a"]\n```', { expected: '["a"]' })).toBe(1)
    expect(await valueBy(listOverlap(), [{ a: 1, b: 2 }], { expected: [{ b: 2, a: 1 }] })).toBe(1)
  })

  it('gives 0 for no list, and none where none is expected', async () => {
    expect(await scoreBy(listOverlap(), 'a, b', { expected: ['a'] })).toMatchObject({ score: 0, label: 'no_list' })
    expect(await valueBy(listOverlap(), ['a'], { expected: 'a' })).toBe('expected_no_list')
  })

  it('leaves lists unscored that would take for ever', async () => {
    const many = Array.from({ length: 501 }, String)
    expect(await valueBy(listOverlap(), many, { expected: ['1'] })).toBe('too_long')
    const long = ['x'.repeat(200_000)]
    expect(await valueBy(listOverlap(), long, { expected: long })).toBe('too_long')
    expect(await valueBy(listOverlap({ similarity: same }), long, { expected: long })).toBe(1)
  })

  it('cuts similarities to 0 to 1 and ends for any number', async () => {
    for (const similarity of [Number.NaN, -3, 7, Number.POSITIVE_INFINITY]) {
      const score = await valueBy(listOverlap({ similarity: () => similarity }), ['a', 'b'], { expected: ['c', 'd'] })
      expect(score).toBe(similarity > 0 ? 1 : 0)
    }
  })

  it('is from 0 to 1, and the same for lists in another order', async () => {
    const list = fc.array(fc.string({ maxLength: 4 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(list, list, async (items, expected) => {
        const score = (await valueBy(listOverlap(), items, { expected })) as number
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(await valueBy(listOverlap(), items.toReversed(), { expected })).toBeCloseTo(score, 9)
      }),
    )
  })
})
