import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectorContext, Verdict } from '../detector.ts'
import { growth } from '../testing/growth.ts'
import { cutInto, redactInChunks, redactWhole } from '../testing/redact-in-chunks.ts'
import { createCanary } from './canary.ts'

const context: DetectorContext = { stage: 'output', signal: undefined }
const token = 'qwmzkrtplbxd'
const canary = createCanary({ token, mode: 'redact' })
const rulesIn = (text: string): readonly string[] => (canary.detector.check(text, context) as Verdict).rules

describe('createCanary', () => {
  it('draws a token and puts it at the end of a prompt', () => {
    const [one, other] = [createCanary(), createCanary()]
    expect(one.token).toMatch(/^[bcdfghjklmnpqrstvwxz]{16}$/)
    expect(one.token).not.toBe(other.token)
    expect(one.mark('You are the assistant of a bank.')).toMatch(new RegExp(`^You are .+\\n\\n.*${one.token}$`))
    expect(one.detector.check(one.mark('x'), context)).toMatchObject({
      action: 'block',
      tier: 'block',
      rules: ['canary'],
    })
    expect(one.detector.check(other.mark('x'), context)).toMatchObject({ action: 'allow', score: 0 })
  })

  it.each([
    ['canary', `It is ${token}.`],
    ['canary', token.toUpperCase()],
    ['canary', [...token].join('-')],
    ['canary', [...token].join(' ')],
    ['canary', [...token].join('\u200b')],
    ['canary', `**${token.slice(0, 5)}**\n${token.slice(5)}`],
    ['canary_reversed', [...token].toReversed().join('')],
    ['canary_rot13', 'djzmxegcyokq'],
    ['canary_hex', Buffer.from(token).toString('hex')],
    ...['', 'a', 'ab', 'abc'].map((before) => [
      'canary_base64',
      Buffer.from(`${before}${token} and more`).toString('base64'),
    ]),
  ])('finds it as %s: %j', (rule, text) => {
    expect(rulesIn(text as string)).toEqual([rule])
  })

  it('keeps quiet about parts of it, and about the prompt itself', () => {
    expect(rulesIn(`${token.slice(0, -1)} ${token.slice(1)}`)).toEqual([])
    expect(rulesIn([...token].join('----'))).toEqual([])
    expect(canary.detector.check(token, { stage: 'input', role: 'system', signal: undefined })).toMatchObject({
      action: 'allow',
    })
  })

  it('redacts it', () => {
    expect(redactWhole(canary.detector, `one ${token} two ${token}`)).toBe('one [CANARY] two [CANARY]')
  })

  it('redacts a stream as it would the whole, holding no more than it declares', () => {
    const pieces = fc.constantFrom(
      token,
      token.slice(0, 6),
      token.slice(6),
      [...token].join('. '),
      ' ',
      'q',
      'The code is ',
      '****',
      Buffer.from(`x${token}`).toString('base64'),
      Buffer.from(token).toString('hex'),
      '\n',
    )
    const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(texts, lengths, (text, cuts) => {
        const streamed = redactInChunks(canary.detector, cutInto(text, cuts))
        expect(streamed.text).toBe(redactWhole(canary.detector, text))
        expect(streamed.maxHeld).toBeLessThanOrEqual(canary.detector.stream?.maxMatch ?? 0)
      }),
      { numRuns: 500 },
    )
  })

  it('holds back next to nothing of ordinary text', () => {
    const prose = 'The committee met on Tuesday to discuss the quick budget of the zoo for the coming year. '.repeat(20)
    expect(redactInChunks(canary.detector, cutInto(prose, [3])).meanHeld).toBeLessThan(1)
  })

  it.each(['q', token.slice(0, 11), 'q...', token.slice(0, 11).replace(/./g, '$&...')])(
    'is linear on %j repeated',
    (seed) => {
      expect(growth((text) => canary.detector.check(text, context), seed)).toBeLessThan(3)
    },
  )

  it.each([
    [{ token: 'short' }, /12 to 64 letters or digits/],
    [{ token: 'has spaces in it' }, /12 to 64 letters or digits/],
    [{ mode: 'shout' }, /"block" or "redact" or "warn"/],
    [{ word: token }, /no option "word"/],
  ])('refuses %j', (options, message) => {
    expect(() => createCanary(options as never)).toThrow(message)
  })
})
