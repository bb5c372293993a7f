import { Buffer } from 'node:buffer'
import { isName, kindAt, runEnd, value as valueKind } from './characters.ts'
import { examplePasswords } from './connection-string.ts'
import { isPassword, isPlaceholder, isRandom } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

export const longestValue = 512
const shortestKey = 16
const shortestPassword = 6
const scores = { credentials: 0.95, key: 0.85, bearer: 0.8, password: 0.75 }

/** Looks for credentials after `Bearer`, `Basic` or `token`, whose word ends at `index`. */
export function findCredentials(scheme: string, index: number, into: SecretFindings): void {
  const { text } = into
  if (text[index] !== ' ' || (kindAt(text, index + 1) & valueKind) === 0) return
  const start = index + 1
  const end = into.valueEnd(start)
  if (end - start > longestValue) return
  if (end >= text.length) into.touch(start)
  const whole = text.slice(start, end)
  const next = whole.indexOf('&')
  const value = (next < 0 ? whole : whole.slice(0, next)).replace(/[.:!?*]{1,3}$/, '')
  if (value.length < shortestKey || isPlaceholder(value) || !/^[\w\-+/=.~]{1,512}$/.test(value)) return
  if (scheme === 'basic') findEncoded(start, value, into)
  else if (isRandom(value)) into.add(start, start + value.length, 'bearer_token', scores.bearer)
}

/** Finds `name:password` in base64, which the value at `start` begins with. */
export function findEncoded(start: number, value: string, into: SecretFindings): void {
  const encoded = /^[A-Za-z0-9+/-]{8,512}={0,2}(?=[&._*]|$)/.exec(value)?.[0] ?? ''
  if (isCredentials(Buffer.from(encoded, 'base64').toString('latin1')))
    into.add(start, start + encoded.length, 'basic_auth', scores.credentials)
}

/** Whether a text is `name:password` in printable characters, and of no example. */
function isCredentials(decoded: string): boolean {
  const colon = decoded.indexOf(':')
  return (
    colon >= 0 && /^[\x20-\x7e]{3,384}$/.test(decoded) && !examplePasswords.has(decoded.slice(colon + 1).toLowerCase())
  )
}

/** Nothing that decides about a value begins further before it. */
const reach = 88
/** Names of the cookies that stand for a session. */
const sessionCookie = /(?:^|[-_.])(?:sess(?:ion)?(?:_?id)?|sid|(?:auth|access|refresh|session)_?token|jwt)$/i

/** Looks for the cookies of sessions in a header, whose colon is before `index`; for those near it. */
export function findCookie(index: number, into: SecretFindings): void {
  const { text } = into
  for (let at = index; at - index <= reach;) {
    while (at - index <= reach && /[ ;]/.test(text.charAt(at))) at += 1
    const from = at
    while (at - index <= reach && (isName(text.charCodeAt(at)) || text[at] === '.')) at += 1
    if (at === from || text[at] !== '=') return
    const end = runEnd(text, at + 1, valueKind, longestValue + 1)
    if (end - at > longestValue) return
    if (sessionCookie.test(text.slice(from, at))) addSession(at + 1, end, into)
    at = end
  }
}

function addSession(start: number, end: number, into: SecretFindings): void {
  const { text } = into
  if (end >= text.length) into.touch(start)
  const value = text.slice(start, end)
  if (value.length >= shortestKey && isRandom(value) && !isPlaceholder(value))
    into.add(start, end, 'labelled_secret', scores.key)
}

/** Looks for what ends commands and files take as a password, after the colon at `index`: `curl -u name:…`, `.pgpass`. */
export function findAfterName(index: number, into: SecretFindings): void {
  const { text } = into
  if ((kindAt(text, index + 1) & valueKind) === 0 || !isName(text.charCodeAt(index - 1))) return
  const first = text.charCodeAt(index + 1)
  if (first === 0x2f) return
  if (first === 0x2a || first === 0x35 || first === 0x36) findPgpass(index, into)
  if (followsUserOption(text, index)) addPassword(index + 1, into)
}

const pgpass = /:(?:[56]\d{3}|\*):[\w*.-]{1,36}:[\w*.@-]{1,36}:/y

/** A line of `.pgpass`: `host:port:database:user:password`, whose first colon is at `index`. */
function findPgpass(index: number, into: SecretFindings): void {
  pgpass.lastIndex = index
  if (pgpass.test(into.text)) addPassword(pgpass.lastIndex, into)
}

const longestUser = 40

/** A name, or `.`, `+` or `@`. */
function isInUser(code: number): boolean {
  return isName(code) || code === 0x2e || code === 0x2b || code === 0x40
}

/** Whether `name:` at `index` is that of an option of curl for who asks: `-u`, `--user`. */
function followsUserOption(text: string, index: number): boolean {
  let at = index
  const limit = Math.max(0, index - longestUser)
  while (at > limit && isInUser(text.charCodeAt(at - 1))) at -= 1
  let before = text.charCodeAt(at - 1)
  if (before === 0x22 || before === 0x27) before = text.charCodeAt((at -= 1) - 1)
  if (before !== 0x20 && before !== 0x3d) return false
  const last = text.charCodeAt(at - 2)
  if (last !== 0x75 && last !== 0x72) return false
  const option = text.slice(Math.max(0, index - reach), at - 1)
  return / (?:-u|--user)$/.test(option) && /\bcurl\b/.test(option)
}

const netrc = /\s{1,4}[^\s"]{1,32}\s{1,8}password\s{1,4}/y

/** Looks for the password of a line of `.netrc` after its word `login` from `start` to `end`. */
export function findNetrc(start: number, end: number, into: SecretFindings): void {
  if (!/\bmachine\s/.test(into.text.slice(Math.max(0, start - 36), start))) return
  netrc.lastIndex = end
  if (netrc.test(into.text)) addPassword(netrc.lastIndex, into)
}

const passwordOption = / -p ?["']?/y

/** Looks for what `sshpass`, which ends at `index`, is given. */
export function findSshpass(index: number, into: SecretFindings): void {
  passwordOption.lastIndex = index
  if (passwordOption.test(into.text)) addPassword(passwordOption.lastIndex, into)
}

function addPassword(start: number, into: SecretFindings): void {
  const { text } = into
  const end = into.valueEnd(start)
  if (end - start > longestValue) return
  if (end >= text.length) into.touch(start)
  const value = text.slice(start, end)
  if (value.length < shortestPassword || examplePasswords.has(value.toLowerCase())) return
  if (isPassword(value) && !isPlaceholder(value)) into.add(start, end, 'password', scores.password)
}
