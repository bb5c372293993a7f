import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawn, samplePrivateKey, seededRandom } from '../testing/sample-key.ts'
import { keyEnd, longestHeader, longestLoose } from './key-end.ts'

const header = '-----BEGIN PRIVATE KEY-----'
const random = seededRandom(4)
const line = drawn('A-Za-z0-9+/', 64, random)

describe('keyEnd', () => {
  it('is where it was decided to be, whatever comes after', () => {
    const lines = [`${line}\n`, `${line}\\n`, line, line.slice(0, 31), `${line}\r\n    `, `${line}\n`.repeat(70)]
    const signs = ['-', '--', '-----END PRIVATE KEY-----', '\n', ' '.repeat(20), '\\', 'n', '!', '"', '==']
    const pieces = [...lines, ...signs, 'Proc-Type: 4,ENCRYPTED\n\n']
    const bodies = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bodies, lengths, (body, cuts) => {
        const whole = keyEnd(header + body, 0, header.length)
        for (let at = header.length, turn = 0; at < header.length + body.length; turn += 1) {
          at += cuts[turn % cuts.length] as number
          const text = (header + body).slice(0, at)
          const part = keyEnd(text, 0, header.length)
          const couldBeFooter = part.end < longestLoose && text.length - part.end < longestHeader
          if (!part.isOpen && !couldBeFooter) expect(whole).toEqual(part)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is at its place in the text', () => {
    const key = samplePrivateKey('', 3, random)
    const [alone, after] = [keyEnd(key, 0, header.length), keyEnd(`of ${key}`, 3, header.length + 3)]
    expect(after).toMatchObject({ end: alone.end + 3, inBase64: alone.inBase64 + 3 })
  })

  it.each([
    ['in lines', samplePrivateKey('', 400, random), 0],
    ['in one line', `${header}${drawn('A-Za-z0-9+/', 26_000, random)}-----END PRIVATE KEY-----`, 0],
    ['with escaped ends of lines', samplePrivateKey('', 300, random, '\\n'), 2],
    ['in short lines', samplePrivateKey('', 40, random).replaceAll(/(.{16})(?=.)/g, '$1\n'), 0],
  ])('is before the footer: %s', (_name, key, lineEnd) => {
    const { end, inBase64, isOpen } = keyEnd(key, 0, key.indexOf('KEY-----') + 8)
    expect(end).toBe(key.indexOf('-----END'))
    expect(key.slice(inBase64, end).trim().length).toBe(lineEnd)
    expect(isOpen).toBe(key.length - end < longestHeader && end > longestLoose)
  })
})
