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
    ['acct no. 12345678', 'bank_account', '12345678'],
    ['cuenta nº 12345678', 'bank_account', '12345678'],
    ['Sicherheitscode: 912', 'cvv', '912'],
    ['Konto: 0532013000', 'bank_account', '0532013000'],
    ['from account 12345678 for my order', 'bank_account', '12345678'],
    ['my bank account at Chase is 12345678', 'bank_account', '12345678'],
    ['account,12345678,active', 'bank_account', '12345678'],
    ['Passnummer X1234567', 'passport', 'X1234567'],
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
    ['the number of an order', 'My account is locked, order 10293847 is affected.'],
    ['the number of an order, in so many words', 'my account order number is 10293847'],
    ['one of two numbers of orders', 'orders 10293847 and 10293848, account'],
    ['the number of a ticket', 'Konto gesperrt, Ticketnummer 884712'],
    ['the number of an order in French', 'Compte bloqué, commande 7712340'],
    ['the number of a customer', 'Account manager for customer 48213377'],
    ['a version', 'passport.js version 0123456'],
    ['one after a word that is said of much else', 'account locked since 20240117'],
    ['a number that counts', 'account 1200000 users'],
    ['what a word of two is said of', 'account manager 1200000, security code review 1234 lines'],
    ['a code of another kind', 'verification code 4829'],
  ])('not %s', (_, text) => {
    expect(found(text, 'bank_account', 'cvv', 'passport')).toEqual([])
  })

  it.each(['MRN genes 12345', 'health record API returned 50012 rows'])('nothing in %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('gives a number to the nearest word', () => {
    expect(rulesIn('passport 123456789, account 987654321')).toEqual(['passport', 'bank_account'])
  })
})
