import type { Index } from 'usearch'
import { Partition } from './partition.ts'
import type { Neighbour } from './vector-index.ts'

/** Up to so many vectors are scanned: that is exact, quicker than a graph, and takes no memory but theirs. */
export const scannedVectors = 256

/** Makes an empty graph for vectors of so many dimensions. */
export type NewGraph = (dimensions: number) => Index

/** The vectors of one partition under their ids: plain ones while they are few, in a graph from then on. */
export class UsearchPartition {
  readonly dimensions: number
  readonly #newGraph: NewGraph
  #few: Partition | undefined
  #graph: Index | undefined
  readonly #keyById = new Map<string, bigint>()
  readonly #idByKey = new Map<bigint, string>()
  #nextKey = 0n

  constructor(dimensions: number, newGraph: NewGraph) {
    this.dimensions = dimensions
    this.#newGraph = newGraph
    this.#few = new Partition('', dimensions, { left: 0 })
  }

  get size(): number {
    return this.#few ? this.#few.size : this.#keyById.size
  }

  ids(): Iterable<string> {
    return this.#few ? this.#few.slots().map(({ id }) => id) : this.#keyById.keys()
  }

  put(id: string, vector: Float32Array): void {
    const few = this.#few
    if (!few) return this.#putInGraph(id, vector)
    few.put(id, vector)
    if (few.size <= scannedVectors) return
    this.#graph = this.#newGraph(this.dimensions)
    this.#few = undefined
    for (const slot of few.slots()) this.#putInGraph(slot.id, few.vector(slot))
  }

  /** `true` when there was such an id. */
  remove(id: string): boolean {
    if (this.#few) return this.#few.remove(id)
    const key = this.#keyById.get(id)
    if (key === undefined) return false
    this.#graph?.remove(key)
    this.#keyById.delete(id)
    this.#idByKey.delete(key)
    return true
  }

  search(vector: Float32Array, k: number): Neighbour[] {
    if (this.#few) return this.#few.search(vector, k)
    if (!this.#graph || this.size === 0) return []
    const { keys, distances } = this.#graph.search(vector, Math.min(k, this.size), 1)
    const found = Array.from(keys, (key, at) => ({
      id: this.#idByKey.get(key),
      similarity: Math.max(-1, Math.min(1, 1 - (distances[at] as number))),
    }))
    return found.filter((each): each is Neighbour => each.id !== undefined)
  }

  #putInGraph(id: string, vector: Float32Array): void {
    this.remove(id)
    // Never one that was used before: the graph may still walk over what was removed.
    const key = this.#nextKey++
    this.#graph?.add(key, vector, 1)
    this.#keyById.set(id, key)
    this.#idByKey.set(key, id)
  }
}
