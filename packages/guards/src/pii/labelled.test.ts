import { describe, expect, it } from 'vitest'
import { rulesIn, found } from './fixtures/found.ts'

describe('labelled numbers', () => {
  it.each([
    ['My bank account number is 12345678', 'bank_account', '12345678'],
    ['87654321 is the account', 'bank_account', '87654321'],
    ['Kontonummer: 0532013000', 'bank_account', '0532013000'],
    ['CVV 123', 'cvv', '123'],
    ['the security code is 4321', 'cvv', '4321'],
    ["driver's license D1234567", 'driver_licence', 'D1234567'],
    ['patient id MR49213', 'medical_record', 'MR49213'],
    ['MRN: 00481532', 'medical_record', '00481532'],
    ['passport no. X1234567', 'passport', 'X1234567'],
    ['C01X00T47 stands in my passport', 'passport', 'C01X00T47'],
  ])('%s', (text, entity, value) => {
    expect(rulesIn(text)).toEqual([entity])
    expect(found(text)).toEqual([value])
  })

  it.each([
    ['without a word', 'The number is 12345678'],
    ['where the word is a part of another', 'an accountant has 12345678'],
    ['too far away', 'My account, as I said before in many letters, is not 12345678'],
    ['in the next sentence', 'Dial 12345678. Account holders wait'],
    ['after it, for a CVV', 'chapter 123 cvv'],
    ['too short', 'account 12345'],
    ['an amount', 'account $123456.00'],
    ['letters only', 'passport renewal'],
  ])('not %s', (_, text) => {
    expect(found(text, 'bank_account', 'cvv', 'passport')).toEqual([])
  })

  it('gives a number to the nearest word', () => {
    expect(rulesIn('passport 123456789, account 987654321')).toEqual(['passport', 'bank_account'])
  })
})
