import { SluiceError } from '@sluice/core'
import { loadPeer } from '../peer.ts'
import { AgeQueue } from './age-queue.ts'
import { checkDimensions, checkNeighbours, unitVector } from './unit-vector.ts'
import { UsearchPartition, type NewGraph } from './usearch-partition.ts'
import type { Neighbour, VectorIndex } from './vector-index.ts'

export interface UsearchIndexOptions {
  /** The most vectors it holds, of all partitions together, 1 or more. The oldest go first. @default 1_000_000 */
  readonly maxVectors?: number
  /**
   * How a graph keeps a vector: 32, 16 or 8 bits a dimension. Fewer take less memory and time, and similarities are then
   * off by up to about 0.001 (`f16`) or 0.02 (`i8`). @default 'f32'
   */
  readonly precision?: UsearchPrecision
  /** Links of a vector in the graph, 2 to 128: more find more of the true neighbours, and cost memory and time. @default 16 */
  readonly connectivity?: number
  /** Candidates looked at when a vector is added, 1 to 10,000. @default 128 */
  readonly addEffort?: number
  /** Candidates looked at by a search, 1 to 10,000: more find more of the true neighbours, and take longer. @default 64 */
  readonly searchEffort?: number
}

export type UsearchPrecision = 'f32' | 'f16' | 'i8'

export interface UsearchIndex extends VectorIndex {
  readonly name: 'usearch'
  size(partition?: string): number
}

const peer = 'usearch'

/**
 * A vector index in memory for partitions of more than 100,000 vectors: graphs (HNSW) of the package `usearch`, an optional
 * peer. A search looks at a few thousand vectors however many there are, about 0.5 ms of CPU, and now and then misses a
 * true neighbour; adding a vector costs 1 to 4 ms on the calling thread. Below that size `flatIndex` is exact and adds in
 * microseconds.
 *
 * Partitions of up to 256 vectors are scanned instead, and exact. Vectors of any length but 0 are taken and compared by
 * their cosine; they are copied. Nothing outlives the process.
 *
 * @throws {SluiceError} `config.option` at construction, and when `k` is not a whole number of at least 1. Its methods
 * reject with `config.peer` when `usearch` is not installed, with `cache.dimensions` when a vector has not the length of
 * its partition's others, and with `cache.vector` when it is all zeros or not finite.
 *
 * @see https://arxiv.org/abs/1603.09320 (Malkov and Yashunin, hierarchical navigable small worlds)
 *
 * @example
 * const index = usearchIndex({ precision: 'f16' })
 */
export function usearchIndex(options: UsearchIndexOptions = {}): UsearchIndex {
  const { maxVectors, precision, connectivity, addEffort, searchEffort } = checked(options)
  const partitions = new Map<string, UsearchPartition>()
  const ages = new AgeQueue<string>()
  let vectors = 0
  let loading: Promise<NewGraph> | undefined

  const newGraphs = (): Promise<NewGraph> =>
    (loading ??= loadPeer('usearchIndex', peer, async () => {
      const { Index, MetricKind } = await import('usearch')
      const settings = { metric: MetricKind.Cos, quantization: precision as never, multi: false }
      const graph = { ...settings, connectivity, expansion_add: addEffort, expansion_search: searchEffort }
      return (dimensions) => new Index({ ...graph, dimensions })
    }))

  const forget = (name: string, id: string): boolean => {
    const partition = partitions.get(name)
    if (!partition?.remove(id)) return false
    vectors -= 1
    if (partition.size === 0) partitions.delete(name)
    return true
  }

  return {
    name: 'usearch',

    async add(name, id, vector) {
      // Copied before anything is waited for: the caller may change its vector meanwhile.
      const unit = unitVector(vector)
      const newGraph = await newGraphs()
      const partition = partitions.get(name) ?? new UsearchPartition(unit.length, newGraph)
      checkDimensions(unit.length, partition.dimensions)
      const before = partition.size
      partition.put(id, unit)
      partitions.set(name, partition)
      vectors += partition.size - before
      ages.add(addressOf(name, id))
      while (vectors > maxVectors) forget(...placeOf(ages.shift() as string))
    },

    async search(name, vector, k): Promise<readonly Neighbour[]> {
      checkNeighbours(k, 'usearchIndex')
      const unit = unitVector(vector)
      await newGraphs()
      const partition = partitions.get(name)
      if (!partition) return []
      checkDimensions(unit.length, partition.dimensions)
      return partition.search(unit, k)
    },

    async remove(name, id) {
      await newGraphs()
      ages.delete(addressOf(name, id))
      return forget(name, id)
    },

    async clear(name) {
      await newGraphs()
      const partition = partitions.get(name)
      if (!partition) return
      for (const id of partition.ids()) ages.delete(addressOf(name, id))
      vectors -= partition.size
      partitions.delete(name)
    },

    size: (name) => (name === undefined ? vectors : (partitions.get(name)?.size ?? 0)),
  }
}

/** Partition and id as one string, and back. */
const addressOf = (partition: string, id: string): string => `${partition.length}:${partition}${id}`

function placeOf(address: string): [partition: string, id: string] {
  const start = address.indexOf(':') + 1
  const end = start + Number.parseInt(address, 10)
  return [address.slice(start, end), address.slice(end)]
}

const precisions: readonly unknown[] = ['f32', 'f16', 'i8'] satisfies UsearchPrecision[]

const bounds = {
  maxVectors: [1, Number.MAX_SAFE_INTEGER],
  connectivity: [2, 128],
  addEffort: [1, 10_000],
  searchEffort: [1, 10_000],
} as const

function checked(options: UsearchIndexOptions): Required<UsearchIndexOptions> {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  const {
    maxVectors = 1_000_000,
    precision = 'f32',
    connectivity = 16,
    addEffort = 128,
    searchEffort = 64,
    ...unknown
  } = options
  for (const name of Object.keys(unknown))
    refuse(`usearchIndex() has no option "${name}". The options are precision, ${Object.keys(bounds).join(', ')}.`)
  if (!precisions.includes(precision))
    refuse(`precision of usearchIndex() must be f32, f16 or i8, got ${JSON.stringify(precision)}.`)
  const numbers = { maxVectors, connectivity, addEffort, searchEffort }
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const value = numbers[name as keyof typeof bounds]
    if (!(Number.isSafeInteger(value) && value >= least && value <= most))
      refuse(`${name} of usearchIndex() must be a whole number from ${least} to ${most}, got ${String(value)}.`)
  }
  return { ...numbers, precision }
}
