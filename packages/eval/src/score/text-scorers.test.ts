import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { exact, includes, levenshtein, regex } from './text-scorers.ts'

describe('exact', () => {
  it.each([
    ['30 days', '30 days', 1],
    [' 30 days\n', '30 days', 1],
    ['30 Days', '30 days', 0],
    ['', '', 1],
    // Composed and decomposed letters are the same text.
    ['caf\u00e9', 'cafe\u0301', 1],
    ['42', 42, 1],
    [42, '42', 1],
    [true, false, 0],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, 1],
    ['{"b":2,"a":1}', { a: 1, b: 2 }, 1],
    [[1, 2], [2, 1], 0],
    ['not JSON', { a: 1 }, 0],
  ])('%j against %j gives %d', async (output, expected, score) => {
    expect(await valueBy(exact(), output, { expected })).toBe(score)
  })

  it('leaves case aside when told to, and has another version then', async () => {
    expect(await valueBy(exact({ ignoreCase: true }), 'STRASSE', { expected: 'strasse' })).toBe(1)
    expect(exact({ ignoreCase: true }).version).not.toBe(exact().version)
  })

  it('is unscored without an expected value, and compares a picked part with a picked expectation', async () => {
    expect(await valueBy(exact(), 'x')).toBe('no_expected')
    const picking = exact({
      of: ({ output }) => (output as { id: number }).id,
      expected: ({ case: { input } }) => input,
    })
    expect(await valueBy(picking, { id: 7, at: 'now' }, { input: 7 })).toBe(1)
  })
})

describe('includes', () => {
  it('finds one text or all of a list, in any case, and says what is missing', async () => {
    expect(await valueBy(includes(), 'Within 30 Days.', { expected: '30 days' })).toBe(1)
    expect(await valueBy(includes({ ignoreCase: false }), 'Within 30 Days.', { expected: '30 days' })).toBe(0)
    expect(await scoreBy(includes(), 'a b', { expected: ['a', 'c'] })).toEqual({
      status: 'scored',
      score: 0,
      evidence: { missing: ['c'] },
    })
    expect(await valueBy(includes({ mode: 'any' }), 'a b', { expected: ['a', 'c'] })).toBe(1)
    expect(await valueBy(includes({ mode: 'any' }), 'a b', { expected: ['d', 'c'] })).toBe(0)
    expect(await valueBy(includes({ texts: ['\u00e9'] }), 'e\u0301')).toBe(1)
  })

  it('looks for the JSON of what is no text, and is unscored where there is nothing to look for', async () => {
    expect(await valueBy(includes(), 'total {"a":1}!', { expected: { a: 1 } })).toBe(1)
    expect(await valueBy(includes(), 'x', { expected: [] })).toBe('no_expected')
    expect(await valueBy(includes(), 'x')).toBe('no_expected')
  })

  it('has a version for each way to look', () => {
    const versions = [
      includes(),
      includes({ mode: 'any' }),
      includes({ ignoreCase: false }),
      includes({ texts: ['a'] }),
    ]
    expect(new Set([...versions, includes({ texts: ['b'] })].map(({ version }) => version)).size).toBe(5)
  })
})

describe('regex', () => {
  it('matches, or must not; a global pattern has no memory', async () => {
    const digits = regex({ pattern: /\d+/g })
    expect([await valueBy(digits, 'a1'), await valueBy(digits, 'a1'), await valueBy(digits, 'a')]).toEqual([1, 1, 0])
    expect(await valueBy(regex({ pattern: /sorry/i, not: true }), 'Sorry!')).toBe(0)
    expect(await valueBy(regex({ pattern: /^\p{Lu}$/u }), 'É')).toBe(1)
  })

  it('stops a pattern that takes for ever and leaves the output unscored', async () => {
    // Left alone it would take longer than the test may.
    expect(await valueBy(regex({ pattern: /^(a+)+$/ }), `${'a'.repeat(50)}!`)).toBe('pattern_timeout')
  })

  it('reads long texts in one go', async () => {
    expect(await valueBy(regex({ pattern: /end$/ }), `${'x'.repeat(1_000_000)}end`)).toBe(1)
  })

  it('has the pattern in its version', () => {
    expect(new Set([/a/, /a/i, /b/].map((pattern) => regex({ pattern }).version)).size).toBe(3)
  })
})

describe('levenshtein', () => {
  it.each([
    ['kitten', 'sitting', 1 - 3 / 7],
    ['same', 'same', 1],
    ['', '', 1],
    ['', 'abc', 0],
    // One code point of two UTF-16 units.
    ['a👍', 'a👎', 0.5],
  ])('%j and %j are alike by %d', async (output, expected, score) => {
    expect(await valueBy(levenshtein(), output, { expected })).toBeCloseTo(score, 12)
  })

  it('leaves texts over 10,000 code points unscored, counted in code points', async () => {
    const long = 'x'.repeat(10_001)
    expect(await scoreBy(levenshtein(), long, { expected: 'x' })).toEqual({
      status: 'unscored',
      reason: 'too_long',
      evidence: { longestCompared: 10_000 },
    })
    expect(await valueBy(levenshtein(), '👍'.repeat(6_000), { expected: '👍'.repeat(6_000) })).toBe(1)
  })

  it('compares values that are no text by their JSON, never by "[object Object]"', async () => {
    expect(await valueBy(levenshtein(), '{"a":1}', { expected: { a: 1 } })).toBe(1)
    expect(await valueBy(levenshtein(), '[object Object]', { expected: { a: 1 } })).toBeLessThan(0.5)
  })
})
