import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

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

describe('card', () => {
  it.each([
    ['4111111111111111', '4111111111111111'],
    ['card 4111 1111 1111 1111 please', '4111 1111 1111 1111'],
    ['4111-1111-1111-1111.', '4111-1111-1111-1111'],
    ['4111\u00a01111\u00a01111\u00a01111', '4111\u00a01111\u00a01111\u00a01111'],
    ['Amex 3782 822463 10005', '3782 822463 10005'],
    ['my visa: 4222222222222', '4222222222222'],
    ['4222222222222 is the debit card', '4222222222222'],
    ['a 16-digit JCB 3509413199654323', '3509413199654323'],
    ['card 1234 5678 9012 3452', '1234 5678 9012 3452'],
    ['30569309025904', '30569309025904'],
    ['6304000000000000', '6304000000000000'],
    ['2223003122003222', '2223003122003222'],
    ['180016070420458', '180016070420458'],
    ['order 12345 4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['card 4111 1111-1111 1111', '4111 1111-1111 1111'],
    ['4111 1111 1111 1111 2027', '4111 1111 1111 1111'],
    ['4111 1111 1111 1111 123', '4111 1111 1111 1111'],
    ['card no 4556  5241  3981  7125', '4556  5241  3981  7125'],
    ['4556 - 1362 - 2633 - 0217', '4556 - 1362 - 2633 - 0217'],
    ['4556-1362-2633-0217 - 12', '4556-1362-2633-0217'],
    ['378282246310005', '378282246310005'],
    ['6212345678901234569', '6212345678901234569'],
    ['debit card 507172506683386868', '507172506683386868'],
  ])('%s', (text, card) => {
    expect(found(text, 'card')).toEqual([card])
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
    ['13 digits without a word for it', '4222222222222'],
    ['a fraction', '0.4111111111111111'],
    ['a decimal', '394863.6564611473'],
    ['other groups', '411111 1111 111111'],
    ['two separators', '4111 1111-1111 1111'],
    ['12 digits in a table', '6717 6265 8886'],
    ['columns of a table', '4556  5241  3981  7125'],
    ['18 digits without a word for it', '<@507172506683386868>'],
    ['15 digits without a word for it', 'tid 391666121749654'],
    ['19 digits without a word for it', withCheckDigit('465123456789012345')],
    ['too short', withCheckDigit('41111111111')],
    ['a length that the issuer has not', withCheckDigit('5111111111111111')],
  ])('not with %s', (_, text) => {
    expect(found(text, 'card')).toEqual([])
  })

  it('finds two in a row', () => {
    expect(found('5500 0000 0000 0004 4111 1111 1111 1111', 'card')).toEqual([
      '5500 0000 0000 0004',
      '4111 1111 1111 1111',
    ])
  })

  it('finds any Visa number and none with a digit changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 14, maxLength: 14 }),
        fc.nat(15),
        fc.integer({ min: 1, max: 9 }),
        (digits, at, by) => {
          const card = withCheckDigit(`4${digits.join('')}`)
          expect(found(`x ${card} y`, 'card')).toEqual([card])
          const changed = [...card].map((digit, index) => (index === at ? (Number(digit) + by) % 10 : digit)).join('')
          expect(found(changed, 'card')).toEqual([])
        },
      ),
    )
  })
})
