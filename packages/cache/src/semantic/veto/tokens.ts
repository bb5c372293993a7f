import { bare, bareEndings, shortened, slang } from './words/contractions.ts'
import { phrases } from './words/phrases.ts'
import { scan } from './scan.ts'
import type { Piece } from './scan.ts'

/** A piece after contractions are taken apart and phrases are joined. */
export interface Token extends Piece {
  /** A word that stands for a phrase, or a part of a contraction. */
  readonly isMade?: boolean
}

/** Where the digits of other scripts begin: Arabic, Persian, Devanagari, Bengali … Thai, Lao, Tibetan, Burmese. */
const zeros = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
]

/** `U.S.`, `P.M.` */
const initials = /\b(?:[A-Z]\.){2,5}/g

/** The pieces of a text, contractions taken apart and phrases joined. */
export function tokens(text: string): Token[] {
  return joined(parts(text))
}

/** The pieces of a text, contractions taken apart. */
export function parts(text: string): Token[] {
  // oxlint-disable-next-line no-control-regex
  const spelled = /[^\u0000-\u007f]/.test(text) ? plain(text) : text
  return apart(scan(spelled.replace(initials, (name) => name.replaceAll('.', ''))))
}

/** One spelling for what has several: compatibility forms, quotes, dashes, digits. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‘’ʼ`´](?=\p{L})/gu, "'")
    .replace(/[–—−]/g, '-')
    .replace(/(?![0-9])\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0
      const zero = zeros.find((first) => code >= first && code < first + 10)
      return zero === undefined ? digit : String(code - zero)
    })
}

function apart(pieces: readonly Piece[]): Token[] {
  const result: Token[] = []
  for (const piece of pieces) {
    if (piece.kind !== 'word') {
      result.push(piece)
      continue
    }
    const { lower } = piece
    const mark = lower.indexOf("'")
    const ending = bareEndings.get(lower)
    if (mark > 0) {
      const isNegated = lower.endsWith("n't")
      const cut = isNegated ? lower.length - 3 : mark
      const first = lower.slice(0, cut)
      result.push({ ...piece, lower: (isNegated && shortened.get(first)) || first }, part(lower.slice(cut)))
    } else if (ending !== undefined) {
      result.push({ ...piece, lower: ending[0] ?? '' }, part(ending[1] ?? ''))
    } else if (bare.has(lower)) {
      result.push({ ...piece, lower: bare.get(lower) ?? lower }, part("n't"))
    } else {
      const said = slang.get(lower)
      result.push(said === undefined ? piece : { ...piece, lower: said })
    }
  }
  return result
}

function part(lower: string): Token {
  return { kind: 'word', raw: lower, lower, isGlued: true, isCapital: false, isInitial: false, isMade: true }
}

/** With the runs of words that are read as one put together. */
export function joined(list: readonly Token[]): Token[] {
  const result: Token[] = []
  for (let at = 0; at < list.length;) {
    const token = list[at] as Token
    let length = 0
    if (token.kind === 'word' || token.kind === 'number') {
      for (const { isOpening, words, reading } of phrases.get(token.lower) ?? []) {
        if (isOpening && at > 0) continue
        const found = spans(list, at, words)
        if (found === 0) continue
        length = found
        for (const word of reading) result.push({ ...part(word), isInitial: token.isInitial })
        break
      }
    }
    if (length === 0) result.push(token)
    at += Math.max(length, 1)
  }
  return result
}

/** How many tokens the words take up from there on, hyphens between them included; 0 when they are not there. */
function spans(list: readonly Token[], from: number, words: readonly string[]): number {
  let at = from
  for (const [index, word] of words.entries()) {
    if (index > 0 && list[at]?.lower === '-') at += 1
    if (list[at]?.lower !== word) return 0
    at += 1
  }
  return at - from
}
