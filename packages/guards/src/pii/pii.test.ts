import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../detector.ts'
import { pii, type PiiEntity } from './pii.ts'

const context = { stage: 'input', signal: undefined } as const
const found = (text: string, entity?: PiiEntity): string[] => {
  const verdict = pii(entity && { entities: [entity] }).check(text, context) as Verdict
  return verdict.spans.map(({ start, end }) => text.slice(start, end))
}

/** A number with the check digit that makes it pass Luhn's test: doubled are the digits at even distance from it. */
function withCheckDigit(digits: string): string {
  for (let check = 0; check < 10; check += 1) {
    const all = [...digits, String(check)].map(Number).toReversed()
    const sum = all.reduce(
      (total, digit, index) => total + (index % 2 ? ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] ?? 0) : digit),
      0,
    )
    if (sum % 10 === 0) return `${digits}${check}`
  }
  return ''
}

describe('email', () => {
  it.each([
    ['Write to ada.lovelace+news@mail.example.co.uk.', 'ada.lovelace+news@mail.example.co.uk'],
    ['<ada@example.com>, please', 'ada@example.com'],
    ["it's 'ada@example.com'", 'ada@example.com'],
    ['(ada@example.com)', 'ada@example.com'],
    ['mailto:ada@example.com?subject=hi', 'ada@example.com'],
    ['email=ada@example.com&x=1', 'ada@example.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['müller@bücher.example', 'müller@bücher.example'],
    ['почта@пример.рф', 'почта@пример.рф'],
    ['请写信给ada@example.com谢谢', 'ada@example.com'],
    ['ada@example.com-', 'ada@example.com'],
    ['ADA@EXAMPLE.COM!', 'ADA@EXAMPLE.COM'],
    ['ada@xn--bcher-kva.xn--p1ai', 'ada@xn--bcher-kva.xn--p1ai'],
  ])('%s', (text, email) => {
    expect(found(text)).toEqual([email])
  })

  it.each([
    '@',
    'a@b',
    'ada@localhost',
    'ada@10.0.0.1',
    'icon@2x.png',
    'npm i vite@8.3.8',
    '@sluice/core',
    'a..b@example.com',
    'a.@example.com',
    '@example.com',
    'ada@.com',
    '3 @ 5.50',
  ])('nothing in %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('finds neighbours', () => {
    expect(found('a@example.com,b@example.com;c@example.com')).toHaveLength(3)
  })
})

describe('card', () => {
  it.each([
    ['4111111111111111', '4111111111111111'],
    ['card 4111 1111 1111 1111 please', '4111 1111 1111 1111'],
    ['4111-1111-1111-1111.', '4111-1111-1111-1111'],
    ['4111\u00a01111\u00a01111\u00a01111', '4111\u00a01111\u00a01111\u00a01111'],
    ['Amex 3782 822463 10005', '3782 822463 10005'],
    ['4222222222222', '4222222222222'],
    ['30569309025904', '30569309025904'],
    ['6304000000000000', '6304000000000000'],
    ['2223003122003222', '2223003122003222'],
    ['180016070420458', '180016070420458'],
    ['order 12345 4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['4111 1111 1111 1111 2027', '4111 1111 1111 1111'],
    ['4111 1111 1111 1111 123', '4111 1111 1111 1111'],
  ])('%s', (text, card) => {
    expect(found(text)).toEqual([card])
  })

  it.each([
    ['wrong check digit', '4111 1111 1111 1112'],
    ['no issuer', withCheckDigit('123456789012345')],
    ['the tail of a longer number', '0034 5519 8827 1046 3302'],
    ['inside a longer number', '94111111111111111'],
    ['inside a word', 'x4111111111111111'],
    ['before a letter', '4111111111111111b'],
    ['single digits', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['too short', withCheckDigit('41111111111')],
    ['a length that the issuer has not', withCheckDigit('51111111111111111')],
  ])('not with %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('finds two in a row', () => {
    expect(found('5500 0000 0000 0004 4111 1111 1111 1111')).toEqual(['5500 0000 0000 0004', '4111 1111 1111 1111'])
  })

  it('finds any Visa number and none with a digit changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 14, maxLength: 14 }),
        fc.nat(15),
        fc.integer({ min: 1, max: 9 }),
        (digits, at, by) => {
          const card = withCheckDigit(`4${digits.join('')}`)
          expect(found(`x ${card} y`)).toEqual([card])
          const changed = [...card].map((digit, index) => (index === at ? (Number(digit) + by) % 10 : digit)).join('')
          expect(found(changed)).toEqual([])
        },
      ),
    )
  })
})

