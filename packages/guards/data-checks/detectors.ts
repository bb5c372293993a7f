/**
 * The smaller local detectors: how often they fire on ordinary texts of `guards/*.jsonl`, how much they find of what is set into
 * such texts in many ways of writing it (and of three topics of CLINC150, and of sentences in twelve languages), and how much of
 * what is changed in a text grounded() finds with the text itself for a source.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { competitors, createCanary, grounded, language, patterns, profanity, urls } from '@sluice/guards'
import { seededRandom } from '../src/testing/sample-key.ts'
import {
  canaryShares,
  competitorNames,
  competitorShares,
  languageShares,
  patternShares,
  profanityShares,
  topicShares,
  urlShares,
  verdictOn,
  type Share,
} from './detectors/recall.ts'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'guards')
const random = seededRandom(6)

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

interface Row {
  readonly text: string
  readonly source: string
  readonly label?: number
}
const read = (name: string): Row[] =>
  readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
const harmless = [...read('injection'), ...read('moderation')].filter(({ label }) => label === 0)
const facts = [...read('pii'), ...read('pii_negatives')]

for (const [detector, most] of [
  [profanity({ mode: 'warn' }), 0.02],
  [language({ allow: ['en'] }), 0.02],
  [urls({}), 0.005],
] as const) {
  const bySource = Object.entries(Object.groupBy(harmless, ({ source }) => source)).map(([source, rows = []]) => {
    const hits = rows.filter(({ text }) => verdictOn(detector, text).action !== 'allow').length
    return { source, hits, all: rows.length }
  })
  const hits = bySource.reduce((sum, each) => sum + each.hits, 0)
  const where = bySource.filter((each) => each.hits > 0).map((each) => `${each.source} ${each.hits} of ${each.all}`)
  check(
    `${detector.name} fires on ${hits} of ${harmless.length} harmless texts (${where.join(', ')})`,
    hits <= most * harmless.length,
  )
}

/** What is in the texts and is none: names, tickets and links that nobody wrote there. */
for (const [detector, most] of [
  [competitors({ names: competitorNames }), 0],
  [patterns({ patterns: { ticket: /\bOPS-\d{3,6}\b/, staff: /\bE\d{5}[A-Z]\b/ } }), 0],
  [createCanary().detector, 0],
] as const) {
  const hits = harmless.filter(({ text }) => verdictOn(detector, text).action !== 'allow').length
  check(`${detector.name} fires on ${hits} of ${harmless.length} harmless texts`, hits <= most)
}
// With a list of hosts, every other address is a finding: what counts is what is none.
const strict = urls({ allow: ['example.com'] })
const [linked, plain] = [/https?:|www\.|\/\//i, harmless.filter(({ text }) => !/https?:|www\.|\/\//i.test(text))]
const unlinked = plain.filter(({ text }) => verdictOn(strict, text).action !== 'allow').length
const withLinks = harmless.filter(({ text }) => linked.test(text))
const linkedHits = withLinks.filter(({ text }) => verdictOn(strict, text).action !== 'allow').length
check(`urls({ allow }) fires on ${unlinked} of ${plain.length} harmless texts without a link`, unlinked === 0)
console.log(`       and on ${linkedHits} of ${withLinks.length} with one, to hosts that are not on its list`)

const print = (name: string, shares: readonly Share[]): void => {
  console.log(`\n${name}`)
  for (const { what, found, all } of shares)
    console.log(
      `  ${what.padEnd(30)} ${`${found} of ${all}`.padStart(13)} ${((100 * found) / all).toFixed(1).padStart(6)} %`,
    )
}
const share = (shares: readonly Share[], ...left: readonly string[]): number => {
  const counted = shares.filter(({ what }) => !left.includes(what))
  return counted.reduce((sum, { found }) => sum + found, 0) / counted.reduce((sum, { all }) => sum + all, 0)
}
const intents = readFileSync(join(folder, '../cache/clinc150.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; intent: string })
const topicsFound = topicShares(intents)
print('topics: found of CLINC150, by lists written without it', topicsFound.recall)
print('topics: fires on other intents of CLINC150', topicsFound.false)
check('topics find three in four', share(topicsFound.recall) >= 0.75)
check('topics fire on one other in twenty at most', share(topicsFound.false) <= 0.05)

/** Every third text, to set into it what is to be found. */
const carriers = harmless.filter((_, index) => index % 3 === 0).map(({ text }) => text)
for (const [name, shares, least, ...left] of [
  ['competitors: names set into texts', competitorShares(carriers), 1, 'with a letter wrong'],
  ['profanity: swear words set into texts', profanityShares(carriers), 0.7, 'with spaces', 'starred'],
  ['language: requests in other languages', languageShares(), 0.8],
  ['urls: links set into texts', urlShares(carriers), 1, 'a host without a scheme'],
  ['patterns: numbers set into texts', patternShares(carriers), 1],
  ['canary: the word set into texts', canaryShares(carriers), 1, 'half of it', 'every other letter'],
] as const) {
  print(name, shares)
  check(`${name.split(':')[0]} finds ${(100 * share(shares, ...left)).toFixed(1)} %`, share(shares, ...left) >= least)
}

/** A number, date or name of a text, written otherwise: the text is its own source. */
let [claims, unsupported, changed, changedFound] = [0, 0, 0, 0]
for (const { text } of facts) {
  const detector = grounded({ sources: [text] })
  const self = verdictOn(detector, text)
  unsupported += self.spans.length
  const number = /\b\d{3,6}\b/.exec(text)
  if (!number) continue
  claims += 1
  const other = String(Number(number[0]) + 3 + Math.floor(random() * 900))
  if (text.includes(other)) continue
  const answer = text.slice(0, number.index) + other + text.slice(number.index + number[0].length)
  changed += 1
  const { spans } = verdictOn(detector, answer)
  if (spans.some(({ start, end }) => start < number.index + other.length && number.index < end)) changedFound += 1
}
check(
  `grounded doubts ${unsupported} pieces of ${facts.length} texts that are their own source`,
  unsupported <= facts.length * 0.02,
)
check(
  `grounded finds ${changedFound} of ${changed} changed numbers in ${claims} texts with one`,
  changedFound >= 0.9 * changed,
)

if (failed > 0) throw new Error(`${failed} checks failed`)
