/** Hashed words of a text: which slots it fills and how often, in ascending order of the slot. */
export interface WordCounts {
  readonly slots: Int32Array
  readonly counts: Float64Array
}

/**
 * Counts the words of `text` in `dimensions` slots (a power of two). Case is ignored. A word is a run of letters, a run
 * of digits, or one other character that is not white space. Scripts that put no spaces between words count each
 * character and each pair of neighbours instead. Different words can share a slot.
 */
export function countWords(text: string, dimensions: number): WordCounts {
  const mask = dimensions - 1
  const found = new Map<number, number>()
  const add = (hash: number): void => {
    const slot = mixed(hash) & mask
    found.set(slot, (found.get(slot) ?? 0) + 1)
  }
  const lower = text.toLowerCase()
  let kind: CharKind = 'space'
  let hash = 0
  let previous = 0
  for (let index = 0; index < lower.length; index += 1) {
    const code = lower.charCodeAt(index)
    const next = kindOf(code)
    if (next === kind && (kind === 'letter' || kind === 'digit')) {
      hash = Math.imul(hash ^ code, fnvPrime)
      continue
    }
    if (kind === 'letter' || kind === 'digit') add(hash)
    if (next === 'mark' || next === 'ideograph') add(Math.imul(fnvBasis ^ code, fnvPrime))
    if (next === 'ideograph' && kind === 'ideograph')
      add(Math.imul(Math.imul(fnvBasis ^ previous, fnvPrime) ^ code, fnvPrime))
    if (next === 'letter' || next === 'digit') hash = Math.imul(fnvBasis ^ code, fnvPrime)
    kind = next
    previous = code
  }
  if (kind === 'letter' || kind === 'digit') add(hash)
  const slots = Int32Array.from(found.keys()).sort()
  return { slots, counts: Float64Array.from(slots, (slot) => found.get(slot) ?? 0) }
}

type CharKind = 'space' | 'letter' | 'digit' | 'mark' | 'ideograph'

function kindOf(code: number): CharKind {
  if (code < 128) return asciiKinds[code] ?? 'mark'
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f))
    return code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200b) ? 'space' : 'mark'
  return (code >= 0x0e00 && code <= 0x0eff) || (code >= 0x3040 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af)
    ? 'ideograph'
    : 'letter'
}

const asciiKinds = Array.from({ length: 128 }, (_, code): CharKind => {
  const char = String.fromCharCode(code)
  if (code <= 32 || code === 127) return 'space'
  if (/[a-z]/i.test(char)) return 'letter'
  return /\d/.test(char) ? 'digit' : 'mark'
})

const fnvBasis = 0x811c9dc5
const fnvPrime = 0x01000193

/** Spreads the bits, since only the low ones pick the slot. */
function mixed(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
