/*
 * What estimates are made of: the text is cut roughly as o200k_base cuts it (words with the character before them, digits
 * in threes, runs of symbols, white space), and every piece costs what such pieces cost on average. The costs are means
 * over 0.6 MB of English prompts, 3.9 MB of TypeScript and Python, 0.3 MB of JSON, and 50 to 120 KB of prose in each of
 * twenty other languages.
 */

/** Expected tokens of a text by what they are spent on. */
export interface TokenScan {
  /** Words in Latin script, digits and the spaces between them. */
  latin: number
  /** Punctuation, indentation, line breaks. */
  symbols: number
  /** Chinese, Japanese and Korean. */
  cjk: number
  /** All other scripts, emoji and control characters. */
  other: number
}

export function emptyScan(): TokenScan {
  return { latin: 0, symbols: 0, cjk: 0, other: 0 }
}

const lower = 1
const upper = 2
const digit = 3
const space = 4
const newline = 5

/** Latin letters beyond ASCII, and the marks that combine with letters. */
const accented = 6

/** Classes by UTF-16 unit; symbols, control characters and other scripts are 0. */
const classes = new Uint8Array(0x10000)
for (let code = 0; code < 26; code += 1) {
  classes[97 + code] = lower
  classes[65 + code] = upper
}
classes.fill(digit, 48, 58)
for (const code of [9, 11, 12, 32]) classes[code] = space
classes[10] = classes[13] = newline
classes.fill(accented, 0xc0, 0x370).fill(accented, 0x1e00, 0x1f00)

// Mean tokens of a word by its length (index 0: one letter); beyond the table every letter adds `perLetter`.
const perLetter = 0.42
const afterSpace = Float64Array.of(
  1,
  1,
  1,
  1,
  1.01,
  1.04,
  1.05,
  1.09,
  1.11,
  1.15,
  1.21,
  1.31,
  1.24,
  1.37,
  1.8,
  2.4,
  2.8,
)
const capitalised = Float64Array.of(
  1,
  1.01,
  1.07,
  1.04,
  1.06,
  1.09,
  1.2,
  1.22,
  1.34,
  1.5,
  1.65,
  1.66,
  1.8,
  1.9,
  2.5,
  2.7,
)
const glued = Float64Array.of(1.01, 1.04, 1.1, 1.07, 1.12, 1.18, 1.3, 1.38, 1.58, 1.78, 2.2, 2.1, 2.4, 2.75, 3.2, 3.2)
const capitals = Float64Array.of(1, 1.1, 1.2, 1.45, 1.65, 1.72, 2.1, 2.3, 2.65, 2.9, 3.1, 3.6, 4, 4.2)
/** Mean tokens of a run of ASCII symbols by its length. */
const symbolRun = Float64Array.of(1, 1, 1.07, 1.4, 1.9, 2.4, 2.6, 3.5)
const perSymbol = 0.2

/** Tokens of one character of a script, on average, after the token that a word of it begins with. */
const script = {
  han: 0.7,
  kana: 0.64,
  hangul: 0.62,
  greek: 0.35,
  cyrillic: 0.265,
  arabic: 0.33,
  indic: 0.35,
  emoji: 1.6,
  joiner: 0.6,
  rare: 1.5,
  accent: 0.45,
} as const

function costOf(table: Float64Array, length: number, beyond: number): number {
  const last = table.length
  return length <= last ? (table[length - 1] ?? 1) : (table[last - 1] ?? 1) + (length - last) * beyond
}

