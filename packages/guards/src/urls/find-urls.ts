import { type Address, addressesIn, hostOf, knownSchemes } from './addresses.ts'
import { decoded, withoutBreaks } from './references.ts'

/** Longer addresses are cut here; their host is at their beginning. */
export const longestUrl = 2_048

/** Addresses of a text in order, and where one could begin that more text could complete or lengthen. */
export interface UrlScan {
  readonly found: readonly Address[]
  readonly openAt: number
}

export interface UrlScanOptions {
  /** Words that end before it are passed over. @default 0 */
  readonly judged?: number
  /** Whether the text may go on: then what is still open is not read yet. @default false */
  readonly mayGoOn?: boolean
}

/**
 * Finds addresses in one pass over words without spaces: with a scheme, after slashes where a link begins, or as a bare host with
 * a top-level domain of letters; also where references, escapes, tabs or line ends hide them from all but browsers. Linear: each
 * word is walked once. A word of more than {@link longestUrl} characters is read in pieces: of an address that crosses a cut,
 * the first part is found.
 */
export function findUrls(text: string, { judged = 0, mayGoOn = false }: UrlScanOptions = {}): UrlScan {
  const found: Address[] = []
  let openAt = text.length
  const take = (start: number, end: number, add: () => void): void => {
    const isOpen = end >= text.length && end - start < longestUrl
    if (isOpen) openAt = Math.min(openAt, start)
    if (end > judged && !(isOpen && mayGoOn)) add()
  }
  let index = wordStart(text, judged)
  // The quotation mark before an attribute.
  if (index > 0 && text.charCodeAt(index - 1) === 0x22) index -= 1
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (!isUrlCode(code)) {
      if (code === 0x22) attribute(text, index, found, take)
      else if (isBreak(code)) brokenScript(text, index, found, take)
      index += 1
      continue
    }
    const start = index
    let mayBeAddress = false
    for (; index < text.length && index - start < longestUrl; index += 1) {
      const unit = text.charCodeAt(index)
      if (!isUrlCode(unit)) break
      mayBeAddress ||= isTrigger(text, index, unit)
      if (unit === 0x27) attribute(text, index, found, take)
    }
    const end = index
    take(start, end, () => {
      if (mayBeAddress) found.push(...readWord(text, start, end))
    })
  }
  return { found, openAt }
}

/** Adds what is found from `start` to `end`, unless it was judged before or is not whole yet. */
type Take = (start: number, end: number, add: () => void) => void

/** The beginning of the word that `judged` is in; of one that is longer than an address, `judged` is the beginning of a piece. */
function wordStart(text: string, judged: number): number {
  let start = judged
  while (start > 0 && isUrlCode(text.charCodeAt(start - 1))) {
    start -= 1
    if (judged - start >= longestUrl) return judged
  }
  return start
}

/** The addresses of a word, as it stands there and as Markdown and HTML would read it. */
function readWord(text: string, start: number, end: number): Address[] {
  const word = text.slice(start, end)
  const before = start === 0 ? '' : text.charAt(start - 1)
  const found = addressesIn(word, before)
  const plain = decoded(word)
  const read = plain === word ? [] : addressesIn(plain, before)
  return [
    ...found.map((each) => ({ ...each, start: start + each.start, end: start + each.end })),
    // Where the characters of a reading came from is not known: it is the word that leads there.
    ...(leadsOf(read) === leadsOf(found) ? [] : read.map((each) => ({ ...each, start, end }))),
  ]
}

function leadsOf(addresses: readonly Address[]): string {
  return addresses.map(({ text }) => Object.values(hostOf(text) ?? { text }).join()).join(' ')
}

/**
 * An attribute's value that begins at a quotation mark after `=`, where it is an address with tabs or line ends in it, which
 * browsers leave out. What is in the value is read as words, too.
 */
