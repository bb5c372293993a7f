import { isSluiceError } from '@sluice/core'
import { fakeClock } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { evaluateRouting } from './measure/evaluate-routing.ts'
import { learnRouting } from './learn-routing.ts'
import type { RoutingModel } from './model.ts'
import { scoreRouting } from './score-routing.ts'
import { syntheticOutcomes } from './testing/outcomes.ts'

const quick = { resamples: 200 } as const
const hard = 'multiply ratio solve equation percent integral add compute interest ratio solve add, case 7?'
const easy = 'friendly letter holiday story poem recipe greet translate story letter poem greet, case 7?'

function advantage(model: RoutingModel, prompt: string, context = {}): number {
  const { small = Number.NaN, large = Number.NaN } = scoreRouting(model, prompt, context)
  return large - small
}

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (isSluiceError(error) && error.code === 'config.option') return error.message
    throw error
  }
  return 'nothing was thrown'
}

describe('learnRouting', () => {
  const model = learnRouting(syntheticOutcomes(), quick)

  it('learns from words which model does better', () => {
    expect(model.heads.map(({ sees, method }) => [sees, method])).toEqual([[['prompt'], 'head']])
    expect(advantage(model, hard)).toBeGreaterThan(0.4)
    expect(advantage(model, easy)).toBeLessThan(0.2)
    const { small = 2, large = 2 } = scoreRouting(model, hard)
    expect(small).toBeCloseTo(0.3, 0)
    expect(large).toBeCloseTo(0.9, 0)
    const fresh = syntheticOutcomes({ seed: 2, rows: 400 })
    expect(evaluateRouting(fresh, model, { resamples: 100 }).apgr).toBeGreaterThan(0.65)
  })

  it('measures itself on rows that it did not see', () => {
    const [pair] = model.heads[0]?.pairs ?? []
    const fresh = evaluateRouting(syntheticOutcomes({ seed: 3, rows: 2_000 }), model, { resamples: 100 })
    expect(pair).toMatchObject({ weak: 'small', strong: 'large' })
    expect(pair?.low).toBeGreaterThan(0.5)
    expect(Math.abs((pair?.apgr ?? 0) - fresh.apgr)).toBeLessThan(0.12)
  })

  it('refuses a head where the words say nothing, and says so', () => {
    const nothing = learnRouting(syntheticOutcomes({ signal: false }), quick)
    expect(nothing.heads[0]).toMatchObject({ method: 'none' })
    expect(nothing.heads[0]?.why).toContain('no better than chance')
    expect(nothing.heads[0]?.fit).toBeUndefined()
    expect(scoreRouting(nothing, hard)).toEqual(scoreRouting(nothing, easy))
    expect(scoreRouting(nothing, hard)['large']).toBe(nothing.targets[1]?.meanScore)
  })

  it('does not mistake repeats of a prompt for learning', () => {
    const repeated = syntheticOutcomes({ signal: false, rows: 120 }).flatMap((outcome) =>
      ['a', 'b', 'c', 'd'].map((copy) => ({ ...outcome, id: outcome.id + copy })),
    )
    const [pair] = learnRouting(repeated, quick).heads[0]?.pairs ?? []
    expect(pair?.apgr).toBeLessThan(0.6)
  })

  it('uses a label where it knows it, and the prompt where it does not', () => {
    const labelled = learnRouting(syntheticOutcomes({ signal: false, labels: true }), quick)
    expect(labelled.heads.map(({ sees }) => sees)).toEqual([['prompt'], ['prompt', 'label']])
    expect(advantage(labelled, 'x', { label: 'sums' })).toBeGreaterThan(
      advantage(labelled, 'x', { label: 'chat' }) + 0.2,
    )
    expect(advantage(labelled, 'x', { label: 'law' })).toBe(advantage(labelled, 'x'))
  })

  it('routes by label alone where no prompt was kept', () => {
    const bare = syntheticOutcomes({ labels: true }).map((outcome) => ({ ...outcome, prompt: '' }))
    const labelled = learnRouting(bare, quick)
    expect(labelled.heads.map(({ sees, method }) => [sees, method])).toEqual([[['label'], 'table']])
    expect(advantage(labelled, '', { label: 'sums' })).toBeGreaterThan(0.3)
  })

  it('judges the answer of the weak model when it has seen it', () => {
    const answered = learnRouting(syntheticOutcomes({ signal: false, answers: true }), quick)
    expect(answered.answerOf).toBe('small')
    expect(answered.heads.at(-1)).toMatchObject({ sees: ['prompt', 'answer'], method: 'head' })
    expect(advantage(answered, 'x', { answer: '2 + 2 = 5\nso it' })).toBeGreaterThan(0.4)
    expect(advantage(answered, 'x', { answer: '2 + 2 = 4\n#### 4' })).toBeLessThan(0.2)
  })

  it('is plain JSON: what is stored and loaded says the same', () => {
    const loaded = JSON.parse(JSON.stringify(model)) as RoutingModel
    expect(loaded).toEqual(model)
    for (const prompt of [hard, easy, '', '如何计算？'])
      expect(scoreRouting(loaded, prompt)).toEqual(scoreRouting(model, prompt))
  })

  it('gives the same model for the same outcomes, seed and time', () => {
    const clock = fakeClock()
    const again = (seed: number): RoutingModel => learnRouting(syntheticOutcomes(), { ...quick, seed, clock })
    expect(again(1)).toEqual(again(1))
    expect(again(1).heads).not.toEqual(again(2).heads)
    expect(again(1).learnedAtMs).toBe(clock.now())
  })

  it('counts what it used and takes the targets that were asked for', () => {
    const outcomes = syntheticOutcomes().map((outcome, row) => ({
      ...outcome,
      models: row < 40 ? outcome.models : { ...outcome.models, third: { score: 0.5 } },
    }))
    expect(learnRouting(outcomes, quick)).toMatchObject({
      outcomes: { used: 200, incomplete: 40, labelled: 0, answered: 0 },
      targets: [{ id: 'small' }, { id: 'large' }, { id: 'third', meanScore: 0.5 }],
    })
    const two = learnRouting(outcomes, { ...quick, targets: ['large', 'small'] })
    expect(two.outcomes.used).toBe(240)
    expect(Object.keys(scoreRouting(two, hard))).toEqual(['large', 'small'])
  })

  it('reads long prompts in bounded time', () => {
    const text = 'word '.repeat(400_000)
    const tookMs = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage()
      scoreRouting(model, text)
      return process.cpuUsage(start).user / 1e3
    })
    // What else runs on the machine can only make it more.
    expect(Math.min(...tookMs)).toBeLessThan(100)
  })

  const [first, ...rest] = syntheticOutcomes({ rows: 30 })
  const broken = (models: object): never => [{ ...first, models }, ...rest] as never
  it.each([
    ['no outcomes', [], {}, 'at least one outcome'],
    ['too few outcomes', rest.slice(0, 10), {}, 'at least 20 outcomes'],
    ['one model', rest, { targets: ['small'] }, 'at least two models'],
    ['an unknown model', rest, { targets: ['small', 'huge'] }, '"huge". Known: small, large'],
    ['a model twice', rest, { targets: ['small', 'small'] }, 'a model twice'],
    ['a duplicate id', [...rest, ...rest.slice(0, 1)], {}, 'two outcomes with the id "row-1"'],
    ['a score that is not finite', broken({ small: { score: Number.NaN }, large: { score: 1 } }), {}, 'finite score'],
    ['a negative cost', broken({ small: { score: 1, costUsd: -1 }, large: { score: 1 } }), {}, 'costUsd of "small"'],
    ['a prompt that is no text', [{ ...first, prompt: null }, ...rest], {}, 'as a string'],
    ['an unknown option', rest, { fold: 3 }, 'no option "fold"'],
    ['folds', rest, { folds: 1 }, 'folds must be a whole number from 2 to 20, got 1'],
    ['dimensions', rest, { dimensions: 1_000 }, 'power of two, got 1000'],
    ['confidence', rest, { confidence: 1 }, 'confidence must be'],
    ['resamples', rest, { resamples: 10 }, 'resamples must be'],
    ['an unknown answerOf', rest, { answerOf: 'huge' }, 'answerOf "huge" is not one of'],
    ['an answerOf without answers', rest, { answerOf: 'small' }, 'has no answers'],
  ])('refuses %s', (_, outcomes, options, message) => {
    expect(refusal(() => learnRouting(outcomes as never, options as never))).toContain(message)
  })

  it('refuses to score with something else', () => {
    expect(refusal(() => scoreRouting({ kind: 'other' } as never, 'x'))).toContain('needs a routing model of version 1')
  })
})