/** Scans `text` once; the time it takes is linear in its length whatever it holds. Adds to `scan` and returns it. */
export function scanTokens(text: string, scan: TokenScan = emptyScan()): TokenScan {
  const { length } = text
  let latin = 0
  let symbols = 0
  let letters = 0
  let accents = 0
  // Pieces in the present stretch of letters and digits: many short ones are base64 or an identifier drawn at random.
  let stretchAt = 0
  let stretchPieces = 0
  let stretchDigits = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code >= 128) {
      if (classes[code] === accented) accents += 1
      at = scanOther(text, at, scan)
      stretchAt = at
      stretchPieces = stretchDigits = 0
      continue
    }
    const kind = classes[code] ?? 0
    if (kind === digit) {
      const from = at
      while (at < length && isDigit(text.charCodeAt(at))) at += 1
      const pieces = Math.ceil((at - from) / 3)
      latin += pieces
      stretchPieces += pieces
      stretchDigits += pieces
      continue
    }
    let from = at
    let table = glued
    if (code === 32 && at + 1 < length && isAsciiLetter(text.charCodeAt(at + 1))) {
      // Most of all pieces: a word after one space.
      if (stretchPieces > 8) latin += randomness(stretchPieces, stretchDigits, at - stretchAt)
      from = at = stretchAt = at + 1
      stretchPieces = stretchDigits = 0
      table = afterSpace
    } else if (kind !== lower && kind !== upper) {
      let end = at + 1
      if (kind === 0) while (end < length && isSymbol(text.charCodeAt(end))) end += 1
      else {
        // White space up to its last line break is one token, and so is what is left of it.
        let past = kind === newline ? end : 0
        for (; end < length && isWhite(text.charCodeAt(end)); end += 1)
          if (isNewline(text.charCodeAt(end))) past = end + 1
        if (past > 0) {
          symbols += 1 + Math.floor((past - at) / 24)
          if (stretchPieces > 8) latin += randomness(stretchPieces, stretchDigits, at - stretchAt)
          at = stretchAt = past
          stretchPieces = stretchDigits = 0
          continue
        }
      }

      if (kind !== 0 || !isBase64(code) || end - at > 2) {
        if (stretchPieces > 8) latin += randomness(stretchPieces, stretchDigits, at - stretchAt)
        stretchAt = end
        stretchPieces = stretchDigits = 0
      }
      const next = end < length ? text.charCodeAt(end) : space
      if (kind === space) {
        // The last space belongs to what follows it, unless that is a digit.
        if (end - at > 1 || end === length) symbols += 1 + Math.floor((end - at) / 128)
        at = end
        if (isDigit(next)) symbols += 1
        else if (end < length && isSymbol(next)) at = scanSymbols(text, end, scan)
        if (next >= 128 || !isLetter(next)) continue
        from = at
        table = afterSpace
      } else if (end - at === 1 && isLetter(next)) {
        from = at = end
      } else {
        at = scanSymbols(text, at, scan)
        continue
      }
    }
    let sort = classes[text.charCodeAt(at)]
    while (sort === upper) {
      at += 1
      sort = at < length ? classes[text.charCodeAt(at)] : 0
    }
    const big = at - from
    while (sort === lower || sort === accented) {
      if (sort === accented) accents += 1
      at += 1
      sort = at < length ? classes[text.charCodeAt(at)] : 0
    }
    const size = at - from
    if (big <= 1) latin += costOf(big === 1 && table !== afterSpace ? capitalised : table, size, perLetter)
    else latin += costOf(capitals, big, perLetter) + (size > big + 1 ? 0.4 : 0)
    letters += size
    stretchPieces += 1
  }
  if (stretchPieces > 8) latin += randomness(stretchPieces, stretchDigits, at - stretchAt)
  latin += accents * script.accent
  if (accents > 0) latin *= foreignness(accents / letters)
  scan.latin += latin
  scan.symbols += symbols
  return scan
}

/** What a stretch without white space costs beyond its pieces: pieces of two letters are seldom words. */
function randomness(pieces: number, digits: number, length: number): number {
  return pieces / length > 0.3 ? Math.max(0, pieces - 2 * digits) * 0.95 : 0
}

/**
 * How many times more a word costs than an English one, told by the share of accents: languages with few of them
 * (German, Spanish) are nearer to English than those with more (Polish, Turkish), up to Vietnamese, where nearly every
 * word has one and is short.
 */
