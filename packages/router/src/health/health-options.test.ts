import { isSluiceError } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { HealthBoard } from './health-board.ts'
import { healthSettings } from './health-options.ts'
import { HedgeBudget } from './hedge-budget.ts'
import { RetryBudget } from './retry-budget.ts'
import { TargetHealth } from './target-health.ts'

function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isSluiceError(error) && error.code === 'config.option') return error.message
    throw error
  }
  throw new Error('It was accepted')
}

const bad: readonly (readonly [object, string])[] = [
  [{ breakers: {} }, 'health has no option "breakers". The options are breaker, ejection, latency.'],
  [{ breaker: { openMS: 5 } }, 'breaker has no option "openMS"'],
  [{ breaker: true }, 'The options of breaker must be an object, got true.'],
  [{ breaker: null }, 'The options of breaker must be an object, got null.'],
  [
    { breaker: { consecutiveFailures: 0 } },
    'consecutiveFailures of breaker must be a whole number of at least 1, got 0.',
  ],
  [{ breaker: { consecutiveFailures: 2.5 } }, 'a whole number of at least 1, got 2.5.'],
  [{ breaker: { failureRate: 50 } }, 'failureRate of breaker must be a number above 0 and at most 1, got 50.'],
  [{ breaker: { failureRate: 0 } }, 'a number above 0 and at most 1, got 0.'],
  [{ breaker: { openMs: Number.NaN } }, 'openMs of breaker must be a number above 0, got NaN.'],
  [{ breaker: { openMs: Number.POSITIVE_INFINITY } }, 'got Infinity.'],
  [{ breaker: { openMs: 5000, maxOpenMs: 4000 } }, 'maxOpenMs of breaker must be a number of at least 5000, got 4000.'],
  [{ breaker: { probeTimeoutMs: '5' } }, 'probeTimeoutMs of breaker must be a number above 0, got "5".'],
  [{ ejection: { maxShare: 10 } }, 'maxShare of ejection must be a number of at least 0 and at most 1, got 10.'],
  [{ ejection: { baseMs: 5000, maxMs: 1000 } }, 'maxMs of ejection must be a number of at least 5000, got 1000.'],
  [{ ejection: { interval: 10 } }, 'ejection has no option "interval"'],
  [{ latency: { priorMs: 0 } }, 'priorMs of latency must be a number above 0, got 0.'],
  [{ latency: { easing: 1.5 } }, 'easing of latency must be a number of at least 0 and at most 1, got 1.5.'],
  [{ latency: [] }, 'The options of latency must be an object, got [].'],
]

describe('the options of health', () => {
  it.each(bad)('%j are refused', (options, message) => {
    expect(refusalOf(() => new HealthBoard(['a'], options))).toContain(message)
    expect(refusalOf(() => new TargetHealth(options))).toContain(message)
  })

  it('have the defaults that their sources have', () => {
    expect(healthSettings({ breaker: {}, ejection: { maxShare: undefined as never } })).toEqual({
      breaker: {
        consecutiveFailures: 5,
        failureRate: 0.5,
        minCalls: 20,
        windowMs: 60_000,
        openMs: 5_000,
        openFactor: 2,
        maxOpenMs: 20_000,
        forgetMs: 120_000,
        maxProbes: 1,
        probeSuccesses: 1,
        probeTimeoutMs: 30_000,
      },
      ejection: { consecutiveFailures: 5, baseMs: 30_000, maxMs: 300_000, maxShare: 0.1, authMs: 600_000 },
      latency: { decayMs: 10_000, priorMs: 200, easing: 0.5, halfLifeMs: 300_000, minSamples: 20 },
    })
  })

  it('lengthen a cap that was left out with what it caps', () => {
    const settings = healthSettings({ breaker: { openMs: 60_000 }, ejection: { baseMs: 900_000 } })
    expect(settings.breaker?.maxOpenMs).toBe(60_000)
    expect(settings.ejection?.maxMs).toBe(900_000)
  })

  it('may switch the breaker and the ejection off', () => {
    const board = new HealthBoard(['a', 'b'], { breaker: false, ejection: false })
    for (let count = 0; count < 50; count += 1) board.get('a').begin(0).end(0, 'failure')
    expect(board.get('a').admit(0)).toBe('normal')
  })
})

it.each([
  [
    () => new RetryBudget({ share: -0.1 }),
    'share of retry budget must be a number of at least 0 and at most 1000, got -0.1.',
  ],
  [() => new RetryBudget({ ratio: 0.1 } as object), 'retry budget has no option "ratio"'],
  [() => new HedgeBudget({ share: 5 }), 'share of hedge budget must be a number of at least 0 and at most 1, got 5.'],
  [() => new HedgeBudget({ windowMs: 0 }), 'windowMs of hedge budget must be a number of at least 10, got 0.'],
  [() => new HealthBoard(['a', 'a']), 'Two targets have the id "a"; give each its own.'],
  [() => new HealthBoard(['']), "A target's id must be a non-empty string"],
  [() => new HealthBoard(['a'], {}, 0.5 as never), 'random of health must be a function'],
  [() => new HealthBoard(['a', 'b']).get('c'), 'There is no target "c". The targets are a, b.'],
])('bad budgets and boards are refused %#', (run, message) => {
  expect(refusalOf(run)).toContain(message)
})
