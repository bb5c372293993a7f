import { hash } from './random.ts'

// Words that say little about a subject weigh little, so that texts are near by what they are about.
const commonWords = new Set(
  (
    'a an and are as at be but by can do for from have how i if in is it me my of on or so that the this to was we ' +
    'what when where which will with you your'
  ).split(' '),
)

/**
 * A seeded vector of unit norm for a text: hashed words, word pairs and letter triples, so that texts with words or
 * word stems in common are near each other. It knows nothing of meaning: synonyms are as far apart as any two words.
 *
 * @returns `dimensions` numbers; an empty text gives a vector like any other
 */
export function embed(text: string, dimensions: number, seed: number): Float32Array {
  const vector = new Float32Array(dimensions)
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const add = (feature: string, weight: number): void => {
    const h = hash(seed, 'embed', feature)
    const at = h % dimensions
    vector[at] = (vector[at] ?? 0) + (h & 0x10000 ? weight : -weight)
  }
  for (const [i, word] of words.entries()) {
    const common = commonWords.has(word)
    add(word, common ? 0.15 : 1)
    if (i > 0) add(`${words[i - 1]} ${word}`, 0.3)
    if (common) continue
    const padded = `<${word}>`
    for (let k = 0; k + 3 <= padded.length; k++) add(padded.slice(k, k + 3), 0.35)
  }
  if (words.length === 0) add(text, 1)
  const norm = Math.hypot(...vector)
  // Features can cancel out in very few dimensions.
  if (norm === 0) vector[hash(seed, text) % dimensions] = 1
  else for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] as number) / norm
  return vector
}
