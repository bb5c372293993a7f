/** A seeded source of numbers, 0 ≤ n < 1: the same seed gives the same sequence on every machine. */
export function seeded(seed: number): () => number {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x2545f491) >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The numbers 0 … count − 1 in a seeded order. */
export function shuffledIndices(count: number, seed: number): Int32Array {
  const random = seeded(seed)
  const order = Int32Array.from({ length: count }, (_, index) => index)
  for (let index = count - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const moved = order[index] as number
    order[index] = order[other] as number
    order[other] = moved
  }
  return order
}

/** For each row the fold it is held out in, 0 … folds − 1, in a seeded order. Rows of one group share a fold. */
export function foldOfRows(groups: ArrayLike<number>, folds: number, seed: number): Int32Array {
  const foldOfGroup = new Map<number, number>()
  const fold = new Int32Array(groups.length)
  for (const row of shuffledIndices(groups.length, seed)) {
    const group = groups[row] as number
    const known = foldOfGroup.get(group) ?? foldOfGroup.size % folds
    foldOfGroup.set(group, known)
    fold[row] = known
  }
  return fold
}

/** The same number for equal texts, so that a repeated request is never in training and test at once. Empty ones differ. */
export function groupsOf(texts: readonly string[]): Int32Array {
  const groupOf = new Map<string, number>()
  return Int32Array.from(texts, (text, row) => {
    if (text === '') return texts.length + row
    const known = groupOf.get(text) ?? row
    groupOf.set(text, known)
    return known
  })
}
