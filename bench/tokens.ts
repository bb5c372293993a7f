/**
 * Counting tokens in o200k_base beside tiktoken, gpt-tokenizer, ai-tokenizer and js-tiktoken: loading, prose, code and
 * Chinese, the runs that make byte-pair encoders quadratic, texts that grow, and estimates.
 */
import { spawnSync } from 'node:child_process'
import { openaiChat } from '@sluice/core/apis'
import { countRequest, countTokens, estimateRequest, estimateTokens, tokenCounter } from '@sluice/core/tokens'
import { chatMessages } from './bodies.ts'
import { machine, measure } from './measure.ts'
import { ours, peers } from './token-peers.ts'
import { chineseTexts, codeTexts, proseTexts } from './token-texts.ts'

const target = 1.2

/** Loads each library in a process of its own, three times, and prints the least disturbed of each figure. */
function load(): void {
  console.log('\nLoading, each in a process of its own (best of three)')
  row('', 'load, ms', 'RSS, MB', 'first prose, ms')
  for (const { name } of peers) {
    const runs = Array.from({ length: 3 }, () => {
      const args = [...process.execArgv, '--expose-gc', `${import.meta.dirname}/token-load.ts`, name]
      const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      return JSON.parse(stdout) as { loadMs: number; rssMb: number; firstMs: number }
    })
    const least = (field: 'loadMs' | 'rssMb' | 'firstMs'): string => String(Math.min(...runs.map((run) => run[field])))
    row(name, least('loadMs'), least('rssMb'), least('firstMs'))
  }
  console.log('First prose: the first 100,000 characters, right after loading.')
}

/**
 * Counts several texts in turn. All libraries but tiktoken and js-tiktoken remember what they have merged, so texts that
 * come again are the best case of these, and texts that were never seen the worst.
 */
async function throughput(counters: readonly Counter[]): Promise<void> {
  const rounds = 15
  const fresh = chineseTexts(3 * (rounds + 1) + 1)
  for (const [what, texts, all] of [
    ['English prose', proseTexts(5), counters],
    ['TypeScript', codeTexts(5), counters],
    ['Chinese', fresh.slice(0, 3), counters.filter(({ skipped }) => !skipped)],
    ['Chinese never seen before', fresh, counters.filter(({ skipped }) => !skipped)],
  ] as const) {
    const runs = Math.min(texts.length, texts === fresh ? 3 : 5)
    // The last text is not among those that are measured, where none must have been seen.
    const probe = texts.at(-1) ?? ''
    for (const { name, count } of all)
      if (count(probe) !== countTokens(probe, 'gpt-5')) throw new Error(`${name} counts ${what} otherwise`)
    const cases = all.map(({ name, count }) => {
      let turn = 0
      return { name, run: async () => count(texts[turn++ % texts.length] ?? '') }
    })
    const figures = await measure(cases, { rounds, runs, warmUp: runs })
    const fastest = Math.min(...figures.filter(({ name }) => name !== ours).map(({ quietUs }) => quietUs))
    console.log(`\n100,000 characters of ${what} (all count the same)`)
    row('', 'quiet, ms', 'median, ms', 'beside the fastest peer')
    for (const { name, quietUs, medianUs } of figures) {
      const ratio = quietUs / fastest
      const verdict = name === ours ? `target ≤ ${target} ${ratio <= target ? 'met' : 'MISSED'}, ` : ''
      row(name, (quietUs / 1_000).toFixed(1), (medianUs / 1_000).toFixed(1), `${verdict}${ratio.toFixed(2)} ×`)
    }
  }
}

const hanzi = (length: number): string =>
  Array.from({ length }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7919) % 20_000))).join('')

