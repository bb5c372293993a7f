import type { Client } from './clients/client.ts'
import type { Lane, Scenario } from './scenario.ts'
import { Trial } from './trial.ts'
import type { Timings } from './timings.ts'
import type { Cell } from './verdict.ts'

/** Cells of the usual lane under way at the same time: they wait much and work little. */
const atATime = 6

/** Runs every scenario with every client, each against servers of its own. */
export async function runAll(
  scenarios: readonly Scenario[],
  clients: readonly Client[],
  timings: Timings,
  onCell: (cell: Cell) => void,
): Promise<readonly Cell[]> {
  const cells: Cell[] = []
  const run = async ({ scenario, client }: Work): Promise<void> => {
    const cell = await runCell(scenario, client, timings)
    cells.push(cell)
    onCell(cell)
  }
  const all = scenarios.flatMap((scenario) => clients.map((client) => ({ scenario, client })))
  const of = (lane: Lane): readonly Work[] => all.filter(({ scenario }) => scenario.lane === lane)
  const long = Promise.all(of('long').map(run))
  await inParallel(of('usual'), atATime, run)
  await inParallel(of('alone'), 1, run)
  await long
  return cells
}

interface Work {
  readonly scenario: Scenario
  readonly client: Client
}

async function inParallel(work: readonly Work[], lanes: number, run: (work: Work) => Promise<void>): Promise<void> {
  const left = [...work]
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await run(next)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function runCell(scenario: Scenario, client: Client, timings: Timings): Promise<Cell> {
  const trials: Trial[] = []
  const beganAtMs = performance.now()
  const open = async (): Promise<Trial> => {
    const trial = await Trial.open(client, timings)
    trials.push(trial)
    return trial
  }
  try {
    const judged = await scenario.run(open)
    const views = trials.flatMap((trial) => trial.views)
    const log = structuredClone(trials.flatMap((trial) => trial.server.log))
    const tookMs = Math.round(performance.now() - beganAtMs)
    return { scenario: scenario.id, client: client.name, ...judged, views, log, tookMs }
  } finally {
    for (const trial of trials) trial.close()
  }
}
