/** A seeded source of numbers: the same parts give the same sequence on every machine. */
export interface Random {
  /** The next number, 0 ≤ n < 1. */
  next(): number
  /** The next whole number, `min` ≤ n ≤ `max`. */
  int(min: number, max: number): number
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T
  /** The items in a seeded order, as a new array. */
  shuffle<T>(items: readonly T[]): T[]
}

/** A 32-bit hash (FNV-1a with a final mix). The parts are kept apart: `('ab')` differs from `('a', 'b')`. */
export function hash(...parts: readonly (string | number)[]): number {
  let h = 0x811c9dc5
  for (const part of parts) {
    const text = String(part)
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ 0x1f, 0x01000193)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A {@link Random} seeded with the hash of the parts. */
export function seeded(...parts: readonly (string | number)[]): Random {
  let state = hash(...parts)
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    pick: (items) => items[int(0, items.length - 1)] as (typeof items)[number],
    shuffle: (items) => {
      const copy = [...items]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i)
        ;[copy[i], copy[j]] = [copy[j] as (typeof items)[number], copy[i] as (typeof items)[number]]
      }
      return copy
    },
  }
}

/** A hexadecimal id of `length` digits made from the parts. */
export function hexId(length: number, ...parts: readonly (string | number)[]): string {
  let id = ''
  for (let i = 0; id.length < length; i++)
    id += hash(i, ...parts)
      .toString(16)
      .padStart(8, '0')
  return id.slice(0, length)
}
