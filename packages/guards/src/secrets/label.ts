/** What a name says about the value that it stands for. */
export type Label = 'key' | 'password' | undefined

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
const words = /[A-Z]{0,1}[a-zß-ÿ]{1,40}|[A-Z]{1,40}(?![a-z])|\d{1,40}/g

/**
 * What the name that ends before `end` says: `OPENAI_API_KEY`, `"clientSecret"`, `The admin password`. A name that only
 * speaks of a secret (`tokenCount`, `secret_name`, `password policy`) says nothing.
 */
export function labelOf(text: string, end: number): Label {
  // Quotes, brackets and spaces may stand between a name and what follows it, and an escape before a quote.
  let last = end
  while (end - last < 6 && isBetween(text, last - 1)) last -= 1
  if (!mayEndLabel(text, last)) return undefined
  if (!/[\p{L}\d]/u.test(text.charAt(last - 1))) return undefined
  const near = text.slice(Math.max(0, last - longestName), last)
  const line = near.slice(near.lastIndexOf('\n') + 1)
  const name = Array.from(line.matchAll(words), ([word]) => word.toLowerCase())
  while (name.length > 1 && (suffixes.has(name.at(-1) as string) || /^\d/.test(name.at(-1) as string))) name.pop()
  const [before, previous, word] = [name.at(-3), name.at(-2), name.at(-1)]
  if (word === undefined || harmless.has(previous as string)) return undefined
  if (passwordWords.has(word)) return 'password'
  if (secretWords.has(word)) return 'key'
  return word === 'key' && keyWords.has(previous as string) && !harmless.has(before as string) ? 'key' : undefined
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

/** The place of an ASCII letter of either case in the alphabet; below 0 for any other. */
function letterOf(code: number): number {
  const place = (code | 0x20) - 0x61
  return place < 26 ? place : -1
}

function isBetween(text: string, index: number): boolean {
  return index >= 0 && '"\'`])* \t\\'.includes(text.charAt(index))
}
