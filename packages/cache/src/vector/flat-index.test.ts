import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { vectorIndexContract } from '../testing/vector-index-contract.ts'
import { flatIndex, type FlatIndexOptions } from './flat-index.ts'
import { webAssembly } from './kernel/web-assembly.ts'

const perVector = (dimensions: number): number => 5 * dimensions + 16

/** Vectors at random, the same for a seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
}

const vectorOf = (length: number, next: () => number): Float32Array => Float32Array.from({ length }, next)

function unit(vector: Float32Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  // As the index keeps them: in single precision.
  return Float64Array.from(vector, (value) => Math.fround(value / length))
}

/** The cosines, in double precision, of a query with every vector, greatest first. */
function truth(vectors: readonly Float32Array[], query: Float32Array): { id: string; similarity: number }[] {
  const units = unit(query)
  const similarityOf = (vector: Float32Array): number =>
    Math.min(
      1,
      Math.max(
        -1,
        unit(vector).reduce((sum, value, at) => sum + value * (units[at] ?? 0), 0),
      ),
    )
  return vectors
    .map((vector, at) => ({ id: `v${at}`, similarity: similarityOf(vector) }))
    .toSorted((a, b) => b.similarity - a.similarity)
}

describe('flatIndex', () => {
  for (const kernel of [true, false])
    describe(kernel ? 'with the kernel' : 'in plain JavaScript', () => {
      for (const { name, run } of vectorIndexContract(() => ({ index: flatIndex({ kernel }) }))) it(name, run)
    })

  it('is exact, also among vectors that 8 bits cannot tell apart', async () => {
    const setting = fc.record({
      seed: fc.nat(),
      count: fc.integer({ min: 1, max: 400 }),
      dimensions: fc.constantFrom(1, 2, 8, 15, 16, 17, 100, 384),
      // From vectors all over the place to ones that differ in their last bits only.
      spread: fc.constantFrom(1, 0.1, 1e-2, 1e-4, 3e-6),
      spikes: fc.boolean(),
      k: fc.constantFrom(1, 3, 70),
    })
    await fc.assert(
      fc.asyncProperty(setting, async ({ seed, count, dimensions, spread, spikes, k }) => {
        const next = random(seed)
        const centre = vectorOf(dimensions, next)
        if (spikes) centre[0] = 100
        const near = (): Float32Array => centre.map((value) => value + spread * next())
        const vectors = Array.from({ length: count }, near)
        const query = near()
        const index = flatIndex()
        for (const [at, vector] of vectors.entries()) await index.add('p', `v${at}`, vector)
        const found = await index.search('p', query, k)
        const best = truth(vectors, query)
        const similarityOf = new Map(best.map(({ id, similarity }) => [id, similarity]))
        expect(found).toHaveLength(Math.min(k, count))
        for (const [at, { id, similarity }] of found.entries()) {
          expect(Math.abs(similarity - (similarityOf.get(id) ?? 9))).toBeLessThan(1e-13)
          // Whichever is at this place, no other has a greater cosine than by the order of adding up.
          expect(Math.abs(similarity - (best[at]?.similarity ?? 9))).toBeLessThan(1e-13)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('gives the same with and without the kernel, to the last bit, through any history', async () => {
    const step = fc.record({ id: fc.nat(220), remove: fc.boolean(), copyOf: fc.nat(220) })
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(step, { maxLength: 300 }), async (seed, steps) => {
        const next = random(seed)
        const indexes = [flatIndex(), flatIndex({ kernel: false })]
        const vectors = Array.from({ length: 221 }, () => vectorOf(24, next))
        for (const index of indexes) {
          for (const [at, vector] of vectors.slice(0, 180).entries()) await index.add('p', `v${at}`, vector)
          for (const { id, remove, copyOf } of steps)
            if (remove) await index.remove('p', `v${id}`)
            else await index.add('p', `v${id}`, vectors[copyOf] ?? vectorOf(24, next))
        }
        const query = vectorOf(24, next)
        const [a, b] = await Promise.all(indexes.map((index) => index.search('p', query, 20)))
        expect(a).toEqual(b)
      }),
      { numRuns: 60 },
    )
  })

  it('puts equal vectors in the order of their ids', async () => {
    const index = flatIndex()
    const vector = vectorOf(384, random(1))
    for (let at = 299; at >= 0; at -= 1) await index.add('p', String(at).padStart(3, '0'), vector)
    const found = await index.search('p', vector, 3)
    expect(found.map(({ id }) => id)).toEqual(['000', '001', '002'])
  })

  it('forgets the oldest past maxVectors, across partitions; a vector put anew is young again', async () => {
    const index = flatIndex({ maxVectors: 3 })
    const vector = vectorOf(8, random(1))
    for (const [partition, id] of ['p:a', 'q:b', 'p:c', 'p:a', 'r:d'].map(
      (name) => name.split(':') as [string, string],
    ))
      await index.add(partition, id, vector)
    expect([index.size('p'), index.size('q'), index.size('r'), index.size()]).toEqual([2, 0, 1, 3])
    await index.clear('p')
    for (const id of ['e', 'f', 'g']) await index.add('q', id, vector)
    expect([index.size('p'), index.size('q'), index.size('r')]).toEqual([0, 3, 0])
  })

  it('keeps within maxBytes', async () => {
    const index = flatIndex({ maxBytes: 10 * perVector(32) })
    const next = random(1)
    for (let at = 0; at < 50; at += 1) await index.add(`p${at % 2}`, `v${at}`, vectorOf(32, next))
    expect(index.size()).toBe(10)
    await index.add('long', 'a', vectorOf(160, next))
    expect(index.size()).toBeLessThan(7)
    await index.add('too long', 'a', vectorOf(400, next))
    expect(index.size()).toBe(0)
  })

  it('evicts in constant time, whatever was removed in between', async () => {
    const index = flatIndex({ maxVectors: 50 })
    const next = random(5)
    const alive: string[] = []
    for (let at = 0; at < 2_000; at += 1) {
      const id = `v${at}`
      await index.add('p', id, vectorOf(4, next))
      alive.push(id)
      if (alive.length > 50) alive.shift()
      if (at % 3 === 0) {
        const gone = alive.splice(Math.floor((next() + 1) * 0.5 * alive.length), 1)[0] ?? ''
        expect(await index.remove('p', gone)).toBe(true)
      }
    }
    expect(index.size()).toBe(alive.length)
    for (const id of alive) expect(await index.remove('p', id)).toBe(true)
  })

  it('gives memory back as partitions shrink and are cleared', async () => {
    const index = flatIndex()
    const next = random(1)
    expect(index.bytes()).toBe(0)
    // Two segments and a bit.
    for (let at = 0; at < 18_000; at += 1) await index.add('p', `v${at}`, vectorOf(384, next))
    const full = index.bytes()
    expect(full).toBeGreaterThan(18_000 * perVector(384))
    expect(full).toBeLessThan(18_000 * perVector(384) * 1.02)
    for (let at = 0; at < 10_000; at += 1) await index.remove('p', `v${at}`)
    expect(index.bytes()).toBeLessThan(8_000 * perVector(384) + 17 * 2 ** 20)
    for (let at = 10_000; at < 17_999; at += 1) await index.remove('p', `v${at}`)
    expect(index.bytes()).toBeLessThan(4 * 4 * 384)
    await index.remove('p', 'v17999')
    expect([index.bytes(), index.size()]).toEqual([0, 0])
    for (let at = 0; at < 1_000; at += 1) await index.add('p', `v${at}`, vectorOf(384, next))
    await index.clear('p')
    expect(index.bytes()).toBe(0)
  })

  it('scans plainly where no memory for the kernel is to be had', async () => {
    const next = random(1)
    const vectors = Array.from({ length: 300 }, () => vectorOf(16, next))
    const wasm = webAssembly()
    if (!wasm) throw new Error('No WebAssembly here.')
    let asked = 0
    function Memory(): never {
      asked += 1
      throw new RangeError('WebAssembly.Memory(): could not allocate memory')
    }
    vi.stubGlobal('WebAssembly', { Module: wasm.Module, Instance: wasm.Instance, Memory })
    onTestFinished(() => void vi.unstubAllGlobals())
    const index = flatIndex()
    for (const [at, vector] of vectors.entries()) await index.add('p', `v${at}`, vector)
    expect(asked).toBeGreaterThan(0)
    const [found] = await index.search('p', vectors[250] ?? new Float32Array(16), 1)
    expect(found?.id).toBe('v250')
  })

  it.each([
    [{ maxVectors: 0 }, 'maxVectors'],
    [{ maxVectors: 1.5 }, 'maxVectors'],
    [{ maxBytes: -1 }, 'maxBytes'],
    [{ maxBytes: Number.NaN }, 'maxBytes'],
    [{ kernel: 1 }, 'kernel'],
    [{ size: 1 }, '"size"'],
  ])('refuses %j', (options, named) => {
    expect(() => flatIndex(options as FlatIndexOptions)).toThrow(named)
    expect(() => flatIndex(options as FlatIndexOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