describe('iban', () => {
  it.each([
    ['DE89370400440532013000', 'DE89370400440532013000'],
    ['my iban is de89 3704 0044 0532 0130 00, thanks', 'de89 3704 0044 0532 0130 00'],
    ['GB29 NWBK 6016 1331 9268 19', 'GB29 NWBK 6016 1331 9268 19'],
    ['NO9386011117947', 'NO9386011117947'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
    ['FR14-2004-1010-0505-0001-3M02-606', 'FR14-2004-1010-0505-0001-3M02-606'],
    ['NL91ABNA0417164300 and more', 'NL91ABNA0417164300'],
  ])('%s', (text, iban) => {
    expect(found(text)).toEqual([iban])
  })

  it.each([
    ['wrong checksum', 'DE88370400440532013000'],
    ['unknown country', 'XX89370400440532013000'],
    ['wrong length', 'DE8937040044053201300'],
    ['goes on', 'DE893704004405320130001'],
    ['inside a word', 'XDE89370400440532013000'],
  ])('not: %s', (_, text) => {
    expect(found(text, 'iban')).toEqual([])
  })
})

describe('pii', () => {
  it('says what it found and not one character of it', () => {
    const text = 'ada@example.com paid with 4111111111111111 from GB29NWBK60161331926819, cc bob@example.com'
    expect(pii({ mode: 'warn' }).check(text, context)).toEqual({
      action: 'warn',
      score: 1,
      rules: ['iban', 'card', 'email'],
      explanation: '1 iban, 1 card, 2 email',
      spans: [
        { start: 0, end: 15, rule: 'email', replacement: '[EMAIL]' },
        { start: 26, end: 42, rule: 'card', replacement: '[CARD]' },
        { start: 48, end: 70, rule: 'iban', replacement: '[IBAN]' },
        { start: 75, end: 90, rule: 'email', replacement: '[EMAIL]' },
      ],
    })
  })

  it('counts a card-like number inside an IBAN once', () => {
    const iban = 'DE89 4111 1111 1111 1111 11'
    expect(found(iban, 'card')).toHaveLength(1)
    expect(found(iban)).toEqual([iban])
  })

  it('looks for the chosen entities only', () => {
    expect(found('ada@example.com 4111111111111111', 'card')).toEqual(['4111111111111111'])
  })

  it('allows what has nothing in it', () => {
    expect(pii().check('How long does a card take?', context)).toMatchObject({ action: 'allow', spans: [], rules: [] })
  })

  it.each([
    [{ mode: 'delete' }, 'block, redact or warn, got "delete"'],
    [{ entities: ['phone'] }, 'email, got "phone"'],
    [{ entities: [] }, 'got []'],
  ])('refuses %j', (options, message) => {
    expect(() => pii(options as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })

  it.each(['a@', '@', 'a.', 'a@a-', "a'", '1 ', '41 ', '1234 ', '1', 'DE12', 'de12 ', 'a@b.c-', '.', ' '])(
    'takes time linear in a text of %j',
    (pattern) => {
      const text = pattern.repeat(200_000)
      const startedAtMs = performance.now()
      void pii().check(text, context)
      // Work that grows with the square of such a text takes minutes.
      expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    },
  )
})
