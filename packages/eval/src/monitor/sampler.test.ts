import { describe, expect, it } from 'vitest'
import { monitored, scorerOf, seenOf } from '../../fixtures/monitored.ts'
import { seededRandom } from '../stats/random.ts'
import { createSampler } from './sampler.ts'
import { weightedMean } from './weighted-mean.ts'

describe('createSampler', () => {
  it.each([0.01, 0.1, 0.5])('draws a share of %d, and says so', (rate) => {
    const sampler = createSampler({ rate })
    const calls = Array.from({ length: 20_000 }, (_, index) => seenOf(`call-${index}`))
    const drawn = calls.flatMap((call) => sampler.offer(call) ?? [])
    const sd = Math.sqrt(20_000 * rate * (1 - rate))
    expect(Math.abs(drawn.length - 20_000 * rate)).toBeLessThan(4 * sd)
    expect(new Set(drawn.map(({ probability }) => probability))).toEqual(new Set([rate]))
    // Another service draws the same ones, and knows beforehand which.
    const other = createSampler({ rate })
    expect(calls.filter(({ id }) => other.mayDraw(id, undefined))).toEqual(drawn.map(({ call }) => call))
  })

  it('draws a session whole or not at all', () => {
    const sampler = createSampler({ rate: 0.3, bySession: true })
    const drawn = Array.from({ length: 4_000 }, (_, index) => {
      const call = seenOf(`call-${index}`, { context: { session: `session-${index % 400}` } })
      return { session: index % 400, isDrawn: sampler.offer(call) !== undefined }
    })
    const bySession = Map.groupBy(drawn, ({ session }) => session)
    for (const [, calls] of bySession) expect(new Set(calls.map(({ isDrawn }) => isDrawn)).size).toBe(1)
    const share = drawn.filter(({ isDrawn }) => isDrawn).length / drawn.length
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.4)
  })

  it('gives every call of a window the same chance in a reservoir, and nothing more than its size', () => {
    const random = seededRandom(7)
    const [size, traffic, windows] = [5, 50, 4_000]
    const sampler = createSampler({ reservoir: { size, windowMs: 1_000 } }, random)
    const times = Array.from({ length: traffic }, () => 0)
    for (let window = 0; window < windows; window += 1) {
      for (let index = 0; index < traffic; index += 1)
        expect(sampler.offer(seenOf(String(index), { endedAtMs: window * 1_000 + index }))).toBeUndefined()
      const due = sampler.due((window + 1) * 1_000)
      expect(due).toHaveLength(size)
      for (const { call, probability, isRandom } of due) {
        expect([probability, isRandom]).toEqual([size / traffic, true])
        times[Number(call.id)] = (times[Number(call.id)] as number) + 1
      }
    }
    // χ² of 49 degrees of freedom, without replacement: its 99.9 % point is 85.4.
    const expected = (windows * size) / traffic
    const chi2 = times.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / (1 - size / traffic)
    expect(chi2).toBeLessThan(85.4)
    expect(sampler.due(1e9)).toEqual([])
  })

  it('evaluates all of a window that has fewer calls than the reservoir holds', () => {
    const sampler = createSampler({ reservoir: { size: 10, windowMs: 1_000 } })
    for (let index = 0; index < 4; index += 1) sampler.offer(seenOf(String(index), { endedAtMs: index }))
    expect(sampler.due(500)).toEqual([])
    expect(sampler.due(1_000).map(({ call, probability }) => [call.id, probability])).toEqual([
      ['0', 1],
      ['1', 1],
      ['2', 1],
      ['3', 1],
    ])
  })

  it('gives a small group its minimum, and counts it for no more than it is', () => {
    const by = ({ model }: { readonly model: string }): string => model
    const sampler = createSampler({ rate: 0.01, strata: { by, minimum: 50, windowMs: 100_000 } })
    const means = weightedMean()
    const counts = { large: 0, small: 0 }
    for (let index = 0; index < 60_000; index += 1) {
      const model = index % 100 === 0 ? 'small' : 'large'
      // All of the small group is good, and none of the large one.
      const drawn = sampler.offer(seenOf(`call-${index}`, { model, endedAtMs: index * 10 }))
      if (!drawn) continue
      means.add(model === 'small' ? 1 : 0, drawn.probability)
      counts[model] += 1
    }
    // 6 windows of 100 calls of the small group, and of 9,900 of the large one.
    expect(counts.small).toBeGreaterThan(250)
    expect(counts.large).toBeGreaterThan(500)
    expect(counts.large).toBeLessThan(2_500)
    const { mean, n, effectiveN } = means.read()
    expect(n).toBe(counts.small + counts.large)
    expect(effectiveN).toBeLessThan(n)
    expect(mean).toBeGreaterThan(0.007)
    expect(mean).toBeLessThan(0.014)
  })

  it('is right on average about all traffic when slow calls, which are worse, are always evaluated', () => {
    const random = seededRandom(11)
    const rounds = 300
    const [weighted, plain] = [[] as number[], [] as number[]]
    for (let round = 0; round < rounds; round += 1) {
      const sampler = createSampler({ rate: 0.1, always: ({ latencyMs }) => latencyMs > 1_000 })
      const means = weightedMean()
      const scores: number[] = []
      for (let index = 0; index < 500; index += 1) {
        const isSlow = random() < 0.05
        const score = random() < (isSlow ? 0.2 : 0.9) ? 1 : 0
        const drawn = sampler.offer(seenOf(`${round}-${index}`, { latencyMs: isSlow ? 2_000 : 10 }))
        if (!drawn) continue
        means.add(score, drawn.probability)
        scores.push(score)
        if (isSlow) expect(drawn.probability).toBe(1)
      }
      weighted.push(means.read().mean as number)
      plain.push(scores.reduce((sum, score) => sum + score, 0) / scores.length)
    }
    const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    // The truth is 0.05 × 0.2 + 0.95 × 0.9.
    expect(Math.abs(meanOf(weighted) - 0.865)).toBeLessThan(0.008)
    expect(meanOf(plain)).toBeLessThan(0.75)
  })
})

describe('monitor({ sample })', () => {
  it('shows groups apart, with weighted means', async () => {
    const { openai, watch } = monitored({
      scorers: [scorerOf(({ measures }) => (measures.models[0] === 'gpt-5-mini' ? 1 : 0.25))],
      sample: { rate: 1, strata: { by: ({ model }) => model, minimum: 1 } },
    })
    for (const model of ['gpt-5-mini', 'gpt-5', 'gpt-5-mini'])
      await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] })
    await watch.idle()
    expect(watch.stats().scorers).toMatchObject([
      { stratum: 'gpt-5-mini', n: 2, mean: 1, effectiveN: 2 },
      { stratum: 'gpt-5', n: 1, mean: 0.25 },
    ])
  })

  it('evaluates a reservoir when its window is over', async () => {
    const { ask, watch, clock } = monitored({
      scorers: [scorerOf(() => 1)],
      sample: { reservoir: { size: 2, windowMs: 60_000 } },
    })
    for (let index = 0; index < 6; index += 1) await ask(`Question ${index}`)
    await watch.idle()
    expect(watch.stats()).toMatchObject({ seen: 6, evaluated: 0 })
    await clock.advance(60_000)
    await ask('The next window')
    await watch.idle()
    expect(watch.stats()).toMatchObject({ seen: 7, evaluated: 2, scorers: [{ n: 2, effectiveN: 2 }] })
  })
})
