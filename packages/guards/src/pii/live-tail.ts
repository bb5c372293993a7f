import { isAlnumAt } from './characters.ts'
import type { Recogniser } from './recogniser.ts'
import { longestWord } from './scan.ts'

/** Keeps a growing text's last word open: nothing is judged by half a word. */
export const lastWord: Recogniser = {
  reach: longestWord,
  tail(into) {
    const { text } = into
    let start = text.length
    while (text.length - start <= longestWord && isAlnumAt(text, start - 1)) start -= 1
    // A longer word is none of ours, wherever it ends; only an e-mail address may begin within it.
    if (text.length - start <= longestWord) into.touch(start)
  },
}
