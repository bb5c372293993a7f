import { KernelRows } from './kernel-rows.ts'
import { Nearest } from './nearest.ts'
import { PlainRows } from './plain-rows.ts'
import type { Rows } from './rows.ts'
import type { Neighbour } from './vector-index.ts'

/** From so many rows on the kernel is worth a memory, and below so many no longer. Apart, so that no partition flutters. */
const kernelFrom = 128
const kernelUntil = 64

/** Where a vector is. Made once for each id, so that it may stand for it in sets. */
export interface Slot {
  readonly partition: string
  readonly id: string
  row: number
}

/** How many more memories of the kernel may be made. Shared by the partitions of an index. */
export interface MemoryAllowance {
  left: number
}

/** The vectors of one partition under their ids. They are of unit length. */
export class Partition {
  readonly dimensions: number
  readonly #name: string
  readonly #allowance: MemoryAllowance
  readonly #slots: Slot[] = []
  readonly #slotById = new Map<string, Slot>()
  #rows: Rows
  #memories = 0

  constructor(name: string, dimensions: number, allowance: MemoryAllowance) {
    this.#name = name
    this.dimensions = dimensions
    this.#allowance = allowance
    this.#rows = new PlainRows(dimensions)
  }

  get size(): number {
    return this.#slots.length
  }

  /** Memory of the vectors, in bytes. */
  get bytes(): number {
    return this.#rows.bytes
  }

  /** Where all of its vectors are. */
  slots(): readonly Slot[] {
    return this.#slots
  }

  /** Keeps a vector under a new id or in the place of another. */
  put(id: string, vector: Float32Array): Slot {
    const known = this.#slotById.get(id)
    if (known) {
      this.#rows.set(known.row, vector)
      return known
    }
    this.#push(vector)
    const slot = { partition: this.#name, id, row: this.#slots.length }
    this.#slotById.set(id, slot)
    this.#slots.push(slot)
    return slot
  }

  slot(id: string): Slot | undefined {
    return this.#slotById.get(id)
  }

  vector({ row }: Slot): Float32Array {
    return this.#rows.get(row)
  }

  /** `true` when there was such an id. */
  remove(id: string): boolean {
    const slot = this.#slotById.get(id)
    if (!slot) return false
    this.#rows.removeAt(slot.row)
    this.#slotById.delete(id)
    const last = this.#slots.pop() as Slot
    if (last !== slot) {
      last.row = slot.row
      this.#slots[slot.row] = last
    }
    if (this.#memories > 0 && this.size < kernelUntil) this.#move(new PlainRows(this.dimensions))
    this.#account()
    return true
  }

  search(vector: Float32Array, k: number): Neighbour[] {
    const nearest = new Nearest(k, (row) => (this.#slots[row] as Slot).id)
    this.#rows.search(vector, nearest)
    return nearest.neighbours()
  }

  /** Gives its memory back. It is not to be used again. */
  close(): void {
    this.#rows = new PlainRows(this.dimensions)
    this.#account()
  }

  #push(vector: Float32Array): void {
    const { size } = this
    // Tried again only as often as the size doubles: moving costs as much as all that is moved.
    const isTime = size >= kernelFrom && Number.isInteger(Math.log2(size / kernelFrom))
    if (isTime && this.#memories === 0 && this.#allowance.left > 0)
      unlessOutOfMemory(() => this.#move(new KernelRows(this.dimensions)))
    if (!unlessOutOfMemory(() => this.#rows.push(vector))) {
      this.#move(new PlainRows(this.dimensions))
      this.#rows.push(vector)
    }
    this.#account()
  }

  #move(rows: Rows): void {
    for (let row = 0; row < this.#rows.length; row += 1) rows.push(this.#rows.get(row))
    this.#rows = rows
  }

  #account(): void {
    this.#allowance.left += this.#memories - this.#rows.memories
    this.#memories = this.#rows.memories
  }
}

/** `false` when the engine has no room for a memory, or for more of one. Plain rows take none. */
function unlessOutOfMemory(work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
