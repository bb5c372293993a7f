import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterPrefill, afterRepeat, type TextSplice } from './overlap.ts'

/** All that comes out when `text` is pushed in pieces of `size`; `undefined` when it goes another way. */
function spliced(splice: TextSplice, text: string, size: number): string | undefined {
  let out = ''
  for (let at = 0; at < text.length; at += size) {
    const piece = splice.push(text.slice(at, at + size))
    if (piece === undefined) return undefined
    out += piece
  }
  return out + splice.end()
}

const prose =
  'The parcel left our warehouse on Monday morning and should reach you by Thursday. If it does not, please write to us ' +
  'again, and we will look into it with the carrier at once. You will not be charged for a second delivery of the order.'

describe('afterPrefill', () => {
  it('leaves a continuation alone that says nothing again, wherever the text was cut', () => {
    const cut = fc.integer({ min: 1, max: prose.length - 1 })
    fc.assert(
      fc.property(cut, fc.integer({ min: 1, max: 40 }), (at, size) => {
        const shown = prose.slice(0, at)
        expect(spliced(afterPrefill(shown, shown), prose.slice(at), size)).toBe(prose.slice(at))
      }),
    )
  })

  it('cuts off a repetition of 12 characters and more, in pieces of any size', () => {
    const again = fc.integer({ min: 14, max: 100 })
    fc.assert(
      fc.property(fc.integer({ min: 110, max: 200 }), again, fc.integer({ min: 1, max: 40 }), (at, count, size) => {
        const shown = prose.slice(0, at)
        expect(spliced(afterPrefill(shown, shown), prose.slice(at - count), size)).toBe(prose.slice(at))
      }),
    )
  })

  it.each([
    ['*', '*Yes.** It does.'],
    ['ha', 'hahaha'],
    ['1', '1 is a prime? No.'],
    ['The ', 'The Who is a band.'],
    ['\n', '\n\nA list:'],
    ['| a | b | c | d |\n|---|---|---|', '---|\n| 1 | 2 | 3 | 4 |'],
    ['|---|---|---|---|---|---|', '---|---|---|---|---|---|\n'],
    ['if (x) {\n            ', '            return 1\n'],
    ['Title\n==============', '==============\nText'],
  ])('takes the likeness of %j and %j for chance', (shown, rest) => {
    for (const size of [1, 2, 5, 100]) expect(spliced(afterPrefill(shown, shown), rest, size)).toBe(rest)
  })

  it.each([
    ['It takes five ', ' days.', 'days.'],
    ['It takes five ', 'days.', 'days.'],
    ['A list:\n\n', '\n\n- one', '- one'],
    ['A list:\n\n', '- one', '- one'],
    ['A list:\n', ' \n- one', ' \n- one'],
  ])('puts %j and %j together without white space twice', (shown, rest, expected) => {
    for (const size of [1, 2, 100]) expect(spliced(afterPrefill(shown, shown.trimEnd()), rest, size)).toBe(expected)
  })
})

describe('afterRepeat', () => {
  it('gives what comes after that which was shown, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: prose.length }), fc.integer({ min: 1, max: 40 }), (at, size) => {
        const splice = afterRepeat(prose.slice(0, at))
        expect(spliced(splice, prose, size)).toBe(prose.slice(at))
        expect(splice.isAligned).toBe(true)
      }),
    )
  })

  it('refuses a text that says anything else, and does not take a shorter one for whole', () => {
    const splice = afterRepeat('It takes five days')
    expect(splice.push('It takes ')).toBe('')
    expect(splice.isAligned).toBe(false)
    expect(splice.push('six')).toBe(undefined)
  })
})
