import { getCountries, getExampleNumber } from 'libphonenumber-js'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { pii } from './pii.ts'
import { found } from './fixtures/found.ts'
import { spansOf } from './fixtures/stream.ts'

const numbers = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? [])

describe('phone', () => {
  it('knows the international form of every country', () => {
    const missed = numbers
      .map((number) => number.formatInternational())
      .filter((number) => found(`It is ${number} now`, 'phone')[0] !== number)
    expect(numbers.length).toBeGreaterThan(240)
    expect(missed).toEqual([])
  })

  it('knows the national form beside a word for it in all but those with the shortest numbers', () => {
    const missed = numbers.filter(
      (number) => found(`Phone: ${number.formatNational()}.`, 'phone')[0] !== number.formatNational(),
    )
    // Five or six digits are as often anything else.
    expect(missed.filter(({ nationalNumber }) => nationalNumber.length > 6)).toEqual([])
  })

  it.each([
    '(212) 555-0198',
    '212-555-0198',
    '212 555 0198',
    '1-212-555-0198',
    '555.123.4567',
    '001-253-366-9781x1234',
    '(555) 123-4567 ext. 99',
    '+1.212.555.0198',
    '+49(0)1234 567890',
    '+49 (0) 89 1234567',
    '0049 89 1234567',
    '+447911123456',
    '0131 496 0123',
    '01 23 45 67 89',
    '(0117) 496 0123',
    '(11) 91234-5678',
    '03-1234-5678',
  ])('%s by its form', (number) => {
    expect(found(`It came up on ${number}, later.`, 'phone')).toEqual([number])
  })

  it.each([
    ['call me on 07911123456', '07911123456'],
    ['please contact 2125550198', '2125550198'],
    ['messages to 07911123456', '07911123456'],
    ['Mobile: 432 03 163', '432 03 163'],
    ['My number is 612 34 56 78', '612 34 56 78'],
    ['not answering at 9493 7477', '9493 7477'],
    ['office 555-0198', '555-0198'],
    ['555-0198 is my cell', '555-0198'],
    ['Тел: 8 (495) 123-45-67', '8 (495) 123-45-67'],
    ['call me on 5550198', '5550198'],
    ['my mobile number is 5550198', '5550198'],
    ['5550198 is my cell', '5550198'],
    ['call 555-0198 days or evenings', '555-0198'],
    ['Call customer 555-0198', '555-0198'],
  ])('by its word: %s', (text, number) => {
    expect(found(text, 'phone')).toEqual([number])
  })

  it.each([
    'Unix time 1700000000',
    'protocol@0.0.1704951',
    'from 0.5..0.999. 0.5 adds',
    '1000/1000 calls',
    'order 2125550198',
    '17 212 555 0198 44',
    'contact us about order 5551234567',
    '12 34 56 78',
    'SKU 4006381333931',
    '2010 (2011)',
    '1999-2004',
    '2024-01-15 10',
    '12.05.1987',
    'call on 12.05.1987',
    'call at 2015-12-22 04:34:22',
    '10:15:30',
    '1 234 567',
    'costs $212 555 0198',
    '212-555-0198-7',
    'x212-555-0198',
    '550e8400-e29b-41d4-a716-446655440000',
    'the office is at 17031 2202 Rissik St',
    '10.20.30.40',
    '3.14159265',
    '100%',
    'pages 123-1234',
    'ISBN 0-306-40615-2',
    'ISBN 0-8044-2957-X',
    'ISBN 0-306-40615-3',
    'Please call me about ticket 4455667.',
    'Call ID 84736251',
    'Call about customer 84736251',
    'The mobile app crashes with error 20003344.',
    'Contact support and quote reference 123-456-78.',
    'phone case SKU 7788991',
    'Telefon defekt, Ticket 4711223',
    'tel: n/a; zip 90210-1234',
    'call 2000000 iterations',
    'cells 12-34-5678 rows',
    'cell A1:B200 = 123456789',
    'fax machine model 2840-1234',
    'Contact lens base curve 8.6 14.2 -3.25',
  ])('nothing in %s', (text) => {
    expect(found(text, 'phone')).toEqual([])
  })

  it('takes the plus as a sign of it where the digits could be a card', () => {
    expect(found('+44 7911 123456 and 4111 1111 1111 1111')).toEqual(['+44 7911 123456', '4111 1111 1111 1111'])
  })

  it('knows the national numbers of the countries it is given', () => {
    const text = 'I have 0812 3456 7890 here'
    expect(spansOf(pii({ entities: ['phone'], countries: ['ID'] }), text)).toHaveLength(1)
    expect(spansOf(pii({ entities: ['phone'], countries: [] }), text)).toHaveLength(0)
  })
})
