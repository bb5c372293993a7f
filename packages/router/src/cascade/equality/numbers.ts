/** A number as people write it: sign, currency before, thousands in groups, unit or percent behind. */
const written =
  /^[($€£¥\s]*([-+−]?)[$€£¥\s]*(\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+|\d+)(\.\d+)?(?:e([-+]?\d{1,3}))?\s*(?:%|percent|[)$€£¥])?[.)\s]*$/i

/** The number that a text is, and nothing else; `undefined` for other texts. Percent signs and currencies do not count. */
export function numberIn(text: string): number | undefined {
  const bare = text.trim().replaceAll(/^[*_`]+|[*_`]+$/g, '')
  if (bare.length > 60) return undefined
  const match = written.exec(bare)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const value = Number(`${whole.replaceAll(/\D/g, '')}${fraction}e${exponent}`)
  if (!Number.isFinite(value)) return undefined
  return sign === '-' || sign === '−' ? -value : value
}

/** Whether two numbers are apart by no more than a share of the larger one. */
export function sameNumber(one: number, other: number, tolerance: number): boolean {
  return Math.abs(one - other) <= tolerance * Math.max(Math.abs(one), Math.abs(other))
}
