/** One day in a time zone: from `startUs`, before `endUs`, in Unix microseconds. */
export interface Day {
  readonly startUs: number
  readonly endUs: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
const days = new Map<string, Day>()
const hourMs = 3_600_000

/** Whether the machine knows a time zone by this name. */
export function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string' || zone === '') return false
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** The day in `zone` that an instant falls in. Days of 23 and 25 hours, and ones that begin at 1 o'clock, are as they are. */
export function dayOf(zone: string, atUs: number): Day {
  const known = days.get(zone)
  if (known && known.startUs <= atUs && atUs < known.endUs) return known
  const day = findDay(zone, Math.floor(atUs / 1_000))
  days.set(zone, day)
  return day
}

function findDay(zone: string, atMs: number): Day {
  const format = formatOf(zone)
  const date = format.format(atMs)
  const isBefore = (ms: number): boolean => format.format(ms) !== date
  // No day is longer than 26 hours, and none shorter than 22.
  const startMs = firstOf((ms) => !isBefore(ms), atMs - 27 * hourMs, atMs)
  const endMs = firstOf(isBefore, atMs, atMs + 27 * hourMs)
  return { startUs: startMs * 1_000, endUs: endMs * 1_000 }
}

/** The first millisecond in (lowMs, highMs] for which `holds`, which holds from there on. */
function firstOf(holds: (ms: number) => boolean, lowMs: number, highMs: number): number {
  let [low, high] = [lowMs, highMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    const options = { timeZone: zone, calendar: 'iso8601', year: 'numeric', month: '2-digit', day: '2-digit' } as const
    formats.set(zone, (format = new Intl.DateTimeFormat('en-CA', options)))
  }
  return format
}
