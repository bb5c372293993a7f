import { describe, expect, it } from 'vitest'
import { pii } from './pii.ts'
import { found, rulesIn, verdictOn } from './fixtures/found.ts'
import { spansOf } from './fixtures/stream.ts'

const salt = 'a salt of some length'

describe('pii', () => {
  it('says what it found and shows not enough of it to use', () => {
    const text = 'ada@example.com paid with 4111111111111111 from GB29NWBK60161331926819, cc bob@example.com'
    const fingerprint = expect.stringMatching(/^[\da-f]{16}$/)
    expect(verdictOn(pii({ mode: 'warn' }), text)).toEqual({
      action: 'warn',
      score: 1,
      tier: 'block',
      rules: ['email', 'card', 'iban'],
      explanation: '2 email, 1 card, 1 iban',
      spans: [
        { start: 0, end: 15, rule: 'email', score: 1, replacement: '[EMAIL]', preview: 'a••@e••••••.•••', fingerprint },
        {
          start: 26,
          end: 42,
          rule: 'card',
          score: 0.95,
          replacement: '[CARD]',
          preview: '••••••••••••1111',
          fingerprint,
        },
        {
          start: 48,
          end: 70,
          rule: 'iban',
          score: 1,
          replacement: '[IBAN]',
          preview: `GB${'•'.repeat(20)}`,
          fingerprint,
        },
        {
          start: 75,
          end: 90,
          rule: 'email',
          score: 1,
          replacement: '[EMAIL]',
          preview: 'b••@e••••••.•••',
          fingerprint,
        },
      ],
    })
  })

  it('tells strong evidence from weak', () => {
    expect(verdictOn(pii({ mode: 'block' }), 'SSN 123-45-6788')).toMatchObject({ action: 'block', tier: 'block' })
    expect(verdictOn(pii({ mode: 'block' }), 'account 12345678')).toMatchObject({
      action: 'block',
      tier: 'warn',
      score: 0.6,
    })
  })

  it('counts a card-like number inside an IBAN once', () => {
    const iban = 'DE89 4111 1111 1111 1111 11'
    expect(found(iban, 'card')).toHaveLength(1)
    expect(rulesIn(iban)).toEqual(['iban'])
  })

  it('looks for the chosen entities only', () => {
    expect(found('ada@example.com 4111111111111111', 'card')).toEqual(['4111111111111111'])
  })

  it('allows what has nothing in it', () => {
    expect(verdictOn(pii(), 'How long does a card take?')).toMatchObject({
      action: 'allow',
      tier: 'none',
      spans: [],
      rules: [],
    })
    expect(verdictOn(pii(), '')).toMatchObject({ action: 'allow' })
  })

  it.each([
    ['13 digits of a card without a word', 'see 4222222222222 there', 0.4],
    ['an id in a form of many numbers', 'see 529982247-25 there', 0.3],
  ])('finds weak evidence where minScore is low: %s', (_, text, score) => {
    expect(spansOf(pii({ entities: ['card', 'br_cpf'] }), text)).toEqual([])
    expect(spansOf(pii({ entities: ['card', 'br_cpf'], minScore: 0.2 }), text)).toMatchObject([{ score }])
  })

  it('leaves out what is not sure enough', () => {
    expect(spansOf(pii({ minScore: 0.7 }), 'account 12345678, ada@example.com')).toMatchObject([{ rule: 'email' }])
  })

  it('marks what is to be restored', () => {
    expect(pii({ restore: true }).restore).toBe(true)
    expect(pii().restore).toBeUndefined()
  })

  it('declares how it runs on a stream', () => {
    expect(pii().stream?.maxMatch).toBe(319)
    expect(pii().stream?.couldGrow('Hello there. ')).toBe(13)
    expect(pii().stream?.couldGrow('Write to ada@exam')).toBe(9)
  })
})