/** A run that no rule cuts: the others take the square of its length. */
function runs(counters: readonly Counter[]): void {
  const texts = [
    ['10,000 of one letter', 'a'.repeat(10_000)],
    ['20,000 spaces', ' '.repeat(20_000)],
    ['10,000 hanzi', hanzi(10_000)],
    ['20,000 of one symbol', '='.repeat(20_000)],
    ['50,000 of one letter', 'a'.repeat(50_000)],
    [
      '100,000 of base64',
      Buffer.from(Uint8Array.from({ length: 75_000 }, (_, at) => (at * 7919) >> 3)).toString('base64'),
    ],
  ] as const
  console.log('\nRuns, ms of CPU, once')
  const compared = counters.filter(({ skipped }) => !skipped)
  row('', ...compared.map(({ name }) => name))
  for (const [what, text] of texts) row(what, ...compared.map(({ count }) => once(() => count(text)).toFixed(0)))
  for (const { name, skipped } of counters) if (skipped) console.log(`${name} is left out: it ${skipped}.`)

  console.log('\nA megabyte of UTF-8 that no rule cuts, ours, ms of CPU, once (target: below 1,000)')
  for (const [what, text] of [
    ['one letter', 'a'.repeat(2 ** 20)],
    ['spaces', ' '.repeat(2 ** 20)],
    ['hanzi, 349,525 different', hanzi(349_525)],
    ['one hanzi', '中'.repeat(349_525)],
    ['line breaks', '\n'.repeat(2 ** 20)],
    ['symbols', '=-'.repeat(2 ** 19)],
    ['emoji', '😀'.repeat(2 ** 18)],
    ['base64', Buffer.alloc(786_432, 'sluice').toString('base64')],
  ] as const) {
    const ms = once(() => countTokens(text, 'gpt-5'))
    row(what, ms.toFixed(0), ms < 1_000 ? 'met' : 'MISSED')
  }
}

/** An answer of 2,000 deltas, counted after each. */
async function growing(counters: readonly Counter[]): Promise<void> {
  const [text = ''] = proseTexts(1)
  const deltas = Array.from({ length: 2_000 }, (_, at) => text.slice(at * 5, at * 5 + 5))
  const counter = (): number => {
    const growing = tokenCounter('gpt-5')
    let sum = 0
    for (const delta of deltas) sum += growing.append(delta).tokens
    return sum
  }
  const again = (count: (text: string) => number) => (): number => {
    let whole = ''
    let sum = 0
    for (const delta of deltas) sum += count((whole += delta))
    return sum
  }
  const cases = [
    { name: 'tokenCounter()', run: async () => counter(), per: deltas.length },
    ...counters
      .filter(({ name }) => name === ours || name === 'gpt-tokenizer')
      .map(({ name, count }) => ({
        name: `${name}, the whole again`,
        run: async () => again(count)(),
        per: deltas.length,
      })),
  ]
  const figures = await measure(cases, { rounds: 5, runs: 1, warmUp: 1 })
  console.log('\nAn answer of 10,000 characters, counted after each of 2,000 deltas')
  row('', 'µs a delta, quiet', 'median')
  for (const { name, quietUs, medianUs } of figures) row(name, quietUs.toFixed(1), medianUs.toFixed(1))
}

async function estimates(): Promise<void> {
  const request = { model: 'gpt-5-mini', messages: chatMessages(1024) }
  const [text = ''] = proseTexts(1)
  const counter = tokenCounter('gpt-5-mini')
  const cases = [
    { name: 'estimateTokens, 100,000 characters of prose', run: async () => estimateTokens(text) },
    { name: 'estimateRequest, 1 KiB', run: async () => estimateRequest(openaiChat, request) },
    { name: 'countRequest, 1 KiB', run: async () => countRequest({ api: openaiChat, request }) },
    {
      name: 'tokenCounter.countRequest, 1 KiB, again',
      run: async () => counter.countRequest({ api: openaiChat, request }),
    },
  ]
  const figures = await measure(cases, { rounds: 30, runs: 200, warmUp: 500 })
  console.log('\nEstimates and requests')
  row('', 'µs, quiet', 'median', 'target')
  for (const { name, quietUs, medianUs } of figures) {
    const verdict = name.startsWith('estimateRequest') ? `≤ 10 ${quietUs <= 10 ? 'met' : 'MISSED'}` : ''
    row(name, quietUs.toFixed(1), medianUs.toFixed(1), verdict)
  }
}

interface Counter {
  readonly name: string
  readonly count: (text: string) => number
  readonly skipped: string | undefined
}

/** Milliseconds of CPU. */
function once(run: () => unknown): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(44) + cells.map((cell) => cell.padStart(cell.length > 20 ? 30 : 21)).join(''))
}

console.log(machine())
load()
const counters: Counter[] = []
for (const peer of peers) counters.push({ name: peer.name, count: await peer.load(), skipped: peer.skipped })
await throughput(counters)
runs(counters)
await growing(counters)
await estimates()
