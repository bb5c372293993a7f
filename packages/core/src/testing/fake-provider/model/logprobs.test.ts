import { expect, it } from 'vitest'
import { logprobsOf } from './logprobs.ts'

it('gives each piece a log probability of at most 0, itself first among its alternatives', () => {
  const [first, second] = logprobsOf([{ text: 'Hé' }, { text: ' you' }], 3)
  expect(first).toMatchObject({ token: 'Hé', bytes: [72, 195, 169] })
  expect(second?.top_logprobs.map((entry) => entry.token)).toEqual([' you', ' alt1', ' alt2'])
  for (const entry of [first, second]) {
    const values = entry?.top_logprobs.map((top) => top.logprob) ?? []
    expect(values[0]).toBeLessThanOrEqual(0)
    expect(values).toEqual([...values].sort((a, b) => b - a))
  }
  expect(logprobsOf([{ text: 'a' }], 0)[0]?.top_logprobs).toEqual([])
})
