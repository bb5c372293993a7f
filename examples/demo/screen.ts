import { inputTokens, outputTokens } from '@sluice/core'
import type { LimitState } from '@sluice/core/budget'
import { wilson, type Quantile } from '@sluice/eval'
import type { TargetSnapshot } from '@sluice/router'
import type { CloserLook } from './closer-look.ts'
import type { Counts, Share, Tally } from './tally.ts'

export interface ScreenInit {
  readonly tally: Tally
  /** How the router's targets are at the end. */
  readonly health: Readonly<Record<string, TargetSnapshot>>
  /** How the budgets stand, those of the tenants in turn. */
  readonly budgets: readonly LimitState[]
  /** What answered the calls. */
  readonly endpoint: string
  /** Where the messages came from. */
  readonly traffic: string
  readonly elapsedMs: number
  readonly isInterrupted: boolean
  /** The day of the prices; `undefined`: there are none. */
  readonly pricesOf: string | undefined
  readonly closerLook: CloserLook | undefined
  /** What the evaluation of the run says, in lines. */
  readonly evaluation: string | undefined
  /** Makes a heading stand out, where the terminal can. */
  readonly bold: (text: string) => string
}

/** The screen that a run ends with: at most 47 lines of numbers, the closer look and the evaluation, of 100 columns each. */
export function screen(init: ScreenInit): string[] {
  const { tally, endpoint, traffic, elapsedMs, isInterrupted, bold } = init
  const { calls, wireCalls, right } = tally
  const made = calls.whole + calls.streamed
  return [
    bold(`Sluice demo: one OpenAI client, wrapped in ${namesOf(init)}`),
    `  ${traffic}`,
    `  ${endpoint}`,
    `  ${isInterrupted ? 'STOPPED EARLY, ' : ''}${decimal(elapsedMs / 1000)} s`,
    '',
    bold('What the application saw'),
    row('calls', `${integer(made)}: ${integer(calls.whole)} whole, ${integer(calls.streamed)} streamed`),
    row(
      'answered',
      made === 0
        ? '0'
        : `${integer(calls.answered)} (${shareWithInterval(calls.answered, made - calls.cancelled - calls.refused - calls.blocked)})`,
    ),
    ...(calls.cancelled > 0 ? [row('cancelled', integer(calls.cancelled))] : []),
    ...(calls.blocked > 0 ? [row('blocked', `${integer(calls.blocked)} by the guards`)] : []),
    ...(calls.refused > 0 ? [row('refused', `${integer(calls.refused)}: the budget of their tenant is used up`)] : []),
    ...listRows('errors', tally.errors, 3),
    ...(right.all > 0
      ? [row('right', `${outOf(right)} answers that the answer key has (${percent(right.part / right.all)})`)]
      : []),
    row('on the wire', `${integer(wireCalls)} requests for ${integer(made)} calls`),
    '',
    bold('What the middleware did'),
    ...budgetRows(init),
    ...guardsAndCacheRows(tally),
    ...cascadeRows(tally),
    ...routerRows(init),
    '',
    ...costRows(init),
    '',
    ...latencyRows(init),
    ...closerRows(init),
    ...evaluationRows(init),
  ]
}

function closerRows({ closerLook, bold }: ScreenInit): string[] {
  if (!closerLook) return []
  return ['', bold('A closer look: calls of one more customer'), ...closerLook.map(([label, text]) => row(label, text))]
}

function evaluationRows({ evaluation, bold }: ScreenInit): string[] {
  if (evaluation === undefined) return []
  const heading = 'This run, evaluated: its answers beside those of the strong model alone'
  return [
    '',
    bold(heading),
    ...evaluation
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ]
}

function hasCascade({ cascade }: Tally): boolean {
  return cascade.calls > 0
}

function namesOf({ tally, budgets }: ScreenInit): string {
  const names = [budgets.length > 0 && 'budget', 'guards', 'cache', hasCascade(tally) && 'cascade']
  return `${names.filter(Boolean).join(', ')} and router`
}

function budgetRows({ tally, budgets }: ScreenInit): string[] {
  const refused = new Map(tally.refused)
  const states = budgets.map(({ id, used, limit }) => {
    const calls = refused.get(id) ?? 0
    return `${id} ${dollars(used)} of ${dollars(limit)}${calls > 0 ? `, ${integer(calls)} calls refused` : ''}`
  })
  return states.length > 0 ? [row('budget', states.join('; '))] : []
}

