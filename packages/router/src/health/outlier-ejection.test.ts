import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OutlierEjection, type EjectionSeat } from './outlier-ejection.ts'

function setOf(count: number, options = {}): EjectionSeat[] {
  const set = new OutlierEjection(options)
  return Array.from({ length: count }, () => set.join())
}

function failing(seat: EjectionSeat | undefined, times: number, nowMs: number): void {
  for (let count = 0; count < times; count += 1) seat?.failed(nowMs, nowMs)
}

describe('OutlierEjection', () => {
  it('ejects after five failures in a row, for thirty seconds', () => {
    const [seat] = setOf(2)
    failing(seat, 4, 0)
    seat?.succeeded(0)
    failing(seat, 4, 0)
    expect(seat?.cause(0)).toBeUndefined()
    expect(seat?.failed(0, 0)).toBe(true)
    expect(seat?.cause(29_999)).toBe('failures')
    expect(seat?.cause(30_000)).toBeUndefined()
  })

  it('ejects for longer each time, up to the cap, and forgives with time in service', () => {
    const [seat] = setOf(2, { baseMs: 1000, maxMs: 2500 })
    const lasted: number[] = []
    let nowMs = 0
    for (let time = 0; time < 3; time += 1) {
      failing(seat, 5, nowMs)
      lasted.push(seat!.untilMs - nowMs)
      nowMs = seat!.untilMs
    }
    expect(lasted).toEqual([1000, 2000, 2500])
    nowMs += 2000
    failing(seat, 5, nowMs)
    expect(seat!.untilMs - nowMs).toBe(2000)
  })

  it.each([
    { targets: 1, maxShare: 1, out: 0 },
    { targets: 2, maxShare: 0.1, out: 1 },
    { targets: 3, maxShare: 0, out: 1 },
    { targets: 10, maxShare: 0.1, out: 1 },
    { targets: 10, maxShare: 0.35, out: 3 },
    { targets: 4, maxShare: 1, out: 3 },
  ])('has $out of $targets out at most with a share of $maxShare', ({ targets, maxShare, out }) => {
    const seats = setOf(targets, { maxShare })
    for (const seat of seats) failing(seat, 20, 0)
    expect(seats.filter((seat) => seat.cause(0)).length).toBe(out)
  })

  it('does not count what began before it was last out', () => {
    const [seat] = setOf(2)
    failing(seat, 5, 100)
    for (let count = 0; count < 9; count += 1) expect(seat?.failed(50, 40_000)).toBe(false)
    expect(seat?.cause(40_000)).toBeUndefined()
    seat?.succeeded(50)
    seat?.proven(50, 200)
    expect(seat?.cause(200)).toBe('failures')
  })

  it('is over at once when a call that began since went well', () => {
    const [seat] = setOf(2)
    failing(seat, 5, 100)
    seat?.proven(5000, 6000)
    expect(seat?.cause(6000)).toBeUndefined()
    failing(seat, 4, 7000)
    seat?.proven(7000, 7100)
    expect(seat?.failed(7200, 7200)).toBe(false)
  })

  it('ejects at once and for ten minutes when our credentials are refused', () => {
    const [seat] = setOf(2)
    expect(seat?.refusedUs(0, 10)).toBe(true)
    expect(seat?.refusedUs(5, 20)).toBe(false)
    expect(seat?.cause(600_009)).toBe('auth')
    expect(seat?.cause(600_010)).toBeUndefined()
    expect(seat?.refusedUs(600_011, 600_020)).toBe(true)
  })

  it('gives the place of the last one to a target that only fails', () => {
    const [failed, refused] = setOf(2)
    failing(failed, 5, 0)
    expect(refused?.refusedUs(0, 0)).toBe(true)
    expect(failed?.cause(0)).toBeUndefined()
    const seats = setOf(2)
    expect(seats.map((seat) => seat.refusedUs(0, 0))).toEqual([true, false])
  })

  it('never has all targets out', () => {
    const action = fc.record({
      target: fc.nat({ max: 5 }),
      kind: fc.constantFrom('failed', 'failed', 'failed', 'succeeded', 'proven', 'refusedUs', 'release'),
      waitMs: fc.integer({ min: 0, max: 40_000 }),
      agoMs: fc.integer({ min: 0, max: 60_000 }),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(action, { maxLength: 150 }),
        (targets, maxShare, actions) => {
          const seats = setOf(targets, { maxShare, consecutiveFailures: 2 })
          let nowMs = 0
          for (const { target, kind, waitMs, agoMs } of actions) {
            nowMs += waitMs
            const seat = seats[target % targets]!
            if (kind === 'failed') seat.failed(nowMs - agoMs, nowMs)
            if (kind === 'succeeded') seat.succeeded(nowMs - agoMs)
            if (kind === 'proven') seat.proven(nowMs - agoMs, nowMs)
            if (kind === 'refusedUs') seat.refusedUs(nowMs - agoMs, nowMs)
            if (kind === 'release') seat.release(nowMs)
            expect(seats.some((one) => one.cause(nowMs) === undefined)).toBe(true)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