describe('fingerprints', () => {
  const fingerprints = (text: string): (string | undefined)[] =>
    spansOf(pii({ salt }), text).map(({ fingerprint }) => fingerprint)

  it.each([
    ['4111 1111 1111 1111', '4111-1111-1111-1111'],
    ['de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['ADA@example.com', 'ada@example.com'],
    ['+44 20 7946 0958', '+442079460958'],
    ['00:1b:44:11:3a:b7', '00-1B-44-11-3A-B7'],
    ['?to=Ada%2Bn%40example.com', 'ada+n@example.com'],
    ['+49 30 901820', 'tel. 030 901820'],
    ['+49 30 901820', '0049 30 901820'],
    ['+49 30 901820', '+49 (0)30 901820'],
    ['(415) 555-2671', '+1 415 555 2671'],
    ['1-415-555-2671', '415-555-2671'],
    ['+39 06 6981 2345', 'tel. 06 6981 2345'],
    ['+44 20 7946 0958 ext. 12', '+442079460958 x12'],
    ['2001:db8::8a2e:370:7334', '2001:0DB8:0:0:0:8A2E:0370:7334'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['born 1980-03-12', 'born 12.03.1980'],
    ['born 1980-03-12', 'born March 12th, 1980'],
    ['born 1980-03-12', 'geboren am 12. März 1980'],
    ['born 1980-03-12', 'born 1980-03-12T08:00:00Z'],
    ['0x52908400098527886E0F7030069857D2E4169EE7', '0x52908400098527886e0f7030069857d2e4169ee7'],
  ])('are the same for %s and %s', (one, other) => {
    expect(fingerprints(`It is ${one} here`)).toHaveLength(1)
    expect(fingerprints(`It is ${one} here`)).toEqual(fingerprints(`It is ${other} here`))
  })

  it.each([
    ['10.1.23.4', '10.12.3.4'],
    ['a.b@example.com', 'ab@example.com'],
    ['+44 20 7946 0958', '+44 20 7946 0959'],
    ['+44 20 7946 0958 ext. 12', '+44 20 7946 0958 ext. 13'],
    ['2001:db8::1', '2001:db8::2'],
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
  ])('differ for %s and %s', (one, other) => {
    expect(fingerprints(one)).not.toEqual(fingerprints(other))
  })

  it('allow values by name', () => {
    const text = 'Write to support@example.com or ada@example.com'
    const [support] = fingerprints(text)
    const spans = spansOf(pii({ salt, allow: [support as string] }), text)
    expect(spans.map(({ start }) => start)).toEqual([text.indexOf('ada')])
    expect(verdictOn(pii({ salt, allow: [support as string] }), 'support@example.com').action).toBe('allow')
  })
})

describe('options of pii()', () => {
  it.each([
    [null, 'takes an object'],
    [{ entites: ['email'] }, 'no option "entites"'],
    [{ mode: 'delete' }, 'block, redact or warn, got "delete"'],
    [{ entities: ['fone'] }, 'email, phone, card'],
    [{ entities: ['fone'] }, 'got "fone"'],
    [{ entities: [] }, 'got an empty list'],
    [[], 'takes an object'],
    [{ custom: null }, 'list of entities'],
    [{ entities: 'email' }, 'got "email"'],
    [{ restore: 'yes' }, 'true or false, got "yes"'],
    [{ restore: true, mode: 'block' }, 'mode is "block"'],
    [{ minScore: 1.5 }, 'from 0 to 1, got 1.5'],
    [{ minScore: Number.NaN }, 'from 0 to 1'],
    [{ countries: ['UK'] }, 'got "UK"'],
    [{ countries: 'GB' }, 'got "GB"'],
    [{ salt: 'short' }, 'at least 16 characters'],
    [{ allow: ['0123456789abcdef'] }, 'needs the salt'],
    [{ salt, allow: ['support@example.com'] }, 'list of fingerprints'],
  ])('refuses %j', (options, message) => {
    expect(() => pii(options as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })

  it('refuses what JSON has no words for', () => {
    for (const options of [{ mode: 1n }, { entities: [1n] }, { minScore: 1n }, { custom: [{ entity: 1n }] }])
      expect(() => pii(options as never)).toThrow(
        expect.objectContaining({ message: expect.stringContaining('a bigint') }),
      )
  })

  it('says nothing of a salt that is refused', () => {
    expect(() => pii({ salt: 'tooshort' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('tooshort') }),
    )
  })
})
