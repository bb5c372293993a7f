import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { powerOfTwo } from './power-of-two.ts'

/** Draws that come round again: a pseudo-random sequence without a dependency on anything. */
function draws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

describe('powerOfTwo', () => {
  it('takes what there is when there are not two', () => {
    const never = (): number => expect.unreachable('no draw is needed')
    expect(powerOfTwo([], () => 0, never)).toBeUndefined()
    expect(powerOfTwo(['only'], () => 0, never)).toBe('only')
  })

  it('compares two different candidates and takes the less loaded', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 2, maxLength: 9 }), unit, unit, (loads, one, two) => {
        const sequence = [one, two]
        const seen: number[] = []
        const picked = powerOfTwo(
          loads.map((_, index) => index),
          (index) => {
            seen.push(index)
            return loads[index]!
          },
          () => sequence.shift()!,
        )
        expect(new Set(seen).size).toBe(2)
        expect(loads[picked!]).toBe(Math.min(...seen.map((index) => loads[index]!)))
      }),
    )
  })

  it('never picks the most loaded and spreads the rest', () => {
    const random = draws(7)
    const loads = [5, 1, 1, 1]
    const picks = [0, 0, 0, 0]
    for (let count = 0; count < 6000; count += 1)
      picks[powerOfTwo([0, 1, 2, 3], (index) => loads[index]!, random)!]! += 1
    expect(picks[0]).toBe(0)
    for (const share of picks.slice(1)) expect(share).toBeGreaterThan(1700)
  })

  it('does not herd when many callers choose at the same time', () => {
    const random = draws(11)
    const inFlight = [0, 0, 0, 0]
    for (let count = 0; count < 400; count += 1)
      inFlight[powerOfTwo([0, 1, 2, 3], (index) => 500 * (inFlight[index]! + 1), random)!]! += 1
    expect(Math.max(...inFlight) - Math.min(...inFlight)).toBeLessThanOrEqual(4)
  })
})
