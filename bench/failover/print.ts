import { wordCount } from './answer.ts'
import type { Client } from './clients/client.ts'
import type { Scenario } from './scenario.ts'
import type { Seen } from './server/exchange.ts'
import type { View } from './trial.ts'
import type { Cell, Verdict } from './verdict.ts'

const width = 12

/** Prints who passed what, and the sums. */
export function printMatrix(scenarios: readonly Scenario[], clients: readonly Client[], cells: readonly Cell[]): void {
  const of = (scenario: Scenario, client: Client): Cell | undefined =>
    cells.find((cell) => cell.scenario === scenario.id && cell.client === client.name)
  const line = (title: string, cellsOf: readonly string[]): void =>
    console.log(title.padEnd(42) + cellsOf.map((text) => text.padEnd(width)).join(''))
  line(
    'scenario',
    clients.map(({ name }) => name),
  )
  for (const scenario of scenarios)
    line(
      `${scenario.id} ${scenario.title}`,
      clients.map((client) => of(scenario, client)?.verdict ?? '?'),
    )
  for (const [kind, name] of [
    ['S', 'benchmark'],
    ['E', 'extras'],
  ] as const) {
    const some = scenarios.filter(({ id }) => id.startsWith(kind))
    if (some.length === 0) continue
    const count = (client: Client, verdict: Verdict): number =>
      some.filter((scenario) => of(scenario, client)?.verdict === verdict).length
    console.log()
    for (const verdict of ['pass', 'partial', 'safe', 'fail', 'n/a'] as const)
      line(
        `${name}: ${verdict}`,
        clients.map((client) => `${count(client, verdict)} of ${some.length}`),
      )
  }
}

/** Prints why a cell has its verdict; with all the evidence, what the caller and the server saw. */
export function printCell(cell: Cell, isFull: boolean): void {
  console.log(`\n${cell.scenario} ${cell.client}: ${cell.verdict}, ${cell.reason} (${seconds(cell.tookMs)})`)
  for (const { id, status, isAdvisory, detail } of cell.findings)
    if (isFull || status === 'failed')
      console.log(`  ${status.padEnd(7)}${id}${isAdvisory ? ' (advisory)' : ''}: ${detail}`)
  if (!isFull) return
  for (const view of some(cell.views)) console.log(`  caller  ${typeof view === 'string' ? view : viewLine(view)}`)
  for (const seen of some(cell.log)) console.log(`  server  ${typeof seen === 'string' ? seen : seenLine(seen)}`)
}

/** The first and the last of a long list, with a word on what is between. */
function some<T>(all: readonly T[], ends: number = 12): readonly (T | string)[] {
  if (all.length <= 2 * ends) return all
  return [...all.slice(0, ends), `… ${all.length - 2 * ends} more …`, ...all.slice(-ends)]
}

function viewLine(view: View): string {
  const { asked, outcome, text, pieces, model, usage, toolCalls, spent, error, beganAtMs, firstTextAtMs, elapsedMs } =
    view
  const facts = [
    `${asked}: ${outcome} after ${seconds(elapsedMs)}`,
    firstTextAtMs !== undefined && `first text after ${seconds(firstTextAtMs - beganAtMs)}`,
    `${wordCount(text)} words in ${pieces} pieces`,
    model !== undefined && `model ${model}`,
    usage !== undefined && usage !== null && `usage ${JSON.stringify(usage).slice(0, 120)}`,
    toolCalls.length > 0 && `tool calls ${JSON.stringify(toolCalls)}`,
    spent && `spent ${JSON.stringify(spent)}`,
    error,
  ]
  return [facts.filter(Boolean).join('; '), ...view.report.map((each) => `            ${each}`)].join('\n')
}

function seenLine(seen: Seen): string {
  const { atMs, model, attempt, path, did, lastRole, promptWords, wordsSent, leftAtMs, doneAtMs } = seen
  const facts = [
    `${seconds(atMs)} ${model} #${attempt} ${path} (${lastRole} last, ${promptWords} words) → ${did}`,
    wordsSent > 0 && `${wordsSent} pieces sent`,
    leftAtMs !== undefined && `client left at ${seconds(leftAtMs)}`,
    doneAtMs !== undefined && `done at ${seconds(doneAtMs)}`,
  ]
  return facts.filter(Boolean).join('; ')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
