import { runEnd, value } from './characters.ts'
import { isPlaceholder } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

const longestUserInfo = 256
/** From the scheme to the `@`. */
export const longestConnection: number = longestUserInfo + 24
/** Passwords of manuals. */
export const examplePasswords: ReadonlySet<string> = new Set(
  (
    'password passwd pass pwd pw secret user username postgres mysql root guest test admin token ' +
    'mypassword userpass foo bar baz key'
  ).split(' '),
)

/** The password in `postgres://app:…@db.internal/app`, of any scheme; the colon of the scheme is at `index`. */
export function findConnectionPassword(index: number, into: SecretFindings): void {
  const { text } = into
  if (!text.startsWith('//', index + 1) || !/[A-Za-z0-9]/.test(text.charAt(index - 1))) return
  const from = index + 3
  let end = from
  while (end - from <= longestUserInfo && end < text.length && isAuthority(text, end)) end += 1
  if (end - from > longestUserInfo) return
  const authority = text.slice(from, end)
  const colon = authority.indexOf(':')
  if (colon < 0) return
  const start = from + colon + 1
  if (end >= text.length) into.touch(start)
  const close = authority.lastIndexOf('@')
  const password = authority.slice(colon + 1, close)
  if (close <= colon || password.length < 3 || examplePasswords.has(password.toLowerCase())) return
  if (!isPlaceholder(password) && !/^[*x.]+$/i.test(password))
    into.add(start, from + close, 'connection_password', 0.95)
}

function isAuthority(text: string, index: number): boolean {
  const character = text[index]
  return character !== '/' && character !== '?' && character !== '#' && runEnd(text, index, value, 1) > index
}
