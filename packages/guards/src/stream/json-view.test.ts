import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Redaction } from '../redact.ts'
import { wholeView } from './open-view.ts'

/** Replaces every match of a pattern, as it is read, in a text of JSON. */
function replaced(json: string, pattern: RegExp, by: string): string {
  const view = wholeView(json, 'arguments')
  const found = [...view.text.matchAll(pattern)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    text: by,
  }))
  return new Redaction(view).write(found, view.end)
}

describe('JSON text', () => {
  it.each([
    [String.raw`{"to":"ada\u0040example.com"}`, '{"to":"ada@example.com"}'],
    [String.raw`{"to":"a\"b\\c\/d\n"}`, '{"to":"a"b\\c/d\n"}'],
    [String.raw`["\ud83d\ude00", "\u00e9"]`, '["😀", "é"]'],
    [String.raw`{"to":"\u00zz"}`, String.raw`{"to":"\u00zz"}`],
    [String.raw`{"to":"\u00`, String.raw`{"to":"\u00`],
    ['just text \\u0040', 'just text \\u0040'],
  ])('%s is read as %s', (json, read) => {
    expect(wholeView(json, 'arguments').text).toBe(read)
  })

  it.each([
    [String.raw`{"to":"ada\u0040example.com","n":1}`, /ada@example\.com/g, '[E"M]', String.raw`{"to":"[E\"M]","n":1}`],
    ['{"card":4111111111111111}', /4111111111111111/g, '[CARD]', '{"card":"[CARD]"}'],
    ['{"card":-4111111111111111.0e3}', /4111111111111111/g, '[CARD]', '{"card":"[CARD]"}'],
    ['{"a":["12","34"],"b":5}', /12","34/g, '[N]', '{"a":["[N]",""],"b":5}'],
    ['{"a":[12,34],"b":5}', /12,34/g, '[N]', '{"a":["[N]",""],"b":5}'],
    ['{"a":"x"}', /[{}:]/g, '-', '{"a":"x"}'],
  ])('%s with %s replaced is JSON still', (json, pattern, by, expected) => {
    expect(replaced(json, pattern, by)).toBe(expected)
    expect(() => JSON.parse(expected)).not.toThrow()
  })

  it('is not touched where nothing is replaced, and read the same however it is cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), (json, lengths) => {
        const whole = wholeView(json, 'arguments')
        expect(new Redaction(whole).write([], whole.end)).toBe(json)
        const cut = wholeView('{', 'arguments')
        const grown = wholeView(`{${json}`, 'arguments')
        for (let at = 0, turn = 0; at < json.length; turn += 1) {
          const length = 1 + (lengths[turn % lengths.length] as number)
          cut.push(json.slice(at, at + length))
          at += length
        }
        expect(cut.text).toBe(grown.text)
        expect(cut.keep(0, cut.end)).toBe(`{${json}`)
      }),
    )
  })

  it('forgets what is before, and nothing else', () => {
    const view = wholeView(String.raw`{"a":"\u0041\u0042\u0043","b":1}`, 'arguments')
    const rest = view.keep(8, view.end)
    view.drop(8)
    expect(view.text).toBe('C","b":1}')
    expect(view.keep(8, view.end)).toBe(rest)
    expect(view.keep(8, 9)).toBe(String.raw`C`.replace('C', '\\u0043'))
  })
})
