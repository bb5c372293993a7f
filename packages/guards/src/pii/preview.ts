const hidden = '•'
const letterOrDigit = /[\p{L}\p{M}\p{N}]/gu

function hide(text: string): string {
  return text.replaceAll(letterOrDigit, hidden)
}

/**
 * What may be shown of a value: its form, and of an e-mail address the first letters, of a card the last four digits (as
 * on a receipt), of an IBAN the country.
 */
export function previewOf(entity: string, value: string): string {
  switch (entity) {
    case 'email': {
      const at = value.lastIndexOf('@')
      return `${headOf(value.slice(0, at))}@${headOf(value.slice(at + 1))}`
    }
    case 'card':
      return hide(value.slice(0, -4)) + value.slice(-4)
    case 'iban':
      return value.slice(0, 2) + hide(value.slice(2))
    default:
      return hide(value)
  }
}

/** The first character, and the form of the rest. */
function headOf(text: string): string {
  const [first = ''] = text
  return first + hide(text.slice(first.length))
}
