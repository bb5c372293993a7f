/**
 * A text less what hardly ever changes what is asked: compatibility forms (NFKC), letter case, runs of white space, and
 * punctuation at its end. Two texts with equal forms are taken for the same question, subject to the vetoes.
 */
export function normalised(text: string): string {
  return spelled(text).toLowerCase()
}

/** The same with letter case kept, for texts that the vetoes cannot read: code, where case tells names apart. */
export function spelled(text: string): string {
  const squeezed = text.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim()
  // A text of punctuation alone stays what it is.
  let end = squeezed.length
  while (end > 0 && endings.has(squeezed.charAt(end - 1))) end -= 1
  return end === 0 ? squeezed : squeezed.slice(0, end)
}

const endings: ReadonlySet<string> = new Set([' ', '.', '!', '?', '…', '。', '！', '？'])
