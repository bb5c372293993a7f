/** A number as a text writes it. */
export interface WrittenNumber {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /** What it can mean: `1,234` is 1234, or 1.234 where the comma is a decimal one. */
  readonly values: readonly number[]
  /** Half of its last place: `1.2 million` is anything from 1.15 to 1.25 million. */
  readonly tolerance: number
}

/** Digits, in groups and with decimals, and a word that multiplies them. */
export const numberPattern: RegExp =
  /(?<![\p{L}\p{N}_])\d{1,15}(?:[.,'’\u00a0\u202f]\d{1,15}){0,6}(?:[ \u00a0-]?(?:thousand|million|billion|trillion|[km]|bn|mn)(?![\p{L}\p{N}]))?/giu

const scales: Readonly<Record<string, number>> = {
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  m: 1e6,
  mn: 1e6,
  billion: 1e9,
  bn: 1e9,
  trillion: 1e12,
}
const spelled = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen twenty'
).split(' ')

/** The numbers of a text in digits. */
export function numbersIn(text: string): WrittenNumber[] {
  return Array.from(text.matchAll(numberPattern), (match) => {
    const [written] = match
    const word = /[a-z]{1,8}$/i.exec(written)?.[0] ?? ''
    const scale = scales[word.toLowerCase()] ?? 1
    const digits = written.slice(0, written.length - word.length).replace(/[ \u00a0-]$/, '')
    const values = valuesOf(digits).map((value) => value * scale)
    const decimals = /[.,](\d{1,15})$/.exec(digits)?.[1]?.length ?? 0
    const isWhole = values.every(Number.isInteger) && scale === 1
    const tolerance = (isWhole ? 0.5 : 0.5 * 10 ** -decimals * scale) * (1 + 1e-9)
    return { start: match.index, end: match.index + written.length, values, tolerance }
  })
}

/** What digits with separators can mean. */
function valuesOf(digits: string): number[] {
  const separators = digits.replaceAll(/\d/g, '')
  const last = separators.at(-1)
  if (last === undefined) return [Number(digits)]
  const whole = Number(digits.replaceAll(/\D/g, ''))
  const decimal = Number(
    `${digits.slice(0, digits.lastIndexOf(last)).replaceAll(/\D/g, '')}.${digits.slice(digits.lastIndexOf(last) + 1)}`,
  )
  const isGrouped = /^\d{1,3}(?:\D\d{3}){1,6}$/.test(digits) && new Set(separators).size === 1
  if (!isGrouped) return [decimal]
  return separators.length > 1 || (last !== '.' && last !== ',') ? [whole] : [whole, decimal]
}

/** Numbers of the sources, spelled ones up to twenty included, in ascending order. */
export function numberSet(text: string): number[] {
  const words = text.toLowerCase().match(/[a-z]{3,9}/g) ?? []
  const inWords = words.flatMap((word) => (spelled.includes(word) ? [spelled.indexOf(word)] : []))
  return [...numbersIn(text).flatMap(({ values }) => values), ...inWords].sort((a, b) => a - b)
}

/** Whether a number of the sources is, rounded as the answer rounds, the one that the answer gives; per cent may be shares. */
export function isInNumbers({ values, tolerance }: WrittenNumber, sorted: readonly number[]): boolean {
  return values.some((value) => hasWithin(sorted, value, tolerance) || hasWithin(sorted, value / 100, tolerance / 100))
}

function hasWithin(sorted: readonly number[], value: number, tolerance: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value - tolerance) low = middle + 1
    else high = middle
  }
  return low < sorted.length && (sorted[low] as number) <= value + tolerance
}
