import { describe, expect, it } from 'vitest'
import { routingReport } from './routing-report.ts'
import { seeded } from '../seeded.ts'
import { syntheticOutcomes } from '../testing/outcomes.ts'

const outcomes = syntheticOutcomes({ labels: true, rows: 300 })
const quick = { resamples: 200 } as const

describe('routingReport', () => {
  it('measures every family on held-out rows and finds the money', () => {
    const report = routingReport(
      outcomes.map((outcome) => ({ ...outcome, chosen: 'large' })),
      quick,
    )
    expect(report.policies.map(({ name }) => name).sort()).toEqual(['best of both', 'learned head', 'task table'])
    expect(report.policies[0]?.evaluation.apgr).toBeGreaterThan(0.65)
    expect(report.current).toEqual({ score: expect.closeTo(0.9, 1), costUsd: expect.closeTo(0.02, 9) })
    const { moneyLeft } = report
    expect(moneyLeft?.baseline.name).toBe('current policy')
    expect(moneyLeft?.perRequestInterval.low).toBeGreaterThan(0.003)
    expect(moneyLeft?.totalUsd).toBeCloseTo((moneyLeft?.perRequestUsd ?? 0) * 300, 9)
    expect(moneyLeft?.scoreChange).toBeGreaterThan(-0.04)
  })

  it('finds none where the current policy is the cheapest', () => {
    const report = routingReport(
      outcomes.map((outcome) => ({ ...outcome, chosen: 'small' })),
      quick,
    )
    expect(report.moneyLeft?.totalUsd).toBeCloseTo(0, 9)
    expect(report.moneyLeft?.scoreChange).toBe(0)
  })

  it('does not pick and measure on the same requests', () => {
    const random = seeded(9)
    const changes = [1, 2, 3, 4, 5, 6].map((seed) => {
      const noise = Array.from({ length: 60 }, (_, row) => ({
        id: `${row}`,
        prompt: '',
        label: `task ${row % 12}`,
        models: Object.fromEntries(
          ['a', 'b', 'c', 'd'].map((id, model) => [id, { score: Math.round(random()), costUsd: model + 1 }]),
        ),
        chosen: 'd',
      }))
      return routingReport(noise, { ...quick, seed }).moneyLeft?.scoreChange ?? 0
    })
    // What was picked to lose nothing on the requests at hand loses something on others.
    expect(Math.min(...changes)).toBeLessThan(-0.01)
  })

  it('compares with the best single model where no choices are recorded', () => {
    const { moneyLeft, current } = routingReport(outcomes, quick)
    expect(moneyLeft?.baseline.name).toBe('best single model')
    expect(current).toBeUndefined()
  })

  it('prints the same as a table', () => {
    const text = routingReport(outcomes, quick).toText()
    for (const part of [
      '300 requests',
      'small',
      'large',
      'hull of the singles',
      'random',
      'task table, held out',
      'learned head, held out',
      'oracle',
      'Left on the table, beside best single model: $',
    ])
      expect(text).toContain(part)
    expect(text).not.toMatch(/NaN|undefined/)
  })

  it('does without costs and labels', () => {
    const bare = outcomes.map(({ id, prompt, models }) => ({
      id,
      prompt,
      models: { small: { score: models['small']?.score ?? 0 }, large: { score: models['large']?.score ?? 0 } },
    }))
    const report = routingReport(bare, quick)
    expect(report.moneyLeft).toBeUndefined()
    expect(report.policies.map(({ name }) => name)).toContain('clusters')
    expect(report.toText()).not.toContain('$0')
  })

  it.each([
    [[], {}, 'at least one outcome'],
    [outcomes.slice(0, 5), {}, 'at least 20 outcomes'],
    [outcomes.map((outcome) => ({ ...outcome, chosen: 'huge' })), {}, 'which is none of the models'],
    [outcomes, { folds: 0 }, 'folds must be'],
    [outcomes, { cost: 1 }, 'no option "cost"'],
  ])('refuses bad input %#', (log, options, message) => {
    expect(() => routingReport(log, options as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })
})
