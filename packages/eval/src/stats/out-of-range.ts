import { SluiceError } from '@sluice/core'

/** The error for a statistic asked of values it is not defined for. */
export function outOfRange(name: string, expected: string): SluiceError {
  return new SluiceError({
    code: 'eval.out_of_range',
    message: `"${name}" must be ${expected}.`,
    details: { name },
  })
}

/** Refuses counts that are not whole numbers of at least 0. */
export function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts))
    if (!(Number.isSafeInteger(count) && count >= 0))
      throw outOfRange(name, `a whole number of at least 0, got ${count}`)
}

/** Refuses a level outside 0..1, both excluded. */
export function checkLevel(name: string, level: number): void {
  if (!(level > 0 && level < 1)) throw outOfRange(name, `between 0 and 1, both excluded, got ${level}`)
}

/** Refuses values that are not finite numbers. */
export function checkFinite(name: string, values: readonly number[]): void {
  const bad = values.find((value) => !Number.isFinite(value))
  if (bad !== undefined) throw outOfRange(name, `finite numbers, got ${bad}`)
}
