/** Words of examples, in any case. */
const placeholderWords = (
  'example sample placeholder your dummy changeme change-me change_me replace insert redacted removed ' +
  'xxxx **** .... 0000000 _here -here my-secret my_secret mysecret todo secret-key secret_key some- ' +
  'some_ test-key fake'
).split(' ')

/** Whether a value only shows where a secret would be: `YOUR_API_KEY`, `xxxx`, `${TOKEN}`, `1234567890`. */
export function isPlaceholder(value: string): boolean {
  const lower = value.toLowerCase()
  return (
    placeholderWords.some((word) => lower.includes(word)) ||
    /^(?:\$[{(A-Z_]|\{\{|<|%[A-Z_]|\[)/.test(value) ||
    longestSequence(lower) >= 9
  )
}

/** The longest run of characters that each come after the one before, or repeat it: `abcdefgh`, `12345678`, `aaaaaaaa`. */
function longestSequence(text: string): number {
  let longest = 1
  let [ascending, equal] = [1, 1]
  for (let index = 1; index < text.length; index += 1) {
    const step = text.charCodeAt(index) - text.charCodeAt(index - 1)
    // The colon comes after the nine, but no more.
    ascending = (step === 1 && text[index] !== ':') || (step === -9 && text[index] === '0') ? ascending + 1 : 1
    equal = step === 0 ? equal + 1 : 1
    longest = Math.max(longest, ascending, equal)
  }
  return longest
}

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let sum = 0
  for (const count of counts.values()) sum -= (count / text.length) * Math.log2(count / text.length)
  return sum
}

const kindOf = (character: string): number =>
  /\d/.test(character) ? 0 : /[a-z]/.test(character) ? 1 : /[A-Z]/.test(character) ? 2 : 3

/** How often the kind of character changes (digit, small, capital) from one to the next, 0..1: in names, seldom. */
function changes(text: string): number {
  const bare = text.replaceAll(/[^A-Za-z0-9]/g, '')
  let count = 0
  for (let index = 1; index < bare.length; index += 1)
    if (kindOf(bare.charAt(index)) !== kindOf(bare.charAt(index - 1))) count += 1
  return count / Math.max(1, bare.length - 1)
}

/** The least entropy of what was drawn at random, in bits a character. */
const minimum = { hex: 2.8, any: 3.2 }

/** Whether a value of 16 or more characters looks drawn at random, and not put together from words. */
export function isRandom(value: string): boolean {
  const digits = value.replaceAll(/\D/g, '').length
  if (digits === 0 || !/[A-Za-z]/.test(value)) return false
  // A name may end in a digit, too: `myClientSecretV2`.
  if (digits === 1 && value.replaceAll(/[a-z]{3,99}/g, '').length < value.length / 2) return false
  const least = /^[A-Fa-f0-9]+$/.test(value) ? minimum.hex : minimum.any
  return entropy(value) >= least && changes(value) >= 0.2
}

/** Whether a value looks like a password that somebody chose: letters with digits or signs in them, and no name. */
export function isPassword(value: string): boolean {
  const kinds = new Set(Array.from(value.replaceAll(/[-_./]/g, ''), kindOf))
  const mixed = kinds.has(0) || kinds.has(3) || kinds.size > 2
  return value.length >= 6 && mixed && (kinds.has(1) || kinds.has(2)) && new Set(value).size >= 5
}

/** Whether a value looks like a password whatever stands before it: eight characters or more, of three kinds, and no constant. */
export function isStrongPassword(value: string): boolean {
  return value.length >= 8 && /[a-z]/.test(value) && isPassword(value) && new Set(Array.from(value, kindOf)).size > 2
}
