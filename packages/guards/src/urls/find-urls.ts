/** A web address in a text, or what looks like one. */
export interface FoundUrl {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /** `scheme`: `https://…` and `//…` in a link; `host`: `example.com/path` without one; `script`: `javascript:`, `data:`. */
  readonly kind: 'host' | 'scheme' | 'script'
  readonly text: string
}

/** Longer addresses are cut here; their host is at their beginning. */
export const longestUrl = 2_048
const longestScheme = 16
const scripts = new Set(['javascript', 'data', 'vbscript'])
const mediaType = /^[a-z]{2,16}\/[a-z0-9.+-]{1,40}[;,]/i
/** Endings of files that no host of a text has. */
const fileEndings = new Set([
  'js',
  'ts',
  'py',
  'json',
  'txt',
  'yml',
  'yaml',
  'html',
  'css',
  'png',
  'jpg',
  'jpeg',
  'gif',
  'pdf',
  'csv',
  'xml',
  'toml',
])

/** What the address of a text may hold; a backslash counts, since browsers read it as a slash. */
const stops = new Set(['"', '<', '>', '`', '{', '}', '|', '^', ...'，、；：！？（）「」『』【】《》“”‘’'])

/** Addresses of a text in order, and where one could begin that more text could complete or lengthen. */
export interface UrlScan {
  readonly found: readonly FoundUrl[]
  readonly openAt: number
}

/**
 * Finds addresses in one pass over words without spaces: with a scheme, after `//` where a link begins, or as a bare host
 * with a top-level domain of letters. Linear: each word is walked once. With `judged`, words that end before it are passed over.
 */
export function findUrls(text: string, judged = 0): UrlScan {
  const found: FoundUrl[] = []
  let openAt = text.length
  let index = judged
  while (index > 0 && isUrlCharacter(text, index - 1)) index -= 1
  while (index < text.length) {
    if (!isUrlCharacter(text, index)) {
      index += 1
      continue
    }
    const start = index
    let mayBeAddress = false
    // A text without spaces is cut into pieces: where an address crosses a cut, its first part is found.
    while (index < text.length && index - start < longestUrl && isUrlCharacter(text, index)) {
      mayBeAddress ||= isTrigger(text, index)
      index += 1
    }
    if (index >= text.length && index - start < longestUrl) openAt = start
    if (!mayBeAddress) continue
    for (const url of addressesIn(text.slice(start, index)))
      found.push({ ...url, start: start + url.start, end: start + url.end })
  }
  return { found, openAt }
}

/** Whether a word with this in it may hold an address: a colon, a slash, or a dot with more after it. */
function isTrigger(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  if (code > 0x7f || code === 0x3a || code === 0x2f) return true
  return code === 0x2e && text.charCodeAt(index + 1) > 0x20
}

/** The addresses in a word without spaces: `[text](https://a.example)`, `see:https://a.example,https://b.example`. */
function addressesIn(word: string): FoundUrl[] {
  const found: FoundUrl[] = []
  let from = 0
  for (let colon = word.indexOf(':'); colon >= 0; colon = word.indexOf(':', colon + 1)) {
    if (colon < from) continue
    const start = schemeStart(word, colon, from)
    const scheme = word.slice(start, colon).toLowerCase()
    const hasSlashes = /^[/\\]{2}/.test(word.slice(colon + 1, colon + 3))
    if (scheme.length < 2 || (!hasSlashes && !scripts.has(scheme))) continue
    if (scheme === 'data' && !mediaType.test(word.slice(colon + 1, colon + 64))) continue
    const end = urlEnd(word, colon + 1)
    if (end <= colon + (hasSlashes ? 3 : 1)) continue
    found.push({ start, end, kind: scripts.has(scheme) ? 'script' : 'scheme', text: word.slice(start, end) })
    from = end
  }
  if (found.length > 0) return found
  const relative = /[("'=]\/\//.exec(word)
  const start = relative ? relative.index + 1 : word.startsWith('//') ? 0 : -1
  if (start >= 0 && word.length > start + 3) {
    const end = urlEnd(word, start)
    return [{ start, end, kind: 'scheme', text: word.slice(start, end) }]
  }
  return bareHosts(word)
}

/** Hosts without a scheme among other characters: at least two labels, the last one of letters. */
function bareHosts(word: string): FoundUrl[] {
  const found: FoundUrl[] = []
  let index = 0
  while (index < word.length) {
    const start = index
    while (index < word.length && isHostCharacter(word, index)) index += 1
    const host = trimmedHost(word, start, index)
    if (host && word[host.start - 1] !== '/') {
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
  while (start < end && !isLetterOrDigit(word, start)) start += 1
  while (end > start && !isLetterOrDigit(word, end - 1)) end -= 1
  const labels = word.slice(start, end).split(dots)
  const last = labels.at(-1) ?? ''
  // A host holds no `@` and no `_`; what has one is an address or a name in code.
  const isHost =
    labels.length > 1 && labels.every((label) => /^[^@_]{1,63}$/.test(label)) && /^\p{L}{2,24}$/u.test(last)
  return isHost && !fileEndings.has(last.toLowerCase()) ? { start, end } : undefined
}

const dots = /[.。．｡]/

function isHostCharacter(word: string, index: number): boolean {
  return isLetterOrDigit(word, index) || '.-。．｡@_'.includes(word.charAt(index))
}

function isLetterOrDigit(word: string, index: number): boolean {
  return /[\p{L}\p{N}\p{Cs}]/u.test(word.charAt(index))
}

function schemeStart(word: string, colon: number, from: number): number {
  let start = colon
  while (start > from && colon - start <= longestScheme && /[a-z0-9+.-]/i.test(word.charAt(start - 1))) start -= 1
  while (start < colon && !/[a-z]/i.test(word.charAt(start))) start += 1
  return start
}

/** The end of an address that goes on at `from`: before the punctuation of the sentence and the brackets round it. */
function urlEnd(word: string, from: number): number {
  let end = from
  const comma = /,(?=[a-z][a-z0-9+.-]{1,15}:\/\/)/i.exec(word.slice(from))
  const limit = comma ? from + comma.index : word.length
  let open = 0
  while (end < limit) {
    const character = word.charAt(end)
    if (character === '(' || character === '[') open += 1
    else if (character === ')' || character === ']') {
      if (open === 0) break
      open -= 1
    } else if (character === "'") break
    end += 1
  }
  while (end > from && '.,;:!?*_~'.includes(word.charAt(end - 1))) end -= 1
  return end
}

function isUrlCharacter(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  if (code < 0x80) return asciiStops[code] === 0
  return code !== 0xa0 && code !== 0x3000 && !stops.has(text.charAt(index))
}

/** 1 for ASCII characters that no address holds: controls, the space and {@link stops}. */
const asciiStops = Uint8Array.from({ length: 0x80 }, (_, code) =>
  code <= 0x20 || code === 0x7f || stops.has(String.fromCharCode(code)) ? 1 : 0,
)
