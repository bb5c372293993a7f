import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueBy } from '../../fixtures/scores.ts'
import { bleu, rouge } from './overlap-scorers.ts'

const words = fc.array(fc.constantFrom('the', 'cat', 'sat', 'on', 'a', 'mat', 'dog'), { maxLength: 12 })
const texts = words.map((list) => list.join(' '))

describe('rouge', () => {
  const expected = 'police killed the gunman'

  it.each([
    ['1', 'police kill the gunman', 0.75],
    ['2', 'police kill the gunman', 1 / 3],
    ['L', 'police kill the gunman', 0.75],
    ['L', 'the gunman kill police', 0.5],
    ['2', 'the gunman kill police', 1 / 3],
  ] as const)('%s of %j', async (kind, output, score) => {
    expect(await valueBy(rouge({ kind }), output, { expected })).toBeCloseTo(score, 12)
  })

  it('reads words whatever their case, form and signs, and Chinese and Japanese by the letter', async () => {
    expect(await valueBy(rouge(), 'POLICE, killed: the gunman!', { expected })).toBe(1)
    expect(await valueBy(rouge({ kind: '1' }), 'ＧＰＴ模型', { expected: 'gpt 模 型' })).toBe(1)
    expect(await valueBy(rouge({ kind: '1' }), '東京タワー', { expected: '東京' })).toBeCloseTo((2 * 2) / (5 + 2), 12)
  })

  it('takes the best of several expected texts', async () => {
    expect(await valueBy(rouge(), 'a b', { expected: ['x y', 'a b'] })).toBe(1)
    expect(await valueBy(rouge(), 'a b', { expected: [] })).toBe('no_expected')
  })

  it('leaves texts unscored whose longest common subsequence would take for ever', async () => {
    const long = 'word '.repeat(20_000)
    expect(await valueBy(rouge(), long, { expected: long })).toBe('too_long')
    expect(await valueBy(rouge({ kind: '2' }), long, { expected: long })).toBe(1)
  })

  it('is from 0 to 1, symmetric, and 1 for equal texts', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, fc.constantFrom('1', '2', 'L' as const), async (first, second, kind) => {
        const score = (await valueBy(rouge({ kind }), first, { expected: second })) as number
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(await valueBy(rouge({ kind }), second, { expected: first })).toBe(score)
        expect(await valueBy(rouge({ kind }), first, { expected: first })).toBe(1)
      }),
    )
  })
})

describe('bleu', () => {
  it('clips what is repeated: the example of the paper', async () => {
    const expected = ['The cat is on the mat', 'There is a cat on the mat']
    const score = await valueBy(bleu({ n: 1, smoothing: 'none' }), 'the the the the the the the', { expected })
    // "The" is another word than "the", which each has once.
    expect(score).toBeCloseTo(1 / 7, 12)
  })

  it('costs an output that is shorter', async () => {
    const score = await valueBy(bleu({ n: 1, smoothing: 'none' }), 'the cat', { expected: 'the cat sat there' })
    expect(score).toBeCloseTo(Math.exp(1 - 4 / 2), 12)
  })

  it('holds the length against the nearest expected text, the shorter of two as near, in whatever order', async () => {
    for (const expected of [
      ['a b', 'a b c d'],
      ['a b c d', 'a b'],
    ])
      expect(await valueBy(bleu({ n: 1, smoothing: 'none' }), 'a b c', { expected })).toBe(1)
  })

  it('adds one to the counts of pairs and longer unless told not to', async () => {
    const of = { expected: 'the dog sat on the mat' }
    expect(await valueBy(bleu({ smoothing: 'none' }), 'the cat sat on a mat', of)).toBe(0)
    const smoothed = Math.exp((Math.log(4 / 6) + Math.log(2 / 6) + Math.log(1 / 5) + Math.log(1 / 4)) / 4)
    expect(await valueBy(bleu(), 'the cat sat on a mat', of)).toBeCloseTo(smoothed, 12)
  })

  it('is from 0 to 1, and 1 for equal texts that are not empty', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (first, second) => {
        const score = (await valueBy(bleu(), first, { expected: second })) as number
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(await valueBy(bleu(), first, { expected: first })).toBeCloseTo(first === '' ? 0 : 1, 12)
      }),
    )
  })
})
