import { Buffer } from 'node:buffer'
import type { HiddenText } from './decode.ts'

interface Escape {
  /** What every text with such escapes has in it. */
  readonly sign: string
  /** Runs of escapes. */
  readonly pattern: RegExp
  /** What a run says. */
  read(run: string): string
}

/** Percent escapes of URLs, character references of HTML, `\u` escapes of JSON and `\x` escapes of code, in lower case. */
export const escapes: readonly Escape[] = [
  { sign: '%', pattern: /(?:%[0-9a-f]{2}){1,4000}/g, read: (run) => fromBytes(run.replaceAll('%', '')) },
  { sign: '\\x', pattern: /(?:\\x[0-9a-f]{2}){1,4000}/g, read: (run) => fromBytes(run.replaceAll('\\x', '')) },
  {
    sign: '\\u',
    pattern: /\\u[0-9a-f]{4}/g,
    read: (escape) => String.fromCharCode(Number.parseInt(escape.slice(2), 16)),
  },
  {
    sign: '&#',
    pattern: /&#(?:x[0-9a-f]{1,5}|[0-9]{1,6});/g,
    read: (reference) => fromReference(reference.slice(2, -1)),
  },
]

const fewestRuns = 2

/** The part of a plain text from its first escape to its last, with all escapes of that kind read. */
export function findEscaped(plain: string): HiddenText[] {
  return escapes.flatMap(({ sign, pattern, read }) => {
    if (!plain.includes(sign)) return []
    const runs = [...plain.matchAll(pattern)]
    const last = runs.at(-1)
    if (!last || (runs.length < fewestRuns && last[0].length < 12)) return []
    // Words before the first escape and after the last may belong to the same sentence.
    const start = Math.max(0, (runs[0]?.index ?? 0) - 40)
    const end = Math.min(plain.length, last.index + last[0].length + 40)
    return [{ encoding: 'escapes' as const, text: plain.slice(start, end).replace(pattern, read), start, end }]
  })
}

function fromBytes(hex: string): string {
  return Buffer.from(hex, 'hex').toString('utf8')
}

function fromReference(number: string): string {
  const code = number.startsWith('x') ? Number.parseInt(number.slice(1), 16) : Number(number)
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}
