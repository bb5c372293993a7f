/** Calendar units that a budget may count by. Weeks begin on Monday. */
export type CalendarUnit = 'day' | 'week' | 'month'

/** A stretch of time, Unix milliseconds: from `startMs` to just before `endMs`. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** The zone's own spelling of an IANA name; `undefined` for a name that is none. */
export function canonicalZone(timeZone: unknown): string | undefined {
  if (typeof timeZone !== 'string' || timeZone === '') return undefined
  try {
    return formatOf(timeZone).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/**
 * The day, week or month around an instant by the calendar of a zone. Spans follow each other without a gap, whatever the
 * clocks do: a day has 23 to 25 hours where they change, and where midnight does not exist it begins with the first instant
 * after it.
 */
export function calendarSpan(unit: CalendarUnit, timeZone: string, atMs: number): Span {
  const local = new Date(localMs(timeZone, atMs))
  const year = local.getUTCFullYear()
  let month = local.getUTCMonth()
  let day = local.getUTCDate()
  const [months, days] = unit === 'month' ? [1, 0] : [0, unit === 'week' ? 7 : 1]
  if (unit === 'month') day = 1
  if (unit === 'week') day -= (local.getUTCDay() + 6) % 7
  const start = (): number => startOf(timeZone, Date.UTC(year, month, day))
  let startMs = start()
  // Where clocks are set back over midnight, the date of an instant may be that of the day before its span.
  while (atMs < startMs) {
    month -= months
    day -= days
    startMs = start()
  }
  for (;;) {
    month += months
    day += days
    const endMs = start()
    if (atMs < endMs) return { startMs, endMs }
    startMs = endMs
  }
}

/** The first instant at which the zone's clocks show `wallMs` (as if they were UTC), or have jumped over it. */
function startOf(timeZone: string, wallMs: number): number {
  const offsets = [-dayMs, 0, dayMs].map((near) => localMs(timeZone, wallMs + near) - (wallMs + near))
  const shown = offsets.map((offset) => wallMs - offset).filter((atMs) => localMs(timeZone, atMs) === wallMs)
  if (shown.length > 0) return Math.min(...shown)
  let before = wallMs - Math.max(...offsets)
  let after = wallMs - Math.min(...offsets)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (localMs(timeZone, middle) < wallMs) before = middle
    else after = middle
  }
  return after
}

/** What the zone's clocks show at an instant, as if they were UTC. */
function localMs(timeZone: string, atMs: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1000) + 1000) % 1000)
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  return format
}
