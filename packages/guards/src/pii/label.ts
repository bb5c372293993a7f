import { isLetterOrDigitAt } from './characters.ts'

/** No group of an address is longer. */
const longestGroup = 4
const hexadecimal = /[\da-f]/i

/** Whether the colon at `index` follows a word that is no part of an address, as in `mac:00:1b:44:11:3a:b7`. */
export function endsLabel(text: string, index: number): boolean {
  if (text[index] !== ':') return false
  for (let at = index - 1; isLetterOrDigitAt(text, at); at -= 1)
    if (index - at > longestGroup || !hexadecimal.test(text.charAt(at))) return true
  return false
}
