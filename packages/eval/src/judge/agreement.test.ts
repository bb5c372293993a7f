import { describe, expect, it } from 'vitest'
import { judgeAgreement, orderEffect, type JudgedItem, type OrderedVerdicts } from './agreement.ts'

const items = (label: number, judged: number | undefined, count: number): JudgedItem[] =>
  Array.from({ length: count }, () => ({ label, judged }))

describe('judgeAgreement', () => {
  it('gives kappa of pass and fail, the bias, and how often there was no verdict', () => {
    // 20 both pass, 15 both fail, 5 only the judge, 10 only people: 0.7 observed, 0.5 by chance.
    const agreement = judgeAgreement([
      ...items(1, 1, 20),
      ...items(0, 0, 15),
      ...items(0, 1, 5),
      ...items(1, 0, 10),
      ...items(1, undefined, 10),
    ])
    expect(agreement.items).toBe(60)
    expect(agreement.kappa).toMatchObject({ value: expect.closeTo(0.4, 12), observed: 0.7, n: 50 })
    expect(agreement.kappa.low).toBeLessThan(0.4)
    expect(agreement.bias.mean).toBeCloseTo(-0.1, 12)
    expect(agreement.unscored.value).toBeCloseTo(1 / 6, 12)
  })

  it('takes the mark from which an output has passed', () => {
    const graded: JudgedItem[] = [...items(0.9, 0.6, 5), ...items(0.1, 0.2, 5)]
    expect(judgeAgreement(graded, 0.5).kappa.value).toBe(1)
    expect(judgeAgreement(graded, 0.7).kappa.value).toBe(0)
  })

  it('refuses when nothing was scored', () => {
    expect(() => judgeAgreement(items(1, undefined, 3))).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
  })
})

describe('orderEffect', () => {
  const pair = (given: OrderedVerdicts['given'], swapped: OrderedVerdicts['given']): OrderedVerdicts => ({
    given,
    swapped,
  })

  it('counts flips among pairs with two winners, and whom they favour', () => {
    const effect = orderEffect([
      pair('first', 'first'),
      pair('second', 'second'),
      // The first shown won both times, twice; the second shown once.
      pair('first', 'second'),
      pair('first', 'second'),
      pair('second', 'first'),
      pair('tie', 'first'),
      pair('first', undefined),
    ])
    expect(effect).toMatchObject({ pairs: 5, flips: { value: 0.6 }, firstShown: { value: expect.closeTo(2 / 3, 12) } })
  })

  it('has no shares of nothing', () => {
    expect(orderEffect([pair('tie', 'tie')])).toEqual({ pairs: 0, flips: undefined, firstShown: undefined })
    expect(orderEffect([pair('first', 'first')])).toMatchObject({ flips: { value: 0 }, firstShown: undefined })
  })
})
