import { inputTokens, outputTokens, type Meter } from '@sluice/core'
import { wilson, type Quantile } from '@sluice/eval'
import type { Counts, Tally } from './tally.ts'

export interface ScreenInit {
  readonly tally: Tally
  /** What answered the calls. */
  readonly endpoint: string
  /** Where the messages came from. */
  readonly traffic: string
  readonly elapsedMs: number
  readonly isInterrupted: boolean
  readonly hasPrices: boolean
  /** Makes a heading stand out, where the terminal can. */
  readonly bold: (text: string) => string
}

/** The one screen that a run ends with: at most 45 lines of 100 columns. */
export function screen(init: ScreenInit): string[] {
  const { tally, endpoint, traffic, elapsedMs, isInterrupted, bold } = init
  const { calls, wireCalls } = tally
  const made = calls.whole + calls.streamed
  return [
    bold('Sluice demo: one OpenAI client, wrapped in guards, cache and retries'),
    `  ${traffic}`,
    `  ${endpoint}`,
    `  ${isInterrupted ? 'STOPPED EARLY, ' : ''}${decimal(elapsedMs / 1000)} s`,
    '',
    bold('What the application saw'),
    row('calls', `${integer(made)}: ${integer(calls.whole)} whole, ${integer(calls.streamed)} streamed`),
    row(
      'answered',
      made === 0 ? '0' : `${integer(calls.answered)} (${shareWithInterval(calls.answered, made - calls.cancelled)})`,
    ),
    ...(calls.cancelled > 0 ? [row('cancelled', integer(calls.cancelled))] : []),
    ...listRows('errors', tally.errors, 6),
    row('on the wire', `${integer(wireCalls)} requests for ${integer(made)} calls`),
    '',
    bold('What the middleware did'),
    ...middlewareRows(tally),
    '',
    ...costRows(init),
    '',
    ...latencyRows(init),
  ]
}

function middlewareRows({ guards, cache, retry, calls }: Tally): string[] {
  const count = (name: string): number => cache.decisions.find(([action]) => action === name)?.[1] ?? 0
  const hits = cache.hitsWhole + cache.hitsStreamed
  const rate = calls.answered === 0 ? '' : ` (${percent(hits / (calls.whole + calls.streamed))} of calls)`
  return [
    row(
      'guards',
      guards.redactedCalls === 0
        ? 'found nothing to redact'
        : `redacted ${integer(guards.redactedCalls)} calls: ${inline(guards.entities)}`,
    ),
    row(
      'cache',
      `${integer(hits)} hits${rate}: ${integer(cache.hitsWhole)} whole, ${integer(cache.hitsStreamed)} streamed`,
    ),
    row(
      '',
      `${integer(count('miss'))} misses, ${integer(count('bypass'))} bypassed, ${integer(count('store'))} stored`,
    ),
    ...(cache.skipped.length > 0 ? [row('', `not kept: ${inline(cache.skipped)}`)] : []),
    row('retry', `saved ${integer(retry.saved)} of the ${integer(retry.calls)} calls that it tried again`),
    row('', `retries: ${inline(retry.reasons)}`),
    ...(retry.givenUp.length > 0 ? [row('', `given up: ${inline(retry.givenUp)}`)] : []),
  ]
}

const meterNames: readonly (readonly [meter: Meter, name: string])[] = [
  ['fresh', 'input'],
  ['cacheRead', 'input from the prompt cache'],
  ['output', 'output'],
]

function costRows({ tally, hasPrices, bold }: ScreenInit): string[] {
  const { usage, costNanoUsd, savedNanoUsd } = tally
  const heading = hasPrices
    ? 'Tokens and cost (the prices are made up: those of the fake provider)'
    : 'Tokens (this demo does not know the prices of real models)'
  const money = (nanoUsd: number): string => (hasPrices ? dollars(nanoUsd).padStart(12) : '')
  const line = (name: string, tokens: string, nanoUsd: number): string =>
    `  ${name.padEnd(30)}${tokens.padStart(10)}${money(nanoUsd)}`
  const spent = Object.values(costNanoUsd).reduce((sum, nanoUsd) => sum + nanoUsd, 0)
  const without = spent + savedNanoUsd
  return [
    bold(heading),
    ...meterNames.map(([meter, name]) => line(name, integer(usage[meter]), costNanoUsd[meter] ?? 0)),
    line('together', integer(inputTokens(usage) + outputTokens(usage)), spent),
    ...(hasPrices
      ? [
          `${line('saved by the cache', '', savedNanoUsd)}${without > 0 ? `  (${percent(savedNanoUsd / without)})` : ''}`,
        ]
      : []),
  ]
}

function latencyRows({ tally, bold }: ScreenInit): string[] {
  const columns = (label: string, n: string, cells: readonly string[]): string =>
    `${label.padEnd(34)}${n.padStart(5)}${cells.map((cell) => cell.padStart(20)).join('')}`
  return [
    bold(columns('Latency in ms, with 95 % interval', 'n', ['p50', 'p95', 'p99'])),
    ...tally.latencies.map(({ label, summary: { n, p50, p95, p99 } }) =>
      columns(`  ${label}`, integer(n), [p50, p95, p99].map(quantileCell)),
    ),
  ]
}

function quantileCell(quantile: Quantile): string {
  if ('tooFew' in quantile) return `needs n = ${quantile.needs}`
  const { value, low, high } = quantile
  return `${milliseconds(value)} (${milliseconds(low)}-${milliseconds(high)})`
}

function listRows(label: string, counts: Counts, most: number): string[] {
  if (counts.length === 0) return [row(label, 'none')]
  const shown = counts.slice(0, most).map(([name, count]) => `${integer(count)} × ${name}`.slice(0, 80))
  const rest = counts.slice(most).reduce((sum, [, count]) => sum + count, 0)
  return [...shown, ...(rest > 0 ? [`${integer(rest)} × others`] : [])].map((text, index) =>
    row(index === 0 ? label : '', text),
  )
}

function inline(counts: Counts): string {
  return counts.length === 0
    ? 'none'
    : counts
        .map(([name, count]) => `${name} ${integer(count)}`)
        .join(', ')
        .slice(0, 80)
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(14)}${text}`
}

function shareWithInterval(part: number, all: number): string {
  if (all === 0) return 'none'
  const { value, low, high } = wilson(part, all)
  return `${percent(value)}, 95 % interval ${percent(low)} to ${percent(high)}`
}

const grouping = new Intl.NumberFormat('en-US')
const integer = (value: number): string => grouping.format(Math.round(value))
const decimal = (value: number): string => value.toFixed(1)
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const dollars = (nanoUsd: number): string => `$${(nanoUsd / 1e9).toFixed(4)}`
const milliseconds = (value: number): string => {
  if (value >= 10_000) return `${decimal(value / 1000)}s`
  return value < 10 ? decimal(value) : integer(value)
}
