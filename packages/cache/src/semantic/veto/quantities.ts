import {
  currencies,
  fractions,
  magnitudes,
  ordinals,
  smallNumbers,
  units,
  gluedUnits,
  vagueCurrencies,
} from './words/units.ts'
import { products } from './words/products.ts'
import { readDate } from './dates.ts'
import type { Token } from './tokens.ts'

/** A value found in a text. `isSoft` when its absence elsewhere proves nothing: `an hour`, `one`, `first`. */
export interface Quantity {
  readonly kind: 'number' | 'date' | 'time' | 'unit' | 'currency' | 'version'
  readonly value: string
  readonly isSoft: boolean
  /** How many tokens it takes up. */
  readonly length: number
}

/** Reads the quantity that begins at a token. */
export function readQuantity(list: readonly Token[], at: number, isAboutMoney: boolean): Quantity | undefined {
  const token = list[at]
  if (token === undefined) return undefined
  const date = readDate(list, at)
  if (date !== undefined) return date
  if (token.kind === 'symbol' || token.kind === 'word') {
    const code = currencyOf(token)
    if (code !== undefined) {
      const amount = readNumber(list, at + 1)
      if (amount !== undefined && (token.kind === 'symbol' || /^[a-z]{3}$/.test(token.lower)))
        return quantity('currency', `${show(amount.value)} ${code}`, amount.length + 1)
      return token.kind === 'word' && !vagueCurrencies.has(token.lower)
        ? quantity('currency', code, 1, true)
        : undefined
    }
  }
  if (/^v\d/.test(token.lower) && token.kind === 'number')
    return quantity('version', versionOf(token.lower.slice(1)), 1)
  const article = token.lower === 'a' || token.lower === 'an'
  const half = token.lower === 'half' ? 0.5 : 1
  if (article || half !== 1) {
    const next = at + (half !== 1 && (list[at + 1]?.lower === 'an' || list[at + 1]?.lower === 'a') ? 2 : 1)
    const unit = units.get(list[next]?.lower ?? '')
    if (unit !== undefined && !gluedUnits.has(list[next]?.lower ?? ''))
      return quantity('unit', `${show(unit.factor * half)} ${unit.base}`, next - at + 1, half === 1)
    if (half !== 1) return quantity('number', '0.5', 1, true)
    const dozen = list[at + 1]?.lower ?? ''
    if (!magnitudes.has(dozen) || dozen === 'k') return undefined
  }
  if (token.kind === 'number' && (token.raw.match(/\./g)?.length ?? 0) > 1)
    return quantity('version', versionOf(token.raw), 1)
  const number = readNumber(list, article ? at + 1 : at)
  if (number === undefined) return undefined
  const before = list[at - 1]
  const isVersion =
    token.kind === 'number' && before !== undefined && (versioned.has(before.lower) || products.has(before.lower))
  if (isVersion && number.length === 1 && unitAt(list, at + 1) === undefined)
    return quantity('version', versionOf(token.raw), 1)
  return measured(list, at, { ...number, length: number.length + (article ? 1 : 0) }, isAboutMoney)
}

/** What numbers after it are versions of, in which 2.1 and 2.10 are two. */
const versioned: ReadonlySet<string> = new Set([
  'version',
  'release',
  'build',
  'patch',
  'update',
  'plugin',
  'module',
  'package',
  'library',
  'driver',
  'firmware',
  'sdk',
  'api',
])

function measured(list: readonly Token[], at: number, number: Read, isAboutMoney: boolean): Quantity {
  const next = at + number.length
  const follower = list[next]
  const code = follower === undefined ? undefined : currencyOf(follower)
  const isNegative = list[at - 1]?.lower === '-' && list[at]?.isGlued === true && list[at - 1]?.isGlued === false
  const value = isNegative ? -number.value : number.value
  if (code !== undefined) return quantity('currency', `${show(value)} ${code}`, number.length + 1)
  if (isAboutMoney && /^pounds?$/.test(follower?.lower ?? ''))
    return quantity('currency', `${show(value)} GBP`, number.length + 1)
  const unit = unitAt(list, next)
  if (unit !== undefined) return quantity('unit', scaled(value, unit), number.length + unit.length)
  if (number.isId) return quantity('number', list[at]?.raw ?? '', number.length)
  const isYear =
    list[at]?.kind === 'number' && number.length === 1 && /^[12]\d{3}$/.test(list[at]?.raw ?? '') && value <= 2100
  return quantity(isYear ? 'date' : 'number', show(value), number.length, number.isSoft)
}

interface UnitRead {
  readonly base: string
  readonly factor: number
  readonly length: number
}

