import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cohenKappa, kappaOfLabels, krippendorffAlpha } from './agreement.ts'

const refusal = expect.objectContaining({ code: 'eval.out_of_range' })

describe('cohenKappa', () => {
  it('has the published values', () => {
    // Fleiss, Cohen, Everitt (1969), table 1: two psychiatrists, 200 patients, three diagnoses.
    const table = [
      [106, 10, 4],
      [22, 28, 10],
      [2, 12, 6],
    ]
    const { value, observed, n, low, high } = cohenKappa(table)
    expect(value).toBeCloseTo(0.429, 3)
    expect([observed, n]).toEqual([expect.closeTo(0.7, 12), 200])
    // Their standard error is 0.054 rounded from its square, 0.002885.
    expect((high - low) / 2 / 1.959_964).toBeCloseTo(Math.sqrt(0.002_885), 3)
    // Weighted by squares, by hand.
    const weights = { expected: 0, seen: 0 }
    for (const [i, row] of table.entries())
      for (const [j, count] of row.entries()) {
        const [rows, columns] = [
          [120, 60, 20],
          [130, 50, 20],
        ]
        weights.seen += ((i - j) ** 2 * count) / 200
        weights.expected += ((i - j) ** 2 * (rows[i] as number) * (columns[j] as number)) / 200 ** 2
      }
    expect(cohenKappa(table, { weights: 'quadratic' }).value).toBeCloseTo(1 - weights.seen / weights.expected, 12)
  })

  it('is 1 for raters that agree, 0 for chance, and the same whichever comes first', () => {
    expect(
      cohenKappa([
        [5, 0],
        [0, 5],
      ]),
    ).toMatchObject({ value: 1, low: 1, high: 1 })
    expect(
      cohenKappa([
        [25, 25],
        [25, 25],
      ]).value,
    ).toBeCloseTo(0, 12)
    expect(
      cohenKappa([
        [7, 0],
        [0, 0],
      ]),
    ).toMatchObject({ value: 1, low: Number.NaN })
    const count = fc.nat(30)
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count, count), { minLength: 3, maxLength: 3 }), (table) => {
        fc.pre(table.flat().some((cell) => cell > 0))
        const turned = table.map((_, j) => table.map((row) => row[j] as number))
        for (const weights of ['none', 'linear', 'quadratic'] as const)
          expect(cohenKappa(table, { weights }).value).toBeCloseTo(cohenKappa(turned, { weights }).value, 9)
      }),
    )
  })

  it('reads labels, in the order of the categories', () => {
    const [people, judge] = [
      ['good', 'bad', 'good', 'poor'],
      ['good', 'bad', 'poor', 'poor'],
    ]
    const categories = ['bad', 'poor', 'good']
    const table = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]
    expect(kappaOfLabels(people, judge, { categories, weights: 'linear' })).toEqual(
      cohenKappa(table, { weights: 'linear' }),
    )
    expect(kappaOfLabels(people, judge).value).toBeCloseTo(cohenKappa(table).value, 12)
  })

  it('refuses tables that are none', () => {
    expect(() => cohenKappa([])).toThrow(refusal)
    expect(() => cohenKappa([[0]])).toThrow(refusal)
    expect(() => cohenKappa([[1, 2]])).toThrow(refusal)
    expect(() => cohenKappa([[1.5]])).toThrow(refusal)
    expect(() => cohenKappa([[1]], { level: 2 })).toThrow(refusal)
    expect(() => kappaOfLabels(['a'], [])).toThrow(refusal)
    expect(() => kappaOfLabels(['a'], ['b'], { categories: ['a'] })).toThrow(refusal)
  })
})

describe('krippendorffAlpha', () => {
  // Krippendorff (2011), section C: four observers, twelve units, some not rated.
  const raters = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
    [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
  ]

  it.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
    ['ratio', 0.797],
  ] as const)('has the published value for %s data', (metric, value) => {
    expect(krippendorffAlpha(raters, metric)).toBeCloseTo(value, 3)
  })

  it('is 1 for raters that agree, and leaves out what one alone rated', () => {
    expect(
      krippendorffAlpha([
        [1, 1, 1],
        [1, 1, 1],
      ]),
    ).toBe(1)
    expect(krippendorffAlpha([...raters, [null, null, null]], 'nominal')).toBe(krippendorffAlpha(raters))
    expect(() =>
      krippendorffAlpha([
        [1, null],
        [null, 2],
      ]),
    ).toThrow(refusal)
    expect(() => krippendorffAlpha([])).toThrow(refusal)
    expect(() =>
      krippendorffAlpha([
        [1, Infinity],
        [1, 1],
      ]),
    ).toThrow(refusal)
  })
})
