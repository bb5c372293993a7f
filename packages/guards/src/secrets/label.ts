/** What a name says about the value that it stands for. */
export type Label = 'key' | 'password' | 'credentials' | 'cookie' | undefined

const passwordWords = new Set(
  (
    'password passwd passphrase passcode pwd pw pass passwort kennwort contraseña senha userpassword ' +
    'dbpassword rootpassword pgpassword userpass'
  ).split(' '),
)
const secretWords = new Set(
  (
    'token secret apikey secretkey accesskey accountkey authtoken accesstoken clientsecret authkey ' +
    'privatekey sharedaccesskey credential credentials apitoken sessiontoken appsecret'
  ).split(' '),
)
/** What a "key" must be called besides for its value to be secret: a cache and a map have keys as well. */
const keyWords = new Set(
  (
    'api access secret private signing encryption master auth account shared app admin service deploy ' +
    'storage subscription hmac aes jwt session webhook application root'
  ).split(' '),
)
/** Words after which the name is still that of a secret: `API_KEY_PROD`, `password1`. */
const suffixes = new Set([
  'value',
  'prod',
  'production',
  'dev',
  'staging',
  'live',
  'test',
  'string',
  'default',
  'base',
  'is',
  'was',
])
/** Secrets that are no secrets, by the word before. */
const harmless = new Set([
  'public',
  'publishable',
  'next',
  'previous',
  'page',
  'cancellation',
  'no',
  'csrf',
  'sync',
  'continuation',
])

/** How far back a name may reach, in code units. */
export const longestName = 48
const shortestHash = 24
const words = /[A-Z]{0,1}[a-zß-ÿ]{1,40}|[A-Z]{1,40}(?![a-z])|\d{1,40}/g

/**
 * What the name that ends before `end` says: `OPENAI_API_KEY`, `"clientSecret"`, `The admin password`. A name that only
 * speaks of a secret (`tokenCount`, `secret_name`, `password policy`) says nothing. It ends with one of the known words.
 */
export function labelOf(text: string, end: number, known: ReadonlySet<string> = knownWords): Label {
  // Quotes, brackets and spaces may stand between a name and what follows it, and an escape before a quote.
  let last = end
  while (end - last < 6 && isBetween(text, last - 1)) last -= 1
  const special = specialLabel(text, last)
  if (special !== undefined) return special
  if (!mayEndLabel(text, last) || !endsInKnownWord(text, last, known)) return undefined
  if (!/[\p{L}\d]/u.test(text.charAt(last - 1))) return undefined
  const near = text.slice(Math.max(0, last - longestName), last)
  if (endsHash(text, last)) return undefined
  // An escaped end of a line is one, too.
  const unescaped = near.includes('\\') ? near.replaceAll(/\\[nrt]/g, '\n') : near
  const line = unescaped.slice(unescaped.lastIndexOf('\n') + 1)
  const name = Array.from(line.matchAll(words), ([word]) => word.toLowerCase())
  while (name.length > 1 && (suffixes.has(name.at(-1) as string) || /^\d/.test(name.at(-1) as string))) name.pop()
  const [before, previous, word] = [name.at(-3), name.at(-2), name.at(-1)]
  if (word === undefined || harmless.has(previous as string)) return undefined
  if (passwordWords.has(word)) return 'password'
  if (secretWords.has(word)) return 'key'
  return word === 'key' && keyWords.has(previous as string) && !harmless.has(before as string) ? 'key' : undefined
}

/** Whether a name is the end of base64, by chance: `…x9Pw=`. */
function endsHash(text: string, end: number): boolean {
  let start = end
  let isMixed = false
  for (; end - start < shortestHash; start -= 1) {
    const code = text.charCodeAt(start - 1)
    const isSign = (code > 0x2f && code < 0x3a) || code === 0x2b || code === 0x2f
    if (!isSign && letterOf(code) < 0) return false
    isMixed ||= isSign
  }
  return isMixed
}

/** What the names say after which values have a form of their own: `"auth"`, `_auth`, `Set-Cookie`. */
function specialLabel(text: string, end: number): Label {
  const last = text.charCodeAt(end - 1)
  if (last === 0x68 && end >= 4 && text.startsWith('auth', end - 4))
    return /[a-z]/.test(text.charAt(end - 5)) ? undefined : 'credentials'
  return last === 0x65 && end >= 6 && text.startsWith('ookie', end - 5) ? 'cookie' : undefined
}

/** The words that a label may end with, by their last letter: a bit for each letter that comes before it there. */
const endings = new Uint32Array(26)
for (const word of [...passwordWords, ...secretWords, ...suffixes, 'key']) {
  const [before, last] = [word.charCodeAt(word.length - 2) - 0x61, word.charCodeAt(word.length - 1) - 0x61]
  if (before < 26) endings[last] = (endings[last] as number) | (1 << before)
}

/** Whether the code units before `end` may end a label: two letters that end one of its words, or what is not ASCII letters. */
function mayEndLabel(text: string, end: number): boolean {
  if (end < 2) return false
  const last = text.charCodeAt(end - 1)
  const before = text.charCodeAt(end - 2)
  if (last > 0x7f || before > 0x7f || (last > 0x2f && last < 0x3a)) return true
  const [from, to] = [letterOf(before), letterOf(last)]
  return from >= 0 && to >= 0 && (((endings[to] as number) >>> from) & 1) === 1
}

/** The words that a label itself ends with. */
export const lastWords: ReadonlySet<string> = new Set([...passwordWords, ...secretWords, 'key'])
const knownWords = new Set([...lastWords, ...suffixes])
const longestKnown = Math.max(...Array.from(knownWords, ({ length }) => length))

/** Whether the letters before `end` end a label, as far as they are of one case and ASCII; all else may. */
function endsInKnownWord(text: string, end: number, known: ReadonlySet<string>): boolean {
  const last = text.charCodeAt(end - 1)
  if (letterOf(last) < 0) return true
  const inSmall = last > 0x60
  let start = end - 1
  while (end - start <= longestKnown && letterOf(text.charCodeAt(start - 1)) >= 0) {
    const isSmall = text.charCodeAt(start - 1) > 0x60
    if (!inSmall && isSmall) break
    start -= 1
    if (inSmall && !isSmall) break
  }
  const before = text.charCodeAt(start - 1)
  const word = text.slice(start, end).toLowerCase()
  return before > 0x7f || known.has(before === 0x5c ? word.replace(/^[nrt]/, '') : word)
}

/** The place of an ASCII letter of either case in the alphabet; below 0 for any other. */
function letterOf(code: number): number {
  const place = (code | 0x20) - 0x61
  return place < 26 ? place : -1
}

function isBetween(text: string, index: number): boolean {
  return index >= 0 && '"\'`])*_ \t\\'.includes(text.charAt(index))
}
