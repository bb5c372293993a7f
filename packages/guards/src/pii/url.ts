import { kindAt, letter } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

const longestScheme = 16
const longestUserInfo = 128
const longestUrl = 512

/** `user:password` in a URL, and only that: `https://[URL_CREDENTIALS]@db.example.com/`. */
export const urlCredentials: Recogniser = {
  reach: longestScheme + longestUserInfo + 5,
  colon(index, into) {
    const { text } = into
    if (kindAt(text, index - 1) === 0 || !text.startsWith('//', index + 1)) return
    const start = index + 3
    let end = start
    while (end - start <= longestUserInfo && isUserInfo(text, end)) end += 1
    if (end >= text.length) into.touch(start)
    const userInfo = text.slice(start, end)
    if (text[end] === '@' && userInfo.indexOf(':') >= 0 && userInfo.length > 2)
      into.add(start, end, 'url_credentials', 1, rank.enclosing)
  },
}

/**
 * Web addresses: with a scheme of letters, or `www.`, up to the first character that ends one in a text, 512 characters at
 * most.
 */
export const url: Recogniser = {
  reach: longestUrl + longestScheme + 8,
  colon(index, into) {
    const { text } = into
    let start = index
    while (start > 0 && index - start <= longestScheme && kindAt(text, start - 1) === letter) start -= 1
    if (index - start < 2 || index - start > longestScheme) return
    if (text.length - index < 4) into.touch(start)
    if (text.startsWith('//', index + 1)) addUrl(start, index + 3, into)
  },
  text(into) {
    const { text } = into
    for (let at = text.indexOf('www.'); at >= 0; at = text.indexOf('www.', at + 4))
      if (kindAt(text, at - 1) === 0 && !'/.\\'.includes(text[at - 1] ?? ' ')) addUrl(at, at + 4, into, true)
  },
}

/** Adds the address whose host begins at `from`; `dotted` asks for a full stop in that. */
function addUrl(start: number, from: number, into: Findings, dotted = false): void {
  const { text } = into
  let end = from
  while (end - start < longestUrl && isUrl(text, end)) end += 1
  if (end >= text.length) into.touch(start)
  // Punctuation after it belongs to the sentence, but not what closes a parenthesis of its own: `…/Rome_(city)`.
  const opened = text.slice(from, end).includes('(')
  while (end > from && '.,;:!?\'")]}*_'.includes(text.charAt(end - 1)) && !(opened && text[end - 1] === ')')) end -= 1
  const dot = text.indexOf('.', from)
  if (dotted && (dot <= from || dot >= end || text.slice(from, dot).includes('/'))) return
  if (end - from >= 3) into.add(start, end, 'url', 0.95, rank.enclosing)
}

function isUserInfo(text: string, index: number): boolean {
  const character = text.charAt(index)
  return isUrl(text, index) && character !== '/' && character !== '@' && character !== '?' && character !== '#'
}

function isUrl(text: string, index: number): boolean {
  if (index >= text.length) return false
  const code = text.charCodeAt(index)
  return (
    code > 0x20 && code !== 0x22 && code !== 0x3c && code !== 0x3e && code !== 0x60 && code !== 0x5c && code !== 0xa0
  )
}
