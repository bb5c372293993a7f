import { describe, expect, it } from 'vitest'
import { samplePattern } from './pattern-sample.ts'
import { seeded } from './random.ts'

describe('samplePattern', () => {
  it.each([
    String.raw`^\d{4}-\d{2}$`,
    '^[A-Z]{2}[0-9]{6,10}$',
    '^(yes|no|maybe)$',
    String.raw`^\+?[1-9]\d{1,14}$`,
    '^(?:[a-f0-9]{2}:){5}[a-f0-9]{2}$',
    String.raw`^[^\s@]+@[^\s@]+\.(com|org)$`,
    '^[a-z][a-z0-9_-]*$',
    '^#[0-9a-fA-F]{6}$',
    String.raw`v\d+\.\d+(\.\d+)?`,
    '^(?<name>a|b)+c?$',
    '^[]a]$|^x$',
    '',
  ])('draws strings that %s matches', (pattern) => {
    for (let seed = 0; seed < 30; seed++) {
      const sample = samplePattern(pattern, seeded(seed))
      if (pattern.includes('[]')) expect(sample).toBeUndefined()
      else expect(sample).toMatch(new RegExp(pattern, 'u'))
    }
  })

  it('draws each repetition anew', () => {
    const digits = new Set(samplePattern(String.raw`^\d{20}$`, seeded(1)))
    expect(digits.size).toBeGreaterThan(3)
  })

  it.each(['^(?=a)b$', String.raw`^(a)\1$`, String.raw`\p{L}+`, '('])('gives up on %s', (pattern) => {
    expect(samplePattern(pattern, seeded(1))).toBeUndefined()
  })
})