function attribute(text: string, quoteAt: number, found: Address[], take: Take): void {
  let equals = quoteAt - 1
  while (equals >= 0 && quoteAt - equals < 8 && text.charCodeAt(equals) === 0x20) equals -= 1
  if (text.charCodeAt(equals) !== 0x3d) return
  const quote = text.charCodeAt(quoteAt)
  const start = quoteAt + 1
  let end = start
  let isBroken = false
  for (; end < text.length && end - start < longestUrl; end += 1) {
    const code = text.charCodeAt(end)
    if (isBreak(code)) isBroken = true
    else if (code === quote || !isUrlCode(code)) break
  }
  if (!isBroken) return
  const value = decoded(withoutBreaks(text.slice(start, end)))
  if (mayBeginAddress(value))
    take(start, end, () => found.push(...addressesIn(value, '"').map((each) => ({ ...each, start, end }))))
}

/** Whether an attribute's value begins like an address or may come to. */
function mayBeginAddress(value: string): boolean {
  if (/^[/\\](?:$|[/\\])/.test(value)) return true
  // The last reference may not be whole yet.
  const begun = value
    .slice(0, 32)
    .replace(/&#?\w{0,8}$/, '')
    .toLowerCase()
  return knownSchemes.some((scheme) => begun.startsWith(`${scheme}:`) || scheme.startsWith(begun))
}

const scripts = ['javascript:', 'vbscript:']
/** How many breaks within a scheme are seen. */
const mostBreaks = 16

/** `java`, a line end, `script:…`: what runs where the text is a link. `at` is the first of its breaks. */
function brokenScript(text: string, at: number, found: Address[], take: Take): void {
  let start = at
  while (start > 0 && at - start < 11 && isLetter(text.charCodeAt(start - 1))) start -= 1
  // After other characters of a word or in quotation marks, it is no link by itself.
  if (start === at || (start > 0 && (isUrlCode(text.charCodeAt(start - 1)) || text.charCodeAt(start - 1) === 0x22)))
    return
  const begun = text.slice(start, at).toLowerCase()
  if (!scripts.some((script) => script.startsWith(begun))) return
  let end = at
  let scheme = begun
  for (; end < text.length && end - at < mostBreaks + 11 && !scheme.endsWith(':'); end += 1) {
    const code = text.charCodeAt(end)
    if (isBreak(code)) continue
    scheme += text.charAt(end).toLowerCase()
    if (!scripts.some((script) => script.startsWith(scheme))) return
  }
  const bodyAt = end
  while (end < text.length && end - start < longestUrl && isUrlCode(text.charCodeAt(end))) end += 1
  take(start, end, () => {
    if (scheme.endsWith(':') && end > bodyAt)
      found.push({ start, end, kind: 'opaque', text: scheme + text.slice(bodyAt, end) })
  })
}

/** What browsers leave out of addresses. */
function isBreak(code: number): boolean {
  return code === 9 || code === 10 || code === 13
}

function isLetter(code: number): boolean {
  return (code | 32) > 0x60 && (code | 32) < 0x7b
}

/** Whether a word with this in it may hold an address: a colon, a slash, a reference, or a dot with a label after it. */
function isTrigger(text: string, index: number, code: number): boolean {
  if (code === 0x3a || code === 0x2f || code === 0x5c || code === 0x26) return true
  if (code !== 0x2e && code !== 0x3002 && code !== 0xff0e && code !== 0xff61) return false
  const next = text.charCodeAt(index + 1)
  return next > 0x7f || (next > 0x2f && next < 0x3a) || isLetter(next)
}

/** What an address of a text may hold; a backslash counts, since browsers read it as a slash. */
function isUrlCode(code: number): boolean {
  if (code < 0x80) return asciiStops[code] === 0
  if (code === 0xa0) return false
  return code < 0x2018 || !otherStops.has(code)
}

const asciiStops = Uint8Array.from({ length: 0x80 }, (_, code) =>
  code <= 0x20 || code === 0x7f || '"<>`{}|^'.includes(String.fromCharCode(code)) ? 1 : 0,
)
const otherStops: ReadonlySet<number> = new Set(
  Array.from('　，、；：！？（）「」『』【】《》“”‘’', (each) => each.charCodeAt(0)),
)
