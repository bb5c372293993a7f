import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixedScorer, scoreBy, valueBy } from '../../fixtures/scores.ts'
import { allOf, anyOf, not, threshold, weighted } from './combine.ts'
import type { Score } from './scorer.ts'

const [half, full, none] = [fixedScorer(0.5, 'half'), fixedScorer(1, 'full'), fixedScorer(0, 'none')]

describe('weighted', () => {
  it('is the mean by weights', async () => {
    expect(await valueBy(weighted([{ scorer: full, weight: 3 }, none]), 'x')).toBe(0.75)
    expect(await valueBy(weighted([full, half]), 'x')).toBe(0.75)
  })

  it('is 0 where one that must pass has not full marks', async () => {
    expect(await valueBy(weighted([full, { scorer: half, mustPass: true }]), 'x')).toBe(0)
    expect(await valueBy(weighted([half, { scorer: full, mustPass: true }]), 'x')).toBe(0.75)
  })

  it('is from the least to the greatest of its parts', async () => {
    const part = fc.record({
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.double({ min: 0.001, max: 1000, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (parts) => {
        const whole = weighted(
          parts.map(({ score, weight }, index) => ({ scorer: fixedScorer(score, `${index}`), weight })),
        )
        const score = (await valueBy(whole, 'x')) as number
        const scores = parts.map((each) => each.score)
        expect(score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-12)
        expect(score).toBeLessThanOrEqual(Math.min(1, Math.max(...scores) + 1e-12))
      }),
    )
  })
})

describe('the others', () => {
  it('take the least, the best, the rest to one, and whether it is enough', async () => {
    expect(await valueBy(allOf([full, half]), 'x')).toBe(0.5)
    expect(await valueBy(anyOf([none, half]), 'x')).toBe(0.5)
    expect(await valueBy(not(fixedScorer(0.25)), 'x')).toBe(0.75)
    expect([await valueBy(threshold(half, 0.5), 'x'), await valueBy(threshold(half, 0.51), 'x')]).toEqual([1, 0])
  })

  it('give what every part said, equal names too', async () => {
    expect(await scoreBy(allOf([full, fixedScorer(0.2, 'full')]), 'x')).toMatchObject({
      evidence: {
        parts: [
          { name: 'full', status: 'scored', score: 1 },
          { name: 'full', status: 'scored', score: 0.2 },
        ],
      },
    })
  })

  it('have no score where a part has none, and the whole cost all the same', async () => {
    const missing: Score = { status: 'unscored', reason: 'unparseable', costNanoUsd: 2 }
    const paid = fixedScorer({ status: 'scored', score: 1, costNanoUsd: 3 }, 'paid', { isJudge: true, models: ['m'] })
    for (const make of [weighted, allOf, anyOf])
      expect(await scoreBy(make([paid, fixedScorer(missing, 'missing')]), 'x')).toEqual({ ...missing, costNanoUsd: 5 })
    const errored: Score = { status: 'errored', error: 'down' }
    expect(await scoreBy(not(fixedScorer(errored)), 'x')).toEqual(errored)
  })

  it('are judges where a part is one', () => {
    const paid = fixedScorer(1, 'paid', { isJudge: true, models: ['m'] })
    expect(allOf([full, paid])).toMatchObject({ isJudge: true, models: ['m'] })
    expect(allOf([full])).not.toHaveProperty('isJudge')
  })

  it('have names and versions of their parts', () => {
    expect(weighted([full, half]).name).toBe('weighted(full, half)')
    expect(threshold(half, 0.5).name).toBe('threshold(0.5)(half)')
    expect(not(half, { name: 'other' }).name).toBe('other')
    const versions = [
      weighted([full, half]),
      weighted([full, { scorer: half, weight: 2 }]),
      weighted([full, { scorer: half, mustPass: true }]),
      weighted([full, fixedScorer(0.5, 'half', { version: '2' })]),
      threshold(half, 0.5),
      threshold(half, 0.6),
    ]
    expect(new Set(versions.map(({ version }) => version)).size).toBe(versions.length)
  })

  it.each([
    ['no parts', () => weighted([])],
    ['no scorers', () => allOf([])],
    ['none at all', () => anyOf([])],
    ['a weight of 0', () => weighted([{ scorer: full, weight: 0 }])],
    ['a weight that is none', () => weighted([{ scorer: full, weight: Number.NaN }])],
    ['a threshold above 1', () => threshold(full, 1.1)],
    ['no scorer', () => not({} as never)],
    ['an unknown option', () => not(full, { label: 'x' } as never)],
  ])('refuse %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
