/** How much of a beginning is looked at for what was said already. */
const maxOverlap = 240
/** A repetition shorter than this is taken for chance: a text may well say "of the" twice. */
const minOverlap = 12
/** So many different letters and digits a repetition must hold. */
const minLetters = 6

/**
 * Cuts from the text of a continuation what was shown before it: a model that is asked to go on often says the last words
 * again.
 */
export interface TextSplice {
  /** The part of the next piece that is new; `undefined`: the text goes another way, and nobody can go on with it. */
  push(text: string): string | undefined
  /** What was held back. */
  end(): string
  /** Whether all that was shown has been found again, or need not be. */
  readonly isAligned: boolean
}

/**
 * For a continuation by prefill: its beginning may repeat the end of what was shown. `sent` is the prefill, which may lack
 * white space at the end of `shown`.
 */
export function afterPrefill(shown: string, sent: string): TextSplice {
  const missing = shown.slice(sent.length)
  let head = ''
  let isOpen = true
  const settle = (): string => {
    isOpen = false
    const rest = missing !== '' && head.startsWith(missing) ? head.slice(missing.length) : head
    return rest.slice(repeated(shown, rest))
  }
  return {
    isAligned: true,
    push(text) {
      if (!isOpen) return text
      head += text
      return head.length < maxOverlap && couldRepeat(shown, head) ? '' : settle()
    },
    end: () => (isOpen ? settle() : ''),
  }
}

/** For the same answer given again: what was shown must come again, word for word; what follows is new. */
export function afterRepeat(shown: string): TextSplice {
  let matched = 0
  return {
    get isAligned() {
      return matched >= shown.length
    },
    push(text) {
      const known = Math.min(text.length, shown.length - matched)
      if (shown.slice(matched, matched + known) !== text.slice(0, known)) return undefined
      matched += known
      return text.slice(known)
    },
    end: () => '',
  }
}

/** How many characters at the beginning of `text` repeat the end of `shown`: the longest such run, if it is no chance. */
function repeated(shown: string, text: string): number {
  for (let length = Math.min(shown.length, text.length, maxOverlap); length >= minOverlap; length -= 1) {
    const run = text.slice(0, length)
    if (shown.endsWith(run) && isTelling(run)) return length
  }
  return 0
}

/** Whether a run of characters is unlikely to come twice by itself: the rule of a table or an indentation does. */
function isTelling(run: string): boolean {
  return new Set(run.match(/[\p{L}\p{N}]/gu)).size >= minLetters
}

/** Whether more text could still make a repetition of `head`. */
function couldRepeat(shown: string, head: string): boolean {
  const tail = shown.slice(-maxOverlap)
  for (let at = tail.indexOf(head); at >= 0; at = tail.indexOf(head, at + 1))
    if (at + head.length < tail.length) return true
  // The whole repetition may be in already, with more behind it.
  return false
}
