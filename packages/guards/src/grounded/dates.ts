/** A date as a text writes it; `day` and `month` change places where the form does not tell. */
export interface WrittenDate {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /** What it can mean: `2026-11-22`, `2026-11` without a day. */
  readonly values: readonly string[]
}

const months = 'january february march april may june july august september october november december'.split(' ')
const monthName =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'

/** Forms of dates: ISO, day first, month first, month and year, and with slashes, dots or dashes. */
export const datePatterns: readonly RegExp[] = [
  /(?<![\d-])(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?!\d)/g,
  new RegExp(
    `(?<!\\w)(?<day>\\d{1,2})(?:st|nd|rd|th|\\.)? (?:of )?(?<name>${monthName})\\.?,? (?<year>\\d{4})(?!\\d)`,
    'gi',
  ),
  new RegExp(`(?<!\\w)(?<name>${monthName})\\.? (?<day>\\d{1,2})(?:st|nd|rd|th)?,? (?<year>\\d{4})(?!\\d)`, 'gi'),
  new RegExp(`(?<!\\w)(?<name>${monthName})\\.?,? (?<year>\\d{4})(?!\\d)`, 'gi'),
  /(?<![\d/.-])(?<day>\d{1,2})[/.-](?<month>\d{1,2})[/.-](?<year>\d{4})(?!\d)/g,
]

/** The dates of a text with at least a month and a year. */
export function datesIn(text: string): WrittenDate[] {
  const found: WrittenDate[] = []
  const taken = new Uint8Array(text.length)
  for (const [form, pattern] of datePatterns.entries())
    for (const match of text.matchAll(pattern)) {
      const { year = '', month, day, name } = match.groups ?? {}
      const named =
        name === undefined
          ? Number(month)
          : months.findIndex((each) => each.startsWith(name.slice(0, 3).toLowerCase())) + 1
      const values = [written(year, named, day), ...(form === 4 ? [written(year, Number(day), month)] : [])]
      const [start, end] = [match.index, match.index + match[0].length]
      if (taken.subarray(start, end).includes(1)) continue
      taken.fill(1, start, end)
      found.push({ start, end, values })
    }
  return found
}

/** Dates of the sources, with those without their day. */
export function dateSet(text: string): ReadonlySet<string> {
  return new Set(datesIn(text).flatMap(({ values }) => values.flatMap((value) => [value, value.slice(0, 7)])))
}

function written(year: string, month: number, day: string | undefined): string {
  const two = (value: number | string): string => String(value).padStart(2, '0')
  return day === undefined ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`
}
