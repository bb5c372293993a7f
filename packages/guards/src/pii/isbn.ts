const form = /^\d{1,5}([ -])\d{1,7}\1\d{1,7}(?:\1\d)?$/

/** Whether the groups of digits that end at `end` have the form of a book's number with ten digits, and `isbn` tells it. */
export function isIsbn(text: string, start: number, end: number, isNamed: () => boolean): boolean {
  const written = text.slice(start, end)
  if (!form.test(written)) return false
  const digits = written.replaceAll(/\D/g, '')
  const groups = written.length - digits.length + 1
  const checkedByX = groups === 3 && digits.length === 9 && /^[ -]x$/i.test(text.slice(end, end + 2))
  if ((groups !== 4 || digits.length !== 10) && !checkedByX) return false
  let sum = checkedByX ? 10 : 0
  for (let index = 0; index < digits.length; index += 1) sum += (10 - index) * Number(digits[index])
  return sum % 11 === 0 || isNamed()
}
