/**
 * Personal data in text: pii() beside @openai/guardrails, openredaction, redact-pii and the patterns that everybody
 * copies, on the labelled texts of the data folder: recall and precision by entity, false hits on harmless texts, speed,
 * texts made to be slow, and what a stream holds back.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pii } from '@sluice/guards'
import { finderOf } from '../packages/guards/data-checks/pii/finder.ts'
import { type Finder, measuredTypes, precisionOf, recallOf, score } from '../packages/guards/data-checks/pii/score.ts'
import { readTexts } from '../packages/guards/data-checks/pii/texts.ts'
import { redactStream, redactWhole } from '../packages/guards/src/pii/fixtures/stream.ts'
import { ours, peers } from './guards-pii-peers.ts'
import { machine, measure } from './measure.ts'

const labelled = readTexts('pii')
const heldOut = labelled.filter(({ half }) => half === 'held-out')
const harmless = readTexts('pii_negatives').map(({ text }) => text)
const prompts = readFileSync(join(process.env['SLUICE_DATA'] ?? '../shared/data', 'guards/injection.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; label: number })
  .filter(({ label }) => label === 0)
  .map(({ text }) => text)

/** What may rightly be in a table or in code. */
const unlabelled = new Set([
  'PERSON',
  'DOMAIN_NAME',
  'EMAIL_ADDRESS',
  'DATE_TIME',
  'LOCATION',
  'ADDRESS',
  'NRP',
  'ORGANIZATION',
])

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(22) + cells.map((cell) => cell.padStart(20)).join(''))
}

type Loaded = readonly (readonly [name: string, find: Finder])[]

async function accuracy(finders: Loaded): Promise<void> {
  for (const [what, texts] of [
    ['all texts', labelled],
    ['held-out half', heldOut],
  ] as const) {
    console.log(`\nRecall / precision, ${what} (${texts.length})`)
    row('', ...finders.map(([name]) => name))
    const scores = await Promise.all(finders.map(([, find]) => score(texts, find)))
    for (const type of measuredTypes) {
      const count = texts.reduce((sum, { spans }) => sum + spans.filter((span) => span.type === type).length, 0)
      const cells = scores.map(({ byType }) => {
        if (count === 0) return '-'
        const each = byType.get(type)
        return each && each.found > 0 ? `${recallOf(each).toFixed(3)} / ${precisionOf(each).toFixed(3)}` : '0'
      })
      row(`${type} (${count})`.slice(0, 22), ...cells)
    }
  }
  const counts = await Promise.all(
    finders.map(async ([, find]) => {
      let hits = 0
      for (const text of harmless) for (const { type } of await find(text)) if (!unlabelled.has(type)) hits += 1
      return hits
    }),
  )
  console.log(`\nFalse hits in ${harmless.length} tables and code files (numbers only: no names, places, dates, links)`)
  row('', ...counts.map(String))
}

async function speed(finders: Loaded): Promise<void> {
  console.log('\nMB/s of UTF-16 text, in CPU time: short texts with data, tables and code, prompts')
  row('', ...finders.map(([name]) => name))
  for (const [what, texts] of [
    ['short texts', labelled.map(({ text }) => text)],
    ['tables and code', harmless],
    ['prompts', prompts],
  ] as const) {
    const size = texts.reduce((sum, text) => sum + text.length, 0)
    const cases = finders.map(([name, find]) => ({
      name,
      run: async () => {
        for (const text of texts) await find(text)
      },
    }))
    const figures = await measure(cases, { rounds: 5, runs: 1, warmUp: 1 })
    const cells = figures.map(({ quietUs, name }) => {
      const rate = size / quietUs
      const verdict = what === 'prompts' && name === ours ? (rate >= 10 ? ' (≥ 10 met)' : ' (≥ 10 MISSED)') : ''
      return rate.toFixed(rate < 1 ? 2 : 1) + verdict
    })
    row(what, ...cells)
  }
  const kib = prompts.join(' ').slice(0, 1024)
  const [figure] = await measure([{ name: ours, run: async () => pii1k(kib) }], { rounds: 20, runs: 200, warmUp: 500 })
  console.log(`A prompt of 1 KiB: ${figure?.quietUs.toFixed(1)} µs of CPU`)
}

const detector = pii()
const pii1k = finderOf(detector)

/** Milliseconds of CPU, once: what is quadratic shows at the first try. */
async function hostile(finders: Loaded): Promise<void> {
  const length = 32_768
  console.log(`\n${length} characters made to be slow, ms of CPU (ours: of a megabyte)`)
  row('', ...finders.map(([name]) => name))
  for (const part of ['a', 'a.', 'a@', '1 a ', '1 ', '1234 ']) {
    const cells: string[] = []
    for (const [name, find] of finders) {
      const text = part.repeat((name === ours ? 2 ** 20 : length) / part.length)
      const start = process.cpuUsage()
      await find(text)
      const { user, system } = process.cpuUsage(start)
      cells.push(((user + system) / 1_000).toFixed(0))
    }
    row(JSON.stringify(part), ...cells)
  }
}

/** Chunks of one to seven characters, drawn by a fixed sequence. */
function chunksOf(text: string): string[] {
  const chunks: string[] = []
  let state = text.length + 1
  for (let at = 0; at < text.length;) {
    state = (state * 48_271) % 2_147_483_647
    const length = 1 + (state % 7)
    chunks.push(text.slice(at, at + length))
    at += length
  }
  return chunks
}

function streams(): void {
  console.log(`\nStreams in chunks of 1 to 7 characters (declared bound: ${detector.stream?.maxMatch})`)
  row('', 'streams', 'other than whole', 'held: mean', 'p99', 'most')
  for (const [what, texts] of [
    ['short texts', labelled.map(({ text }) => text)],
    ['tables and code', harmless],
    ['prompts', prompts],
  ] as const) {
    const held: number[] = []
    let different = 0
    for (const text of texts) {
      const stream = redactStream(detector, chunksOf(text))
      held.push(...stream.held)
      if (stream.output !== redactWhole(detector, text)) different += 1
    }
    held.sort((a, b) => a - b)
    const mean = held.reduce((sum, each) => sum + each, 0) / held.length
    const quantile = (share: number): string => String(held[Math.floor((held.length - 1) * share)])
    row(
      what,
      String(texts.length),
      String(different),
      `${mean.toFixed(1)} ${mean <= 5 ? '(≤ 5 met)' : '(≤ 5 MISSED)'}`,
      quantile(0.99),
      quantile(1),
    )
  }
}

console.log(machine())
const finders: (readonly [string, Finder])[] = []
for (const { name, load } of peers) finders.push([name, await load()])
await accuracy(finders)
await speed(finders)
await hostile(finders)
streams()
