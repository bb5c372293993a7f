/** What a text says, as hashed features: a word, a pair of neighbouring words, or three letters of a word. */
export type FeatureSink = (hash: number, weight: number) => void

/**
 * Words that carry the form of a question rather than its matter. They count half: to drop them makes opposites of
 * direction alike (`from a to b`), and to count them whole makes all polite questions alike. Never negations.
 */
const formWords = new Set(
  `a an the i me my we us our you your he she it its they them their this that these those is are was were be been being
  am do does did doing have has had having will would shall should can could may might must of to in on at by for with
  from about into as and or but if then so than too very just there here what which who whom whose when where why how im
  ive id whats hows wheres whos theres thats please thanks thank hi hello hey kindly tell know want need like get let
  help`.split(/\s+/),
)

const wordWeight = 1
const formWordWeight = 0.5
const pairWeight = 0.5
const lettersWeight = 0.5

/**
 * Calls `sink` for every feature of a text. Deterministic: the same text gives the same features on every platform.
 *
 * Letter case, compatibility forms (full width, ligatures), spaces, apostrophes and punctuation do not matter; symbols
 * and numbers do. Scripts written without spaces (Han, Hiragana, Katakana) are taken by the character.
 */
export function eachFeature(text: string, sink: FeatureSink): void {
  let previous: number = kinds.start
  let previousWeight = formWordWeight
  for (const [word, letters] of normalised(text).matchAll(tokens)) {
    const weight = formWords.has(word) ? formWordWeight : wordWeight
    const hash = hashOf(word)
    sink(mixed(hash ^ kinds.word), weight * wordWeight)
    sink(mixed(Math.imul(previous, 31) ^ hash), pairWeight * Math.sqrt(previousWeight * weight))
    if (letters) eachTriple(word, lettersWeight * weight, sink)
    previous = hash
    previousWeight = weight
  }
}

/** One feature for a text of which {@link eachFeature} finds none: punctuation only, or nothing at all. */
export const wholeFeature = (text: string): number => mixed(hashOf(text) ^ kinds.whole)

/** Numbers with their separators, characters of scripts without spaces, runs of other letters (captured), runs of symbols. */
const tokens =
  /\p{N}+(?:[.,]\p{N}+)*|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|((?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{M}])+)|[\p{S}#%&@]+/gu

// oxlint-disable-next-line no-control-regex -- the range of ASCII begins there
const ascii = /^[\x00-\x7f]*$/

function normalised(text: string): string {
  if (ascii.test(text)) return text.toLowerCase().replaceAll("'", '')
  return text.normalize('NFKC').toLowerCase().replaceAll(/['’ʼ]/g, '').replaceAll('ß', 'ss').replaceAll('ς', 'σ')
}

/** Seeds that keep features of different kinds apart. */
const kinds = { start: 0x2f6e2b1, word: 0x5bd1e995, letters: 0x1b873593, whole: 0x3c6ef372 } as const

/** The letters of a word in threes, the word's two ends counting as letters. */
function eachTriple(word: string, weight: number, sink: FeatureSink): void {
  let first = 1
  let second = word.charCodeAt(0)
  for (let at = 1; at <= word.length; at += 1) {
    const third = at < word.length ? word.charCodeAt(at) : 2
    const hash = Math.imul(
      Math.imul(Math.imul(first ^ kinds.letters, 16_777_619) ^ second, 16_777_619) ^ third,
      16_777_619,
    )
    sink(mixed(hash), weight)
    first = second
    second = third
  }
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619)
  return hash
}

/** Spreads every bit over all: the final steps of MurmurHash3. @see https://github.com/aappleby/smhasher (public domain) */
function mixed(hash: number): number {
  let spread = hash ^ (hash >>> 16)
  spread = Math.imul(spread, 0x85ebca6b)
  spread ^= spread >>> 13
  spread = Math.imul(spread, 0xc2b2ae35)
  return (spread ^ (spread >>> 16)) >>> 0
}
