const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
}

export const leetWord: RegExp = /[a-z0-9@$!|]{2,28}/g
/** A letter beside a sign that passes for one: without it there is nothing to fold. */
export const mixedPattern: RegExp = /[a-z][0-9@$|]|[0-9@$!|][a-z]/

/**
 * Writes words of a plain text that stand in leetspeak in letters, where that makes known words of them: `1gn0r3` is
 * `ignore`. Every sign becomes one letter, so that places stay where they are.
 */
export function foldLeet(text: string, isKnown: (word: string) => boolean): string {
  if (!mixedPattern.test(text)) return text
  return text.replace(leetWord, (word) => {
    if (!mixedPattern.test(word)) return word
    // A mark at the end of a word is most often just that.
    const end = /[!|]{1,28}$/.exec(word)?.[0] ?? ''
    const body = word.slice(0, word.length - end.length)
    const folded = [unleet(body, 'i'), unleet(body, 'l')].find((each) => each !== body && isKnown(each))
    return folded === undefined ? word : folded + end
  })
}

function unleet(word: string, one: string): string {
  return word.replace(/[^a-z]/g, (sign) => letters[sign] ?? (/[1!|]/.test(sign) ? one : sign))
}
