import os from 'node:os'

/** One thing to measure: `run` does it once. */
export interface Case {
  readonly name: string
  readonly run: () => Promise<unknown>
  /** Units of work in one run, when the figure is per chunk rather than per call. @default 1 */
  readonly per?: number
}

export interface Figure {
  readonly name: string
  /** Tenth percentile over the rounds of CPU time per unit of work, user and system, in microseconds: a quiet machine. */
  readonly quietUs: number
  /** The median of the same. */
  readonly medianUs: number
}

/**
 * CPU time of each case, measured in turn within every round so that drifts of the machine meet all cases alike.
 * CPU time is steadier than wall time on a shared machine and includes the garbage collector's threads. Rounds are many
 * and short, and no collection is forced between them: both would measure cold caches instead of the work.
 */
export async function measure(
  cases: readonly Case[],
  options: { rounds: number; runs: number; warmUp: number },
): Promise<Figure[]> {
  for (const { run } of cases) for (let index = 0; index < options.warmUp; index += 1) await run()
  const samples = cases.map((): number[] => [])
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, { run, per = 1 }] of cases.entries()) {
      const start = process.cpuUsage()
      for (let count = 0; count < options.runs; count += 1) await run()
      const { user, system } = process.cpuUsage(start)
      samples[index]?.push((user + system) / options.runs / per)
    }
  }
  return cases.map(({ name }, index) => {
    const rounds = samples[index] ?? []
    return { name, quietUs: quantileOf(rounds, 0.1), medianUs: quantileOf(rounds, 0.5) }
  })
}

function quantileOf(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

/** The machine and the versions that the figures hold for. */
export function machine(): string {
  const cpu = os.cpus()[0]?.model.trim() ?? 'unknown CPU'
  return `${os.cpus().length} × ${cpu}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
}

/**
 * Prints figures with what each adds to its baseline and, where there is one, the target for that. On a machine that is
 * shared, what disturbs a round only ever adds to it, so the target is held against the tenth percentiles; the medians,
 * disturbances included, stand beside them.
 */
export function print(
  title: string,
  figures: readonly Figure[],
  rows: readonly { name: string; over: string; target?: number }[],
): void {
  const byName = new Map(figures.map((figure) => [figure.name, figure]))
  const line = (name: string, ...cells: string[]): void =>
    console.log(
      name.padEnd(56) +
        cells.map((cell, index) => (index === cells.length - 1 ? `  ${cell}` : cell.padStart(9))).join(''),
    )
  console.log(`\n${title}`)
  line('case, µs of CPU', 'quiet', 'added', 'ratio', 'median', 'added', 'target')
  for (const { name, over, target } of rows) {
    const figure = byName.get(name)
    const base = byName.get(over)
    if (!figure || !base) throw new Error(`No figure for ${figure ? over : name}`)
    const added = (figure.quietUs - base.quietUs).toFixed(1)
    const medianAdded = (figure.medianUs - base.medianUs).toFixed(1)
    const isBase = name === over
    line(
      name,
      figure.quietUs.toFixed(1),
      isBase ? '' : added,
      (figure.quietUs / base.quietUs).toFixed(2),
      figure.medianUs.toFixed(1),
      isBase ? '' : medianAdded,
      target === undefined ? '' : `≤ ${target} ${Number(added) <= target ? 'met' : 'MISSED'}`,
    )
  }
}
