import { dash, isDigitAt, kindAt, space } from './characters.ts'

/** Runs of digits with at most {@link widestGap} separators between two of them: `(602) 272-9781`, `1992-11-12`. */
export interface NumberChain {
  /** Where each run begins. */
  readonly starts: readonly number[]
  /** Where each run ends, excluded. */
  readonly ends: readonly number[]
  /** Whether the text ends before it is known that the chain does. */
  readonly open: boolean
}

export const widestGap = 3

/** Whether the code unit may stand between two groups of a number. */
function isSeparator(text: string, index: number): boolean {
  if ((kindAt(text, index) & (space | dash)) !== 0) return true
  const code = text.charCodeAt(index)
  return code === 0x2e || code === 0x28 || code === 0x29 || code === 0x2f
}

/** The chain whose first run of digits begins at `start`. */
export function numberChain(text: string, start: number): NumberChain {
  const starts: number[] = []
  const ends: number[] = []
  let at = start
  for (;;) {
    starts.push(at)
    while (isDigitAt(text, at)) at += 1
    ends.push(at)
    let next = at
    while (next - at < widestGap && isSeparator(text, next)) next += 1
    if (!isDigitAt(text, next)) return { starts, ends, open: next >= text.length }
    at = next
  }
}

/** Where the number that begins at `start` ends, if no other follows it and the text goes on after it; else -1. */
export function loneNumberEnd(text: string, start: number): number {
  let end = start
  while (isDigitAt(text, end)) end += 1
  let next = end
  while (next - end < widestGap && isSeparator(text, next)) next += 1
  return next < text.length && !isDigitAt(text, next) ? end : -1
}

/** The digits of groups `first` to `last`. */
export function digitsOf(text: string, { starts, ends }: NumberChain, first: number, last: number): string {
  let digits = ''
  for (let group = first; group <= last; group += 1) digits += text.slice(starts[group], ends[group])
  return digits
}
