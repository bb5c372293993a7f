import { SluiceError } from '@sluice/core'
import { AgeQueue } from './age-queue.ts'
import { hasKernel } from './kernel/kernel.ts'
import { Partition, type Slot } from './partition.ts'
import { groupRows, paddedLength } from './rows.ts'
import { groupBytes } from './segment.ts'
import { checkDimensions, checkNeighbours, unitVector } from './unit-vector.ts'
import type { Neighbour, VectorIndex } from './vector-index.ts'

export interface FlatIndexOptions {
  /** The most vectors it holds, of all partitions together, 1 or more. The oldest go first. @default 100_000 */
  readonly maxVectors?: number
  /**
   * The most bytes of vectors, 1 or more: 5 for each dimension and 16 for each vector. Ids and unfilled memory come on
   * top; a partition has at most 16 MiB of the latter. The oldest vectors go first. @default 536_870_912 (512 MiB)
   */
  readonly maxBytes?: number
  /** `false` scans in plain JavaScript even where there is WebAssembly SIMD. The answers are the same. @default true */
  readonly kernel?: boolean
}

export interface FlatIndex extends VectorIndex {
  readonly name: 'flat'
  size(partition?: string): number
  /** Memory held for vectors just now, in bytes. */
  bytes(): number
}

/** An engine has room for some 16,000 memories, and others want some: past so many, partitions are scanned plainly. */
const maxMemories = 1_024

/**
 * A vector index in memory that looks at every vector of a partition and is therefore never wrong: what it gives are the
 * `k` nearest, by cosines in double precision. A WebAssembly SIMD kernel bounds all cosines by 8-bit codes, and only what
 * may be among the `k` by its bound is computed. Where SIMD is missing, plain JavaScript gives the same answers.
 *
 * A search takes CPU on the calling thread in proportion to the partition: about 0.3 ms for 10,000 vectors of 384
 * dimensions; 3 to 8 ms for 100,000, by how busy the machine's memory is. For larger partitions see `usearchIndex`. Adding
 * and removing do not depend on the size.
 *
 * Vectors of any length but 0 are taken and compared by their cosine; they are copied. Empty partitions cost nothing.
 * Nothing outlives the process.
 *
 * @throws {SluiceError} `config.option` at construction, and when `k` is not a whole number of at least 1.
 * `cache.dimensions` when a vector has not the length of its partition's others, `cache.vector` when it is all zeros or
 * not finite.
 *
 * @example
 * const index = flatIndex({ maxVectors: 50_000 })
 */
export function flatIndex(options: FlatIndexOptions = {}): FlatIndex {
  const { maxVectors, maxBytes, kernel } = checked(options)
  const allowance = { left: kernel && hasKernel() ? maxMemories : 0 }
  const partitions = new Map<string, Partition>()
  const ages = new AgeQueue<Slot>()
  let vectors = 0
  let bytes = 0

  const forget = ({ partition: name, id }: Slot): void => {
    const partition = partitions.get(name)
    if (!partition?.remove(id)) return
    vectors -= 1
    bytes -= vectorBytes(partition.dimensions)
    if (partition.size === 0) partitions.delete(name)
  }

  return {
    name: 'flat',

    async add(name, id, vector) {
      const unit = unitVector(vector)
      const partition = partitions.get(name) ?? new Partition(name, unit.length, allowance)
      checkDimensions(unit.length, partition.dimensions)
      const before = partition.size
      ages.add(partition.put(id, unit))
      partitions.set(name, partition)
      if (partition.size === before) return
      vectors += 1
      bytes += vectorBytes(unit.length)
      while (vectors > maxVectors || bytes > maxBytes) forget(ages.shift() as Slot)
    },

    async search(name, vector, k): Promise<readonly Neighbour[]> {
      checkNeighbours(k, 'flatIndex')
      const unit = unitVector(vector)
      const partition = partitions.get(name)
      if (!partition) return []
      checkDimensions(unit.length, partition.dimensions)
      return partition.search(unit, k)
    },

    async remove(name, id) {
      const slot = partitions.get(name)?.slot(id)
      if (!slot) return false
      ages.delete(slot)
      forget(slot)
      return true
    },

    async clear(name) {
      const partition = partitions.get(name)
      if (!partition) return
      for (const slot of partition.slots()) ages.delete(slot)
      vectors -= partition.size
      bytes -= partition.size * vectorBytes(partition.dimensions)
      partition.close()
      partitions.delete(name)
    },

    size: (name) => (name === undefined ? vectors : (partitions.get(name)?.size ?? 0)),

    bytes() {
      let sum = 0
      for (const partition of partitions.values()) sum += partition.bytes
      return sum
    },
  }
}

const vectorBytes = (dimensions: number): number => groupBytes(paddedLength(dimensions)) / groupRows

function checked(options: FlatIndexOptions): Required<FlatIndexOptions> {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  const { maxVectors = 100_000, maxBytes = 512 * 2 ** 20, kernel = true, ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(`flatIndex() has no option "${name}". The options are maxVectors, maxBytes, kernel.`)
  for (const [name, value] of Object.entries({ maxVectors, maxBytes }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      refuse(`${name} of flatIndex() must be a whole number of at least 1, got ${String(value)}.`)
  if (typeof kernel !== 'boolean') refuse(`kernel of flatIndex() must be true or false, got ${String(kernel)}.`)
  return { maxVectors, maxBytes, kernel }
}
