import { describe, expect, it } from 'vitest'
import { runOf } from '../../fixtures/run-of.ts'
import { exact } from '../score/text-scorers.ts'
import { defineSuite } from '../suite/suite.ts'
import { caseChanges, type CaseChange } from './case-changes.ts'
import { compare } from './compare.ts'
import { confirmChanges } from './confirm.ts'

const scores = (passed: number, trials: number): number[] =>
  Array.from({ length: trials }, (_, index) => (index < passed ? 1 : 0))

/** Changes of one case, among others that never fail. */
function changes(
  candidate: readonly [passed: number, trials: number],
  past: readonly [passed: number, trials: number],
  others = 10,
): readonly CaseChange[] {
  const of = ([passed, trials]: readonly [number, number]) =>
    runOf({
      cases: [
        { id: 'watched', scores: scores(passed, trials) },
        ...Array.from({ length: others }, (_, index) => ({ id: `${index}`, scores: scores(trials, trials) })),
      ],
    })
  return caseChanges(of(candidate), [of(past)], { scorers: ['pass'], passAt: 0.5, alpha: 0.05 })
}

describe('caseChanges', () => {
  it.each<[CaseChange['status'], readonly [number, number], readonly [number, number]]>([
    ['broken', [0, 4], [20, 20]],
    ['suspect', [0, 1], [20, 20]],
    ['suspect', [1, 2], [20, 20]],
    ['healed', [20, 20], [0, 20]],
    ['flaky', [0, 1], [10, 20]],
    ['flaky', [3, 4], [15, 20]],
  ])('says %s of %j after %j', (status, candidate, past) => {
    expect(changes(candidate, past)).toMatchObject([
      {
        id: 'watched',
        scorer: 'pass',
        status,
        candidate: { passed: candidate[0], trials: candidate[1] },
        history: { passed: past[0], trials: past[1] },
      },
    ])
  })

  it.each<[readonly [number, number], readonly [number, number]]>([
    [
      [4, 4],
      [20, 20],
    ],
    [
      [1, 1],
      [10, 20],
    ],
    [
      [0, 4],
      [0, 20],
    ],
  ])('says nothing of %j after %j', (candidate, past) => {
    expect(changes(candidate, past)).toEqual([])
  })

  it("has Fisher's p, and q over all cases", () => {
    const [change] = changes([0, 4], [20, 20], 9)
    // One way of C(24, 4) to have all four failures in the candidate.
    expect(change?.p).toBeCloseTo(1 / 10_626, 12)
    expect(change?.q).toBeCloseTo(10 / 10_626, 12)
    // The same case among a thousand others is not certain any more.
    expect(changes([0, 3], [20, 20], 9)[0]?.status).toBe('broken')
    expect(changes([0, 3], [20, 20], 999)[0]?.status).toBe('suspect')
  })

  it('has no history of a case that was changed, nor of another version of the scorer', () => {
    const options = { scorers: ['pass'], passAt: 0.5, alpha: 0.05 }
    const now = runOf({ cases: [{ id: 'a', scores: scores(0, 4) }] })
    const changed = runOf({ cases: [{ id: 'a', scores: scores(20, 20), digest: 'other' }] })
    const older = runOf({ cases: [{ id: 'a', scores: scores(20, 20) }], scorers: { pass: '0' } })
    expect(caseChanges(now, [changed], options)).toEqual([])
    expect(caseChanges(now, [older], options)).toEqual([])
    const past = runOf({ cases: [{ id: 'a', scores: scores(10, 10) }] })
    expect(caseChanges(now, [past, past, older], options)[0]?.history).toEqual({ passed: 20, trials: 20 })
  })

  it('takes a pass to be what it is told to be, and no score for no trial', () => {
    const runs = [0.6, 0.9].map((score) =>
      runOf({ cases: [{ id: 'a', scores: [score, score, score, score, { status: 'unscored', reason: 'x' }] }] }),
    ) as [ReturnType<typeof runOf>, ReturnType<typeof runOf>]
    const of = (passAt: number) => caseChanges(runs[0], [runs[1]], { scorers: ['pass'], passAt, alpha: 0.05 })
    expect(of(0.5)).toEqual([])
    expect(of(0.8)).toMatchObject([{ status: 'broken', candidate: { passed: 0, trials: 4 } }])
  })
})

describe('confirmChanges', () => {
  const letters = [...'abcdefgh']
  /** Answers wrongly those trials that `wrong` says. */
  function world(wrong: (id: string, trial: number) => boolean) {
    const asked: string[] = []
    const suite = defineSuite('letters', {
      cases: letters.map((id) => ({ id, input: id, expected: id })),
      target: (input: string, { trial }) => {
        asked.push(`${input}${trial}`)
        return wrong(input, trial) ? 'wrong' : input
      },
      scorers: [exact()],
    })
    return { suite, asked }
  }
  const history = async () => [await world(() => false).suite.run({ repeats: 20 })]

  it('tries suspects anew, and judges them by the fresh trials alone', async () => {
    // One was bad luck; the other is broken.
    const { suite, asked } = world((id, trial) => id === 'c' || (id === 'e' && trial === 0))
    const past = await history()
    const run = await suite.run()
    const comparison = compare(run, past[0] as never, { history: past })
    expect(comparison.cases.map(({ id, status }) => [id, status])).toEqual([
      ['c', 'suspect'],
      ['e', 'suspect'],
    ])
    asked.length = 0
    const { cases, run: fresh } = await confirmChanges(suite, run, comparison, { history: past })
    expect(asked.toSorted()).toEqual(['c1', 'c2', 'c3', 'c4', 'e1', 'e2', 'e3', 'e4'])
    expect(cases).toMatchObject([{ id: 'c', status: 'broken', candidate: { passed: 0, trials: 4 } }])
    expect(fresh?.trials).toHaveLength(8)
    // The six cases that were not tried again count among the tests.
    expect(cases[0]?.q).toBeCloseTo(8 * (cases[0]?.p as number), 12)
  })

  it('runs nothing when nothing is suspected', async () => {
    const { suite, asked } = world(() => false)
    const past = await history()
    const run = await suite.run()
    asked.length = 0
    const confirmed = await confirmChanges(suite, run, compare(run, past[0] as never), { history: past })
    expect(confirmed).toEqual({ cases: [], run: undefined })
    expect(asked).toEqual([])
  })

  it('refuses options that are bad', async () => {
    const { suite } = world(() => false)
    const run = await suite.run()
    const comparison = compare(run, run)
    for (const options of [{ trials: 0 }, { repeats: 3 }])
      await expect(confirmChanges(suite, run, comparison, { history: [], ...options })).rejects.toMatchObject({
        code: 'config.option',
      })
  })
})
