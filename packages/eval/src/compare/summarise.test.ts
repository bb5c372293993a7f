import { describe, expect, it } from 'vitest'
import { runOf } from '../../fixtures/run-of.ts'
import { meanInterval } from '../stats/mean.ts'
import { wilson } from '../stats/proportion.ts'
import { modelFamily } from './model-family.ts'
import { summarise } from './summarise.ts'
import { runWarnings } from './warnings.ts'

const once = runOf({ cases: [1, 1, 0, 0.4].map((score, index) => ({ id: `${index}`, scores: [score] })) })

describe('summarise', () => {
  it('has the mean of cases and the share of passes, each with its interval', () => {
    const { metrics, cases, trials } = summarise(once)
    expect([cases, trials]).toEqual([4, 4])
    expect(metrics).toEqual([
      {
        scorer: 'pass',
        // Student's interval goes beyond 1, where no mean of scores can be.
        mean: { ...meanInterval([1, 1, 0, 0.4]), low: 0, high: 1 },
        passRate: wilson(2, 4),
        repeats: [],
        scored: 4,
        unscored: {},
        errored: 0,
        withinVariance: undefined,
      },
    ])
    const [metric] = summarise(once, { level: 0.5 }).metrics
    expect(metric?.mean).toEqual(meanInterval([1, 1, 0, 0.4], { level: 0.5 }))
    expect(summarise(once, { passAt: 0.4 }).metrics[0]?.passRate?.value).toBe(0.75)
    expect(summarise(once, { passAt: { pass: 0.4 }, level: 0.9 }).metrics[0]?.passRate).toEqual(
      wilson(3, 4, { level: 0.9 }),
    )
  })

  it('has pass@k and pass^k for repeats, and no share of passes', () => {
    const run = runOf({
      cases: [
        { id: 'a', scores: [1, 1, 1] },
        { id: 'b', scores: [1, 0, 0] },
        { id: 'c', scores: [1, 1] },
      ],
    })
    const [metric] = summarise(run).metrics
    expect(metric?.passRate).toBeUndefined()
    expect(metric?.repeats).toEqual([
      { k: 1, passAtK: expect.closeTo((1 + 1 / 3 + 1) / 3, 12), passHatK: expect.closeTo((1 + 1 / 3 + 1) / 3, 12) },
      { k: 2, passAtK: expect.closeTo((1 + 2 / 3 + 1) / 3, 12), passHatK: expect.closeTo((1 + 0 + 1) / 3, 12) },
      { k: 3, passAtK: 1, passHatK: 0.5 },
    ])
    expect(metric?.withinVariance).toBeCloseTo((0 + 1 / 3 + 0) / 3, 12)
    // A case of many repeats is one case.
    expect(metric?.mean?.mean).toBeCloseTo((1 + 1 / 3 + 1) / 3, 12)
  })

  it('takes clusters for what they are', () => {
    const run = runOf({
      cases: [1, 1, 0, 0].map((score, index) => ({ id: `${index}`, scores: [score], cluster: `${index >> 1}` })),
    })
    const [metric] = summarise(run).metrics
    expect(metric?.mean?.df).toBe(1)
    expect(metric?.passRate).toBeUndefined()
  })

  it('counts what has no score, by reason, and takes none of it for 0', () => {
    const run = runOf({
      cases: [
        { id: 'a', scores: [1] },
        { id: 'b', scores: [{ status: 'unscored', reason: 'no_expected' }] },
        { id: 'c', scores: [{ status: 'errored', error: 'down' }] },
      ],
    })
    expect(summarise(run).metrics[0]).toMatchObject({
      mean: { mean: 1 },
      scored: 1,
      unscored: { no_expected: 1 },
      errored: 1,
    })
    const nothing = runOf({ cases: [{ id: 'b', scores: [{ status: 'unscored', reason: 'x' }] }] })
    expect(summarise(nothing).metrics[0]).toMatchObject({ mean: undefined, passRate: undefined, scored: 0 })
  })

  it('says of latency what can be said, and leaves out what came from a cache or failed', () => {
    const of = (count: number) =>
      runOf({
        cases: Array.from({ length: count }, (_, index) => ({
          id: `${index}`,
          scores: [1],
          measures: { latencyMs: index + 1, isCached: index % 2 === 1 },
          ...(index === 0 && { error: { name: 'Error', code: 'down', message: 'down' } }),
        })),
      })
    const { latencyMs, ttftMs, cached, failed } = summarise(of(42))
    expect(latencyMs).toMatchObject({ n: 20, p50: { value: 22 }, p95: { tooFew: true, needs: 59 } })
    expect(ttftMs).toMatchObject({ n: 0, p50: { tooFew: true, needs: 6 } })
    expect([cached, failed]).toEqual([21, { down: 1 }])
  })

  it('has the cost of a trial that was paid for', () => {
    const run = runOf({
      cases: [100, 300, 0].map((costNanoUsd, index) => ({
        id: `${index}`,
        scores: [1],
        measures: { costNanoUsd, isCached: costNanoUsd === 0 },
      })),
    })
    expect(summarise(run).costNanoUsd).toEqual(meanInterval([100, 300]))
    expect(summarise(once).costNanoUsd).toBeUndefined()
  })

  it('refuses options that are bad', () => {
    for (const options of [{ passAt: 2 }, { passAt: { pass: Number.NaN } }, { mark: 1 } as never])
      expect(() => summarise(once, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
    expect(() => summarise(once, { level: 1 })).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
  })
})

describe('runWarnings', () => {
  const names = (run: ReturnType<typeof runOf>): string[] => runWarnings(run).map(({ name }) => name)

  it('names what a reader should know', () => {
    expect(names(once)).toEqual([])
    const failed = runOf({ cases: [{ id: 'a', scores: [1], error: { name: 'Error', message: 'x' } }] })
    expect(names(failed)).toEqual(['failed_trials'])
    expect(names(runOf({ cases: [{ id: 'a', scores: [{ status: 'unscored', reason: 'x' }] }] }))).toEqual(['unscored'])
    const footer = {
      kind: 'end',
      endedAtMs: 1,
      trials: 1,
      ended: 'budget',
      targetNanoUsd: 0,
      judgeNanoUsd: 0,
      unpriced: 2,
    } as const
    expect(names(runOf({ cases: [{ id: 'a', scores: [1] }], footer }))).toEqual(['unfinished', 'unpriced'])
    expect(names({ ...once, footer: undefined })).toEqual(['unfinished'])
  })

  it('warns of a judge that is of the family that it judges', () => {
    const of = (judge: string, target: string) =>
      names(runOf({ cases: [{ id: 'a', scores: [1], measures: { models: [target] } }], judgeModels: [judge] }))
    expect(of('gpt-5', 'gpt-4o-mini-2024-07-18')).toEqual(['judge_of_target_family'])
    expect(of('claude-sonnet-4-5', 'gpt-5')).toEqual([])
    expect(of('someone/unheard-of', 'unheard-of')).toEqual([])
  })
})

it.each([
  ['openai/gpt-4o', 'openai'],
  ['o3-mini', 'openai'],
  ['anthropic/claude-haiku-4-5', 'anthropic'],
  ['models/gemini-2.5-pro', 'google'],
  ['meta-llama/Llama-3.3-70B', 'meta'],
  ['Qwen3-32B', 'alibaba'],
  ['my-model', undefined],
])('tells whose model %s is', (model, family) => {
  expect(modelFamily(model)).toBe(family)
})