function foreignness(share: number): number {
  if (share > 0.2) return 1
  return 1 + (share < 0.06 ? 0.08 + share * 6 : 0.44)
}

/** A run of ASCII symbols, to which the line breaks right after it belong; returns where it ends. */
function scanSymbols(text: string, from: number, scan: TokenScan): number {
  const { length } = text
  let at = from + 1
  while (at < length && isSymbol(text.charCodeAt(at))) at += 1
  scan.symbols += costOf(symbolRun, at - from, isSame(text, from, at) ? 1 / 32 : perSymbol)
  while (at < length && isNewline(text.charCodeAt(at))) at += 1
  return at
}

/** Everything beyond ASCII: scans one run of one script and returns where it ends. */
function scanOther(text: string, from: number, scan: TokenScan): number {
  const { length } = text
  const code = text.charCodeAt(from)
  let at = from + 1
  if (classes[code] === accented) {
    while (at < length && (classes[text.charCodeAt(at)] === lower || classes[text.charCodeAt(at)] === accented)) at += 1
    scan.latin += costOf(glued, at - from, perLetter)
  } else if (isHan(code)) {
    while (at < length && isHan(text.charCodeAt(at))) at += 1
    scan.cjk += Math.max(1, 0.15 + (at - from) * script.han)
  } else if (isKana(code)) {
    while (at < length && isKana(text.charCodeAt(at))) at += 1
    scan.cjk += Math.max(1, 0.15 + (at - from) * script.kana)
  } else if (code >= 0xac00 && code <= 0xd7a3) {
    at = endOf(text, at, 0xac00, 0xd7a4)
    scan.cjk += Math.max(1, 0.3 + (at - from) * script.hangul)
  } else if (code >= 0x370 && code < 0x1200) {
    const [end, rate] =
      code < 0x400
        ? [0x400, script.greek]
        : code < 0x530
          ? [0x530, script.cyrillic]
          : code < 0x900
            ? [0x900, script.arabic]
            : [0x1200, script.indic]
    at = endOf(text, at, 0x370, end)
    scan.other += Math.max(1, 0.4 + (at - from) * rate)
  } else if (code >= 0xd83c && code <= 0xd83e && at < length) {
    at += 1
    scan.other += script.emoji
  } else if ((code >= 0x3000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xff65)) {
    scan.cjk += 1
  } else if (code >= 0x2010 && code <= 0x2040) {
    scan.symbols += 1
  } else {
    // Zero-width joiners and emoji presentation are mostly part of a longer token.
    scan.other += code === 0x200d || code === 0xfe0f ? script.joiner : script.rare
  }
  return at
}

/** Where a run of codes from `low` up to but not including `high` ends. */
function endOf(text: string, from: number, low: number, high: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < low || code >= high) break
  }
  return at
}

function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  const kind = classes[code]
  return kind === lower || kind === upper || kind === accented
}

function isSymbol(code: number): boolean {
  return code < 128 && classes[code] === 0
}

function isNewline(code: number): boolean {
  return code === 10 || code === 13
}

function isWhite(code: number): boolean {
  return classes[code] === space || classes[code] === newline
}

/** The characters that join stretches of base64: `+ / = - _`. */
function isBase64(code: number): boolean {
  return code === 43 || code === 45 || code === 47 || code === 61 || code === 95
}

function isHan(code: number): boolean {
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code < 0x4dc0) || (code >= 0xf900 && code < 0xfb00)
}

function isKana(code: number): boolean {
  return (code >= 0x3040 && code < 0x3100) || (code >= 0xff66 && code <= 0xff9f)
}

function isSame(text: string, from: number, to: number): boolean {
  const first = text.charCodeAt(from)
  for (let at = from + 1; at < to; at += 1) if (text.charCodeAt(at) !== first) return false
  return true
}
