import { describe, expect, it } from 'vitest'
import { isAba, isDea, isIssuedSsn, isItin, isNhsNumber, isNpi, isNric } from './checksums.ts'

/** Each with numbers that its publisher gives as examples, and with one digit changed. */
describe('check digits', () => {
  it.each([
    ['NHS', isNhsNumber, '9434765919', '9434765918'],
    ['NRIC', isNric, 'S1234567D', 'S1234567E'],
    ['NRIC of the 2000s', isNric, 'T1234567J', 'T1234567D'],
    ['FIN', isNric, 'F1234567N', 'F1234567D'],
    ['NPI', isNpi, '1234567893', '1234567894'],
    ['NPI that begins with 3', isNpi, '1234567893', '3234567893'],
    ['DEA', isDea, 'AB1234563', 'AB1234564'],
    ['routing number', isAba, '021000021', '021000022'],
    ['routing number of no district', isAba, '111000025', '990000019'],
    ['ITIN', isItin, '912701234', '912931234'],
    ['SSN', isIssuedSsn, '219099998', '219099999'],
  ] as const)('%s', (_, isValid, right, wrong) => {
    expect(isValid(right)).toBe(true)
    expect(isValid(wrong)).toBe(false)
  })
})
