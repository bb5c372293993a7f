/**
 * Detectors of injections beside the patterns that everybody copies and the keyword filter of `@openai/guardrails` (its
 * jailbreak and injection checks ask a model and are not run), on the held-out halves of the data: recall and false
 * positives by source, and CPU time.
 *
 *     SLUICE_DATA=../shared/data npm run bench -- guards-injection
 */
import { keywordsCheck } from '@openai/guardrails'
import { indirectInjection, promptInjection, type Verdict } from '@sluice/guards'
import {
  heldOut,
  isIndirect,
  microseconds,
  ordinaryTexts,
  percent,
  rates,
  ratesBySource,
  writtenApart,
  type Judge,
} from '../packages/guards/data-checks/injection/measure.ts'
import { machine } from './measure.ts'

/** The patterns that tutorials and gateways use. */
const copied = [
  /ignore (?:all |any )?(?:the )?(?:previous|prior|above|earlier) (?:instructions|prompts|rules)/i,
  /disregard (?:all |any )?(?:the )?(?:previous|prior|above|earlier) (?:instructions|prompts|rules)/i,
  /forget (?:everything|all|your) (?:instructions|rules|you know|above)/i,
  /you are now (?:in )?(?:dan|developer mode|jailbroken|unrestricted)/i,
  /(?:reveal|show|print|repeat) (?:me )?(?:your|the) (?:system prompt|instructions|initial prompt)/i,
  /(?:do anything now|jailbreak|developer mode enabled)/i,
]
const keywords = [
  'ignore previous instructions',
  'ignore all previous instructions',
  'system prompt',
  'jailbreak',
  'developer mode',
  'do anything now',
]

const input = { stage: 'input', signal: undefined } as const
const direct = promptInjection()
const filter: Judge = (text) => {
  const result = keywordsCheck({}, text, { keywords })
  return 'tripwireTriggered' in result && result.tripwireTriggered ? 'block' : 'none'
}

const guards: readonly (readonly [name: string, judge: Judge])[] = [
  ['promptInjection, warn tier', (text) => (direct.check(text, input) as Verdict).tier ?? 'none'],
  [
    'promptInjection, block tier',
    (text) => ((direct.check(text, input) as Verdict).tier === 'block' ? 'block' : 'none'),
  ],
  ['six copied patterns', (text) => (copied.some((pattern) => pattern.test(text)) ? 'block' : 'none')],
  ['@openai/guardrails, keywords', filter],
]

console.log(machine())
const held = heldOut()
const ordinary = ordinaryTexts()
const attacks = held.filter((row) => row.label === 1 && !isIndirect(row))
const harmless = held.filter(({ label }) => label === 0)
const apart = writtenApart()
const [apartAttacks, apartHarmless] = [
  apart.filter(({ label }) => label === 1),
  apart.filter(({ label }) => label === 0),
]
console.log(
  `\n${attacks.length} direct attacks, ${harmless.length} harmless texts made to provoke, ${ordinary.length} ordinary ones; written apart: ${apartAttacks.length} attacks, ${apartHarmless.length} harmless`,
)
const heads = ['recall', 'FPR', 'ordinary', 'apart', 'FPR']
console.log(''.padEnd(32), ...heads.map((head) => head.padStart(9)), 'µs/500'.padStart(8))
for (const [name, judge] of guards) {
  const sets = [attacks, harmless, ordinary, apartAttacks, apartHarmless].map((rows) => rates(rows, judge))
  console.log(
    name.padEnd(32),
    ...sets.map(({ n, warned }) => percent(warned, n).padStart(9)),
    microseconds(judge, [...held, ...ordinary])
      .toFixed(1)
      .padStart(8),
  )
}

console.log('\nby source: share found')
const columns = guards.map(([, judge]) => ratesBySource([...held, ...apart], judge))
for (const source of columns[0]?.keys() ?? [])
  console.log(
    source.padEnd(28),
    String(columns[0]?.get(source)?.n).padStart(4),
    ...columns.map((column) => {
      const { n, warned } = column.get(source) ?? { n: 1, warned: 0 }
      return percent(warned, n).padStart(9)
    }),
  )

const indirect = indirectInjection({ sources: 'all' })
const inDocument: Judge = (text) =>
  (indirect.check(text, { stage: 'document', signal: undefined }) as Verdict).tier ?? 'none'
const documents = held.filter(isIndirect)
console.log('\ndocuments with a planted order, and without (BIPIA and its tables and code)')
for (const [name, judge] of [['indirectInjection', inDocument], ...guards.slice(2)] as const) {
  const found = rates(
    documents.filter(({ label }) => label === 1),
    judge,
  )
  const wrong = rates(
    [...documents.filter(({ label }) => label === 0), ...ordinary.filter(({ source }) => source === 'tables and code')],
    judge,
  )
  console.log(
    name.padEnd(32),
    percent(found.warned, found.n).padStart(9),
    percent(wrong.warned, wrong.n).padStart(9),
    microseconds(judge, documents).toFixed(1).padStart(8),
  )
}
