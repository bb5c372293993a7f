import { SluiceError } from '@sluice/core'

/** An option that the constructor `of` refuses. */
export function badOption(of: string, option: string, expected: string, got: unknown): SluiceError {
  return new SluiceError({
    code: 'config.option',
    message: `${of}: "${option}" must be ${expected}, got ${shown(got)}.`,
    details: { option },
  })
}

/** Refuses options that `of` does not have. */
export function checkNames(of: string, options: object, known: readonly string[]): void {
  for (const option of Object.keys(options))
    if (!known.includes(option)) throw badOption(of, option, `left out; the options are ${known.join(', ')}`, 'it')
}

/** Refuses a number of things that is not whole or too small. */
export function checkWhole(of: string, option: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least))
    throw badOption(of, option, `a whole number of at least ${least}`, value)
}

/** Refuses what is not a number from `low` to `high`. */
export function checkBetween(of: string, option: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) throw badOption(of, option, `a number from ${low} to ${high}`, value)
}

function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return String(value)
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : `a ${typeof value}`
}
