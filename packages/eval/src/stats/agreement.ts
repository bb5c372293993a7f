import { checkCounts, checkLevel, outOfRange } from './out-of-range.ts'
import type { LevelOptions } from './proportion.ts'
import { normQuantile } from './special.ts'

/** An agreement beyond chance: 1 is perfect, 0 is what chance gives, below 0 is worse than chance. */
export interface Agreement {
  readonly value: number
  /** `NaN` bounds when the standard error is not known. */
  readonly low: number
  readonly high: number
  /** How often the two agreed, 0..1. */
  readonly observed: number
  readonly n: number
}

/** How far apart two categories of an ordered scale count: all alike, by their distance, or by its square. */
export type KappaWeights = 'none' | 'linear' | 'quadratic'

export interface KappaOptions extends LevelOptions {
  /** @default 'none' */
  readonly weights?: KappaWeights
}

/**
 * Cohen's κ of two raters from the table of their counts: `table[i][j]` items that the first put into category i and the
 * second into j. With the interval from the large-sample standard error.
 *
 * Where both raters always say the same one thing, chance explains everything and κ is not defined: it is 1 here when they
 * agree on all.
 *
 * @throws {SluiceError} `eval.out_of_range` for a table that is not square, empty, or of counts that are not whole.
 * @see Cohen: A coefficient of agreement for nominal scales. Educ. Psychol. Meas. 20 (1960); Fleiss, Cohen, Everitt: Large
 * sample standard errors of kappa and weighted kappa. Psychol. Bull. 72 (1969), eq. 13.
 */
export function cohenKappa(table: readonly (readonly number[])[], options: KappaOptions = {}): Agreement {
  const { weights = 'none', level = 0.95 } = options
  checkLevel('level', level)
  const size = table.length
  for (const row of table) {
    if (row.length !== size) throw outOfRange('table', 'square')
    checkCounts(Object.fromEntries(row.map((count, index) => [`table[…][${index}]`, count])))
  }
  const n = table.flat().reduce((total, count) => total + count, 0)
  if (n === 0) throw outOfRange('table', 'of at least one item')
  const weight = weightOf(weights, size)
  const rows = table.map((row) => row.reduce((total, count) => total + count, 0) / n)
  const columns = rows.map((_, j) => table.reduce((total, row) => total + (row[j] as number), 0) / n)
  let [observed, expected] = [0, 0]
  eachCell(size, (i, j) => {
    observed += (weight(i, j) * at(table, i, j)) / n
    expected += weight(i, j) * (rows[i] as number) * (columns[j] as number)
  })
  if (expected >= 1) return { value: 1, low: Number.NaN, high: Number.NaN, observed: 1, n }
  const value = (observed - expected) / (1 - expected)
  // The mean weight of each category, against the other rater's shares.
  const rowWeight = rows.map((_, i) => columns.reduce((total, share, j) => total + share * weight(i, j), 0))
  const columnWeight = columns.map((_, j) => rows.reduce((total, share, i) => total + share * weight(i, j), 0))
  let variance = 0
  eachCell(size, (i, j) => {
    const mean = (rowWeight[i] as number) + (columnWeight[j] as number)
    variance += (at(table, i, j) / n) * (weight(i, j) - mean * (1 - value)) ** 2
  })
  variance = (variance - (value - expected * (1 - value)) ** 2) / (n * (1 - expected) ** 2)
  const spread = normQuantile(0.5 + level / 2) * Math.sqrt(Math.max(0, variance))
  return { value, low: Math.max(-1, value - spread), high: Math.min(1, value + spread), observed, n }
}

