import { describe, expect, it } from 'vitest'
import { type Candidate, Findings, rank } from './findings.ts'
import { openFrom, withoutOverlaps } from './overlaps.ts'

const candidate = (start: number, end: number, ranked: number, score = 1): Candidate => ({
  start,
  end,
  entity: 'x',
  score,
  rank: ranked,
})

describe('withoutOverlaps', () => {
  it('keeps what touches and does not overlap, in the order of the text', () => {
    const [a, b] = [candidate(0, 5, rank.context), candidate(5, 9, rank.form)]
    expect(withoutOverlaps([b, a])).toEqual([a, b])
  })

  it.each([
    ['of the higher rank', candidate(0, 9, rank.context), candidate(2, 5, rank.form)],
    ['that is longer', candidate(2, 5, rank.form, 1), candidate(0, 9, rank.form, 0.5)],
    ['that is surer', candidate(0, 5, rank.form, 0.5), candidate(2, 7, rank.form, 0.6)],
    ['that comes first', candidate(2, 7, rank.form), candidate(0, 5, rank.form)],
  ])('keeps the one %s', (_, loser, winner) => {
    expect(withoutOverlaps([loser, winner])).toEqual([winner])
    expect(withoutOverlaps([winner, loser])).toEqual([winner])
  })

  it('keeps what overlaps only with one that lost', () => {
    const [a, b, c] = [candidate(0, 5, rank.form), candidate(4, 9, rank.number), candidate(8, 12, rank.context)]
    expect(withoutOverlaps([a, b, c])).toEqual([a, c])
  })
})

describe('openFrom', () => {
  it('goes back over all that hang together', () => {
    const findings = new Findings('x'.repeat(20), 0)
    findings.add(0, 3, 'x', 1, 1)
    findings.add(4, 9, 'x', 1, 1)
    findings.add(8, 12, 'x', 1, 1)
    findings.touch(10)
    expect(openFrom(findings)).toBe(4)
  })

  it('is the end of the text where nothing is open', () => {
    const findings = new Findings('x'.repeat(20), 0)
    findings.add(0, 19, 'x', 1, 1)
    expect(openFrom(findings)).toBe(20)
    findings.add(15, 20, 'x', 1, 1)
    expect(openFrom(findings)).toBe(0)
  })
})
