import { hashed, type Vocabulary } from './vocabulary.ts'

/** Code units of a word at the most. */
const longest = 28
const [letterKind, signKind, markKind] = [1, 2, 3]
/** What an ASCII character is here: a letter, a digit or sign that passes for one, or `!`, which does before one only. */
const kinds = new Uint8Array(128)
/** The letter that each stands for; itself where it stands for none. `1`, `!` and `|` stand for two. */
const letters = Uint8Array.from({ length: 128 }, (_, code) => code)
const [i, l] = [0x69, 0x6c]
const isEither = (code: number): boolean => code === 0x31 || code === 0x21 || code === 0x7c

for (const code of Array.from({ length: 26 }, (_, index) => 97 + index)) kinds[code] = letterKind
for (const [index, sign] of [...'0123456789@$|'].entries()) {
  kinds[sign.charCodeAt(0)] = signKind
  letters[sign.charCodeAt(0)] = 'oi2easgtbgasi'.charCodeAt(index)
}
kinds['!'.charCodeAt(0)] = markKind

/**
 * Writes words of a plain text that stand in leetspeak in letters, where that makes known words of them: `1gn0r3` is
 * `ignore`. Every sign becomes one letter, so that places stay where they are.
 */
export function foldLeet(text: string, known: Vocabulary): string {
  let written = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    // Without a sign beside a letter there is nothing to fold, and most characters are no signs.
    if ((code > 0x40 && code !== 0x7c) || code <= 0x20 || !isBesideLetter(text, at)) continue
    let start = at
    while (start > from && kindAt(text, start - 1) !== 0) start -= 1
    let end = at + 1
    while (kindAt(text, end) !== 0) end += 1
    for (; start < end; start += longest) {
      const word = folded(text, start, Math.min(end, start + longest), known)
      if (word === '') continue
      written += text.slice(from, start) + word
      from = start + word.length
    }
    at = end
  }
  return from === 0 ? text : written + text.slice(from)
}

function kindAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? (kinds[code] as number) : 0
}

/** Whether what stands at `index` passes for a letter and is next to one. */
function isBesideLetter(text: string, index: number): boolean {
  const kind = kindAt(text, index)
  if (kind === 0) return false
  return kindAt(text, index + 1) === letterKind || (kind !== markKind && kindAt(text, index - 1) === letterKind)
}

/** The known word that a piece of text stands for, or an empty text. */
function folded(text: string, start: number, from: number, known: Vocabulary): string {
  let end = from
  // A mark at the end of a word is most often just that.
  while (end > start && (text.charCodeAt(end - 1) === 0x21 || text.charCodeAt(end - 1) === 0x7c)) end -= 1
  if (end - start > known.longest) return ''
  for (const either of [i, l]) {
    let hash: number | undefined
    let isSame = true
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at)
      const letter = isEither(code) ? either : (letters[code] as number)
      isSame &&= letter === code
      hash = hashed(letter, hash)
    }
    if (!isSame && hash !== undefined && known.numberOf(hash) > 0) return written(text, start, end, either)
  }
  return ''
}

function written(text: string, start: number, end: number, either: number): string {
  let word = ''
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    word += String.fromCharCode(isEither(code) ? either : (letters[code] as number))
  }
  return word
}
