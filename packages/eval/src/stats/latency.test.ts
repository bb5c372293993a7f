import { expect, it } from 'vitest'
import { latencySummary } from './latency.ts'

it('summarises what can be said and says what cannot', () => {
  const samples = Array.from({ length: 100 }, (_, index) => index + 1)
  expect(latencySummary(samples)).toEqual({
    n: 100,
    p50: { value: 50.5, low: 40, high: 61 },
    p95: { value: expect.closeTo(95.05, 9), low: 90, high: 100 },
    p99: { tooFew: true, needs: 299 },
  })
})
