import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzBits, fuzzRuns } from '../fixtures/fuzz-text.ts'
import { prose } from '../fixtures/sample-texts.ts'
import { Splitter, type SplitRules } from './splitter.ts'

/*
 * The rules as tiktoken writes them, in this engine's words: white space by the Unicode property, and case ignored where
 * the original ignores it. Only for short texts: they take the square of the length.
 */
const contraction = "'(?:[sSſtTmMdD]|[rR][eE]|[vV][eE]|[lL]{2})"
const rest = String.raw`\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+`
const rules: Readonly<Record<SplitRules, RegExp>> = {
  o200k_base: new RegExp(
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?:${contraction})?|` +
      String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?:${contraction})?|` +
      String.raw`\p{N}{1,3}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n/]*|${rest}`,
    'gu',
  ),
  cl100k_base: new RegExp(
    String.raw`${contraction}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|${rest}`,
    'gu',
  ),
}

function pieces(splitter: Splitter, text: string): string[] {
  const bytes = Buffer.from(text)
  splitter.bytes = bytes
  splitter.end = bytes.length
  const found: string[] = []
  for (let start = 0; start < bytes.length;) {
    splitter.begin(start)
    const past = splitter.next()
    found.push(bytes.toString('utf8', start, past))
    start = past
  }
  return found
}

describe.each(['o200k_base', 'cl100k_base'] as const)('the splitter for %s', (name) => {
  const splitter = new Splitter(name)
  const expectSame = (text: string): void => {
    const sent = text.toWellFormed()
    expect(pieces(splitter, text)).toEqual(sent.match(rules[name]) ?? [])
  }

  it.each(prose)('cuts %s as the rules say', (_, text) => expectSame(text().slice(0, 20_000)))

  it('cuts whatever the rules could get wrong as they say', () => {
    fc.assert(
      fc.property(fuzzBits, (bits) => expectSame(bits.join(''))),
      { numRuns: 2_000 },
    )
  })

  it.each([
    '\u0301ABC',
    '\u0301ABc',
    'A\u0301BC',
    '\u0301\u0301',
    "\u0301's",
    ' \u0301',
    '中ABC',
    '中ABC中',
    'AB中cD',
    "AB'S",
    "don't",
    "DON'T",
    "x'ſ",
    "x'lL",
    "x'l",
    "x'",
    "'s",
    "''s",
    '  x',
    ' \n x',
    '\n\n ',
    ' \r\n\t',
    '1234',
    ' 12',
    '!\n/',
    '!\n\n a',
  ])('cuts %j as the rules say', expectSame)

  it('says of every piece whether more text may change it', () => {
    fc.assert(
      fc.property(fuzzRuns, fuzzRuns, (some, more) => {
        const text = some.join('').toWellFormed()
        const longer = pieces(splitter, text + more.join('').toWellFormed())
        const bytes = Buffer.from(text)
        splitter.bytes = bytes
        splitter.end = bytes.length
        for (let start = 0, at = 0; start < bytes.length; at += 1) {
          splitter.begin(start)
          const past = splitter.next()
          if (splitter.open) break
          expect(longer[at]).toBe(bytes.toString('utf8', start, past))
          start = past
        }
      }),
      { numRuns: 500 },
    )
  })
})
