/** A web address in a word, or what looks like one. */
export interface Address {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /**
   * `scheme`: what leads to a host (`https://…`, `http:/…`, `//…` in a link); `opaque`: what leads to none (`javascript:`,
   * `data:`, `mailto:`); `host`: `example.com/path` without a scheme.
   */
  readonly kind: 'host' | 'opaque' | 'scheme'
  readonly text: string
}

const longestScheme = 16
/** Schemes that browsers read with any number of slashes, none included. */
const web: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp'])
/** Schemes whose addresses have no host. */
const hostless: ReadonlySet<string> = new Set(['javascript', 'vbscript', 'data', 'mailto', 'tel', 'sms'])
/** The schemes that are known by name, longest text first. */
export const knownSchemes: readonly string[] = [...web, ...hostless, 'file'].toSorted((a, b) => b.length - a.length)

const dataBegins = /^(?:[a-z]{2,16}\/[a-z0-9.+*-]{1,40}[;,]|;base64,|;charset=)/i
/** Endings of files that no host of a text has. */
const fileEndings = new Set('js ts py json txt yml yaml html css png jpg jpeg gif pdf csv xml toml'.split(' '))

/** What a browser would go to. */
export function hostOf(text: string): { scheme: string; host: string; hasCredentials: boolean } | undefined {
  try {
    const { protocol, hostname, username, password } = new URL(/^[/\\]/.test(text) ? `https:${text}` : text)
    const host = hostname.replace(/\.$/, '').toLowerCase()
    return { scheme: protocol.slice(0, -1), host, hasCredentials: username !== '' || password !== '' }
  } catch {
    return undefined
  }
}

/**
 * The addresses in a word without spaces: `[text](https://a.example)`, `see:https://a.example,https://b.example`. Linear.
 *
 * @param before the character before the word: a quotation mark or `<` begins a link
 * @param hosts whether hosts without a scheme count, where there is nothing else
 */
export function addressesIn(word: string, before: string, hosts: boolean): Address[] {
  const found: Address[] = []
  let from = 0
  for (let colon = word.indexOf(':'); colon >= 0; colon = word.indexOf(':', colon + 1)) {
    if (colon < from) continue
    const start = schemeStart(word, colon, from)
    const kind = kindOf(word, start, colon, before)
    if (kind === undefined) continue
    const end = urlEnd(word, colon + 1)
    if (end <= colon + 1 || isSlashes(word, colon + 1, end)) continue
    found.push({ start, end, kind, text: word.slice(start, end) })
    from = end
  }
  if (found.length > 0) return found
  const start = relativeStart(word, before)
  if (start >= 0) {
    const end = urlEnd(word, start)
    if (!isSlashes(word, start, end)) return [{ start, end, kind: 'scheme', text: word.slice(start, end) }]
  }
  return hosts ? bareHosts(word) : []
}

/** What the scheme before a colon leads to; `undefined` where it is none. */
function kindOf(word: string, start: number, colon: number, before: string): Address['kind'] | undefined {
  if (colon - start < 2) return undefined
  const scheme = word.slice(start, colon).toLowerCase()
  const isLink = beginsLink(start === 0 ? before : word.charAt(start - 1))
  if (hostless.has(scheme)) {
    if (scheme !== 'data' || dataBegins.test(word.slice(colon + 1, colon + 64))) return 'opaque'
    return isLink && /[,;]/.test(word.charAt(colon + 1)) ? 'opaque' : undefined
  }
  const slashes = slashesAt(word, colon + 1)
  if (slashes >= 2) return 'scheme'
  if (!web.has(scheme) || !isHostCode(word.charCodeAt(colon + 1 + slashes))) return undefined
  // In prose, what follows a colon at once is hardly ever a host.
  const isLikely = isLink || slashes === 1 || hostWithDot.test(word.slice(colon + 1, colon + 256))
  return isLikely ? 'scheme' : undefined
}

