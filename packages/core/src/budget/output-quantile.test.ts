import { describe, expect, it } from 'vitest'
import { OutputQuantiles } from './output-quantile.ts'

describe('OutputQuantiles', () => {
  it('tells nothing of a route before it knows enough', () => {
    const quantiles = new OutputQuantiles()
    for (let answers = 0; answers < 19; answers += 1) quantiles.observe('a', 100)
    expect(quantiles.quantile('a', 0.95)).toBeUndefined()
    quantiles.observe('a', 100)
    expect(quantiles.quantile('b', 0.95)).toBeUndefined()
    expect(quantiles.quantile('a', 0.95)).toBeGreaterThanOrEqual(100)
    expect(quantiles.quantile('a', 0.95)).toBeLessThanOrEqual(116)
  })

  it('is never below the answer of that rank, and at most 15 % above it', () => {
    const quantiles = new OutputQuantiles()
    for (let answers = 1; answers <= 1_000; answers += 1) quantiles.observe('a', answers * 4)
    for (const q of [0.5, 0.9, 0.95, 0.99]) {
      const told = quantiles.quantile('a', q) ?? 0
      expect(told).toBeGreaterThanOrEqual(q * 4_000)
      expect(told).toBeLessThanOrEqual(q * 4_000 * 1.15 + 1)
    }
    expect(quantiles.quantile('a', 1)).toBeGreaterThanOrEqual(4_000)
  })

  it('follows a route that changes, and forgets routes beyond a thousand', () => {
    const quantiles = new OutputQuantiles()
    for (let answers = 0; answers < 2_000; answers += 1) quantiles.observe('a', 10)
    for (let answers = 0; answers < 6_000; answers += 1) quantiles.observe('a', 1_000)
    expect(quantiles.quantile('a', 0.5)).toBeGreaterThan(500)
    for (let route = 0; route < 1_000; route += 1) quantiles.observe(`r${route}`, 0)
    expect(quantiles.quantile('a', 0.5)).toBeUndefined()
  })
})
