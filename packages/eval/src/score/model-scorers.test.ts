import { sluice, type Pricer } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { embeddingSimilarity } from './embedding-similarity.ts'
import { fromAutoevals, type AutoevalsScore } from './from-autoevals.ts'

const price: Pricer = () => ({ nanoUsd: 700, byMeter: {} })

describe('embeddingSimilarity', () => {
  const vectors: Record<string, number[]> = { up: [0, 2], right: [3, 0], down: [0, -1], both: [1, 1], nothing: [0, 0] }
  const similarity = embeddingSimilarity({
    model: 'm',
    embed: async (texts) => texts.map((text) => vectors[text] ?? []),
  })

  it('is the cosine, not rescaled, and 0 below 0', async () => {
    expect(await valueBy(similarity, 'up', { expected: 'up' })).toBe(1)
    expect(await valueBy(similarity, 'up', { expected: 'both' })).toBeCloseTo(Math.SQRT1_2, 12)
    expect(await valueBy(similarity, 'up', { expected: 'right' })).toBe(0)
    expect(await valueBy(similarity, 'up', { expected: 'down' })).toBe(0)
  })

  it('is unscored where vectors are missing, unlike or of no length', async () => {
    expect(await valueBy(similarity, 'up', { expected: 'unknown' })).toBe('no_vectors')
    expect(await valueBy(similarity, 'up', { expected: 'nothing' })).toBe('no_vectors')
    expect(await valueBy(similarity, 'up')).toBe('no_expected')
    const empty = embeddingSimilarity({ model: 'm', embed: async () => [] })
    expect(await valueBy(empty, 'up', { expected: 'up' })).toBe('no_vectors')
  })

  it('asks a real client once for both texts, and has its price', async () => {
    const provider = fakeProvider()
    const openai = sluice(new OpenAI({ apiKey: 'none', maxRetries: 0, fetch: provider.fetch }), [], { price })
    const model = 'text-embedding-3-small'
    const scorer = embeddingSimilarity({
      model,
      embed: async (input, signal) => {
        const { data } = await openai.embeddings.create({ model, input }, { signal })
        return data.map(({ embedding }) => embedding)
      },
    })
    const score = await scoreBy(scorer, 'a refund', { expected: 'a refund' })
    expect(score).toEqual({ status: 'scored', score: expect.closeTo(1, 6), costNanoUsd: 700 })
    provider.expectCalls(1)
    expect(scorer.version).toContain(model)
  })
})

describe('fromAutoevals', () => {
  const version = '0.3.0'

  it('gives output, expected, input and more arguments, and takes the metadata for evidence', async () => {
    const seen: unknown[] = []
    function Factuality(args: { input: unknown; output: unknown; expected?: unknown; model: string }): AutoevalsScore {
      seen.push(args)
      return { name: 'Factuality', score: 0.6, metadata: { choice: 'B' } }
    }
    const scorer = fromAutoevals(Factuality, { version, args: { model: 'm' }, models: ['m'] })
    expect(scorer).toMatchObject({ name: 'Factuality', version: '1 autoevals 0.3.0', isJudge: true, models: ['m'] })
    expect(await scoreBy(scorer, 'out', { input: 'in', expected: 'exp' })).toEqual({
      status: 'scored',
      score: 0.6,
      evidence: { choice: 'B' },
    })
    expect(seen).toEqual([{ input: 'in', output: 'out', expected: 'exp', model: 'm' }])
  })

  it.each([
    [{ score: null }, 'no_score'],
    [{}, 'no_score'],
    [{ score: null, error: new Error('down') }, 'scorer_error'],
    [{ score: Number.NaN }, 'out_of_range'],
    [{ score: 7 }, 'out_of_range'],
    [{ score: -1 }, 'out_of_range'],
    [{ score: 0 }, 0],
  ])('%j becomes %j', async (given, wanted) => {
    const scorer = fromAutoevals(async () => ({ name: 'x', ...given }), { version, name: 'x' })
    expect(await valueBy(scorer, 'out')).toBe(wanted)
  })

  it('counts what calls inside it cost', async () => {
    const provider = fakeProvider().enqueue('B')
    const openai = sluice(new OpenAI({ apiKey: 'none', maxRetries: 0, fetch: provider.fetch }), [], { price })
    const asking = fromAutoevals(
      async () => {
        await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'x' }] })
        return { name: 'asking', score: 1 }
      },
      { version, models: ['gpt-5-mini'] },
    )
    expect(await scoreBy(asking, 'out')).toEqual({ status: 'scored', score: 1, costNanoUsd: 700 })
  })
})
