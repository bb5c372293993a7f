import { describe, expect, it } from 'vitest'
import { majority, namedCriteria, readVerdicts, weightedShare, type Criterion, type Met } from './criteria.ts'
import { verdict } from '../../fixtures/fake-judge.ts'

const criteria = namedCriteria('judge()', ['One?', { id: 'two', question: 'Two?' }])

describe('namedCriteria', () => {
  it('numbers what has no id', () => {
    expect(criteria.map(({ id }) => id)).toEqual(['c1', 'two'])
  })

  it.each<[string, unknown]>([
    ['a text', 'One?'],
    ['an empty question', [' ']],
    ['a question that is no text', [{ question: 7 }]],
    [
      'equal ids',
      [
        { id: 'a', question: 'x' },
        { id: 'a', question: 'y' },
      ],
    ],
    ['an id that is taken by a number', ['x', { id: 'c1', question: 'y' }]],
    ['an id of two lines', [{ id: 'a\nb', question: 'x' }]],
    ['a weight of 0', [{ question: 'x', weight: 0 }]],
    ['a weight without end', [{ question: 'x', weight: Number.POSITIVE_INFINITY }]],
  ])('refuses %s', (_, given) => {
    expect(() => namedCriteria('judge()', given as readonly Criterion[])).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
  })
})

describe('readVerdicts', () => {
  it('takes one of each, in any order, and nothing beside what is asked for', () => {
    const given = { ...verdict({ two: 'no', c1: 'yes' }), score: 1, verdict: 'pass' }
    expect(readVerdicts(given, criteria)).toEqual([
      { id: 'c1', evidence: 'about c1', met: 'yes' },
      { id: 'two', evidence: 'about two', met: 'no' },
    ])
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'yes'],
    ['a list', [verdict({ c1: 'yes', two: 'yes' })]],
    ['no list', { criteria: { c1: 'yes', two: 'yes' } }],
    ['too few', verdict({ c1: 'yes' })],
    ['another id', verdict({ c1: 'yes', three: 'yes' })],
    ['one too many', verdict({ c1: 'yes', two: 'yes', three: 'yes' })],
    ['one twice', { criteria: [...verdict({ c1: 'yes' }).criteria, ...verdict({ c1: 'no' }).criteria] }],
    ['another word', verdict({ c1: 'Yes', two: 'yes' })],
    ['a truth value', { criteria: [{ id: 'c1', evidence: '', met: true }, ...verdict({ two: 'yes' }).criteria] }],
    ['no evidence', { criteria: [{ id: 'c1', met: 'yes' }, ...verdict({ two: 'yes' }).criteria] }],
    ['a hole', { criteria: [null, ...verdict({ c1: 'yes' }).criteria] }],
  ])('refuses %s', (_, given) => {
    expect(readVerdicts(given, criteria)).toBeUndefined()
  })
})

describe('majority', () => {
  const votes = (...letters: readonly Met[]) => letters.map((met) => [{ id: 'c1', evidence: '', met }])

  it.each<[readonly Met[], Met]>([
    [['yes', 'yes', 'no'], 'yes'],
    [['no', 'no', 'yes'], 'no'],
    [['yes', 'no', 'unclear'], 'unclear'],
    [['yes', 'unclear', 'unclear'], 'unclear'],
    [['yes', 'no'], 'unclear'],
    [['yes'], 'yes'],
  ])('of %j is %s', (given, met) => {
    expect(majority(votes(...given), namedCriteria('judge()', ['One?']))[0]?.met).toBe(met)
  })
})

describe('weightedShare', () => {
  const share = (met: readonly Met[], given: readonly Omit<Criterion, 'question'>[]): number | undefined =>
    weightedShare(
      met.map((each) => ({ met: each })),
      namedCriteria(
        'judge()',
        given.map((each) => ({ ...each, question: 'x?' })),
      ),
    )

  it('weighs what is met among what could be told', () => {
    expect(share(['yes', 'no'], [{ weight: 3 }, {}])).toBe(0.75)
    expect(share(['yes', 'no', 'unclear'], [{}, {}, { weight: 9 }])).toBe(0.5)
    expect(share(['unclear', 'unclear'], [{}, {}])).toBeUndefined()
  })

  it('is 0 where one that must pass is not met, whatever the others and their order', () => {
    expect(share(['yes', 'no'], [{}, { mustPass: true }])).toBe(0)
    expect(share(['unclear', 'no'], [{ mustPass: true }, { mustPass: true }])).toBe(0)
    expect(share(['no', 'unclear'], [{ mustPass: true }, { mustPass: true }])).toBe(0)
  })

  it('is not known where it could not be told of one that must pass', () => {
    expect(share(['yes', 'unclear'], [{}, { mustPass: true }])).toBeUndefined()
    expect(share(['yes', 'no'], [{ mustPass: true }, {}])).toBe(0.5)
  })
})
