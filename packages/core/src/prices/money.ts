/** Pico-dollars (10⁻¹² USD) in one nano-dollar. */
export const picoPerNano = 1000

/**
 * `value` × 10^`places` as an integer, exact where the decimal digits of `value` allow it, else rounded half up. Works on
 * the number as it is written, so 0.1 is a tenth.
 */
export function scaled(value: number, places: number): bigint {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const digits = BigInt(whole + fraction)
  const shift = places + Number(exponent) - fraction.length
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, 10n ** BigInt(-shift))
}

/** The quotient of two integers ≥ 0, rounded half up. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor)
}

/** `value` × 10^`by`, written without the noise of a floating-point product: 2.5e-7 by 6 is 0.25. */
export function shiftDecimal(value: number, by: number): number {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  return Number(`${mantissa}e${Number(exponent) + by}`)
}
