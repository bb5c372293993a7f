/**
 * Balancing, simulated in virtual time: four backends, one of which is five times slower for the middle third of the run,
 * one call in a hundred stalls for eight seconds. Calls arrive at random; every policy meets the same calls. Prints the
 * quantiles of what callers wait, over several seeds with intervals, and fails when ours does not beat round robin and
 * lowest latency, or when the hedge does not halve the 99th percentile with at most 5 % more calls. Also prints what the
 * bookkeeping costs.
 *
 * Arguments: the number of seeds, the first seed.
 */
import { healthCost } from './balance-cost.ts'
import { policies } from './balance-policies.ts'
import { simulate, type Run } from './balance-simulation.ts'
import type { World } from './balance-world.ts'
import { machine } from './measure.ts'

const seeds = Number(process.argv[2] ?? 30)
const firstSeed = Number(process.argv[3] ?? 1)
if (!(Number.isInteger(seeds) && seeds >= 2 && Number.isInteger(firstSeed)))
  throw new Error('The arguments are whole numbers: how many seeds (2 or more), the first of them')

const shares = [0.5, 0.95, 0.99]
const world: World = {
  backends: 4,
  slots: 8,
  callsPerSecond: 30,
  lengthMs: 180_000,
  medianMs: 450,
  sigma: 0.4,
  stallShare: 0.01,
  stallMs: 8_000,
  slowFactor: 5,
}
/** Shown, not judged: the targets are about the world above. */
const otherLoads = [20, 36, 42]

interface Estimate {
  readonly mean: number
  /** Half the width of its 95 % interval. */
  readonly half: number
}

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, half: 1.96 * Math.sqrt(variance / values.length) }
}

/** The runs of every policy at one load, in the order of the seeds. */
function runsAt(callsPerSecond: number): ReadonlyMap<string, readonly Run[]> {
  const seedList = Array.from({ length: seeds }, (_, index) => firstSeed + index)
  return new Map(
    policies.map((policy) => [
      policy.name,
      seedList.map((seed) => simulate({ ...world, callsPerSecond }, policy, seed, shares)),
    ]),
  )
}

/** By how many times `slower` waits longer than `faster`, seed by seed. */
function ratio(runs: ReadonlyMap<string, readonly Run[]>, slower: string, faster: string, at: number): Estimate {
  const other = runs.get(faster)!
  return estimate(runs.get(slower)!.map(({ quantiles }, index) => quantiles[at]! / other[index]!.quantiles[at]!))
}

const shown = ({ mean, half }: Estimate, digits: number): string => `${mean.toFixed(digits)} ± ${half.toFixed(digits)}`
const row = (name: string, ...cells: string[]): void =>
  console.log(name.padEnd(30) + cells.map((cell) => cell.padStart(16)).join(''))

let missed = 0
function judge(claim: string, value: string, target: string, met: boolean): void {
  if (!met) missed += 1
  row(claim, value, `${target}   `, met ? 'met' : 'MISSED')
}

console.log(`${machine()}; ${seeds} seeds from ${firstSeed}`)
console.log(
  `${world.backends} backends with ${world.slots} slots, ${world.callsPerSecond} calls/s for ${world.lengthMs / 1000} s (Poisson), ` +
    `service log-normal (median ${world.medianMs} ms, sigma ${world.sigma}),\none backend ${world.slowFactor} times slower ` +
    `for the middle third, ${world.stallShare * 100} % of calls stall for ${world.stallMs / 1000} s`,
)

console.log('\nWhat callers wait, ms: mean over the seeds ± half of its 95 % interval')
row('policy', 'p50', 'p95', 'p99', 'hedged')
const runs = runsAt(world.callsPerSecond)
for (const [name, results] of runs) {
  const hedged = estimate(results.map(({ hedgeShare }) => hedgeShare)).mean
  const waits = shares.map((_, at) => estimate(results.map(({ quantiles }) => quantiles[at]!)))
  row(name, ...waits.map((wait) => shown(wait, 0)), hedged > 0 ? `${(hedged * 100).toFixed(2)} %` : '')
}

console.log('\nHow many times longer the other waits, seed by seed; met when the whole interval is above the target')
for (const rival of ['round robin', 'lowest latency'])
  for (const [at, q] of shares.entries()) {
    const times = ratio(runs, rival, 'ours', at)
    judge(`${rival} / ours, p${q * 100}`, shown(times, 2), '> 1', times.mean - times.half > 1)
  }
const halved = ratio(runs, 'ours', 'ours + hedge', 2)
judge('ours / ours + hedge, p99', shown(halved, 2), '≥ 2', halved.mean - halved.half >= 2)
const most = Math.max(...runs.get('ours + hedge')!.map(({ hedgeShare }) => hedgeShare))
judge('hedges, most of any seed', `${(most * 100).toFixed(2)} %`, '≤ 5 %', most <= 0.05)

console.log(
  '\nThe same at other loads, not judged. At 42 calls/s the three others are over 90 % busy while one is slow',
)
row('times', 'p50', 'p95', 'p99')
for (const load of otherLoads) {
  const loaded = runsAt(load)
  for (const rival of ['round robin', 'lowest latency', 'least in flight'])
    row(`${rival} / ours, ${load}/s`, ...shares.map((_, at) => shown(ratio(loaded, rival, 'ours', at), 2)))
}

console.log('\nBookkeeping: admit, begin, first content and end of one call on each of three targets')
const { quietUs, medianUs } = await healthCost()
judge('µs of CPU, quiet (median)', `${quietUs.toFixed(2)} (${medianUs.toFixed(2)})`, '≤ 3', quietUs <= 3)
if (missed > 0) process.exitCode = 1
