import { createRequire } from 'node:module'
import { DatabaseSync } from 'node:sqlite'
import type { HierarchicalNSW } from 'hnswlib-node'
import { getLoadablePath } from 'sqlite-vec'
import { Index, MetricKind, ScalarKind } from 'usearch'
import { flatIndex } from '../packages/cache/src/vector/flat-index.ts'
import { usearchIndex } from '../packages/cache/src/vector/usearch-index.ts'
import type { VectorIndex } from '../packages/cache/src/vector/vector-index.ts'
import { dimensions } from './vectors-data.ts'

/** What is measured of every engine. Vectors have the numbers from 0 on. */
export interface Engine {
  add(number: number, vector: Float32Array): unknown
  /** The number of the nearest of `k`. */
  search(vector: Float32Array, k: number): number | Promise<number>
  remove(number: number): unknown
  /** Adds many at once, where the engine can and that is quicker. */
  addAll?(vectors: readonly Float32Array[]): void
}

/** The settings of all graphs: links, candidates when adding, candidates when searching. */
const [links, addEffort, searchEffort] = [16, 128, 64]

/** Engines by name. An engine that cannot be opened here is left out, and named. */
export const engines: Readonly<Record<string, (count: number) => Engine>> = {
  'flatIndex()': () => ours(flatIndex({ maxVectors: 1e7, maxBytes: 2 ** 33 })),
  'flatIndex({ kernel: false })': () => ours(flatIndex({ maxVectors: 1e7, maxBytes: 2 ** 33, kernel: false })),
  'plain JavaScript loop': plainLoop,
  'usearchIndex()': () => ours(usearchIndex()),
  'usearch f32': () => usearch(ScalarKind.F32),
  'usearch i8': () => usearch(ScalarKind.I8),
  'hnswlib-node f32': hnswlib,
  'sqlite-vec f32': sqliteVec,
}

function ours(index: VectorIndex): Engine {
  return {
    add: (number, vector) => index.add('p', String(number), vector),
    search: async (vector, k) => Number((await index.search('p', vector, k))[0]?.id),
    remove: (number) => index.remove('p', String(number)),
  }
}

/** What one would write oneself: one array of all, four sums, the best kept. Finds one, whatever `k`. */
function plainLoop(count: number): Engine {
  let all = new Float32Array(count * dimensions)
  let numbers: number[] = []
  return {
    add(number, vector) {
      if ((numbers.length + 1) * dimensions > all.length) {
        const grown = new Float32Array(all.length * 2)
        grown.set(all)
        all = grown
      }
      all.set(vector, numbers.length * dimensions)
      numbers.push(number)
    },
    search(query) {
      let best = -1
      let greatest = -Infinity
      for (let row = 0, at = 0; row < numbers.length; row += 1) {
        let [a, b, c, d] = [0, 0, 0, 0]
        for (let index = 0; index < dimensions; index += 4, at += 4) {
          a += (all[at] as number) * (query[index] as number)
          b += (all[at + 1] as number) * (query[index + 1] as number)
          c += (all[at + 2] as number) * (query[index + 2] as number)
          d += (all[at + 3] as number) * (query[index + 3] as number)
        }
        const sum = a + b + c + d
        if (sum > greatest) {
          greatest = sum
          best = row
        }
      }
      return numbers[best] as number
    },
    remove(number) {
      const row = numbers.indexOf(number)
      const last = numbers.length - 1
      all.copyWithin(row * dimensions, last * dimensions, (last + 1) * dimensions)
      numbers[row] = numbers[last] as number
      numbers = numbers.slice(0, -1)
    },
  }
}

function usearch(quantization: ScalarKind): Engine {
  const effort = { connectivity: links, expansion_add: addEffort, expansion_search: searchEffort }
  const index = new Index({ dimensions, metric: MetricKind.Cos, quantization, ...effort, multi: false })
  return {
    add: (number, vector) => index.add(BigInt(number), vector, 1),
    addAll(vectors) {
      const rows = new Float32Array(vectors.length * dimensions)
      for (const [at, vector] of vectors.entries()) rows.set(vector, at * dimensions)
      index.add(
        BigUint64Array.from(vectors, (_, at) => BigInt(at)),
        rows,
        0,
      )
    },
    search: (vector, k) => Number(index.search(vector, k, 1).keys[0]),
    remove: (number) => index.remove(BigInt(number)),
  }
}

/** Not among the prebuilt ones: throws where it was not compiled. */
function hnswlib(count: number): Engine {
  const { HierarchicalNSW: Graph } = createRequire(import.meta.url)('hnswlib-node') as {
    HierarchicalNSW: typeof HierarchicalNSW
  }
  const index = new Graph('ip', dimensions)
  index.initIndex(count + 1, links, addEffort)
  index.setEf(searchEffort)
  return {
    add: (number, vector) => index.addPoint([...vector], number),
    search: (vector, k) => index.searchKnn([...vector], k).neighbors[0] as number,
    remove: (number) => index.markDelete(number),
  }
}

/** Through SQLite's own module in Node, in memory. */
function sqliteVec(): Engine {
  const database = new DatabaseSync(':memory:', { allowExtension: true })
  database.loadExtension(getLoadablePath())
  database.exec(`CREATE VIRTUAL TABLE v USING vec0(embedding float[${dimensions}] distance_metric=cosine)`)
  const insert = database.prepare('INSERT INTO v (rowid, embedding) VALUES (?, ?)')
  const find = database.prepare('SELECT rowid FROM v WHERE embedding MATCH ? AND k = ?')
  const forget = database.prepare('DELETE FROM v WHERE rowid = ?')
  const bytes = (vector: Float32Array): Uint8Array =>
    new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
  return {
    add: (number, vector) => insert.run(BigInt(number), bytes(vector)),
    search: (vector, k) => Number(find.all(bytes(vector), BigInt(k))[0]?.['rowid']),
    remove: (number) => forget.run(BigInt(number)),
  }
}
