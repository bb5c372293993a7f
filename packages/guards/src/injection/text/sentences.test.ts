import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentenceAt, sentencesOf } from './sentences.ts'

const cut = (text: string): string[] => sentencesOf(text).map(({ start, end }) => text.slice(start, end))

describe('sentencesOf', () => {
  it.each([
    ['The first one. The second one? The third!', ['The first one.', 'The second one?', 'The third!']],
    ['a line of text\n\n  another line\r\nlast line', ['a line of text', 'another line', 'last line']],
    ['version 1.2.3 of example.com is out', ['version 1.2.3 of example.com is out']],
    ['这是第一句话，很长。这是第二句话，也长。', ['这是第一句话，很长。', '这是第二句话，也长。']],
    ['Hi. No! Ok?', []],
    ['', []],
  ])('cuts %j', (text, expected) => {
    expect(cut(text)).toEqual(expected)
  })

  it('cuts a sentence without end between words', () => {
    const pieces = cut('word '.repeat(200))
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.every((piece) => piece.length <= 401 && piece.startsWith('word') && piece.endsWith('word'))).toBe(
      true,
    )
  })

  it('loses nothing but short pieces, and keeps the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('some words here', '. ', '\n', '?', ' ', 'x'.repeat(450)), { maxLength: 12 }),
        (parts) => {
          const text = parts.join('')
          let before = 0
          for (const { start, end } of sentencesOf(text)) {
            expect(start).toBeGreaterThanOrEqual(before)
            expect(end).toBeGreaterThan(start)
            expect(sentenceAt(sentencesOf(text), start)).toEqual({ start, end })
            expect(sentenceAt(sentencesOf(text), end - 1)).toEqual({ start, end })
            before = end
          }
        },
      ),
    )
  })
})
