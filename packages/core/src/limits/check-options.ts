import { configError } from '../errors.ts'

export function checkWhole(value: unknown, what: string, least: number = 1, most: number = 1e12): void {
  const isWhole = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
  if (!isWhole) refuse(`${what} must be a whole number of at least ${least} and at most ${most}, got ${shown(value)}.`)
}

export function checkMs(value: unknown, what: string, least: number = 1, most: number = Infinity): void {
  if (!(typeof value === 'number' && value >= least && value <= most))
    refuse(`${what} must be milliseconds of at least ${least}, got ${shown(value)}.`)
}

export function checkNames(options: object, known: readonly string[], of: string): void {
  if (typeof options !== 'object' || options === null) refuse(`The options of ${of} must be an object.`)
  for (const name of Object.keys(options))
    if (!known.includes(name)) refuse(`${of} has no option "${name}". The options are ${known.join(', ')}.`)
}

export function checkClock(clock: unknown, of: string): void {
  if (clock === undefined) return
  const { now, sleep } = (clock ?? {}) as { now?: unknown; sleep?: unknown }
  if (typeof now !== 'function' || typeof sleep !== 'function')
    refuse(`clock of ${of} must have now() and sleep(ms, signal).`)
}

export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  return typeof value === 'number' ? String(value) : (JSON.stringify(value)?.slice(0, 200) ?? String(value))
}

export function refuse(message: string): never {
  throw configError('option', message)
}