const hostWithDot = /^[^/\\?#.]{1,63}[.。．｡][^/\\?#.]/

/** Whether a link can begin after a character: `](`, `src=`, `'`, `"`, `<`. */
function beginsLink(character: string): boolean {
  return character !== '' && '("\'=<'.includes(character)
}

/** Where an address without a scheme begins that browsers take for one of another host: `//`, also written with backslashes. */
function relativeStart(word: string, before: string): number {
  // After a letter of another script there is a word before it.
  const isFirst = word.startsWith('//') && !(before > '\x7f' && goesOn.test(before))
  if (slashesAt(word, 0) >= 2 && (beginsLink(before) || isFirst)) return 0
  const relative = /[("'=][/\\]{2}/.exec(word)
  return relative ? relative.index + 1 : -1
}

const goesOn = /[\p{L}\p{M}\p{N}]/u

function slashesAt(word: string, at: number): number {
  let end = at
  while (word.charAt(end) === '/' || word.charAt(end) === '\\') end += 1
  return end - at
}

function isSlashes(word: string, from: number, to: number): boolean {
  return from + slashesAt(word, from) >= to
}

/** Hosts without a scheme among other characters: at least two labels, the last one of letters. */
function bareHosts(word: string): Address[] {
  const found: Address[] = []
  let index = 0
  while (index < word.length) {
    const start = index
    while (index < word.length && isHostCode(word.charCodeAt(index))) index += 1
    const host = trimmedHost(word, start, index)
    if (host && !'/\\'.includes(word[host.start - 1] ?? ' ')) {
      const end = urlEnd(word, host.end)
      found.push({ start: host.start, end, kind: 'host', text: word.slice(host.start, end) })
      index = Math.max(index, end)
    }
    index += 1
  }
  return found
}

function trimmedHost(word: string, from: number, to: number): { start: number; end: number } | undefined {
  if (to - from < 4) return undefined
  let [start, end] = [from, to]
  while (start < end && !isLetterOrDigit(word.charCodeAt(start))) start += 1
  while (end > start && !isLetterOrDigit(word.charCodeAt(end - 1))) end -= 1
  const labels = word.slice(start, end).split(dots)
  const last = labels.at(-1) ?? ''
  // A host holds no `@` and no `_`; what has one is an address or a name in code.
  const isHost =
    labels.length > 1 && labels.every((label) => /^[^@_]{1,63}$/.test(label)) && /^\p{L}{2,24}$/u.test(last)
  return isHost && !fileEndings.has(last.toLowerCase()) ? { start, end } : undefined
}

const dots = /[.。．｡]/

const letterOrDigit = /[\p{L}\p{N}\p{Cs}]/u

function isLetterOrDigit(code: number): boolean {
  if (code < 0x80) return (code > 0x2f && code < 0x3a) || ((code | 32) > 0x60 && (code | 32) < 0x7b)
  return letterOrDigit.test(String.fromCharCode(code))
}

/** Letters, digits and `.-@_`, with the dots of other scripts. */
export function isHostCode(code: number): boolean {
  if (isLetterOrDigit(code)) return true
  return (
    code === 0x2e ||
    code === 0x2d ||
    code === 0x40 ||
    code === 0x5f ||
    code === 0x5b ||
    dots.test(String.fromCharCode(code))
  )
}

function schemeStart(word: string, colon: number, from: number): number {
  let start = colon
  while (start > from && colon - start <= longestScheme && /[a-z0-9+.-]/i.test(word.charAt(start - 1))) start -= 1
  while (start < colon && !/[a-z]/i.test(word.charAt(start))) start += 1
  return start
}

const nextAddress = /,[a-z][a-z0-9+.-]{1,15}:\/\//iy

/** The end of an address that goes on at `from`: before the punctuation of the sentence and the brackets round it. */
function urlEnd(word: string, from: number): number {
  let end = from
  let open = 0
  while (end < word.length) {
    const code = word.charCodeAt(end)
    if (code === 0x28 || code === 0x5b) open += 1
    else if (code === 0x29 || code === 0x5d) {
      if (open === 0) break
      open -= 1
    } else if (code === 0x27) break
    else if (code === 0x2c) {
      nextAddress.lastIndex = end
      if (nextAddress.test(word)) break
    }
    end += 1
  }
  while (end > from && '.,;:!?*_~'.includes(word.charAt(end - 1))) end -= 1
  return end
}
