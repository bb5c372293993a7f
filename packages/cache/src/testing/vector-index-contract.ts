import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isSluiceError } from '@sluice/core'
import type { Neighbour, VectorIndex } from '../vector/vector-index.ts'

/** A vector index under test. */
export interface VectorIndexWorld {
  /** One whose `dimensions` are fixed must be made for 48. */
  readonly index: VectorIndex
  /**
   * The share of true nearest neighbours that it must find among 300 vectors, 0..1. 1 for exact indexes.
   * @default 1
   */
  readonly recall?: number
  /** How far its similarities may be off, e.g. for quantised vectors. @default 1e-6 */
  readonly tolerance?: number
  /** Called after each case. */
  readonly stop?: () => void | Promise<void>
}

export interface VectorIndexCase {
  readonly name: string
  /** Rejects with an `AssertionError` where the index does not do as it must. */
  readonly run: () => Promise<void>
}

/**
 * What every {@link VectorIndex} must do, as data: run each case in the test runner of your choice. Indexes may be shared
 * between cases: each takes partitions of its own.
 *
 * @example
 * import { test } from 'node:test'
 *
 * for (const { name, run } of vectorIndexContract(() => ({ index: flatIndex() }))) test(name, run)
 */
export function vectorIndexContract(
  make: () => VectorIndexWorld | Promise<VectorIndexWorld>,
): readonly VectorIndexCase[] {
  return cases.map(({ name, run }) => ({
    name,
    async run() {
      const { stop, ...world } = await make()
      try {
        await run({ recall: 1, tolerance: 1e-6, ...world })
      } finally {
        await stop?.()
      }
    },
  }))
}

type World = Required<Omit<VectorIndexWorld, 'stop'>>

const dimensions = 48

/** Vectors that are the same in every run: a linear congruential generator. */
function vectors(count: number, seed = 1, length = dimensions): Float32Array[] {
  let state = seed
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
  return Array.from({ length: count }, () => Float32Array.from({ length }, next))
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0
  let squaresA = 0
  let squaresB = 0
  for (const [at, value] of a.entries()) {
    const other = b[at] as number
    dot += value * other
    squaresA += value * value
    squaresB += other * other
  }
  return dot / Math.sqrt(squaresA * squaresB)
}

const ids = (found: readonly Neighbour[]): string[] => found.map(({ id }) => id)

const [one, two, three] = vectors(3) as [Float32Array, Float32Array, Float32Array]

