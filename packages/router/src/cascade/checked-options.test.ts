import { describe, expect, it } from 'vitest'
import { cascade } from './cascade.ts'
import { agreement } from './estimators/agreement.ts'
import { all, any, weighted } from './estimators/combine.ts'
import { format } from './estimators/format.ts'
import { judge } from './estimators/judge.ts'
import { learnedEstimator } from './estimators/learned.ts'
import { logprobs } from './estimators/logprobs.ts'
import { calibrated, mapped } from './estimators/mapped.ts'
import { verify } from './estimators/verify.ts'
import type { CascadeOptions } from './options.ts'
import { price, says } from './testing/set-up.ts'

const accept = says(1)
const steps = ['cheap', 'strong']

describe('options of a cascade', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['no steps', { accept }, 'config.steps', /two steps or more/],
    ['one step', { steps: ['cheap'], accept }, 'config.steps', /got 1/],
    ['a step that is none', { steps: ['cheap', 7], accept }, 'config.steps', /Step 2 is none/],
    ['an empty name', { steps: ['', 'strong'], accept }, 'config.steps', /Step 1 is none/],
    ['duplicate ids', { steps: ['cheap', 'cheap'], accept }, 'config.steps', /the id "cheap"/],
    ['nothing to judge by', { steps }, 'config.steps', /"cheap" has nothing to judge/],
    [
      'an estimator at the end',
      { steps: ['cheap', { target: 'strong', accept }], accept },
      'config.steps',
      /not judged/,
    ],
    [
      'a threshold at the end',
      { steps: ['cheap', { target: 'strong', threshold: 1 }], accept },
      'config.steps',
      /not judged/,
    ],
    ['a function to accept', { steps, accept: () => true }, 'config.option', /verify\(fn\)/],
    ['a floor above 1', { steps, accept, floor: 1.1 }, 'config.option', /floor .* got 1\.1/],
    ['a floor that is no number', { steps, accept, floor: Number.NaN }, 'config.option', /got NaN/],
    [
      'a threshold below 0',
      { steps: [{ target: 'cheap', threshold: -0.1 }, 'strong'], accept },
      'config.option',
      /"cheap" must be 0 to 1/,
    ],
    ['too few thresholds', { steps: ['a', 'b', 'c'], accept, thresholds: [1] }, 'config.option', /list of 2/],
    ['a threshold out of range', { steps, accept, thresholds: [2] }, 'config.option', /got 2/],
    ['no money', { steps, accept, price, maxCostNanoUsd: 0 }, 'config.option', /above 0, got 0/],
    ['money without prices', { steps, accept, maxCostNanoUsd: 1 }, 'config.option', /what "cheap" costs/],
    ['an unknown option', { steps, accept, treshold: 1 }, 'config.option', /no option "treshold"/],
    [
      'an unknown option of a step',
      { steps: [{ target: 'cheap', floor: 1 }, 'strong'], accept },
      'config.option',
      /no option "floor"/,
    ],
    ['an unknown word', { steps, accept, otherModels: 'route' }, 'config.option', /"route"/],
    ['another one', { steps, accept, onLastFailure: 'retry' }, 'config.option', /"retry"/],
    ['a timeout of 0', { steps, accept, timeouts: { attemptMs: 0 } }, 'config.option', /attemptMs/],
    ['a clock that is none', { steps, accept, clock: {} }, 'config.option', /clock/],
    ['a bad breaker', { steps, accept, breaker: { failures: 1 } }, 'config.option', /failures/],
    [
      'a judge that is the step',
      { steps, accept: learnedEstimator(model(), {}) },
      'config.option',
      /"cheap" is not one/,
    ],
  ])('refuses %s', (_, options, code, message) => {
    expect(() => cascade(options as CascadeOptions)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })

  it.each<[string, () => unknown, RegExp]>([
    ['verify()', () => verify(1 as never), /takes a function/],
    ['verify() options', () => verify(() => true, { nam: 1 } as never), /no option "nam"/],
    ['format()', () => format({} as never), /Standard Schema/],
    ['agreement() of nobody', () => agreement({ of: [] }), /needs targets/],
    ['agreement() of something', () => agreement({ of: [7 as never] }), /asks targets/],
    ['agreement() tolerance', () => agreement({ of: ['a'], tolerance: -1 }), /got -1/],
    ['agreement() option', () => agreement({ of: ['a'], equals: 1 } as never), /no option "equals"/],
    ['logprobs()', () => logprobs({ quantile: 2 }), /quantile/],
    ['logprobs() above 0', () => logprobs({ minLogprob: 1 }), /minLogprob/],
    ['judge() without criteria', () => judge('judge', {} as never), /needs criteria/],
    ['judge() without room', () => judge('judge', { criteria: 'x', maxCharacters: 1 }), /got 1/],
    ['learnedEstimator()', () => learnedEstimator({} as never), /routing model/],
    ['learnedEstimator() against nobody', () => learnedEstimator(model(), { against: 'x' }), /"x" is not one/],
    ['all()', () => all(), /one or more/],
    ['any()', () => any(format('json'), {} as never), /one or more/],
    ['weighted()', () => weighted({ estimator: format('json'), weight: 0 }), /above 0, got 0/],
    ['mapped()', () => mapped(format('json'), 2 as never), /function/],
    ['calibrated()', () => calibrated(format('json'), { confidences: [1], scores: [] }), /fitIsotonic/],
    ['calibrated() beyond 1', () => calibrated(format('json'), { confidences: [1], scores: [2] }), /0 to 1/],
  ])('refuses a bad %s', (_, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }))
  })
})

function model(): Parameters<typeof learnedEstimator>[0] {
  return {
    kind: 'sluice.routing-model',
    version: 1,
    learnedAtMs: 0,
    outcomes: { used: 0, incomplete: 0, labelled: 0, answered: 0 },
    targets: [
      { id: 'a', meanScore: 0.5 },
      { id: 'b', meanScore: 0.9 },
    ],
    confidence: 0.95,
    heads: [],
  }
}
