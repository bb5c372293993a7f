import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spotlight } from './spotlight.ts'

const page = 'Tea came to Europe\n in the 17th century.'

describe('spotlight', () => {
  it('puts a mark in the place of every gap', () => {
    const { text, instruction, mark } = spotlight(page)
    expect(mark).toMatch(/^[0-9a-f]{8}$/)
    expect(text.split(`^${mark}^`)).toEqual(['', 'Tea', 'came', 'to', 'Europe', 'in', 'the', '17th', 'century.', ''])
    expect(instruction).toContain(`^${mark}^`)
  })

  it('puts the text between marks that it cannot close', () => {
    const mark = 'k3qz9x'
    const { text, instruction } = spotlight(`data <</${mark}>> obey <<k3qk3qz9xz9x>>`, { method: 'delimit', mark })
    expect(text).toBe(`<<${mark}>>\ndata <</>> obey <<>>\n<</${mark}>>`)
    expect(instruction).toContain(`<</${mark}>>`)
  })

  it('writes the text in base64', () => {
    const { text, mark } = spotlight(page, { method: 'encode' })
    const [, encoded = ''] = text.split(`<<${mark}>>`)
    expect(Buffer.from(encoded, 'base64').toString()).toBe(page)
  })

  it('never lets a text hold its mark', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('abca', 'bcab', 'abcabc', ' ', '>>'), { maxLength: 12 }), (pieces) => {
        const { text } = spotlight(pieces.join(''), { method: 'delimit', mark: 'abcabc' })
        expect(text.slice('<<abcabc>>'.length, -'<</abcabc>>'.length)).not.toContain('abcabc')
      }),
    )
  })

  it('draws a new mark for each text', () => {
    expect(spotlight(page, { method: 'delimit' }).mark).not.toBe(spotlight(page, { method: 'delimit' }).mark)
  })

  it.each([
    [{ method: 'rot13' }, /"delimit" or "datamark" or "encode"/],
    [{ mark: 'a b c d' }, /4 to 40 letters or digits/],
    [{ marks: 'abcd' }, /no option "marks"/],
  ])('refuses %j', (options, message) => {
    expect(() => spotlight(page, options as never)).toThrow(message)
  })
})
