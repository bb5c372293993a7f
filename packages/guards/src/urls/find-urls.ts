import { type Address, addressesIn, hostOf, isHostCode, knownSchemes } from './addresses.ts'
import { decoded, withoutBreaks } from './references.ts'

/** Longer addresses are cut here; their host is at their beginning. */
export const longestUrl = 2_048

/** How far before what was judged the scan of a word may have to begin, at most. */
export const scanBack: number = 2 * longestUrl

/** Addresses of a text in order, and where one could begin that more text could complete or lengthen. */
export interface UrlScan {
  readonly found: readonly Address[]
  readonly openAt: number
  /** Places where no word is under way, ascending: a later scan of the same text can begin at one. */
  readonly points: readonly number[]
}

export interface UrlScanOptions {
  /** Words that end before it are passed over. @default 0 */
  readonly judged?: number
  /** Whether the text may go on: then what is still open is not read yet. @default false */
  readonly mayGoOn?: boolean
  /** Whether hosts without a scheme count, too. @default true */
  readonly hosts?: boolean
  /** What an earlier scan told of, moved to this text. @default none */
  readonly points?: readonly number[]
}

/** How far points are apart; the last two may be nearer. */
const pointsApart = 512

/**
 * Finds addresses in one pass over words without spaces: with a scheme, after slashes where a link begins, or as a bare host with
 * a top-level domain of letters; also where references, escapes, tabs or line ends hide them from all but browsers. Linear: each
 * word is walked once. A word of more than {@link longestUrl} characters is read in pieces: of an address that crosses a cut,
 * the first part is found.
 *
 * Schemes are ASCII. What is written before one in letters of other scripts, which may do without spaces for pages, is no part of
 * its word, unless bare hosts count, which can begin with any letter.
 */
export function findUrls(text: string, options: UrlScanOptions = {}): UrlScan {
  const { judged = 0, mayGoOn = false, hosts = true } = options
  const found: Address[] = []
  let openAt = text.length
  let index = scanStart(text, judged, options.points)
  let lastPoint = index
  const points = [index]
  /** Where the word begins that is being read. */
  let start = index
  let resumeAt = text.length
  const take: Take = (from, end, add) => {
    const isOpen = end >= text.length && end - from < longestUrl
    if (isOpen) {
      openAt = Math.min(openAt, from)
      resumeAt = Math.min(resumeAt, from, start)
    }
    if (end > judged && !(isOpen && mayGoOn)) add()
  }
  while (index < text.length) {
    const code = text.charCodeAt(index)
    start = index
    if (start - lastPoint >= pointsApart) points.push((lastPoint = start))
    if (hosts ? !isUrlCode(code) : code > 0x7f || !isUrlCode(code)) {
      if (code === 0x22) attribute(text, index, found, take)
      else if (isBreak(code)) brokenScript(text, index, found, take)
      index += 1
      continue
    }
    let [mayBeAddress, hasDot, isLeading] = [false, false, false]
    for (; index < text.length && index - start < longestUrl; index += 1) {
      const unit = text.charCodeAt(index)
      if (!isUrlCode(unit)) break
      if (unit > 0x7f && !isLeading && index > start && !hasDot && !(hosts && isHostCode(unit))) {
        if (!mayBeAddress || !leading.test(text.slice(start, index))) break
        isLeading = true
      }
      mayBeAddress ||= isTrigger(unit)
      hasDot ||= hosts && isDot(text, index, unit)
      if (unit === 0x27) attribute(text, index, found, take)
    }
    const [begun, end] = [start, index]
    take(begun, end, () => {
      if (mayBeAddress || hasDot) found.push(...readWord(text, begun, end, hosts))
    })
  }
  if (resumeAt > lastPoint) points.push(resumeAt)
  return { found, openAt, points }
}

/** What can lead to an address of which the rest is written in any script. */
const leading = /[&\\]|\/\/|(?:https?|wss?|ftp|file|javascript|vbscript|data|mailto|tel|sms):/i

/** Adds what is found from `start` to `end`, unless it was judged before or is not whole yet. */
type Take = (start: number, end: number, add: () => void) => void

/** Where to begin, so that what ends after `judged` is found. */
function scanStart(text: string, judged: number, points: readonly number[] = []): number {
  const start = points.findLast((point) => point <= judged && point >= 0) ?? wordStart(text, judged)
  // The quotation mark before an attribute.
  return start > 0 && text.charCodeAt(start - 1) === 0x22 ? start - 1 : start
}

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
function readWord(text: string, start: number, end: number, hosts: boolean): Address[] {
  const word = text.slice(start, end)
  const before = start === 0 ? '' : text.charAt(start - 1)
  const found = addressesIn(word, before, hosts)
  const plain = decoded(word)
  const read = plain === word ? [] : addressesIn(plain, before, hosts)
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
    take(start, end, () => found.push(...addressesIn(value, '"', true).map((each) => ({ ...each, start, end }))))
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

/** Whether a word with this in it may hold an address: a colon, a slash, a reference. */
function isTrigger(code: number): boolean {
  return code === 0x3a || code === 0x2f || code === 0x5c || code === 0x26
}

/** Whether it is a dot with a label after it, as hosts have. */
function isDot(text: string, index: number, code: number): boolean {
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
