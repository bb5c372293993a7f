import { describe, expect, it } from 'vitest'
import { findNumbers, findSums } from './arithmetic.ts'

function sums(text: string): [number, number | undefined][] {
  return findSums(text).map(({ value, stated }) => [value, stated])
}

describe('findSums', () => {
  it.each([
    ['12 * 3 = 36', 36, 36],
    ['12 x 3 = 35', 36, 35],
    ['so $1,200 / 4 = $300 each', 300, 300],
    ['(2 + 3) * 4 = 20', 20, 20],
    ['2 + 3 * 4 = 14', 14, 14],
    ['10 - 2 - 3 = 5', 5, 5],
    ['2^3 + 1 = 9', 9, 9],
    ['50% * 80 = 40', 40, 40],
    ['80/120 = 2/3', 80 / 120, 2 / 3],
    ['-3 + 5 = 2', 2, 2],
    ['In 2009. 3 + 4 = 7', 7, 7],
  ])('reads %s', (text, value, stated) => {
    const [[found, said] = []] = sums(text)
    expect(found).toBeCloseTo(value, 9)
    expect(said).toBeCloseTo(stated, 9)
  })

  it('reads an annotated sum once', () => {
    expect(sums('He has 2 x 3 = <<2*3=6>>6 apples and 6 + 1 = $<<6+1=7>>7.')).toEqual([
      [6, 6],
      [7, 7],
    ])
  })

  it('takes no part of a longer sum for a result', () => {
    expect(sums('3 * 30 + 60 = 90 + 60 = 150')).toEqual([
      [150, undefined],
      [150, 150],
    ])
  })

  it('says that a sum was cut off', () => {
    expect(sums('27 + 11 =')).toEqual([[38, undefined]])
  })

  it.each(['x = 4', 'the total = 9', '= 3', '', '1/0 = 5', '(2 + 3 = 5 +'])('reads no sum in %j', (text) => {
    expect(sums(text).filter(([value]) => !Number.isFinite(value))).toEqual([])
    expect(sums(text).length).toBeLessThanOrEqual(1)
  })

  it('is quick on hostile text', () => {
    const start = process.cpuUsage().user
    findSums(`${'1 + '.repeat(20_000)}= ${'('.repeat(20_000)}= 5`)
    findSums('='.repeat(20_000))
    expect((process.cpuUsage().user - start) / 1e3).toBeLessThan(1_500)
  })
})

describe('findNumbers', () => {
  it('reads separators, decimals and currency', () => {
    expect(findNumbers('$1,234.50, 7 of .5 and 12,000')).toEqual([1234.5, 7, 0.5, 12000])
  })
})
