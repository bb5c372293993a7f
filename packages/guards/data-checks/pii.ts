/**
 * pii() on labelled texts, `guards/pii.jsonl` and `guards/pii_negatives.jsonl`: recall and precision by entity and source.
 * Rules were tuned by reading the texts of even templates; the floors are the stated targets, held against each half. A
 * half has few texts of some entities, so one miss more can fail it.
 */
import { checkText, pii } from '@sluice/guards'
import { finderOf, measuredEntities } from './pii/finder.ts'
import { precisionOf, recallOf, score, type Score } from './pii/score.ts'
import { type LabelledText, readTexts } from './pii/texts.ts'

const targets: Readonly<Record<string, readonly [recall: number, precision: number]>> = {
  EMAIL_ADDRESS: [0.99, 0.99],
  PHONE_NUMBER: [0.93, 0.85],
  CREDIT_CARD: [0.99, 0.99],
  US_SSN: [0.98, 0.97],
  IBAN_CODE: [1, 1],
  IP_ADDRESS: [0.99, 0.99],
  DOMAIN_NAME: [0.99, 0.99],
}
/** 15 false hits in 316 texts. */
const falseHitsPerText = 15 / 316

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

const figures = (each: Score): string =>
  `recall ${recallOf(each).toFixed(3)}, precision ${precisionOf(each).toFixed(3)} (${each.labelled} labelled, ${each.wrong} wrong, ${each.leaked} of ${each.characters} characters left)`

const texts = readTexts('pii')
const detector = pii({ entities: measuredEntities })

for (const half of ['held-out', 'tuning'] as const) {
  const { byType } = await score(
    texts.filter((each) => each.half === half),
    finderOf(detector),
  )
  for (const [type, [recall, precision]] of Object.entries(targets)) {
    const each = byType.get(type)
    if (each) check(`${half} ${type}: ${figures(each)}`, recallOf(each) >= recall && precisionOf(each) >= precision)
  }
}

console.log('\nBy source, both halves')
for (const source of new Set(texts.map((each) => each.source))) {
  const { byType } = await score(
    texts.filter((each) => each.source === source),
    finderOf(detector),
  )
  for (const type of [...Object.keys(targets), 'US_DRIVER_LICENSE']) {
    const each = byType.get(type)
    if (each) console.log(`${source.padEnd(26)}${type.padEnd(19)}${figures(each)}`)
  }
}

const { byType: people } = await score(texts, finderOf(pii({ entities: ['name'] })))
const names = people.get('PERSON') as Score
check(`names, when asked for: ${figures(names)}`, recallOf(names) >= 0.5 && precisionOf(names) >= 0.7)

console.log('\nTexts with nothing to find')
const harmless = readTexts('pii_negatives')
const hits = (some: readonly LabelledText[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const { text } of some)
    for (const { type } of finderOf(pii())(text)) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}
for (const source of new Set(harmless.map((each) => each.source))) {
  const some = harmless.filter((each) => each.source === source)
  console.log(`${source.padEnd(26)}${some.length} texts, false hits: ${JSON.stringify(Object.fromEntries(hits(some)))}`)
}
for (const half of ['held-out', 'tuning'] as const) {
  const some = harmless.filter((each) => each.half === half)
  const all = [...hits(some).values()].reduce((sum, count) => sum + count, 0)
  check(
    `${half}: ${all} false hits in ${some.length} texts ≤ ${(some.length * falseHitsPerText).toFixed(1)}`,
    all <= some.length * falseHitsPerText,
  )
}

// Nothing of what is found is left in what is sent on.
let left = 0
for (const { text } of texts) {
  const { text: redacted, verdicts } = await checkText(text, [detector])
  for (const { spans } of verdicts)
    for (const { start, end } of spans) if (end - start > 6 && redacted.includes(text.slice(start, end))) left += 1
}
check(`values that are still there after redaction: ${left}`, left === 0)

if (failed > 0) throw new Error(`${failed} of the checks failed`)
