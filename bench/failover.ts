/**
 * Failover, measured: the sixteen scenarios of the public benchmark `failoverbench` (rebuilt here, see its METHODOLOGY)
 * and eleven that it does not ask, against a provider on the loopback interface that breaks on purpose. Prints who passed
 * what, and fails when ours does not pass everything.
 *
 * Arguments: `--evidence` (what caller and server saw, for each cell), `--json <file>`, `--only S01,E04`,
 * `--clients sluice,openai`, `--scale <n>` (the long faults n times shorter; 1 is the published profile).
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { ai } from './failover/clients/ai.ts'
import { langchain } from './failover/clients/langchain.ts'
import { openai } from './failover/clients/openai.ts'
import { ours, routerOptions } from './failover/clients/sluice.ts'
import { extras } from './failover/extras/index.ts'
import { printCell, printMatrix } from './failover/print.ts'
import { runAll } from './failover/run.ts'
import { scenarios } from './failover/scenarios.ts'
import { timings } from './failover/timings.ts'
import { machine } from './measure.ts'

const { values } = parseArgs({
  options: {
    evidence: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    clients: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
})
const scale = Number(values.scale)
if (!(scale >= 1)) throw new Error('--scale is a number of at least 1')

const profile = timings(scale)
const chosen = <T>(all: readonly T[], names: string | undefined, nameOf: (each: T) => string): readonly T[] => {
  const wanted = names?.split(',')
  const unknown = wanted?.find((name) => !all.some((each) => nameOf(each) === name))
  if (unknown !== undefined) throw new Error(`There is no "${unknown}" among ${all.map(nameOf).join(', ')}`)
  return wanted ? all.filter((each) => wanted.includes(nameOf(each))) : all
}
const asked = chosen([...scenarios(profile), ...extras], values.only, ({ id }) => id)
const compared = chosen([openai, ai, langchain, ours], values.clients, ({ name }) => name)

// Ends the run even when a client keeps the only thread busy.
const watchdog = new Worker(`setTimeout(() => process.kill(${process.pid}), 240_000)`, { eval: true })
watchdog.unref()

const rejections: string[] = []
process.on('unhandledRejection', (reason) => rejections.push(String(reason).slice(0, 200)))

console.log(`Failover, ${asked.length} scenarios with ${compared.length} clients. ${machine()}`)
console.log(
  scale === 1
    ? 'Timings: the published ("full") profile.'
    : `Timings: the long faults and limits of the published profile divided by ${scale}; not for publication.`,
)
console.log(
  'Every healthy model gives the same sixty words, so one that is asked again goes on word for word where another broke ' +
    'off. Models that differ do not: E08 asks for an error then. Clients are not tuned to a scenario.',
)
for (const { name, notes } of compared) console.log(`- ${name}: ${notes}`)
if (scale > 1) console.log(`- sluice here: ${JSON.stringify(routerOptions(scale))}`)

const beganAtMs = performance.now()
const cells = await runAll(asked, compared, profile, ({ scenario, client, verdict }) => {
  if (process.stderr.isTTY) process.stderr.write(`${scenario} ${client}: ${verdict}\n`)
})
console.log()
printMatrix(asked, compared, cells)
for (const { id } of asked)
  for (const { name } of compared) {
    const cell = cells.find(({ scenario, client }) => scenario === id && client === name)
    if (cell && (values.evidence || cell.verdict !== 'pass')) printCell(cell, values.evidence)
  }
const tookS = (performance.now() - beganAtMs) / 1000
console.log(
  `\n${tookS.toFixed(0)} s; ${rejections.length} unhandled rejections${rejections.map((each) => `\n  ${each}`).join('')}`,
)
if (values.json) writeFileSync(values.json, JSON.stringify({ machine: machine(), scale, tookS, cells }, undefined, 1))

const missed = cells.filter(({ client, verdict }) => client === ours.name && verdict !== 'pass')
if (missed.length > 0)
  console.log(
    `${ours.name} misses ${missed
      .map(({ scenario }) => scenario)
      .sort()
      .join(', ')}`,
  )
// Clients that were given up may still hold timers and sockets.
process.exit(missed.length > 0 ? 1 : 0)
