import { describe, expect, it } from 'vitest'
import { runOf, type CaseOf } from '../../fixtures/run-of.ts'
import { normQuantile, tCdf, tQuantile } from '../stats/special.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { compare, type CompareOptions } from './compare.ts'

/** Cases whose score is what `scoreOf` says of their number. */
function run(
  count: number,
  scoreOf: (index: number) => number,
  more: (index: number) => Partial<CaseOf> = () => ({}),
): EvalRun {
  return runOf({
    cases: Array.from({ length: count }, (_, index) => ({ id: `${index}`, scores: [scoreOf(index)], ...more(index) })),
  })
}

/** A run with one more scorer. */
function withScorer(of: EvalRun, name: string, scoreOf: (index: number) => number, version = '1'): EvalRun {
  return {
    ...of,
    header: { ...of.header, scorers: { ...of.header.scorers, [name]: version } },
    trials: of.trials.map((trial) => ({
      ...trial,
      scores: { ...trial.scores, [name]: { status: 'scored', score: scoreOf(Number(trial.id)) } },
    })),
  }
}

const perfect = run(40, () => 1)
const only = (comparison: ReturnType<typeof compare>) => {
  expect(comparison.metrics).toHaveLength(1)
  return comparison.metrics[0] as (typeof comparison.metrics)[number]
}
const failing = (count: number): EvalRun => run(40, (index) => (index < count ? 0 : 1))

describe('the verdict', () => {
  it.each<[string, EvalRun, EvalRun, CompareOptions]>([
    ['not-worse', perfect, perfect, {}],
    ['regressed', failing(8), perfect, {}],
    ['improved', perfect, failing(8), {}],
    ['inconclusive', failing(2), perfect, {}],
    ['not-worse', failing(2), perfect, { margin: 0.15 }],
    // A fall of 0.2 is certain; that it is larger than 0.15 is only measured.
    ['regressed', failing(8), perfect, { margin: 0.15 }],
    ['inconclusive', failing(8), perfect, { margin: 0.15, strict: true }],
    ['regressed', failing(20), perfect, { margin: 0.15, strict: true }],
    ['inconclusive', failing(8), perfect, { margin: 0.25 }],
    ['not-worse', failing(8), perfect, { margin: 0.4 }],
    ['regressed', failing(8), perfect, { margin: { pass: 0.1, other: 0.9 } }],
  ])('is %s', (verdict, candidate, baseline, options) => {
    const comparison = compare(candidate, baseline, options)
    expect(comparison.verdict).toBe(verdict)
    expect(only(comparison).verdict).toBe(verdict)
  })

  it('is of the mean difference of pairs, by Student', () => {
    const { difference, candidate, baseline } = only(compare(failing(8), perfect))
    const error = Math.sqrt((0.2 * 0.8) / 39)
    expect(difference).toMatchObject({ pairs: 40, clusters: 40 })
    expect(difference.mean).toBeCloseTo(-0.2, 12)
    expect(difference.standardError).toBeCloseTo(error, 12)
    // Two one-sided intervals at α = 0.05.
    expect(difference.low).toBeCloseTo(-0.2 - tQuantile(0.95, 39) * error, 9)
    expect(difference.high).toBeCloseTo(-0.2 + tQuantile(0.95, 39) * error, 9)
    expect(difference.pFall).toBeCloseTo(tCdf(-0.2 / error, 39), 9)
    expect([candidate.mean, baseline.mean]).toEqual([expect.closeTo(0.8, 12), 1])
  })

  it('is not given by a bell curve to so few that all the ways to flip them can be counted', () => {
    const down = (count: number) =>
      compare(
        run(count, () => 0),
        run(count, () => 1),
      )
    // 1 of 16 ways is as bad: not certain enough. 1 of 32 is.
    expect(down(4).verdict).toBe('inconclusive')
    expect(only(down(4)).difference.pFall).toBe(1 / 16)
    expect(down(5).verdict).toBe('regressed')
    expect(
      only(
        compare(
          run(1, () => 0),
          run(1, () => 1),
        ),
      ).verdict,
    ).toBe('inconclusive')
  })

  it('takes cases of one cluster for one', () => {
    const clustered = (scoreOf: (index: number) => number): EvalRun =>
      run(40, scoreOf, (index) => ({ cluster: `document ${index % 8}` }))
    const bad = (index: number): number => (index % 8 === 0 ? 0 : 1)
    expect(
      compare(
        run(40, bad),
        run(40, () => 1),
      ).verdict,
    ).toBe('regressed')
    const comparison = compare(
      clustered(bad),
      clustered(() => 1),
    )
    expect(comparison.verdict).toBe('inconclusive')
    expect(only(comparison).difference.clusters).toBe(8)
  })

  it('is of the means of cases, each case one, whatever its repeats', () => {
    const repeated = runOf({
      cases: Array.from({ length: 40 }, (_, index) => ({ id: `${index}`, scores: index < 8 ? [0, 0, 1, 1] : [1] })),
    })
    expect(only(compare(repeated, perfect)).difference.mean).toBeCloseTo(-0.1, 12)
  })
})