const cases: readonly { readonly name: string; readonly run: (world: World) => Promise<void> }[] = [
  {
    name: 'finds nothing in a partition that it does not know',
    async run({ index }) {
      assert.deepEqual(await index.search(randomUUID(), one, 3), [])
      assert.equal(await index.remove(randomUUID(), 'a'), false)
      await index.clear(randomUUID())
    },
  },
  {
    name: 'finds a vector under its id, with a cosine of 1',
    async run({ index, tolerance }) {
      const partition = randomUUID()
      await index.add(partition, 'a', one)
      const [found, ...others] = await index.search(partition, one, 3)
      assert.deepEqual(others, [])
      assert.equal(found?.id, 'a')
      assert.ok(Math.abs(found.similarity - 1) <= tolerance && found.similarity <= 1, `cosine ${found.similarity}`)
    },
  },
  {
    name: 'gives the nearest first, as many as asked for, with their cosines',
    async run({ index, recall, tolerance }) {
      const partition = randomUUID()
      const all = vectors(300, 7)
      for (const [at, vector] of all.entries()) await index.add(partition, `v${at}`, vector)
      let right = 0
      const queries = vectors(20, 99)
      for (const query of queries) {
        const wanted = all
          .map((vector, at) => ({ id: `v${at}`, similarity: cosine(query, vector) }))
          .toSorted((a, b) => b.similarity - a.similarity)
        const found = await index.search(partition, query, 5)
        assert.equal(found.length, 5)
        for (const [at, { id, similarity }] of found.entries()) {
          const truth = wanted.find((candidate) => candidate.id === id)
          assert.ok(truth && Math.abs(similarity - truth.similarity) <= tolerance, `${id}: ${similarity}`)
          assert.ok(at === 0 || similarity <= (found[at - 1] as Neighbour).similarity, 'nearest first')
        }
        right += ids(found).filter((id) => ids(wanted.slice(0, 5)).includes(id)).length
      }
      assert.ok(right / (5 * queries.length) >= recall, `recall ${right / (5 * queries.length)}`)
    },
  },
  {
    name: 'compares by cosine alone: the length of a vector does not matter',
    async run({ index, tolerance }) {
      const partition = randomUUID()
      await index.add(
        partition,
        'long',
        one.map((value) => value * 1_000),
      )
      await index.add(partition, 'other', two)
      const [found] = await index.search(
        partition,
        one.map((value) => value / 1_000),
        1,
      )
      assert.equal(found?.id, 'long')
      assert.ok(Math.abs(found.similarity - 1) <= tolerance, `cosine ${found.similarity}`)
    },
  },
  {
    name: 'puts a vector in the place of another of its id',
    async run({ index, tolerance }) {
      const partition = randomUUID()
      await index.add(partition, 'a', one)
      await index.add(partition, 'b', two)
      await index.add(partition, 'a', three)
      const found = await index.search(partition, three, 9)
      assert.deepEqual(ids(found).toSorted(), ['a', 'b'])
      assert.equal(found[0]?.id, 'a')
      assert.ok(Math.abs(found[0].similarity - 1) <= tolerance)
    },
  },
  {
    name: 'keeps partitions apart',
    async run({ index }) {
      const [here, there] = [randomUUID(), randomUUID()]
      await index.add(here, 'a', one)
      await index.add(there, 'b', one)
      assert.deepEqual(ids(await index.search(here, one, 9)), ['a'])
      assert.deepEqual(ids(await index.search(there, one, 9)), ['b'])
      assert.equal(await index.remove(here, 'b'), false)
      await index.clear(here)
      assert.deepEqual(await index.search(here, one, 9), [])
      assert.deepEqual(ids(await index.search(there, one, 9)), ['b'])
    },
  },
  {
    name: 'forgets what is removed, whichever it is, and tells whether there was such a vector',
    async run({ index }) {
      const partition = randomUUID()
      const all = vectors(200, 3)
      const left = new Set<string>()
      for (const [at, vector] of all.entries()) {
        await index.add(partition, `v${at}`, vector)
        left.add(`v${at}`)
      }
      // First, last, and every other one.
      for (const at of [0, 199, ...all.keys()].filter((number, order) => order < 2 || number % 2 === 1)) {
        const id = `v${at}`
        assert.equal(await index.remove(partition, id), left.delete(id))
      }
      for (const [at, vector] of all.entries()) {
        const [found] = await index.search(partition, vector, 1)
        assert.equal(found?.id === `v${at}`, left.has(`v${at}`))
      }
      for (const id of left) assert.equal(await index.remove(partition, id), true)
      assert.deepEqual(await index.search(partition, one, 3), [])
      await index.add(partition, 'again', one)
      assert.deepEqual(ids(await index.search(partition, one, 3)), ['again'])
    },
  },
  {
    name: 'takes any string for an id or a partition',
    async run({ index }) {
      const odd = [
        '',
        ' ',
        'a:b',
        '{a}',
        '\0',
        '\\u0000',
        "'; drop table x; --",
        '__proto__',
        'constructor',
        'é☕',
        'x'.repeat(300),
        '"',
      ]
      for (const name of odd) {
        const partition = `${randomUUID()}${name}`
        for (const [at, id] of odd.entries()) await index.add(partition, id, vectors(odd.length)[at] as Float32Array)
        for (const [at, id] of odd.entries()) {
          const [found] = await index.search(partition, vectors(odd.length)[at] as Float32Array, 1)
          assert.equal(found?.id, id)
        }
      }
    },
  },
  {
    name: 'refuses a vector of other dimensions than its partition has, and takes them in another',
    async run({ index }) {
      const partition = randomUUID()
      const [longer] = vectors(1, 1, dimensions + 1) as [Float32Array]
      await index.add(partition, 'a', one)
      await assert.rejects(index.add(partition, 'b', longer), withCode('cache.dimensions'))
      await assert.rejects(index.search(partition, longer, 1), withCode('cache.dimensions'))
      assert.deepEqual(ids(await index.search(partition, one, 9)), ['a'])
      await index.clear(partition)
      if (index.dimensions !== undefined) return
      await index.add(partition, 'b', longer)
      assert.deepEqual(ids(await index.search(partition, longer, 9)), ['b'])
    },
  },
  {
    name: 'refuses vectors that have no direction, and numbers of neighbours that are none',
    async run({ index }) {
      const partition = randomUUID()
      await index.add(partition, 'a', one)
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const vector = one.with(3, bad)
        await assert.rejects(index.add(partition, 'b', vector), withCode('cache.vector'))
        await assert.rejects(index.search(partition, vector, 1), withCode('cache.vector'))
      }
      await assert.rejects(index.add(partition, 'b', new Float32Array(dimensions)), withCode('cache.vector'))
      for (const k of [0, -1, 1.5, Number.NaN])
        await assert.rejects(index.search(partition, one, k), withCode('config.option'))
      assert.deepEqual(ids(await index.search(partition, one, 9)), ['a'])
    },
  },
  {
    name: 'keeps a copy: what the caller does with its vector later does not matter',
    async run({ index }) {
      const partition = randomUUID()
      const mine = one.slice()
      await index.add(partition, 'a', mine)
      await index.add(partition, 'b', two)
      mine.set(three)
      assert.deepEqual(ids(await index.search(partition, one, 1)), ['a'])
    },
  },
  {
    name: 'tells its size, or nothing',
    async run({ index }) {
      const partition = randomUUID()
      if (index.size() === undefined) return
      const before = index.size() as number
      assert.equal(index.size(partition), 0)
      await index.add(partition, 'a', one)
      await index.add(partition, 'b', two)
      await index.add(partition, 'a', three)
      assert.deepEqual([index.size(partition), index.size()], [2, before + 2])
      await index.remove(partition, 'a')
      assert.deepEqual([index.size(partition), index.size()], [1, before + 1])
      await index.clear(partition)
      assert.deepEqual([index.size(partition), index.size()], [0, before])
    },
  },
]

const withCode =
  (code: string) =>
  (error: unknown): boolean => {
    assert.ok(isSluiceError(error), `Not a SluiceError: ${String(error)}`)
    assert.equal(error.code, code)
    return true
  }
