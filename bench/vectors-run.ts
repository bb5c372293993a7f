/** Measures one engine at one size, in a process of its own, so that its memory is its own. Started by vectors.ts. */
import { engines } from './vectors-engines.ts'
import { nearest, vectorData, type Shape } from './vectors-data.ts'

/** What a run sends. CPU is user and system time of the whole process. */
export interface VectorFigures {
  /** CPU of a search for the one nearest, in milliseconds: tenth percentile of the rounds, and median. */
  readonly quietMs: number
  readonly medianMs: number
  /** The same for the ten nearest, quiet. */
  readonly tenMs: number
  /** Share of queries whose nearest was found, 0..1. */
  readonly recall: number
  readonly insertUs: number
  readonly deleteUs: number
  /** What holding the vectors added to the process, in MiB; the arrays that they came from are not in it. */
  readonly mebibytes: number
}

const [name = '', size = '', shape = ''] = process.argv.slice(2)
const count = Number(size)
const [queryCount, changes] = [100, 200]
const data = vectorData(shape as Shape, count, queryCount)
const truth = nearest(data)
const collect = globalThis.gc ?? (() => undefined)

async function cpuUs(times: number, run: (at: number) => unknown): Promise<number> {
  const start = process.cpuUsage()
  for (let at = 0; at < times; at += 1) await run(at)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / times
}

/** Megabytes in use, once what can be collected is. */
function mebibytes(): number {
  collect()
  return process.memoryUsage.rss() / 2 ** 20
}

const engine = engines[name]?.(count)
if (!engine) throw new Error(`No engine ${name}.`)
const before = mebibytes()
const bulk = count - changes
if (engine.addAll) engine.addAll(data.vectors.slice(0, bulk))
else for (let at = 0; at < bulk; at += 1) await engine.add(at, data.vectors[at] as Float32Array)
const insertUs = await cpuUs(changes, (at) => engine.add(bulk + at, data.vectors[bulk + at] as Float32Array))
const held = mebibytes() - before

let right = 0
for (const [at, query] of data.queries.entries()) if ((await engine.search(query, 1)) === truth[at]) right += 1

/** Short rounds, about as long as a process runs undisturbed: more or fewer searches by how long one takes. */
const samples = async (k: number, ms: number): Promise<number[]> => {
  const found: number[] = []
  const each = Math.max(1, Math.round(20_000 / count))
  const until = performance.now() + ms
  for (let at = 0; found.length < 51 || performance.now() < until; at += each) {
    const search = (offset: number): unknown =>
      engine.search(data.queries[(at + offset) % queryCount] as Float32Array, k)
    found.push((await cpuUs(each, search)) / 1_000)
  }
  return found.toSorted((a, b) => a - b)
}
const one = await samples(1, 10_000)
const ten = await samples(10, 3_000)
const deleteUs = await cpuUs(changes, (at) => engine.remove(Math.floor((at * count) / changes)))

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
const figures: VectorFigures = {
  quietMs: quantile(one, 0.1),
  medianMs: quantile(one, 0.5),
  tenMs: quantile(ten, 0.1),
  recall: right / queryCount,
  insertUs,
  deleteUs,
  mebibytes: held,
}
process.send?.(figures)
