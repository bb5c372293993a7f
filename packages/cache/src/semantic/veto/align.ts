/** A place where two sequences differ: what stands there in either. */
export interface Gap {
  readonly a: readonly string[]
  readonly b: readonly string[]
}

export interface Alignment {
  readonly gaps: readonly Gap[]
  /** Share of the weight of both that is common, 0..1. */
  readonly likeness: number
}

const functionWeight = 0.35

export function isFunctionWord(word: string): boolean {
  return word.startsWith('~')
}

function weigh(words: readonly string[]): number {
  let sum = 0
  for (const word of words) sum += isFunctionWord(word) ? functionWeight : 1
  return sum
}

/** Aligns two sequences of words by their longest common subsequence. */
export function align(a: readonly string[], b: readonly string[]): Alignment {
  const width = b.length + 1
  const table = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i * width + j] =
        a[i] === b[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + (isFunctionWord(a[i] ?? '') ? 1 : 3)
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0)
  const gaps: Gap[] = []
  const common: string[] = []
  let [i, j] = [0, 0]
  let gap: { a: string[]; b: string[] } = { a: [], b: [] }
  const close = (): void => {
    if (gap.a.length + gap.b.length > 0) gaps.push(gap)
    gap = { a: [], b: [] }
  }
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      close()
      common.push(a[i] ?? '')
      i += 1
      j += 1
    } else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) gap.a.push(a[i++] ?? '')
    else gap.b.push(b[j++] ?? '')
  }
  gap.a.push(...a.slice(i))
  gap.b.push(...b.slice(j))
  close()
  const total = weigh(a) + weigh(b)
  return { gaps, likeness: total === 0 ? 1 : (2 * weigh(common)) / total }
}