/** {@link cohenKappa} of two lists of labels, item by item. Categories are ordered as `categories`, else as they come. */
export function kappaOfLabels<Label extends string | number>(
  first: readonly Label[],
  second: readonly Label[],
  options: KappaOptions & { readonly categories?: readonly Label[] } = {},
): Agreement {
  if (first.length !== second.length) throw outOfRange('second', `as long as first (${first.length})`)
  const categories = options.categories ?? [...new Set([...first, ...second])]
  const index = new Map(categories.map((category, position) => [category, position]))
  const table = categories.map(() => categories.map(() => 0))
  for (const [item, label] of first.entries()) {
    const [i, j] = [index.get(label), index.get(second[item] as Label)]
    if (i === undefined || j === undefined) throw outOfRange('labels', 'among the categories')
    const row = table[i] as number[]
    row[j] = (row[j] as number) + 1
  }
  return cohenKappa(table, options)
}

/** What the differences of values mean: other names, another order, distances, or distances from a true zero. */
export type AlphaMetric = 'nominal' | 'ordinal' | 'interval' | 'ratio'

/**
 * Krippendorff's α of any number of raters, some of whose ratings may be missing (`null`): `raters[r][u]` is the value that
 * rater r gave unit u. Units that fewer than two rated say nothing and are left out.
 *
 * @throws {SluiceError} `eval.out_of_range` when no unit has two ratings, or values are not finite.
 * @see Krippendorff: Computing Krippendorff's Alpha-Reliability (2011).
 */
export function krippendorffAlpha(
  raters: readonly (readonly (number | null)[])[],
  metric: AlphaMetric = 'nominal',
): number {
  const length = Math.max(0, ...raters.map((ratings) => ratings.length))
  const units = Array.from({ length }, (_, unit) =>
    raters.flatMap((ratings) => (typeof ratings[unit] === 'number' ? [ratings[unit]] : [])),
  ).filter((values) => values.length > 1)
  if (units.length === 0) throw outOfRange('raters', 'at least two ratings of one unit')
  if (!units.flat().every(Number.isFinite)) throw outOfRange('raters', 'finite numbers or null')
  const values = [...new Set(units.flat())].toSorted((a, b) => a - b)
  const index = new Map(values.map((value, position) => [value, position]))
  const coincidences = values.map(() => values.map(() => 0))
  for (const unit of units)
    for (const [i, one] of unit.entries())
      for (const [j, other] of unit.entries()) {
        if (i === j) continue
        const row = coincidences[index.get(one) as number] as number[]
        const column = index.get(other) as number
        row[column] = (row[column] as number) + 1 / (unit.length - 1)
      }
  const totals = coincidences.map((row) => row.reduce((total, count) => total + count, 0))
  const n = totals.reduce((total, count) => total + count, 0)
  const distance = distanceOf(metric, values, totals)
  let [observed, expected] = [0, 0]
  eachCell(values.length, (i, j) => {
    observed += at(coincidences, i, j) * distance(i, j)
    expected += ((totals[i] as number) * (totals[j] as number) * distance(i, j)) / (n - 1)
  })
  return expected === 0 ? 1 : 1 - observed / expected
}

function distanceOf(
  metric: AlphaMetric,
  values: readonly number[],
  totals: readonly number[],
): (i: number, j: number) => number {
  const value = (i: number): number => values[i] as number
  if (metric === 'nominal') return (i, j) => (i === j ? 0 : 1)
  if (metric === 'interval') return (i, j) => (value(i) - value(j)) ** 2
  if (metric === 'ratio')
    return (i, j) => (value(i) + value(j) === 0 ? 0 : ((value(i) - value(j)) / (value(i) + value(j))) ** 2)
  return (i, j) => {
    const [low, high] = i < j ? [i, j] : [j, i]
    let between = 0
    for (let k = low; k <= high; k += 1) between += totals[k] as number
    return (between - ((totals[low] as number) + (totals[high] as number)) / 2) ** 2
  }
}

function weightOf(weights: KappaWeights, size: number): (i: number, j: number) => number {
  if (weights === 'none') return (i, j) => (i === j ? 1 : 0)
  const power = weights === 'linear' ? 1 : 2
  return (i, j) => 1 - (Math.abs(i - j) / Math.max(1, size - 1)) ** power
}

function eachCell(size: number, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < size; i += 1) for (let j = 0; j < size; j += 1) visit(i, j)
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] as number
}
