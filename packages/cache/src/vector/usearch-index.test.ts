import { describe, expect, it } from 'vitest'
import { vectorIndexContract } from '../testing/vector-index-contract.ts'
import { flatIndex } from './flat-index.ts'
import { usearchIndex, type UsearchIndexOptions } from './usearch-index.ts'
import { scannedVectors } from './usearch-partition.ts'

/** Vectors at random, the same in every run. */
function vectors(count: number, length = 32): Float32Array[] {
  let state = 7
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
  return Array.from({ length: count }, () => Float32Array.from({ length }, next))
}

describe('usearchIndex', () => {
  for (const [precision, tolerance] of [
    ['f32', 1e-6],
    ['f16', 2e-3],
    ['i8', 3e-2],
  ] as const)
    describe(precision, () => {
      const world = { index: usearchIndex({ precision }), tolerance, recall: precision === 'i8' ? 0.9 : 0.98 }
      for (const { name, run } of vectorIndexContract(() => world)) it(name, run)
    })

  it('finds what an exact index finds, nearly always, through additions, replacements and removals', async () => {
    const index = usearchIndex()
    const exact = flatIndex()
    const all = vectors(1_500)
    for (const [at, vector] of all.entries())
      for (const each of [index, exact]) {
        await each.add('p', `v${at % 1_200}`, vector)
        if (at % 5 === 4) await each.remove('p', `v${at - 2}`)
      }
    expect(index.size('p')).toBe(exact.size('p'))
    expect(index.size('p')).toBeGreaterThan(scannedVectors)
    let right = 0
    for (const query of vectors(200)) {
      const [found] = await index.search('p', query, 3)
      const [best] = await exact.search('p', query, 3)
      if (found?.id === best?.id) right += 1
      expect(found?.similarity).toBeLessThanOrEqual((best?.similarity ?? 0) + 1e-6)
    }
    expect(right).toBeGreaterThanOrEqual(195)
  })

  it('never gives more than there is, also when a graph runs empty and fills again', async () => {
    const index = usearchIndex()
    const all = vectors(scannedVectors + 20)
    const [query] = all as [Float32Array]
    for (const [at, vector] of all.entries()) await index.add('p', `v${at}`, vector)
    for (const at of all.keys()) if (at > 1) await index.remove('p', `v${at}`)
    expect((await index.search('p', query, 1_000)).map(({ id }) => id).toSorted()).toEqual(['v0', 'v1'])
    for (const at of [0, 1]) await index.remove('p', `v${at}`)
    expect(await index.search('p', query, 3)).toEqual([])
    // Empty, it takes vectors of any length again.
    await index.add('p', 'a', query.subarray(0, 8))
    expect(index.size()).toBe(1)
  })

  it('forgets the oldest past maxVectors, across partitions; a vector put anew is young again', async () => {
    const index = usearchIndex({ maxVectors: 3 })
    const [vector] = vectors(1) as [Float32Array]
    for (const [partition, id] of [
      ['3:p', 'a'],
      ['q', 'b'],
      ['3:p', 'c'],
      ['3:p', 'a'],
      ['r', 'd:'],
    ] as const)
      await index.add(partition, id, vector)
    expect([index.size('3:p'), index.size('q'), index.size('r'), index.size()]).toEqual([2, 0, 1, 3])
    await index.clear('3:p')
    for (const id of ['e', 'f', 'g']) await index.add('q', id, vector)
    expect([index.size('3:p'), index.size('q'), index.size('r')]).toEqual([0, 3, 0])
  })

  it.each<[UsearchIndexOptions | object, string]>([
    [{ maxVectors: 0 }, 'maxVectors'],
    [{ connectivity: 1 }, 'connectivity'],
    [{ addEffort: 1.5 }, 'addEffort'],
    [{ searchEffort: Number.NaN }, 'searchEffort'],
    [{ precision: 'f64' }, 'precision'],
    [{ dimensions: 3 }, '"dimensions"'],
  ])('refuses %j', (options, named) => {
    expect(() => usearchIndex(options)).toThrow(named)
    expect(() => usearchIndex(options)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
