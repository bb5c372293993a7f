import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addUsage, inputTokens, latestUsage, outputTokens, splitTotal, usageOf, wholeTokens } from './usage.ts'

describe('splitTotal', () => {
  it('always sums to the total, whatever the parts claim', () => {
    const count = fc.oneof(fc.nat(10_000), fc.constantFrom(-5, Number.NaN, undefined, null, '7', 1.5))
    fc.assert(
      fc.property(count, count, count, (total, cached, audio) => {
        const split = splitTotal(
          total as number,
          [
            ['cacheRead', cached],
            ['audioInput', audio],
          ],
          'fresh',
        )
        const usage = usageOf(split)
        expect(inputTokens(usage)).toBe(wholeTokens(total))
        expect(Object.values(usage).every((meter) => Number.isInteger(meter) && meter >= 0)).toBe(true)
      }),
    )
  })

  it('grants parts in order', () => {
    expect(
      splitTotal(
        10,
        [
          ['cacheRead', 6],
          ['audioInput', 9],
        ],
        'fresh',
      ),
    ).toEqual({ cacheRead: 6, audioInput: 4, fresh: 0 })
  })
})

describe('usage records', () => {
  const start = usageOf({ fresh: 3, cacheRead: 100, output: 1 })

  it('add meter by meter', () => {
    expect(addUsage(start, usageOf({ fresh: 1, output: 5, reasoning: 4 }))).toEqual(
      usageOf({ fresh: 4, cacheRead: 100, output: 6, reasoning: 4 }),
    )
  })

  it('do not count reasoning twice', () => {
    expect(outputTokens(usageOf({ output: 10, reasoning: 8, audioOutput: 2 }))).toBe(12)
  })

  it('keep what a later event of a stream leaves out', () => {
    expect(latestUsage(start, usageOf({ output: 20 }))).toEqual(usageOf({ fresh: 3, cacheRead: 100, output: 20 }))
    expect(latestUsage(undefined, start)).toBe(start)
    expect(latestUsage(start, undefined)).toBe(start)
  })
  it('keep the lifetimes of cache writes when a later event tells their total alone', () => {
    const split = usageOf({ fresh: 3, cacheWrite5m: 200, cacheWrite1h: 300 })
    expect(latestUsage(split, usageOf({ cacheWrite5m: 500, output: 9 }))).toEqual(
      usageOf({ fresh: 3, cacheWrite5m: 200, cacheWrite1h: 300, output: 9 }),
    )
    expect(latestUsage(usageOf({ cacheWrite5m: 1 }), usageOf({ cacheWrite5m: 500 }))).toEqual(
      usageOf({ cacheWrite5m: 500 }),
    )
  })
})
