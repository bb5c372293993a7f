import { allowed, type Detector, type GuardAction, type Verdict } from '../detector.ts'

/**
 * Finds one word, whatever letters follow it, and knows on a stream where it could still begin: the smallest detector that has
 * all that the pipeline asks for.
 */
export function wordDetector(
  word: string,
  action: Exclude<GuardAction, 'allow'> = 'redact',
  more: Partial<Detector> = {},
): Detector {
  const name = word.toUpperCase()
  return {
    name: word,
    actions: [action],
    check(text): Verdict {
      const spans = [...text.matchAll(new RegExp(`${word}[a-z]{0,5}`, 'g'))].map(({ index, 0: found }) => ({
        start: index,
        end: index + found.length,
        rule: word,
        replacement: `[${name}]`,
      }))
      return spans.length === 0 ? allowed : { action, score: 1, spans, rules: [word], explanation: word }
    },
    stream: {
      maxMatch: word.length + 6,
      couldGrow(tail) {
        const whole = tail.search(new RegExp(`${word}[a-z]{0,4}$`))
        if (whole >= 0) return whole
        for (let length = Math.min(word.length - 1, tail.length); length > 0; length -= 1)
          if (word.startsWith(tail.slice(-length))) return tail.length - length
        return tail.length
      },
    },
    ...more,
  }
}

/** Judges a whole text by one word in it, and names no place unless it is to be redacted. */
export function wholeDetector(
  word: string,
  action: Exclude<GuardAction, 'allow'> = 'block',
  more: Partial<Detector> = {},
): Detector {
  return {
    name: `whole-${word}`,
    check: async (text) => {
      const start = text.indexOf(word)
      if (start < 0) return allowed
      const span = { start, end: start + word.length, rule: word, replacement: `[${word.toUpperCase()}]` }
      return { action, score: 1, spans: action === 'redact' ? [span] : [], rules: [word], explanation: word }
    },
    ...more,
  }
}
