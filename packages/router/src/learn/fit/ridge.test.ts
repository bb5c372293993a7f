import { describe, expect, it } from 'vitest'
import { learnClusters, nearest } from '../features/clusters.ts'
import { rowDot, solveRidge, type SparseRows } from './ridge.ts'
import { foldOfRows, groupsOf, seeded } from '../seeded.ts'
import { countWords } from '../features/words.ts'

function dense(rows: readonly (readonly number[])[]): SparseRows {
  const width = rows[0]?.length ?? 0
  return {
    starts: Int32Array.from({ length: rows.length + 1 }, (_, row) => row * width),
    columns: Int32Array.from(rows.flatMap((row) => row.map((_, column) => column))),
    values: Float64Array.from(rows.flat()),
    width,
  }
}

describe('solveRidge', () => {
  it('has the closed form of one column', () => {
    const weights = solveRidge(dense([[1], [2], [3]]), Float64Array.of(1, 2, 4), 2, new Float64Array(3))
    expect(weights[0]).toBeCloseTo((1 + 4 + 12) / (1 + 4 + 9 + 2), 3)
  })

  it('shrinks the mean of a label by its number of rows', () => {
    const rows = dense([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ])
    const weights = solveRidge(rows, Float64Array.of(1, 1, 1, -1), 3, new Float64Array(4))
    expect(weights[0]).toBeCloseTo(3 / (3 + 3), 3)
    expect(weights[1]).toBeCloseTo(-1 / (1 + 3), 3)
  })

  it('leaves a residual that no small step improves', () => {
    const random = seeded(5)
    const rows = dense(Array.from({ length: 40 }, () => Array.from({ length: 6 }, () => random() - 0.5)))
    const targets = Float64Array.from({ length: 40 }, () => random() - 0.5)
    const loss = (weights: Float64Array): number =>
      targets.reduce((sum, target, row) => sum + (target - rowDot(rows, row, weights)) ** 2, 0) +
      0.5 * weights.reduce((sum, weight) => sum + weight ** 2, 0)
    const best = solveRidge(rows, targets, 0.5, new Float64Array(40))
    for (let column = 0; column < 6; column += 1)
      for (const step of [-0.02, 0.02]) {
        const moved = best.slice()
        moved[column] = (moved[column] as number) + step
        expect(loss(moved)).toBeGreaterThan(loss(best))
      }
  })
})

describe('foldOfRows', () => {
  it('spreads groups evenly and keeps each in one fold', () => {
    const groups = groupsOf(['a', 'b', 'a', '', '', 'c', 'b', 'd', 'e', 'f'])
    const folds = foldOfRows(groups, 4, 3)
    expect(folds[0]).toBe(folds[2])
    expect(folds[1]).toBe(folds[6])
    expect(groups[3]).not.toBe(groups[4])
    expect(new Set(folds).size).toBe(4)
    expect(foldOfRows(groups, 4, 3)).toEqual(folds)
  })
})

describe('learnClusters', () => {
  it('tells prompts with different words apart', () => {
    const texts = Array.from({ length: 40 }, (_, row) => (row % 2 ? 'sun beach sand sea' : 'tax form law court'))
    const rows = texts.map((text) => countWords(text, 1_024))
    const clusters = learnClusters(rows, 1_024, 1)
    const [beach, court] = ['sand and sea', 'a law court'].map((text) => nearest(clusters, countWords(text, 1_024)))
    expect(beach).not.toBe(court)
    expect(nearest(clusters, countWords('zzz', 1_024))).toBeUndefined()
  })
})
