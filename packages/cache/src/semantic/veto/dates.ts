import { monthNumbers, vagueMonths, vagueWeekdays, weekdays } from './words/units.ts'
import type { Quantity } from './quantities.ts'
import type { Token } from './tokens.ts'

const relativeDays = new Set(['today', 'yesterday', 'tomorrow', 'tonight'])
const spans = new Set(
  'week month year quarter weekend decade century night summer winter spring autumn semester season'.split(' '),
)

/** Reads the date or time of day that begins at a token. Parts that are not said are left out: `--03` is some March, `--03-05` its fifth day. */
export function readDate(list: readonly Token[], at: number): Quantity | undefined {
  const token = list[at]
  if (token === undefined) return undefined
  if (token.kind === 'date') return date(numeric(token.raw), 1)
  if (token.kind === 'time') return clock(token.raw, list, at, 1)
  if (token.kind === 'number') return dayFirst(list, at) ?? clock(token.raw, list, at, 1)
  if (token.kind !== 'word') return undefined
  const { lower } = token
  if (lower === 'noon' || lower === 'midday') return time('12:00', 1)
  if (lower === 'midnight') return time('0:00', 1)
  if (relativeDays.has(lower)) return date(lower, 1)
  if (/^q[1-4]$/.test(lower)) return date(lower.toUpperCase(), 1)
  if (lower === 'last' || lower === 'next' || lower === 'previous') {
    const what = list[at + 1]?.lower ?? ''
    const named = weekdays.get(what) ?? (monthNumbers.has(what) ? what.slice(0, 3) : spans.has(what) ? what : undefined)
    return named === undefined ? undefined : date(`${lower === 'next' ? 'next' : 'last'} ${named}`, 2)
  }
  const weekday = weekdays.get(lower)
  if (weekday !== undefined && (!vagueWeekdays.has(lower) || (token.isCapital && !token.isInitial)))
    return date(weekday, 1)
  return monthFirst(list, at)
}

function monthAt(list: readonly Token[], at: number): number | undefined {
  const token = list[at]
  return token?.kind === 'word' ? monthNumbers.get(token.lower) : undefined
}

function dayAt(list: readonly Token[], at: number): { day: number; length: number } | undefined {
  const token = list[at]
  if (token?.kind !== 'number' || !/^\d{1,2}$/.test(token.raw)) return undefined
  const day = Number(token.raw)
  const suffix = list[at + 1]
  const isOrdinal = suffix?.isGlued === true && /^(?:st|nd|rd|th)$/.test(suffix.lower)
  return day >= 1 && day <= 31 ? { day, length: isOrdinal ? 2 : 1 } : undefined
}

function yearAt(list: readonly Token[], at: number): { year: string; length: number } | undefined {
  const next = list[at]?.lower === ',' ? at + 1 : at
  const token = list[next]
  return token?.kind === 'number' && /^[12]\d{3}$/.test(token.raw)
    ? { year: token.raw, length: next - at + 1 }
    : undefined
}

/** `5 January 2024`, `5th of January`. */
function dayFirst(list: readonly Token[], at: number): Quantity | undefined {
  const day = dayAt(list, at)
  if (day === undefined) return undefined
  const next = at + day.length + (list[at + day.length]?.lower === 'of' ? 1 : 0)
  const month = monthAt(list, next)
  if (month === undefined) return undefined
  const year = yearAt(list, next + 1)
  return date(`${year?.year ?? '-'}-${two(month)}-${two(day.day)}`, next + 1 - at + (year?.length ?? 0))
}

/** `January 5th, 2024`, `January 2024`, `in January`. */
function monthFirst(list: readonly Token[], at: number): Quantity | undefined {
  const month = monthAt(list, at)
  const token = list[at]
  if (month === undefined || token === undefined) return undefined
  const day = dayAt(list, at + 1)
  const year = yearAt(list, at + 1 + (day?.length ?? 0))
  const before = list[at - 1]?.lower ?? ''
  const isPlain = /^(?:in|since|until|by|of|next|this|during|before|after)$/.test(before)
  if (vagueMonths.has(token.lower) && day === undefined && year === undefined && !(isPlain && token.lower.length > 2))
    return undefined
  const length = 1 + (day?.length ?? 0) + (year?.length ?? 0)
  return date(`${year?.year ?? '-'}-${two(month)}${day === undefined ? '' : `-${two(day.day)}`}`, length)
}

/** `2024-01-05`; where day and month cannot be told apart, both as written. */
function numeric(raw: string): string {
  const [a = 0, b = 0, c = 0] = raw.split(/[-/.]/).map(Number)
  if (a > 31) return `${a}-${two(b)}-${two(c)}`
  const year = c < 100 ? 2000 + c : c
  if (a > 12) return `${year}-${two(b)}-${two(a)}`
  if (b > 12) return `${year}-${two(a)}-${two(b)}`
  return `${year}:${a}/${b}`
}

function clock(raw: string, list: readonly Token[], at: number, length: number): Quantity | undefined {
  const [hours = 0, minutes = 0] = raw.split(':').map(Number)
  const next = list[at + length]
  const letters = list.slice(at + length, at + length + 3)
  const isDotted = /^[ap]\.m$/.test(letters.map(({ lower }) => lower).join(''))
  const half = next?.lower === 'am' || next?.lower === 'pm' ? next.lower : isDotted ? `${next?.lower}m` : undefined
  if (half !== undefined && hours >= 1 && hours <= 12) {
    const hour = (hours % 12) + (half === 'pm' ? 12 : 0)
    return time(`${hour}:${two(minutes)}`, length + (isDotted ? 3 : 1))
  }
  if (/^o'?clock$/.test(next?.lower ?? '') || (next?.lower === 'o' && list[at + length + 1]?.lower === "'clock"))
    return time(`${hours}:00`, length + (next?.lower === 'o' ? 2 : 1))
  return raw.includes(':') ? time(`${hours}:${two(minutes)}`, length) : undefined
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function date(value: string, length: number): Quantity {
  return { kind: 'date', value, length, isSoft: false }
}

function time(value: string, length: number): Quantity {
  return { kind: 'time', value, length, isSoft: false }
}
