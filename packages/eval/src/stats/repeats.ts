import { checkCounts, outOfRange } from './out-of-range.ts'

/**
 * pass@k: the probability that at least one of `k` trials of a case passes, estimated without bias from `c` passes of `n`
 * trials: 1 − C(n − c, k) / C(n, k).
 *
 * @throws {SluiceError} `eval.out_of_range` unless 0 ≤ c ≤ n and 1 ≤ k ≤ n, all whole.
 * @see Chen et al.: Evaluating Large Language Models Trained on Code. arXiv:2107.03374 (2021), eq. 1.
 */
export function passAtK(n: number, c: number, k: number): number {
  check(n, c, k)
  return 1 - ratio(n, n - c, k)
}

/**
 * pass^k: the probability that all of `k` trials of a case pass, estimated without bias: C(c, k) / C(n, k). Not the power
 * of the pass rate, which is too large.
 *
 * @throws {SluiceError} `eval.out_of_range` as {@link passAtK}.
 * @see Yao et al.: τ-bench. arXiv:2406.12045 (2024).
 */
export function passHatK(n: number, c: number, k: number): number {
  check(n, c, k)
  return ratio(n, c, k)
}

/** C(m, k) / C(n, k) without large numbers. */
function ratio(n: number, m: number, k: number): number {
  let product = 1
  for (let index = 0; index < k; index += 1) product *= Math.max(0, m - index) / (n - index)
  return product
}

function check(n: number, c: number, k: number): void {
  checkCounts({ n, c, k })
  if (c > n) throw outOfRange('c', `at most n (${n}), got ${c}`)
  if (k < 1 || k > n) throw outOfRange('k', `1 to n (${n}), got ${k}`)
}
