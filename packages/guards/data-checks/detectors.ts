/**
 * The smaller local detectors on `guards/*.jsonl`: how often profanity() and language() fire on ordinary texts, and how much
 * of what is changed in a text grounded() finds with the text itself for a source.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grounded, language, profanity, urls } from '@sluice/guards'
import type { Detector, Verdict } from '../src/detector.ts'
import { seededRandom } from '../src/testing/sample-key.ts'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'guards')
const random = seededRandom(6)
const verdictOn = (detector: Detector, text: string): Verdict =>
  detector.check(text, { stage: 'output', signal: undefined }) as Verdict

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
