import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestPairing } from './assignment.ts'

// Few different numbers make many ties and long ways round; numbers between them make none.
const gain = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 9, noNaN: true }))
const matrices = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(gain, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  )

describe('bestPairing', () => {
  it('has the greatest total of all pairings, each column once', () => {
    fc.assert(
      fc.property(matrices, (gains) => {
        const pairs = bestPairing(gains)
        const used = pairs.filter((column) => column >= 0)
        expect(new Set(used).size).toBe(used.length)
        expect(used.length).toBe(Math.min(gains.length, gains[0]?.length ?? 0))
        expect(totalOf(gains, pairs)).toBeCloseTo(bruteForce(gains, 0, new Set()), 9)
      }),
      { numRuns: 300 },
    )
  })

  it('prefers the best total to the best first pair', () => {
    expect(
      bestPairing([
        [0.9, 0.8],
        [0.8, 0.1],
      ]),
    ).toEqual([1, 0])
  })

  it('leaves rows without a column at -1, and pairs nothing with nothing', () => {
    expect(bestPairing([[0.1], [0.9], [0.5]])).toEqual([-1, 0, -1])
    expect(bestPairing([])).toEqual([])
    expect(bestPairing([[], []])).toEqual([-1, -1])
  })

  it('pairs a hundred items in an instant', () => {
    const gains = Array.from({ length: 100 }, (_, row) =>
      Array.from({ length: 100 }, (_unused, column) => ((row * 31 + column * 17) % 97) / 97),
    )
    expect(new Set(bestPairing(gains)).size).toBe(100)
  })
})

function totalOf(gains: readonly (readonly number[])[], pairs: readonly number[]): number {
  return pairs.reduce((sum, column, row) => sum + (gains[row]?.[column] ?? 0), 0)
}

function bruteForce(gains: readonly (readonly number[])[], row: number, used: ReadonlySet<number>): number {
  const here = gains[row]
  if (!here) return 0
  let best = bruteForce(gains, row + 1, used)
  for (const [column, gain] of here.entries())
    if (!used.has(column)) best = Math.max(best, gain + bruteForce(gains, row + 1, new Set([...used, column])))
  return best
}
