import { SluiceError } from '@sluice/core'

/** What a number among the options must be; both ends are allowed values unless said otherwise. */
export interface NumberRange {
  readonly min: number
  /** @default no upper end */
  readonly max?: number
  /** The lower end itself is refused. @default false */
  readonly above?: boolean
  /** @default false */
  readonly whole?: boolean
}

/** What every option of one object must be. */
export type OptionRanges = Readonly<Record<string, NumberRange>>

/**
 * Refuses what is not an object of numbers within `ranges`; `owner` is how messages name the object: `breaker`.
 * A field that is `undefined` is left out. @throws {SluiceError} `config.option`
 */
export function checkNumbers(owner: string, options: unknown, ranges: OptionRanges): void {
  checkNames(owner, options, Object.keys(ranges))
  for (const [name, value] of Object.entries(options)) {
    const range = ranges[name]
    if (value === undefined || range === undefined) continue
    if (!isWithin(value, range)) refuse(`${name} of ${owner} must be ${describeRange(range)}, got ${shown(value)}.`)
  }
}

/** Refuses what is not an object with fields among `names` only. @throws {SluiceError} `config.option` */
export function checkNames(owner: string, options: unknown, names: readonly string[]): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    refuse(`The options of ${owner} must be an object, got ${shown(options)}.`)
  for (const name of Object.keys(options as object))
    if (!names.includes(name)) refuse(`${owner} has no option "${name}". The options are ${names.join(', ')}.`)
}

/** Raises `config.option`. */
export function refuse(message: string): never {
  throw new SluiceError({ code: 'config.option', message })
}

function isWithin(value: unknown, { min, max = Number.MAX_VALUE, above = false, whole = false }: NumberRange): boolean {
  if (typeof value !== 'number' || !(value >= min && value <= max)) return false
  return !(above && value === min) && !(whole && !Number.isSafeInteger(value))
}

function describeRange({ min, max, above = false, whole = false }: NumberRange): string {
  const kind = whole ? 'a whole number' : 'a number'
  const low = above ? `above ${min}` : `of at least ${min}`
  return `${kind} ${low}${max === undefined ? '' : ` and at most ${max}`}`
}

function shown(value: unknown): string {
  return typeof value === 'object' || typeof value === 'string' ? String(JSON.stringify(value)) : String(value)
}