function guardsAndCacheRows({ guards, cache, calls }: Tally): string[] {
  const count = (name: string): number => cache.decisions.find(([action]) => action === name)?.[1] ?? 0
  const hits = cache.hitsWhole + cache.hitsStreamed
  const rate = calls.answered === 0 ? '' : ` (${percent(hits / (calls.whole + calls.streamed))} of calls)`
  const skipped = cache.skipped.length > 0 ? `, not kept: ${inline(cache.skipped)}` : ''
  return [
    row(
      'guards',
      guards.redactedCalls === 0
        ? 'found nothing to redact'
        : `redacted ${integer(guards.redactedCalls)} calls: ${inline(guards.entities)}`,
    ),
    ...(guards.warned.length > 0 ? [row('', `warned of ${inline(guards.warned.slice(0, 3))}`)] : []),
    ...(guards.blocked.length > 0 ? [row('', `blocked ${inline(guards.blocked.slice(0, 3))}`)] : []),
    row(
      'cache',
      `${integer(hits)} hits${rate}: ${integer(cache.hitsWhole)} whole, ${integer(cache.hitsStreamed)} streamed`,
    ),
    row('', `${integer(cache.hitsAlike)} of them by likeness; vetoed: ${inline(cache.vetoed.slice(0, 4))}`),
    row(
      '',
      `${integer(count('miss'))} misses, ${integer(count('bypass'))} bypassed, ${integer(count('store'))} stored${skipped}`,
    ),
  ]
}

function cascadeRows(tally: Tally): string[] {
  if (!hasCascade(tally)) return []
  const { calls, accepted, acceptedRight, escalated, fellBack } = tally.cascade
  const judged = acceptedRight.all > 0 ? ` (${outOf(acceptedRight)} right by the answer key)` : ''
  return [
    row('cascade', `took the cheap answer for ${integer(accepted)} of ${integer(calls)} calls${judged}`),
    row('', `sent on: ${inline(escalated)}`),
    ...(fellBack > 0 ? [row('', `gave ${integer(fellBack)} answers that it had turned down, for want of others`)] : []),
  ]
}

function routerRows({ tally, health }: ScreenInit): string[] {
  const { first, retries, failovers, continued, givenUp } = tally.router
  const opened = Object.entries(health).filter(([, { trips }]) => trips > 0)
  const states = opened.map(([id, { trips, state }]) => `${id} opened ${integer(trips)} ×, ${state} at the end`)
  return [
    row('router', `asked first: ${inline(first)}`),
    row('', `${integer(sum(retries))} retries: ${inline(retries)}`),
    row('', `${integer(sum(failovers))} failovers: ${inline(failovers)}`),
    ...(continued.length > 0
      ? [row('', `${integer(sum(continued))} broken streams gone on with: ${inline(continued)}`)]
      : []),
    ...(states.length > 0 ? [row('', `breaker: ${states.join('; ')}`)] : []),
    ...(givenUp.length > 0 ? [row('', `given up: ${inline(givenUp)}`)] : []),
  ]
}

function costRows({ tally, pricesOf, bold }: ScreenInit): string[] {
  const { targets, costNanoUsd, cache, cascade } = tally
  const hasPrices = pricesOf !== undefined
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(22)}${cells.map((cell) => cell.padStart(10)).join('')}`
  const cellsOf = (counts: readonly number[], nanoUsd: number): string[] => [
    ...counts.map(integer),
    ...(hasPrices ? [dollars(nanoUsd)] : []),
  ]
  const counts = targets.map(({ requests, answered, rejected, failed, usage }) => {
    const tries = [requests, answered, rejected, failed]
    return [...tries, inputTokens(usage), outputTokens(usage)]
  })
  const names = ['requests', 'answered', 'rejected', 'failed', 'tokens in', 'out']
  const totals = names.map((_, column) => counts.reduce((total, cells) => total + (cells[column] ?? 0), 0))
  const saved = (nanoUsd: number): string => {
    const without = costNanoUsd + nanoUsd
    return `${dollars(nanoUsd)}${without > 0 ? ` (${percent(nanoUsd / without)})` : ''}`
  }
  return [
    bold(line(hasPrices ? `Prices of ${pricesOf}` : 'Who answered', hasPrices ? [...names, 'cost'] : names)),
    ...targets.map(({ target, costNanoUsd: cost }, at) => line(`  ${target}`, cellsOf(counts[at] ?? [], cost))),
    line('  together', cellsOf(totals, costNanoUsd)),
    ...(hasPrices
      ? [
          row(
            'saved',
            `${saved(cache.savedNanoUsd)} by the cache, ${dollars(cache.savedAlikeNanoUsd)} of it by likeness`,
          ),
        ]
      : ['  this demo does not know the prices of this endpoint']),
    ...(hasPrices && hasCascade(tally)
      ? [row('', `${saved(cascade.savedNanoUsd)} by the cascade, beside asking the strong model each time`)]
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
  const shown = counts.slice(0, most).map(([name, count]) => `${integer(count)} × ${name}`)
  const rest = sum(counts.slice(most))
  return [...shown, ...(rest > 0 ? [`${integer(rest)} × others`] : [])].map((text, index) =>
    row(index === 0 ? label : '', text),
  )
}

function sum(counts: Counts): number {
  return counts.reduce((total, [, count]) => total + count, 0)
}

function outOf({ part, all }: Share): string {
  return `${integer(part)} of ${integer(all)}`
}

function inline(counts: Counts): string {
  return counts.length === 0 ? 'none' : counts.map(([name, count]) => `${name} ${integer(count)}`).join(', ')
}

/** What fits beside a label. */
const rowWidth = 86

function row(label: string, text: string): string {
  return `  ${label.padEnd(12)}${text.length > rowWidth ? `${text.slice(0, rowWidth - 1)}…` : text}`
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