describe('several scorers', () => {
  // One fall alone has p = 0.022; of several it must be certain enough for all of them.
  const slight = (index: number): number => (index < 4 ? 0 : 0.5)
  const pair = (names: readonly string[]): [EvalRun, EvalRun] => [
    names.reduce((of, name) => withScorer(of, name, () => 0.5), run(40, slight)),
    names.reduce(
      (of, name) => withScorer(of, name, () => 0.5),
      run(40, () => 0.5),
    ),
  ]

  it('are held to one chance of a false alarm, by the method of Holm', () => {
    const alone = only(compare(...pair([])))
    expect(alone.verdict).toBe('regressed')
    expect(alone.adjustedP).toBe(alone.difference.pFall)
    const among = compare(...pair(['one', 'two']))
    expect(among.metrics[0]?.adjustedP).toBeCloseTo(3 * alone.adjustedP, 12)
    expect(among.metrics[0]?.verdict).toBe('inconclusive')
    expect(compare(...pair(['one', 'two']), { metrics: ['pass'] }).verdict).toBe('regressed')
  })

  it('give the worst verdict of theirs', () => {
    const baseline = withScorer(failing(20), 'tone', () => 1)
    const mixed = (fails: number) =>
      compare(
        withScorer(perfect, 'tone', (index) => (index < fails ? 0 : 1)),
        baseline,
      )
    expect(mixed(0).metrics.map(({ verdict }) => verdict)).toEqual(['improved', 'not-worse'])
    expect([mixed(0).verdict, mixed(1).verdict, mixed(12).verdict]).toEqual(['improved', 'inconclusive', 'regressed'])
  })

  it('count whether the target answered, where it did not always', () => {
    const down = run(
      40,
      () => 1,
      (index) => (index < 10 ? { error: { name: 'Error', message: 'down' } } : {}),
    )
    const unscored = {
      ...down,
      trials: down.trials.map((trial) =>
        trial.error ? { ...trial, scores: { pass: { status: 'unscored' as const, reason: 'target_failed' } } } : trial,
      ),
    }
    const comparison = compare(unscored, perfect)
    expect(comparison.metrics.map(({ scorer, verdict }) => [scorer, verdict])).toEqual([
      ['pass', 'not-worse'],
      ['answered', 'regressed'],
    ])
    expect(comparison.metrics[0]?.difference.pairs).toBe(30)
  })
})

describe('what would settle it', () => {
  const z = normQuantile(0.95) + normQuantile(0.8)

  it('is said in cases and in repeats, and how small a fall would have been seen', () => {
    const repeated = (scoreOf: (index: number, trial: number) => number): EvalRun =>
      runOf({
        cases: Array.from({ length: 40 }, (_, index) => ({
          id: `${index}`,
          scores: [scoreOf(index, 0), scoreOf(index, 1)],
        })),
      })
    // 18 cases are a coin in the candidate, and 17 in the baseline, one of them another.
    const candidate = repeated((index, trial) => (index < 18 ? (index + trial) % 2 : 1))
    const baseline = repeated((index, trial) => (index < 16 || index === 39 ? (index + trial) % 2 : 1))
    const { verdict, difference, detectable, settle } = only(compare(candidate, baseline))
    expect(verdict).toBe('inconclusive')
    expect(detectable).toBeCloseTo(z * difference.standardError, 12)
    expect(settle?.cases).toBe(Math.ceil(40 * (detectable / difference.mean) ** 2))
    // Within: 18 (17) of 40 cases of variance a half; between: what the noise of two repeats leaves of the whole.
    const [first, second] = [0.225, 0.2125]
    const between = Math.max(0, difference.standardError ** 2 * 40 - first / 2 - second / 2)
    const room = (40 * difference.mean ** 2) / z ** 2 - between
    expect(settle?.repeats).toBe(room > 0 ? Math.ceil((first + second) / room) : undefined)
  })

  it('is as many repeats as are needed where only chance is in the way', () => {
    // All cases are coins: of 30 trials each, or of four, the same suite.
    const coins = (passes: number): EvalRun =>
      runOf({
        cases: Array.from({ length: 100 }, (_, index) => ({
          id: `${index}`,
          scores: index % 10 < passes ? [1, 0, 1, 1] : [0, 1, 0, 1],
        })),
      })
    const { verdict, settle, difference } = only(compare(coins(4), coins(5), { margin: 0 }))
    expect(difference.mean).toBeLessThan(0)
    expect(verdict === 'inconclusive' ? settle?.repeats : 1).toBeGreaterThanOrEqual(1)
  })

  it('is nothing for what is settled, or lies on the margin itself', () => {
    expect(only(compare(failing(8), perfect)).settle).toBeUndefined()
    const even = run(40, (index) => (index === 0 ? 0 : 1))
    const odd = run(40, (index) => (index === 1 ? 0 : 1))
    expect(only(compare(even, odd))).toMatchObject({
      verdict: 'inconclusive',
      settle: { cases: undefined, repeats: undefined },
    })
  })

  it('has a figure too where no two cases differ', () => {
    expect(only(compare(perfect, perfect)).detectable).toBeCloseTo(z ** 2 / 40, 12)
  })
})

