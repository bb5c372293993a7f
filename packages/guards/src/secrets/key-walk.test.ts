import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawn, samplePrivateKey, seededRandom } from '../testing/sample-key.ts'
import { type KeyEnd, keyEnd } from './key-walk.ts'

const header = '-----BEGIN PRIVATE KEY-----'
const random = seededRandom(4)
const line = drawn('A-Za-z0-9+/', 64, random)

type Found = Omit<KeyEnd, 'looked'>
const found = ({ end, inBase64, isOpen }: KeyEnd): Found => ({ end, inBase64, isOpen })

/** As of a key that was not met before. */
function walked(text: string): Found {
  keyEnd(`${header}!`, 0, header.length)
  return found(keyEnd(text, 0, header.length))
}

describe('keyEnd', () => {
  it('is the same for a key that grows as for one that is there', () => {
    const lines = [`${line}\n`, `${line}\\n`, line, line.slice(0, 31), `${line}\r\n    `, `${line}\n`.repeat(70)]
    const signs = ['-', '--', '-----END PRIVATE KEY-----', '\n', ' '.repeat(20), '\\', 'n', '!', '"', '==']
    const pieces = [...lines, ...signs, 'Proc-Type: 4,ENCRYPTED\n\n']
    const bodies = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bodies, lengths, (body, cuts) => {
        const text = header + body
        const grown: string[] = []
        for (let at = header.length, turn = 0; at < text.length; turn += 1) {
          at += cuts[turn % cuts.length] as number
          grown.push(text.slice(0, at))
        }
        const ends = grown.map((each) => keyEnd(each, 0, header.length))
        expect(ends.map(found)).toEqual(grown.map(walked))
      }),
      { numRuns: 200 },
    )
  })

  it('is at its place in the text', () => {
    const key = samplePrivateKey('', 3, random)
    const [alone, after] = [walked(key), keyEnd(`of ${key}`, 3, header.length + 3)]
    expect(after).toMatchObject({ end: alone.end + 3, inBase64: alone.inBase64 + 3 })
  })

  it.each([
    ['in lines', samplePrivateKey('', 400, random)],
    ['in one line', header + drawn('A-Za-z0-9+/', 26_000, random)],
    ['with escaped ends of lines', samplePrivateKey('', 300, random, '\\n')],
  ])('looks at a bounded part of a key that grows character by character: %s', (_name, key) => {
    let most = 0
    for (let length = header.length + 1; length <= key.length; length += 1)
      most = Math.max(most, keyEnd(key.slice(0, length), 0, header.length).looked)
    expect(most).toBeLessThan(30)
  })
})
