import { describe, expect, it } from 'vitest'
import { exact } from '../score/text-scorers.ts'
import { abTest } from './ab-test.ts'

const cases = Array.from({ length: 40 }, (_, index) => ({ id: `c${index}`, input: index, expected: 'yes' }))

describe('abTest', () => {
  it('tries both on the same cases and finds the one that is worse', async () => {
    const { baseline, candidate, comparison } = await abTest('worse', {
      cases,
      baseline: () => 'yes',
      candidate: (input: number) => (input % 4 === 0 ? 'no' : 'yes'),
      scorers: [exact()],
    })
    expect(baseline.trials.map(({ id }) => id)).toEqual(candidate.trials.map(({ id }) => id))
    expect(comparison).toMatchObject({ verdict: 'regressed', metrics: [{ difference: { mean: -0.25, pairs: 40 } }] })
  })

  it('runs both at the same time', async () => {
    let waiting = 0
    let most = 0
    const slowly = async (): Promise<string> => {
      waiting += 1
      most = Math.max(most, waiting)
      await new Promise((resolve) => setImmediate(resolve))
      waiting -= 1
      return 'yes'
    }
    await abTest('same time', {
      cases,
      baseline: slowly,
      candidate: () => slowly(),
      scorers: [exact()],
      concurrency: 1,
    })
    expect(most).toBe(2)
  })

  it('reads a source that can be read once', async () => {
    async function* source(): AsyncGenerator<(typeof cases)[number]> {
      yield* cases
    }
    const { comparison } = await abTest('once', {
      cases: source(),
      baseline: () => 'yes',
      candidate: async () => 'yes',
      scorers: [exact()],
    })
    expect(comparison.verdict).toBe('not-worse')
  })

  it('refuses a target that is none', async () => {
    const options = { cases, baseline: () => 'yes', candidate: 'gpt-5' as never, scorers: [exact()] }
    await expect(abTest('bad', options)).rejects.toMatchObject({
      code: 'config.option',
      details: { option: 'candidate' },
    })
  })
})