function unitAt(list: readonly Token[], at: number): UnitRead | undefined {
  let next = at
  if (list[next]?.lower === '-') next += 1
  const degree = list[next]?.lower === '°' || /^degrees?$/.test(list[next]?.lower ?? '')
  const scale = degree ? units.get(list[next + 1]?.lower ?? '') : undefined
  if (scale !== undefined && /^[CFK]$/.test(scale.base)) return { ...scale, length: next + 2 - at }
  const token = list[next]
  const unit = token === undefined ? undefined : units.get(token.lower)
  if (token === undefined || unit === undefined) return undefined
  if (gluedUnits.has(token.lower) && !token.isGlued && !/^(?:ft|stone|seconds?|mo|bar|m|g|l|h)$/.test(token.lower))
    return undefined
  const per =
    list[next + 1]?.lower === '/' || list[next + 1]?.lower === 'per'
      ? units.get(list[next + 2]?.lower ?? '')
      : undefined
  if (per?.base === 's' && unit.base === 'm')
    return { base: 'kmh', factor: (unit.factor * 3.6) / per.factor, length: next + 3 - at }
  return { ...unit, length: next + 1 - at }
}

function scaled(value: number, { base, factor }: UnitRead): string {
  if (base === 'F') return `${show((value - 32) / 1.8, 4)} C`
  if (base === 'K') return `${show(value - 273.15, 4)} C`
  return `${show(value * factor)} ${base}`
}

interface Read {
  readonly value: number
  readonly length: number
  readonly isSoft: boolean
  /** Too many digits for a number: an identifier. */
  readonly isId: boolean
}

function readNumber(list: readonly Token[], at: number): Read | undefined {
  const token = list[at]
  if (token === undefined) return undefined
  const digits = token.kind === 'number' ? Number(token.raw.replaceAll(',', '')) : Number.NaN
  if (!Number.isNaN(digits)) {
    const bottom =
      list[at + 1]?.lower === '/' && list[at + 1]?.isGlued && list[at + 2]?.isGlued ? list[at + 2] : undefined
    if (bottom?.kind === 'number' && Number(bottom.raw) > 1 && digits < Number(bottom.raw))
      return { value: digits / Number(bottom.raw), length: 3, isSoft: false, isId: false }
    const suffix = list[at + 1]
    const isOrdinal = suffix?.isGlued === true && /^(?:st|nd|rd|th)$/.test(suffix.lower)
    return withMagnitude(list, at, digits, isOrdinal ? 2 : 1, false, token.raw.length > 15)
  }
  return token.kind === 'word' ? spelled(list, at) : undefined
}

function withMagnitude(
  list: readonly Token[],
  at: number,
  start: number,
  start2: number,
  isSoft: boolean,
  isId = false,
): Read {
  let value = start
  let length = start2
  for (;;) {
    const next = list[at + length]
    const isGluedM = next?.isGlued === true && /^[mb]$/i.test(next.raw) && next.raw === next.raw.toUpperCase()
    const times =
      next === undefined ? undefined : isGluedM ? (next.lower === 'm' ? 1e6 : 1e9) : magnitudes.get(next.lower)
    if (next === undefined || times === undefined || (next.lower === 'k' && !next.isGlued)) break
    value *= times
    length += 1
  }
  const part = fractions.get(list[at + length]?.lower ?? '')
  if (part !== undefined && part < 0.5) return { value: value * part, length: length + 1, isSoft: false, isId }
  return { value, length, isSoft: isSoft && length === 1, isId }
}

/** `two hundred and twenty-five thousand`, `twenty-first`. */
function spelled(list: readonly Token[], at: number): Read | undefined {
  let total = 0
  let group = 0
  let length = 0
  let isOrdinal = false
  for (let next = at; next < list.length && !isOrdinal; next += 1) {
    const word = list[next]?.lower ?? ''
    if (length > 0 && (word === '-' || word === 'and')) {
      if (
        !smallNumbers.has(list[next + 1]?.lower ?? '') &&
        !(word === '-' && ordinals.has(list[next + 1]?.lower ?? ''))
      )
        break
      if (word === 'and' && group % 100 !== 0) break
      continue
    }
    const small = smallNumbers.get(word)
    const ordinal = ordinals.get(word)
    const times = magnitudes.get(word)
    if (small !== undefined && (group % 100 === 0 || (group % 10 === 0 && small < 10 && group % 100 >= 20)))
      group += small
    else if (
      ordinal !== undefined &&
      (length === 0 || group % 10 === 0) &&
      !(word === 'second' && length > 0 && group < 20)
    ) {
      group += ordinal
      isOrdinal = true
    } else if (times !== undefined && length > 0 && word !== 'k') {
      if (times === 100) group *= 100
      else {
        total += group * times
        group = 0
      }
    } else if (times !== undefined && length === 0 && times >= 1e3 && /^(?:thousand|[mb]illion|trillion)$/.test(word))
      group = times
    else break
    length = next - at + 1
  }
  if (length === 0) return undefined
  const value = total + group
  const part = fractions.get(list[at + length]?.lower ?? '')
  if (part !== undefined && !isOrdinal) return { value: value * part, length: length + 1, isSoft: false, isId: false }
  return { value, length, isSoft: length === 1 && value <= 1, isId: false }
}

function currencyOf({ lower, kind }: Token): string | undefined {
  return kind === 'symbol' || kind === 'word' ? currencies.get(lower) : undefined
}

function versionOf(raw: string): string {
  return raw.replace(/(?:\.0)+$/, '')
}

function show(value: number, digits = 9): string {
  return String(Number(value.toPrecision(digits)))
}

function quantity(kind: Quantity['kind'], value: string, length: number, isSoft = false): Quantity {
  return { kind, value, length, isSoft }
}
