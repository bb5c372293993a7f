import type { Detector, Span, StreamMemory, Verdict } from '../detector.ts'
import { spansVerdict } from '../evidence.ts'
import { checkNames, checkOneOf, checkTexts, findModes, type FindMode, refuse, shown } from '../option-checks.ts'
import { type Address, hostOf } from './addresses.ts'
import { findUrls, longestUrl, scanBack } from './find-urls.ts'

export interface UrlsOptions {
  /** Hosts that may be named, each with all below it: `example.com` is `docs.example.com`, too. @default any */
  readonly allow?: readonly string[]
  /** Hosts that may not, each with all below it; wins over `allow`. @default none */
  readonly deny?: readonly string[]
  /** Schemes that may be used. @default ['http', 'https', 'mailto', 'tel'] */
  readonly schemes?: readonly string[]
  /** What to do. @default 'redact' */
  readonly mode?: FindMode
}

/**
 * Detector of web addresses that a text should not have. Rules: `denied_host`, `unlisted_host` (not in `allow`), `scheme`
 * (`javascript:`, `data:` and the like), `credentials` (a name or password before the host), `ip_host`, `mixed_script`
 * (letters of several scripts in one label of a host, as in a forged name).
 *
 * Addresses are read as browsers and Markdown read them: case, full-width letters, escapes, IP addresses written as one
 * number, backslashes, missing slashes where a link begins, character references, tabs and line ends in attributes. A host
 * without a scheme (`example.com/x`) is held against `deny` only: in a text, anything with a dot looks like one. `mailto:`,
 * `tel:` and `sms:` have no host; they are held against `schemes` only. It does not follow redirects or open addresses. Runs on
 * streams as they come.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * // Nothing leaves by a link or an image that the model was talked into.
 * urls({ allow: ['example.com'] })
 */
export function urls(options: UrlsOptions = {}): Detector {
  const { allow, deny, schemes, mode } = checked(options)
  // They are held against `deny` only.
  const hosts = deny !== undefined
  const rulesFor = (url: Address): string | undefined => {
    if (url.kind === 'host')
      return deny && isListed(hostOf(`http://${url.text}`)?.host, deny) ? 'denied_host' : undefined
    const parsed = hostOf(url.text)
    if (parsed === undefined) return allow === undefined ? undefined : 'unlisted_host'
    const { scheme, host, hasCredentials } = parsed
    if (!schemes.has(scheme)) return 'scheme'
    if (url.kind === 'opaque') return undefined
    if (deny && isListed(host, deny)) return 'denied_host'
    if (hasCredentials) return 'credentials'
    if (allow && isListed(host, allow)) return undefined
    if (allow) return 'unlisted_host'
    if (/^\[|^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return 'ip_host'
    return isMixed(url.text, host) ? 'mixed_script' : undefined
  }
  return {
    name: 'urls',
    actions: [mode],
    check: (text) => verdictOn(findUrls(text, { hosts }).found),
    stream: {
      maxMatch: longestUrl + 2,
      lookBack: scanBack,
      couldGrow: (tail) => findUrls(tail, { hosts, mayGoOn: true }).openAt,
      judge(tail, _, judged, memory) {
        const { from = 0 } = memory ?? {}
        const { found, openAt, points } = findUrls(tail, { judged, mayGoOn: true, hosts, points: pointsOf(memory) })
        if (memory) memory.notes = points.map((point) => point + from)
        return { verdict: verdictOn(found), openAt }
      },
      finish: (tail, _, judged, memory) => verdictOn(findUrls(tail, { judged, hosts, points: pointsOf(memory) }).found),
    },
  }

  function verdictOn(found: readonly Address[]): Verdict {
    const spans = found.flatMap((url): Span[] => {
      const rule = rulesFor(url)
      return rule === undefined ? [] : [{ start: url.start, end: url.end, rule, replacement: '[URL]' }]
    })
    return spansVerdict(mode, spans)
  }
}

/** Where the last look found that no word was under way, in the tail of this one. */
function pointsOf({ from = 0, notes }: Partial<StreamMemory> = {}): readonly number[] {
  return (notes as readonly number[] | undefined)?.map((point) => point - from) ?? []
}

function isListed(host: string | undefined, list: ReadonlySet<string>): boolean {
  if (host === undefined) return false
  for (let at = 0; at >= 0; at = host.indexOf('.', at + 1)) if (list.has(host.slice(at === 0 ? 0 : at + 1))) return true
  return false
}

const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]

/** Whether one label of the host, as it is written, has letters of several scripts that look alike. */
function isMixed(text: string, host: string): boolean {
  if (!host.includes('xn--')) return false
  const written = text.replace(/^[a-z0-9+.-]{0,17}:?[/\\]{0,9}/i, '').split(/[/\\?#]/, 1)[0] as string
  return written.split('.').some((label) => scripts.filter((script) => script.test(label)).length > 1)
}

function checked(options: UrlsOptions): {
  readonly allow?: ReadonlySet<string>
  readonly deny?: ReadonlySet<string>
  readonly schemes: ReadonlySet<string>
  readonly mode: FindMode
} {
  const where = 'urls()'
  checkNames(where, options, ['allow', 'deny', 'schemes', 'mode'])
  const { allow, deny, schemes = ['http', 'https', 'mailto', 'tel'], mode = 'redact' } = options
  checkOneOf(where, 'mode', mode, findModes)
  checkTexts(where, 'schemes', schemes)
  const hosts = (name: string, list: readonly string[]): ReadonlySet<string> => {
    checkTexts(where, name, list)
    return new Set(
      list.map((host) => {
        const parsed = /[/:@\s*]/.test(host) ? undefined : hostOf(`http://${host}`)
        return parsed?.host ?? refuse(`${name} of urls() takes hosts such as "example.com", got ${shown(host)}.`)
      }),
    )
  }
  return {
    ...(allow !== undefined && { allow: hosts('allow', allow) }),
    ...(deny !== undefined && { deny: hosts('deny', deny) }),
    schemes: new Set(schemes.map((scheme) => scheme.toLowerCase().replace(/:$/, ''))),
    mode,
  }
}
