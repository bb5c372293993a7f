import { competitors, createCanary, language, patterns, profanity, topics, urls } from '@sluice/guards'
import type { Detector, Verdict } from '../../src/detector.ts'
import { foreign } from './languages.ts'
import { domains, lists } from './topic-lists.ts'

/** What was measured: of so many, so many were found. */
export interface Share {
  readonly what: string
  readonly found: number
  readonly all: number
}

export const verdictOn = (detector: Detector, text: string): Verdict =>
  detector.check(text, { stage: 'output', signal: undefined }) as Verdict
const finds = (detector: Detector, text: string): boolean => verdictOn(detector, text).action !== 'allow'

/** How much of the same is found in every way of writing it, each set into other texts. */
function inTexts(
  detector: Detector,
  texts: readonly string[],
  ways: Readonly<Record<string, (index: number) => string>>,
): Share[] {
  return Object.entries(ways).map(([what, write]) => {
    const set = texts.map((text, index) => {
      const cut = text.indexOf(' ', (index * 37) % Math.max(1, text.length))
      const at = cut < 0 ? text.length : cut
      return { piece: write(index), before: `${text.slice(0, at)} `, after: ` ${text.slice(at + 1)}` }
    })
    const found = set.filter(({ piece, before, after }) =>
      verdictOn(detector, before + piece + after).spans.some(
        ({ start, end }) => start < before.length + piece.length && end > before.length,
      ),
    )
    return { what, found: found.length, all: set.length }
  })
}

interface Intent {
  readonly text: string
  readonly intent: string
}

/** Topics by lists that were written without the texts: denied ones found, and others taken for them. */
export function topicShares(intents: readonly Intent[]): { readonly recall: Share[]; readonly false: Share[] } {
  const shares = Object.entries(domains).map(([topic, ids]) => {
    const detector = topics({ deny: { [topic]: lists[topic] as readonly string[] } })
    const about = intents.filter(({ intent }) => ids.has(intent))
    const others = intents.filter(({ intent }) => !ids.has(intent))
    const count = (rows: readonly Intent[]): Share => ({
      what: topic,
      found: rows.filter(({ text }) => finds(detector, text)).length,
      all: rows.length,
    })
    return [count(about), count(others)] as const
  })
  return { recall: shares.map(([recall]) => recall), false: shares.map(([, wrong]) => wrong) }
}

export const competitorNames: readonly string[] = ['Acme Cloud', 'Globexa', 'Norvik Data', 'Quillstone']

export function competitorShares(texts: readonly string[]): Share[] {
  const name = (index: number): string => competitorNames[index % competitorNames.length] as string
  const wide = (text: string): string =>
    text.replace(/[a-z]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))
  return inTexts(competitors({ names: competitorNames }), texts, {
    'as listed': name,
    'in capitals': (index) => name(index).toUpperCase(),
    'with a hyphen': (index) => name(index).replace(' ', '-'),
    'written together': (index) => name(index).replace(' ', ''),
    'with a genitive': (index) => `${name(index)}'s`,
    'in full width': (index) => wide(name(index)),
    'with a letter wrong': (index) => name(index).replace(/(.)(.)$/, '$2$1'),
  })
}

const swearing = ['fuck', 'shit', 'asshole', 'bitch', 'cunt', 'bastard', 'dickhead', 'motherfucker', 'wanker', 'slut']

/** Words of the list that it finds as they are, so that what counts is how they are written. */
export function profanityShares(texts: readonly string[]): Share[] {
  const detector = profanity({ mode: 'warn' })
  const known = swearing.filter((word) => finds(detector, word))
  const word = (index: number): string => known[index % known.length] as string
  const vowel = /[aeiou]/
  return [
    { what: 'words in common use', found: known.length, all: swearing.length },
    ...inTexts(detector, texts, {
      'as they are': word,
      'letters repeated': (index) => word(index).replace(vowel, (letter) => letter.repeat(4)),
      'in look-alikes': (index) => word(index).replace(/i/, '1').replace(/a/, '@').replace(/o/, '0').replace(/s/, '$'),
      'with an ending': (index) => `${word(index)}s`,
      starred: (index) => word(index).replace(vowel, '*'),
      'with spaces': (index) => word(index).split('').join(' '),
    }),
  ]
}

export function languageShares(): Share[] {
  const detector = language({ allow: ['en'] })
  return Object.entries(foreign).map(([what, texts]) => ({
    what,
    found: texts.filter((text) => finds(detector, text)).length,
    all: texts.length,
  }))
}

/** Links that would carry something off to a host that is not allowed. */
export function urlShares(texts: readonly string[]): Share[] {
  const host = (index: number): string => `h${index}.collect-${index % 7}.net`
  return inTexts(urls({ allow: ['example.com'] }), texts, {
    'an image': (index) => `![i](https://${host(index)}/p?q=${index})`,
    'a link': (index) => `[more](http://${host(index)}/a)`,
    'an address': (index) => `https://${host(index)}/a?q=1`,
    'an attribute': (index) => `<img src="https://${host(index)}/a.gif">`,
    'without a scheme': (index) => `![i](//${host(index)}/a)`,
    'with backslashes': (index) => `![i](/\\${host(index)}/a)`,
    'with one slash': (index) => `![i](https:/${host(index)}/a)`,
    'the allowed host before @': (index) => `https://example.com@${host(index)}/a`,
    'the allowed host as a label': (index) => `https://example.com.${host(index)}/a`,
    'with references': (index) => `[x](https&#58;&#47;/${host(index)}/a)`,
    'a line end in an attribute': (index) => `<img src="https:\n//${host(index)}/a">`,
    'an IP address as a number': (index) => `https://${3_232_235_777 + index}/a`,
    'a script': () => '[x](javascript:fetch(1))',
    'a host without a scheme': (index) => `${host(index)}/a`,
  })
}

export function patternShares(texts: readonly string[]): Share[] {
  const detector = patterns({ patterns: { ticket: /\bOPS-\d{3,6}\b/, staff: /\bE\d{5}[A-Z]\b/ }, maxMatch: 12 })
  return inTexts(detector, texts, {
    'a ticket': (index) => `OPS-${1_000 + index}`,
    'a staff number': (index) => `E${10_000 + index}K`,
  })
}

export function canaryShares(texts: readonly string[]): Share[] {
  const { token, detector } = createCanary({ token: 'qzvkwmtrxpbnhdlc' })
  const letters = token.split('')
  return inTexts(detector, texts, {
    'as it is': () => token,
    'in capitals': () => token.toUpperCase(),
    'with hyphens': () => letters.join('-'),
    'with spaces': () => letters.join(' '),
    'with invisible characters': () => letters.join('\u200b'),
    reversed: () => letters.toReversed().join(''),
    'in rot13': () => token.replace(/[a-z]/g, (each) => String.fromCharCode(((each.charCodeAt(0) - 84) % 26) + 97)),
    'in hexadecimal': () => Buffer.from(token).toString('hex'),
    'in base64': (index) => Buffer.from(`${'x'.repeat(index % 5)}${token} and more`).toString('base64'),
    'half of it': () => token.slice(0, 8),
    'every other letter': () => letters.filter((_, index) => index % 2 === 0).join(''),
  })
}
