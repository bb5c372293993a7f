import { checkCounts } from './out-of-range.ts'
import { logChoose } from './special.ts'

export type Alternative = 'two-sided' | 'less' | 'greater'

/**
 * Fisher's exact test of a two by two table [[a, b], [c, d]]: whether the first column's share differs between the rows.
 * `less`: whether the first row's share is smaller. The two-sided p is the probability of all tables that are no likelier.
 *
 * @throws {SluiceError} `eval.out_of_range` for counts that are not whole.
 * @see Fisher: On the interpretation of χ² from contingency tables. J. R. Stat. Soc. 85 (1922).
 */
export function fisherExact(
  table: readonly [readonly [number, number], readonly [number, number]],
  alternative: Alternative = 'two-sided',
): number {
  const [[a, b], [c, d]] = table
  checkCounts({ a, b, c, d })
  const [row, column, n] = [a + b, a + c, a + b + c + d]
  const lowest = Math.max(0, row + column - n)
  const highest = Math.min(row, column)
  const all = logChoose(n, column)
  const mass = (k: number): number => Math.exp(logChoose(row, k) + logChoose(n - row, column - k) - all)
  const observed = mass(a)
  let p = 0
  for (let k = lowest; k <= highest; k += 1) {
    const counts =
      alternative === 'less' ? k <= a : alternative === 'greater' ? k >= a : mass(k) <= observed * (1 + 1e-7)
    if (counts) p += mass(k)
  }
  return Math.min(1, p)
}
