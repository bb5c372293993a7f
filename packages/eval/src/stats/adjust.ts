import { outOfRange } from './out-of-range.ts'

/**
 * p-values adjusted by Holm's method, in the order given: those at most α are significant with a probability of at most α
 * of any false one among them.
 *
 * @throws {SluiceError} `eval.out_of_range` for values outside 0..1.
 * @see Holm: A simple sequentially rejective multiple test procedure. Scand. J. Stat. 6 (1979).
 */
export function holm(pValues: readonly number[]): number[] {
  return adjusted(pValues, (sorted) => {
    let most = 0
    return sorted.map((p, rank) => (most = Math.max(most, Math.min(1, p * (sorted.length - rank)))))
  })
}

/**
 * p-values adjusted by the method of Benjamini and Hochberg, in the order given: of those at most α, a share of at most α is
 * false in the mean.
 *
 * @throws {SluiceError} `eval.out_of_range` for values outside 0..1.
 * @see Benjamini, Hochberg: Controlling the false discovery rate. J. R. Stat. Soc. B 57 (1995).
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  return adjusted(pValues, (sorted) => {
    let least = 1
    return sorted
      .map((p, rank) => (p * sorted.length) / (rank + 1))
      .toReversed()
      .map((p) => (least = Math.min(least, p)))
      .toReversed()
  })
}

function adjusted(pValues: readonly number[], adjust: (sorted: readonly number[]) => readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw outOfRange('p-values', `0 to 1, got ${p}`)
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[a] as number) - (pValues[b] as number))
  const values = adjust(order.map((index) => pValues[index] as number))
  const result: number[] = Array.from({ length: pValues.length }, () => 0)
  for (const [rank, index] of order.entries()) result[index] = values[rank] as number
  return result
}