describe('runs that are not of the same', () => {
  const names = (candidate: EvalRun, baseline: EvalRun, options?: CompareOptions): Record<string, unknown> =>
    Object.fromEntries(compare(candidate, baseline, options).warnings.map(({ name, about }) => [name, about]))

  it('are compared by the cases that both have, unchanged, and the others are named', () => {
    const candidate = run(
      40,
      () => 1,
      (index) => (index === 3 ? { digest: 'changed' } : {}),
    )
    const shorter = { ...candidate, trials: candidate.trials.slice(2) }
    const other = runOf({ cases: [{ id: 'new', scores: [0] }] })
    const comparison = compare({ ...shorter, trials: [...shorter.trials, ...other.trials] }, perfect)
    expect(only(comparison).difference.pairs).toBe(37)
    expect(Object.fromEntries(comparison.warnings.map(({ name, about }) => [name, about]))).toMatchObject({
      lost_cases: ['0', '1'],
      new_cases: ['new'],
      changed_cases: ['3'],
    })
  })

  it('are not compared when they share nothing', () => {
    const other = runOf({ cases: [{ id: 'other', scores: [1] }] })
    expect(() => compare(other, perfect)).toThrow(expect.objectContaining({ code: 'eval.not_comparable' }))
    const stranger = withScorer(
      run(40, () => 1),
      'x',
      () => 1,
    )
    const { pass: _, ...rest } = stranger.header.scorers
    const renamed = { ...stranger, header: { ...stranger.header, scorers: rest } }
    expect(() => compare(renamed, perfect)).toThrow(expect.objectContaining({ code: 'eval.not_comparable' }))
  })

  it('are not compared over other versions of a scorer, but by force, with a warning', () => {
    const newer = { ...perfect, header: { ...perfect.header, scorers: { pass: '2' } } }
    expect(() => compare(newer, perfect)).toThrow(
      expect.objectContaining({ code: 'eval.not_comparable', details: { scorers: ['pass'] } }),
    )
    expect(names(newer, perfect, { force: true })).toHaveProperty('scorer_changed', ['pass'])
  })

  it('are warned of for their judges, and for being few', () => {
    const judged = { ...perfect, header: { ...perfect.header, judgeModels: ['gpt-5'] } }
    expect(names(judged, perfect)).toHaveProperty('judge_changed')
    expect(names(perfect, perfect)).toEqual({})
    expect(
      names(
        run(19, () => 1),
        run(19, () => 1),
      ),
    ).toHaveProperty('few_cases')
  })
})

it('compares what trials cost', () => {
  const priced = (nanoUsd: number): EvalRun =>
    run(
      40,
      () => 1,
      () => ({ measures: { costNanoUsd: nanoUsd } }),
    )
  expect(compare(priced(1_500), priced(1_000)).costNanoUsd).toMatchObject({ mean: 500, pairs: 40 })
  expect(compare(priced(1_500), perfect).costNanoUsd).toBeUndefined()
})

it.each<[string, CompareOptions]>([
  ['an option that there is none of', { level: 0.95 } as never],
  ['no alpha', { alpha: 0 }],
  ['alpha of a half', { alpha: 0.5 }],
  ['a negative margin', { margin: -0.1 }],
  ['a margin of more than all', { margin: { pass: 1.1 } }],
  ['metrics that there are none of', { metrics: ['tone'] }],
  ['a mark above all scores', { passAt: 1.5 }],
])('refuses %s', (_, options) => {
  expect(() => compare(perfect, perfect, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
})
