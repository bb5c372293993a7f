import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flight, Outcome } from './flight.ts'
import { HealthBoard } from './health-board.ts'

const ids = ['a', 'b', 'c']

function fail(board: HealthBoard, id: string, nowMs: number): void {
  for (let count = 0; count < 5; count += 1) board.get(id).begin(nowMs).end(nowMs, 'failure')
}

function usable(board: HealthBoard, nowMs: number): string[] {
  return board.candidates(ids, nowMs).map(({ id, admission }) => `${id} ${admission}`)
}

describe('HealthBoard', () => {
  it('offers those that are in, in the order asked for', () => {
    const board = new HealthBoard(ids)
    expect(board.candidates(['c', 'a'], 0).map(({ id }) => id)).toEqual(['c', 'a'])
    fail(board, 'a', 0)
    expect(usable(board, 0)).toEqual(['b normal', 'c normal'])
    expect(usable(board, 5000)).toEqual(['a probe', 'b normal', 'c normal'])
    board.get('a').begin(5000)
    expect(usable(board, 5000)).toEqual(['b normal', 'c normal'])
    expect(board.candidates([], 0)).toEqual([])
  })

  it('comes back within 30 s of the recovery of a target that was down for a minute', () => {
    const board = new HealthBoard(['primary', 'backup'])
    const primary = board.get('primary')
    let backAtMs = 0
    for (let nowMs = 0; nowMs < 120_000 && !backAtMs; nowMs += 4000) {
      const flight = primary.tryBegin(nowMs)
      flight?.end(nowMs + 50, nowMs < 60_000 ? 'failure' : 'ok')
      if (flight && nowMs >= 60_000) backAtMs = nowMs
    }
    expect(backAtMs).toBeLessThanOrEqual(90_000)
    expect(primary.admit(backAtMs + 100)).toBe('normal')
  })

  it.each([
    ['the one whose breaker is half-open soonest', { a: 'failure', b: 'failure later', c: 'auth' }, 'a', 'open'],
    [
      'one that fails before one that asked to be left alone',
      { a: 'cooling', b: 'failure', c: 'cooling' },
      'b',
      'open',
    ],
    ['one that cools before one that refused us', { a: 'auth', b: 'cooling', c: 'auth' }, 'b', 'cooling'],
    ['of those that cool the one that is back first', { a: 'cooling', b: 'cooling later', c: 'auth' }, 'a', 'cooling'],
  ] as const)('uses, when all are out, %s', (_, states, used, cause) => {
    const board = new HealthBoard(ids)
    for (const [id, state] of Object.entries(states)) {
      if (state === 'failure') fail(board, id, 0)
      if (state === 'failure later') fail(board, id, 300)
      if (state === 'cooling') board.get(id).coolUntil(60_000, 'rate_limited')
      if (state === 'cooling later') board.get(id).coolUntil(70_000, 'rate_limited')
      if (state === 'auth') board.get(id).begin(0).end(0, 'auth')
    }
    const [candidate, ...others] = board.candidates(ids, 400)
    expect(others).toEqual([])
    expect(candidate).toMatchObject({ id: used, admission: 'panic', out: { cause } })
    expect(candidate?.health.begin(400).kind).toBe('panic')
  })

  it('spreads calls that begin at the same time, and keeps them off a slow target until it is tried again', () => {
    let state = 5
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
    const board = new HealthBoard(ids, {}, random)
    const begin = (nowMs: number): { id: string; flight: Flight } => {
      const { id, health } = board.pick(board.candidates(ids, nowMs), nowMs)!
      return { id, flight: health.begin(nowMs) }
    }
    const share = (list: readonly { id: string }[], id: string): number =>
      list.filter((one) => one.id === id).length / list.length
    const together = Array.from({ length: 90 }, () => begin(0))
    for (const id of ids) expect(share(together, id)).toBeCloseTo(1 / 3, 1)
    for (const { id, flight } of together) flight.end(id === 'a' ? 4000 : 500, 'ok')
    const after = Array.from({ length: 90 }, () => begin(4000))
    expect(share(after, 'a')).toBeLessThan(0.15)
    for (const { flight } of after) flight.end(4000, 'cancelled')
    const later = Array.from({ length: 90 }, () => begin(120_000))
    expect(share(later, 'a')).toBeCloseTo(1 / 3, 1)
  })

  it('always has a candidate, counts what is under way, and has a snapshot that survives JSON', () => {
    const outcomes: readonly Outcome[] = ['ok', 'failure', 'timeout', 'rate_limited', 'auth', 'cancelled', 'refused']
    const action = fc.record({
      kind: fc.constantFrom('begin', 'begin', 'end', 'end', 'content', 'cool'),
      target: fc.nat({ max: 2 }),
      outcome: fc.constantFrom(...outcomes),
      waitMs: fc.constantFrom(0, 10, 2000, 31_000),
    })
    const options = {
      latency: { minSamples: 2 },
      breaker: { consecutiveFailures: 1, probeTimeoutMs: 1e9 },
      ejection: { consecutiveFailures: 2 },
    }
    const kinds = new Set<string>()
    const states = new Set<string>()
    fc.assert(
      fc.property(fc.array(action, { minLength: 30, maxLength: 150 }), (actions) => {
        const board = new HealthBoard(ids, options)
        const under: { id: string; flight: Flight }[] = []
        let nowMs = 1_790_000_000_000
        for (const { kind, target, outcome, waitMs } of actions) {
          nowMs += waitMs
          const candidates = board.candidates(ids, nowMs)
          expect(candidates.length).toBeGreaterThan(0)
          const { id, health, admission } = candidates[target % candidates.length]!
          if (kind === 'begin') {
            const flight = health.begin(nowMs)
            expect(flight.kind).toBe(admission)
            kinds.add(flight.kind)
            under.push({ id, flight })
          } else if (kind === 'end') under.shift()?.flight.end(nowMs, outcome)
          else if (kind === 'cool') health.coolUntil(nowMs + 5000, 'rate_limited')
          else under[0]?.flight.firstContent(nowMs)
          for (const one of ids) {
            const own = under.filter((call) => call.id === one)
            expect(board.get(one).inFlight).toBe(own.length)
            expect(board.get(one).out(nowMs) === undefined).toBe(board.get(one).admit(nowMs) !== undefined)
          }
          const snapshot = board.snapshot(nowMs)
          expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
          for (const { state } of Object.values(snapshot)) states.add(state)
        }
      }),
      { numRuns: 200 },
    )
    expect([...kinds].sort()).toEqual(['normal', 'panic', 'probe'])
    for (const state of ['auth', 'cooling', 'half_open', 'healthy', 'open', 'probing']) expect(states).toContain(state)
  })
})
