/** Articles of English, which do not make another answer. */
const articles: ReadonlySet<string> = new Set(['a', 'an', 'the'])

/**
 * The words of a text, lower case, without punctuation, articles and markup; characters in their compatible form (NFKC).
 * Signs that make another number or formula are kept, and so is text in which nothing else is left.
 */
export function normalText(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().trim()
  const words = plain
    .replaceAll(/[*_`~"'“”‘’«»()[\]{}<>|]/g, ' ')
    .replaceAll(/[.,:;!?…](?=\s|$)/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !articles.has(word))
    .join(' ')
  return words === '' ? plain : words
}
