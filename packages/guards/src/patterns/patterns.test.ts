import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foundIn, judged, verdictOf } from '../testing/check.ts'
import { growth } from '../testing/growth.ts'
import { cutInto, redactInChunks, redactWhole } from '../testing/redact-in-chunks.ts'
import { patterns, type PatternsOptions } from './patterns.ts'

describe('patterns', () => {
  it('finds matches by the name of their rule, with the flags that matter', () => {
    const detector = patterns({
      patterns: { ticket: /\bops-\d{3,6}\b/gi, line: /^x.$/m, empty: /q*/, text: String.raw`\p{Greek}+` },
    })
    expect(foundIn(detector, 'OPS-1234, XOPS-1\nxy\nαβ')).toEqual(['ticket: OPS-1234', 'line: xy', 'text: αβ'])
    expect(redactWhole(detector, 'see ops-555')).toBe('see [TICKET]')
    expect(judged(patterns({ patterns: { a: 'b' }, mode: 'block' }), 'abc')).toBe('block a')
  })

  it('shows the form of a match and names it by a fingerprint, by which it may be let pass', () => {
    const salt = 'a salt of sixteen'
    const wanted = { patterns: { ticket: /OPS-\d+/, all: /x+/ } }
    const { spans } = verdictOf(patterns({ ...wanted, salt }), `OPS-12 OPS-77 OPS-12 ${'x'.repeat(300_000)}`)
    expect(spans.map(({ preview }) => preview)).toEqual(['•••-••', '•••-••', '•••-••', '•'.repeat(64)])
    const [first, other, again] = spans.map(({ fingerprint }) => fingerprint as string)
    expect(first).toMatch(/^[\da-f]{16}$/)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
    const some = patterns({ ...wanted, salt, allow: [first as string] })
    expect(foundIn(some, 'OPS-12 OPS-77')).toEqual(['ticket: OPS-77'])
  })

  it.each(['re2', 'native'] as const)('refuses on %s the flag that says where to search', (engine) => {
    expect(() => patterns({ patterns: { a: /a/y }, engine })).toThrow(
      expect.objectContaining({ code: 'config.pattern', message: expect.stringContaining('flag y') }),
    )
  })

  it('runs in linear time a pattern that takes for ever elsewhere', () => {
    const evil = patterns({ patterns: { evil: /(a+)+$/, worse: /(x*)*y/ } })
    expect(growth((text) => evil.check(`${text}!`, { stage: 'input', signal: undefined }), 'a', 50_000)).toBeLessThan(3)
  })

  it.each(['(?<=a)b', '(?!x)y', String.raw`(a)\1`, '(', 'a{1,100000}'])(
    'refuses %s, which cannot be run in linear time',
    (pattern) => {
      expect(() => patterns({ patterns: { a: pattern } })).toThrow(
        expect.objectContaining({
          code: 'config.pattern',
          message: expect.stringMatching(/linear time.*engine: "native"/),
        }),
      )
    },
  )

  it('runs on the engine of JavaScript where it is told to', () => {
    expect(foundIn(patterns({ patterns: { after: /(?<=a)b/ }, engine: 'native' }), 'ab b')).toEqual(['after: b'])
    expect(() => patterns({ patterns: { a: '(' }, engine: 'native' })).toThrow(
      expect.objectContaining({ code: 'config.pattern' }),
    )
  })

  it('runs on streams where the longest match is named, and drops longer ones', () => {
    const detector = patterns({ patterns: { ticket: /\bOPS-\d+\b/ }, maxMatch: 9 })
    expect(foundIn(detector, 'OPS-12345 OPS-123456')).toEqual(['ticket: OPS-12345'])
    const pieces = fc.constantFrom('OPS', '-', '12', '3', 'x', ' ', 'OPS-1', '\n')
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
        (parts, cuts) => {
          const text = parts.join('')
          const { text: shown, maxHeld } = redactInChunks(detector, cutInto(text, cuts))
          expect(shown).toBe(redactWhole(detector, text))
          expect(maxHeld).toBeLessThanOrEqual(detector.stream!.maxMatch)
        },
      ),
      { numRuns: 2_000 },
    )
    expect(patterns({ patterns: { a: 'b' } }).stream).toBeUndefined()
    expect(patterns({ patterns: { a: 'b' }, streamMode: 'buffer' }).streamMode).toBe('buffer')
  })

  it.each<[unknown, RegExp]>([
    [{}, /must name patterns/],
    [{ patterns: {} }, /must name patterns/],
    [{ patterns: { a: 1 } }, /must name patterns/],
    [{ patterns: { 'a b': 'x' } }, /cannot name a rule/],
    [{ patterns: { a: 'x' }, engine: 'pcre' }, /engine/],
    [{ patterns: { a: 'x' }, maxMatch: 0 }, /maxMatch/],
    [{ patterns: { a: 'x' }, salt: 'short' }, /salt/],
    [{ patterns: { a: 'x' }, allow: ['0123456789abcdef'] }, /needs the salt/],
    [{ patterns: { a: 'x' }, allow: ['zz'], salt: 's'.repeat(16) }, /16 hex digits/],
    [{ patterns: new Map([['a', 'x']]) }, /must name patterns/],
  ])('refuses %j', (options, message) => {
    expect(() => patterns(options as PatternsOptions)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }),
    )
  })
})
