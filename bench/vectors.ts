/**
 * Vector indexes of this package beside usearch, hnswlib-node and sqlite-vec: CPU of a search, recall of the nearest,
 * inserts, deletes and memory, at 1,000, 10,000 and 100,000 vectors of 384 dimensions. Each engine and size runs in a
 * process of its own, one after another. `npm run bench -- vectors 1000 10000` leaves the largest size out, whose graphs
 * take minutes to build.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { machine } from './measure.ts'
import { dimensions, type Shape } from './vectors-data.ts'
import { engines } from './vectors-engines.ts'
import type { VectorFigures } from './vectors-run.ts'

/** The most CPU of one search that `flatIndex` may take, in milliseconds, by the number of vectors. */
const targets: Readonly<Record<number, number>> = { 10_000: 0.6, 100_000: 5 }

const sizes = process.argv.slice(2).map(Number).filter(Number.isInteger)

console.log(machine())
for (const count of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
  await table('clustered', count, Object.keys(engines))
  // A graph of vectors that lie evenly takes longer still to build.
  await table('even', count, count > 50_000 ? ['flatIndex()'] : ['flatIndex()', 'usearch f32'])
}

async function table(shape: Shape, count: number, names: readonly string[]): Promise<void> {
  console.log(`\n${count.toLocaleString('en')} × ${dimensions}, ${shape}`)
  row('', 'ms of CPU, quiet', 'median', 'ten nearest', 'recall@1', 'insert µs', 'delete µs', 'MiB', 'target')
  for (const name of names) {
    const figures = await figuresOf(name, count, shape)
    if (!figures) {
      row(name, 'cannot be loaded here')
      continue
    }
    const { quietMs, medianMs, tenMs, recall, insertUs, deleteUs, mebibytes } = figures
    const target = name === 'flatIndex()' && shape === 'clustered' ? targets[count] : undefined
    row(
      name,
      ...[quietMs, medianMs, tenMs, recall].map((value) => value.toPrecision(3)),
      ...[insertUs, deleteUs, mebibytes].map((value) => value.toFixed(value < 10 ? 1 : 0)),
      target === undefined ? '' : `≤ ${target} ${quietMs <= target && recall === 1 ? 'met' : 'MISSED'}`,
    )
  }
}

/** `undefined` when the engine cannot be loaded. */
async function figuresOf(name: string, count: number, shape: Shape): Promise<VectorFigures | undefined> {
  const options = {
    execArgv: [...process.execArgv, '--no-warnings'],
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'] as never,
  }
  const child = fork(new URL('vectors-run.ts', import.meta.url), [name, String(count), shape], options)
  const figures = new Promise<VectorFigures>((resolve) =>
    child.once('message', (sent) => resolve(sent as VectorFigures)),
  )
  return Promise.race([figures, once(child, 'exit').then(() => undefined)])
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(30) + cells.map((cell, at) => cell.padStart(at === 0 ? 17 : 13)).join(''))
}
