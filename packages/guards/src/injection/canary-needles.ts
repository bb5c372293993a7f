import { Buffer } from 'node:buffer'

/** One spelling of a token. */
export interface Needle {
  readonly rule: string
  /** Lower case unless the case counts. */
  readonly text: string
  readonly caseCounts: boolean
  /** Separators that may stand between two of its characters. */
  readonly gap: number
  /** The longest match in code units. */
  readonly reach: number
}

const widestGap = 3

/** The spellings of a token that are looked for. */
export function needlesOf(token: string): readonly Needle[] {
  const lower = token.toLowerCase()
  return [
    loose('canary', lower),
    loose('canary_reversed', [...lower].reverse().join('')),
    loose('canary_rot13', rot13(lower)),
    loose('canary_hex', Buffer.from(token).toString('hex')),
    ...[0, 1, 2].map((offset) => strict('canary_base64', base64At(token, offset))),
  ]
}

function loose(rule: string, text: string): Needle {
  return { rule, text, caseCounts: false, gap: widestGap, reach: text.length + (text.length - 1) * widestGap }
}

function strict(rule: string, text: string): Needle {
  return { rule, text, caseCounts: true, gap: 0, reach: text.length }
}

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97))
}

/** The characters of base64 that a token alone decides when so many bytes (modulo 3) stand before it. */
function base64At(token: string, offset: number): string {
  const encoded = Buffer.from('\0'.repeat(offset) + token).toString('base64')
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + token.length) * 8) / 6))
}

/** {@link matchNeedle} came to the end of the text before the needle's. */
export const partial = -2
const none = -1

/** Where a needle that begins at `from` ends; `partial` where the text ends within it; negative where there is none. */
export function matchNeedle(text: string, from: number, { text: needle, caseCounts, gap }: Needle): number {
  if (fold(text.charCodeAt(from), caseCounts) !== needle.charCodeAt(0)) return none
  let at = from + 1
  for (let index = 1; index < needle.length; index += 1) {
    for (let skipped = 0; skipped < gap && isSeparator(text.charCodeAt(at)); skipped += 1) at += 1
    if (at >= text.length) return partial
    if (fold(text.charCodeAt(at), caseCounts) !== needle.charCodeAt(index)) return none
    at += 1
  }
  return at
}

function fold(code: number, caseCounts: boolean): number {
  return !caseCounts && code >= 65 && code <= 90 ? code + 32 : code
}

/** White space, marks of punctuation and Markdown, and characters that show nothing. */
function isSeparator(code: number): boolean {
  return (
    code <= 47 ||
    (code >= 58 && code <= 64) ||
    (code >= 91 && code <= 96) ||
    (code >= 123 && code <= 160) ||
    code === 0xad ||
    (code >= 0x2000 && code <= 0x206f) ||
    code === 0xfeff
  )
}
