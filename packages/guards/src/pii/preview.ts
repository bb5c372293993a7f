import { isAlnumAt } from './characters.ts'

const hidden = '•'
const hiddenCode = hidden.charCodeAt(0)
const letterOrDigit = /[\p{L}\p{M}\p{N}]/gu

/**
 * What may be shown of a value: its form, and of an e-mail address the first letters, of a card the last four digits (as
 * on a receipt), of an IBAN the country.
 */
export function previewOf(entity: string, value: string): string {
  const codes: number[] = []
  const host = entity === 'email' ? value.lastIndexOf('@') + 1 : 0
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code > 0x7f) return previewOfAny(entity, value)
    const shown = isShown(entity, index, value.length, host) || !isAlnumAt(value, index)
    codes.push(shown ? code : hiddenCode)
  }
  return String.fromCharCode(...codes)
}

function isShown(entity: string, index: number, length: number, host: number): boolean {
  if (entity === 'email') return index === 0 || index === host
  if (entity === 'card') return index >= length - 4
  return entity === 'iban' && index < 2
}

/** The same for characters beyond ASCII, whose width and kind take a closer look. */
function previewOfAny(entity: string, value: string): string {
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

function hide(text: string): string {
  return text.replaceAll(letterOrDigit, hidden)
}

/** The first character, and the form of the rest. */
function headOf(text: string): string {
  const [first = ''] = text
  return first + hide(text.slice(first.length))
}
