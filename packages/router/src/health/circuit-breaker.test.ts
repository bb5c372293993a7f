import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BreakerOptions } from './breaker-options.ts'
import { CircuitBreaker, type BreakerTicket } from './circuit-breaker.ts'

const options = { consecutiveFailures: 3, openMs: 1000, maxOpenMs: 4000, forgetMs: 10_000 }

function failing(breaker: CircuitBreaker, times: number, nowMs: number): void {
  for (let count = 0; count < times; count += 1) breaker.end(breaker.begin(nowMs), nowMs, 'failure')
}

function openAt(nowMs: number, more: BreakerOptions = {}): CircuitBreaker {
  const breaker = new CircuitBreaker({ ...options, ...more })
  failing(breaker, 3, nowMs)
  return breaker
}

describe('CircuitBreaker', () => {
  it('opens on failures in a row, and only on those', () => {
    const breaker = new CircuitBreaker(options)
    failing(breaker, 2, 0)
    breaker.end(breaker.begin(0), 0, 'success')
    failing(breaker, 2, 0)
    expect(breaker.state(0)).toBe('closed')
    expect(breaker.admit(0)).toBe('normal')
    failing(breaker, 1, 0)
    expect(breaker.state(0)).toBe('open')
    expect(breaker.admit(0)).toBeUndefined()
    expect(breaker.openUntilMs).toBe(1000)
  })

  it('opens on a share of failed calls, once the window holds enough of them', () => {
    const breaker = new CircuitBreaker({ ...options, failureRate: 0.5, minCalls: 10, windowMs: 1000 })
    for (let pair = 0; pair < 4; pair += 1) {
      breaker.end(breaker.begin(0), 0, 'success')
      failing(breaker, 1, 0)
    }
    breaker.end(breaker.begin(0), 0, 'success')
    expect(breaker.state(0)).toBe('closed')
    failing(breaker, 1, 0)
    expect(breaker.state(0)).toBe('open')
  })

  it('forgets calls older than the window', () => {
    const breaker = new CircuitBreaker({ consecutiveFailures: 100, failureRate: 0.5, minCalls: 10, windowMs: 1000 })
    failing(breaker, 9, 0)
    failing(breaker, 9, 2000)
    expect(breaker.state(2000)).toBe('closed')
    failing(breaker, 1, 2000)
    expect(breaker.state(2000)).toBe('open')
  })

  it('lets one probe through when half-open, whose success closes it', () => {
    const breaker = openAt(0)
    expect(breaker.admit(999)).toBeUndefined()
    expect(breaker.admit(1000)).toBe('probe')
    const probe = breaker.begin(1000)
    expect(breaker.isProbe(probe)).toBe(true)
    expect(breaker.admit(1000)).toBeUndefined()
    expect(breaker.isProbe(breaker.begin(1000))).toBe(false)
    breaker.end(probe, 1500, 'success')
    expect(breaker.state(1500)).toBe('closed')
  })

  it('opens for longer with every failed probe, up to a cap, and forgets that after a healthy time', () => {
    const breaker = openAt(0)
    const opened: number[] = []
    let nowMs = 0
    for (let trip = 0; trip < 4; trip += 1) {
      opened.push(breaker.openUntilMs - nowMs)
      nowMs = breaker.openUntilMs
      breaker.end(breaker.begin(nowMs), nowMs, 'failure')
    }
    expect(opened).toEqual([1000, 2000, 4000, 4000])
    nowMs = breaker.openUntilMs
    breaker.end(breaker.begin(nowMs), nowMs, 'success')
    failing(breaker, 3, nowMs + 9_999)
    expect(breaker.openUntilMs - (nowMs + 9_999)).toBe(4000)
    nowMs = breaker.openUntilMs
    breaker.end(breaker.begin(nowMs), nowMs, 'success')
    failing(breaker, 3, nowMs + 10_000)
    expect(breaker.openUntilMs - (nowMs + 10_000)).toBe(1000)
    expect(breaker.trips).toBe(1)
  })

  it('frees the slot of a probe that was cancelled', () => {
    const breaker = openAt(0)
    const probe = breaker.begin(1000)
    breaker.end(probe, 1100, 'ignored')
    expect(breaker.state(1100)).toBe('half_open')
    expect(breaker.admit(1100)).toBe('probe')
  })

  it('gives the slot of a probe that never ends to another, and ignores what the first says later', () => {
    const breaker = openAt(0, { probeTimeoutMs: 500 })
    const lost = breaker.begin(1000)
    expect(breaker.admit(1499)).toBeUndefined()
    expect(breaker.admit(1500)).toBe('probe')
    const probe = breaker.begin(1500)
    breaker.end(lost, 1600, 'failure')
    breaker.end(lost, 1600, 'success')
    expect(breaker.state(1600)).toBe('half_open')
    expect(breaker.admit(1600)).toBeUndefined()
    breaker.end(probe, 1700, 'success')
    expect(breaker.state(1700)).toBe('closed')
  })

  it.each(['success', 'failure'] as const)('is not moved by the late %s of a call from before the trip', (result) => {
    const breaker = new CircuitBreaker(options)
    const early = [breaker.begin(0), breaker.begin(0), breaker.begin(0)]
    failing(breaker, 3, 0)
    for (const ticket of early) breaker.end(ticket, 500, result)
    expect(breaker.state(500)).toBe('open')
    expect(breaker.openUntilMs).toBe(1000)
    const again = new CircuitBreaker(options)
    const late = [again.begin(0), again.begin(0), again.begin(0)]
    failing(again, 3, 0)
    again.end(again.begin(1000), 1000, 'success')
    for (const ticket of late) again.end(ticket, 1100, 'failure')
    expect(again.state(1100)).toBe('closed')
  })

  it('closes at the first content of a probe, and counts its end as a call like any other', () => {
    const breaker = openAt(0)
    const probe = breaker.delivering(breaker.begin(1000), 1200)
    expect(breaker.state(1200)).toBe('closed')
    breaker.end(probe, 5000, 'failure')
    failing(breaker, 2, 5000)
    expect(breaker.state(5000)).toBe('open')
  })

  it('asks for as many good probes in a row as it is told', () => {
    const breaker = openAt(0, { probeSuccesses: 2 })
    const first = breaker.delivering(breaker.begin(1000), 1100)
    expect(breaker.state(1100)).toBe('half_open')
    breaker.end(first, 1200, 'success')
    expect(breaker.state(1200)).toBe('half_open')
    breaker.end(breaker.begin(1200), 1300, 'success')
    expect(breaker.state(1300)).toBe('closed')
  })

  it('may be closed, but not kept open for longer, by a call that began although it was open', () => {
    const breaker = openAt(0)
    breaker.end(breaker.begin(500), 600, 'failure')
    expect(breaker.openUntilMs).toBe(1000)
    breaker.end(breaker.begin(700), 800, 'success')
    expect(breaker.state(800)).toBe('closed')
  })

  it('takes as many probes at the same time as it is told, and no more', () => {
    const breaker = openAt(0, { maxProbes: 2 })
    const probes = [breaker.begin(1000), breaker.begin(1000)]
    expect(probes.every((ticket) => breaker.isProbe(ticket))).toBe(true)
    expect(breaker.admit(1000)).toBeUndefined()
    breaker.end(probes[0]!, 1100, 'failure')
    expect(breaker.state(1100)).toBe('open')
    breaker.end(probes[1]!, 1200, 'success')
    expect(breaker.state(1200)).toBe('open')
  })

  it('never has more than one probe under way, whatever happens in whatever order', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('begin' as const) }),
      fc.record({
        kind: fc.constantFrom('success' as const, 'failure' as const, 'ignored' as const, 'deliver' as const),
        pick: fc.nat(),
      }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 400, 1000, 4000) }),
    )
    let most = 0
    fc.assert(
      fc.property(fc.array(action, { minLength: 50, maxLength: 200 }), (actions) => {
        const breaker = new CircuitBreaker({ ...options, consecutiveFailures: 1, probeTimeoutMs: 1e9 })
        const under: { ticket: BreakerTicket; probe: boolean }[] = []
        let nowMs = 0
        for (const step of actions) {
          if (step.kind === 'wait') nowMs += step.ms
          else if (step.kind === 'begin') {
            const admission = breaker.admit(nowMs)
            if (admission) under.push({ ticket: breaker.begin(nowMs), probe: admission === 'probe' })
          } else {
            const [call] = under.splice(step.pick % Math.max(1, under.length), 1)
            if (!call) continue
            if (step.kind === 'deliver') under.push({ ticket: breaker.delivering(call.ticket, nowMs), probe: false })
            else breaker.end(call.ticket, nowMs, step.kind)
          }
          const probes = under.filter(({ probe }) => probe).length
          most = Math.max(most, probes)
          expect(probes).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 300 },
    )
    expect(most).toBe(1)
  })

  it('always lets calls through again in the end', () => {
    const results = fc.array(fc.constantFrom('success' as const, 'failure' as const, 'ignored' as const))
    fc.assert(
      fc.property(results, (given) => {
        const breaker = new CircuitBreaker(options)
        let nowMs = 0
        for (const result of given) {
          nowMs += 300
          if (breaker.admit(nowMs)) breaker.end(breaker.begin(nowMs), nowMs, result)
        }
        expect(breaker.admit(nowMs + options.maxOpenMs)).toBeDefined()
      }),
    )
  })
})
