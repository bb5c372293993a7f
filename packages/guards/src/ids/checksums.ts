import { isLuhnNumber } from './libraries.ts'

/** Check digits of ids that the libraries lack. Each takes the id without separators, in upper case. */

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * (digits.charCodeAt(index) - 48), 0)
}

/** NHS number, mod 11 over ten digits. @see https://www.datadictionary.nhs.uk/attributes/nhs_number.html */
export function isNhsNumber(digits: string): boolean {
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
  return check === Number(digits[9]) && !/^(\d)\1{9}$/.test(digits)
}

/** Singapore NRIC and FIN: weights 2, 7, 6, 5, 4, 3, 2 mod 11 into a table by the first letter. */
export function isNric(id: string): boolean {
  const first = id.charAt(0)
  const offset = first === 'T' || first === 'G' ? 4 : first === 'M' ? 3 : 0
  const rest = (weighted(id.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11
  const table = first === 'S' || first === 'T' ? 'JZIHGFEDCBA' : first === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK'
  return table[rest] === id[8]
}

/** US National Provider Identifier: Luhn with 80840 in front. @see 45 CFR 162.406 */
export function isNpi(digits: string): boolean {
  return /^[12]/.test(digits) && isLuhnNumber(`80840${digits}`)
}

/** US DEA registration: two letters, then (1 + 3 + 5) + 2 × (2 + 4 + 6) ends in the seventh digit. */
export function isDea(id: string): boolean {
  return /^[A-HJ-NPR-UX]/.test(id) && weighted(id.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === Number(id[8])
}

/** US routing number: weights 3, 7, 1 mod 10, first two digits of a district. @see ABA Routing Number policy */
export function isAba(digits: string): boolean {
  const district = Number(digits.slice(0, 2))
  const known =
    district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80
  return known && digits !== '000000000' && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0
}

/** US ITIN: 9xx with a group of 50-65, 70-88, 90-92 or 94-99. @see IRM 3.21.263 */
export function isItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5))
  return digits.startsWith('9') && ((group >= 50 && group <= 65) || (group >= 70 && group !== 89 && group !== 93))
}

/** US social security numbers that were never issued, or not to a person. @see https://www.ssa.gov/employer/randomization.html */
export function isIssuedSsn(digits: string): boolean {
  return (
    !/^(?:000|666|9)/.test(digits) &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000' &&
    !/^(\d)\1{8}$/.test(digits) &&
    !['123456789', '078051120', '219099999'].includes(digits)
  )
}
