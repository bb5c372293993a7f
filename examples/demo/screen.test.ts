import type { Attempt, CallReport, Decision, Usage } from '@sluice/core'
import { usageOf } from '@sluice/core'
import type { LimitState } from '@sluice/core/budget'
import type { TargetSnapshot } from '@sluice/router'
import { describe, expect, it } from 'vitest'
import type { CallResult } from './run.ts'
import { screen, type ScreenInit } from './screen.ts'
import { tally } from './tally.ts'

function report(change: Partial<CallReport>, decisions: readonly Decision[] = []): CallReport {
  return {
    id: 'x',
    api: 'openai.chat',
    context: {},
    requestedModel: 'm',
    model: 'm',
    isStream: false,
    outcome: 'ok',
    status: 200,
    errorCode: undefined,
    attempts: [{ host: 'h', model: 'm', startedAtMs: 0, status: 200 }],
    decisions,
    usage: undefined,
    cost: undefined,
    unpriced: undefined,
    timings: { startedAtMs: 0, headMs: 5, ttftMs: 10, totalMs: 20 },
    ...change,
  } as CallReport
}

const usage: Usage = usageOf({ fresh: 100, output: 50 })
const cost = { nanoUsd: 125_000, byMeter: { fresh: 25_000, output: 100_000 } }
const cheapCost = { nanoUsd: 25_000, byMeter: { fresh: 5_000, output: 20_000 } }
const alike: Decision = {
  by: 'cache',
  action: 'hit',
  reason: 'semantic',
  savedNanoUsd: 50_000,
}
const vetoed = (similarity: number): Decision => ({
  by: 'cache',
  action: 'miss',
  reason: 'absent',
  details: { semantic: 'vetoed', similarity, vetoes: ['number'] },
})
const ruled = (action: string, rule: string): Decision => ({
  by: 'guards',
  action,
  reason: 'prompt_injection',
  details: { stage: 'input', rules: { [rule]: 1 } },
})
const hit: Decision = { by: 'cache', action: 'hit', reason: 'exact', savedNanoUsd: 125_000 }

const tried = (target: string, change: Partial<Attempt>): Attempt => ({
  host: 'h',
  target,
  model: target,
  startedAtMs: 0,
  ...change,
})
const cheap = (outcome: 'answered' | 'rejected' | 'failed'): Attempt =>
  tried('nano', { reason: 'cascade', outcome, usage, cost: cheapCost })
/** The step of a cascade that is a router: it sends nothing itself. */
const routed = tried('auto', { host: '', reason: 'cascade', outcome: 'answered' })
const answeredBy = (target: string, reason: string): Attempt =>
  tried(target, { reason, outcome: 'answered', usage, cost })
const failed = (target: string, reason: string): Attempt => tried(target, { reason, outcome: 'failed', status: 503 })
const did = (by: string, action: string, reason: string): Decision => ({ by, action, reason })

const reports: readonly CallReport[] = [
  // The cheap answer is accepted.
  report({ context: { metadata: { call: 1 } }, cost: cheapCost, attempts: [cheap('answered')] }, [
    did('cache', 'miss', 'absent'),
    { ...did('cascade', 'accept', 'helpful'), savedNanoUsd: 125_000 },
    did('cache', 'store', 'exact'),
  ]),
  report({ attempts: [], usage, cost: { nanoUsd: 0, byMeter: {} } }, [hit]),
  report({ attempts: [], usage, cost: { nanoUsd: 0, byMeter: {} }, isStream: true }, [hit]),
  // Escalated; the strong model fails twice, the stand-in answers.
  report(
    {
      cost: { nanoUsd: 150_000, byMeter: {} },
      attempts: [
        cheap('rejected'),
        routed,
        failed('mini', 'first'),
        failed('mini', 'retry'),
        answeredBy('haiku', 'failover'),
      ],
    },
    [
      { by: 'guards', action: 'redact', reason: 'pii', details: { stage: 'input', rules: { card: 2, email: 1 } } },
      did('cascade', 'escalate', 'evasive'),
      did('router', 'retry', 'http_503'),
      did('router', 'failover', 'http_503'),
      did('cascade', 'accept', 'last'),
    ],
  ),
  // Escalated; the stream breaks and another goes on with it.
  report(
    {
      isStream: true,
      cost: { nanoUsd: 275_000, byMeter: {} },
      attempts: [
        cheap('rejected'),
        routed,
        { ...answeredBy('mini', 'first'), outcome: 'failed' },
        answeredBy('haiku', 'continue'),
      ],
    },
    [
      did('cascade', 'escalate', 'evasive'),
      did('cascade', 'accept', 'last'),
      did('router', 'continue', 'stream_broken'),
    ],
  ),
  report({ context: { tenant: 'trial' }, outcome: 'error', attempts: [] }, [did('budget', 'refuse', 'tenant')]),
  // Nobody answers.
  report(
    {
      outcome: 'error',
      attempts: [{ ...cheap('failed'), usage: undefined, cost: undefined } as never, failed('mini', 'first')],
    },
    [did('cascade', 'escalate', 'http_503'), did('router', 'give_up', 'http_503')],
  ),
]
const results: readonly CallResult[] = [
  { call: 1, isStream: false, outcome: 'answered', isRight: true },
  { call: 2, isStream: false, outcome: 'answered', isRight: false },
  { call: 3, isStream: true, outcome: 'answered' },
  { call: 4, isStream: false, outcome: 'answered' },
  { call: 5, isStream: true, outcome: 'answered', isRight: true },
  { call: 7, isStream: false, outcome: 'refused' },
  { call: 6, isStream: false, outcome: 'failed', error: 'InternalServerError (503)' },
]

const snapshot = { inFlight: 0, latencyMs: 1, load: 1, counts: {} as TargetSnapshot['counts'] }
const state = { account: '', window: 'day', timeZone: 'UTC', unit: 'nanoUsd', held: 0, left: 0 } as const
const times = { startsAtMs: undefined, freesAtMs: undefined }
const budgets: readonly LimitState[] = [
  { ...state, ...times, scope: 'tenant', id: 'acme', used: 400_000, limit: 1_000_000_000 },
  { ...state, ...times, scope: 'tenant', id: 'trial', used: 1_900_000, limit: 2_000_000 },
]
const health: Record<string, TargetSnapshot> = {
  mini: { ...snapshot, state: 'half_open', trips: 2 },
  haiku: { ...snapshot, state: 'healthy', trips: 0 },
}
const init: ScreenInit = {
  tally: tally(results, reports),
  health,
  budgets,
  endpoint: 'embedded fake provider',
  traffic: '440 messages',
  elapsedMs: 12_345,
  isInterrupted: false,
  pricesOf: '2026-11-22',
  closerLook: undefined,
  evaluation: undefined,
  bold: (text) => text,
}

describe('tally', () => {
  it('counts what happened', () => {
    expect(tally(results, reports)).toMatchObject({
      calls: { whole: 5, streamed: 2, answered: 5, failed: 1, cancelled: 0, refused: 1 },
      refused: [['trial', 1]],
      errors: [['InternalServerError (503)', 1]],
      right: { part: 2, all: 3 },
      wireCalls: 10,
      guards: {
        redactedCalls: 1,
        entities: [
          ['card', 2],
          ['email', 1],
        ],
      },
      cache: {
        hitsWhole: 1,
        hitsStreamed: 1,
        decisions: [
          ['hit', 2],
          ['miss', 1],
          ['store', 1],
        ],
        skipped: [],
        savedNanoUsd: 250_000,
      },
      router: {
        first: [['mini', 3]],
        retries: [['http_503', 1]],
        failovers: [['http_503', 1]],
        continued: [['stream_broken', 1]],
        givenUp: [['http_503', 1]],
      },
    })
  })

  it('tells hits by likeness, vetoes of what is much alike, warnings and blocks', () => {
    const blocked = report({ outcome: 'error', attempts: [] }, [ruled('block', 'override')])
    const more = [report({ attempts: [] }, [alike]), report({}, [vetoed(0.9)]), report({}, [vetoed(0.3)])]
    const counts = tally(
      [{ call: 9, isStream: false, outcome: 'blocked' }],
      [...reports, ...more, report({}, [ruled('warn', 'repeat_above')]), blocked],
    )
    expect(counts.cache).toMatchObject({
      hitsAlike: 1,
      vetoed: [['number', 1]],
      savedNanoUsd: 300_000,
      savedAlikeNanoUsd: 50_000,
    })
    expect(counts.guards).toMatchObject({ warned: [['repeat_above', 1]], blocked: [['override', 1]] })
    expect(counts.calls.blocked).toBe(1)
    const text = screen({ ...init, tally: counts }).join('\n')
    expect(text).toMatch(/blocked +1 by the guards\n/)
    expect(text).toMatch(/warned of repeat_above 1\n +blocked override 1\n/)
    expect(text).toContain('1 of them by likeness; vetoed: number 1')
  })

  it('takes what the cheap answers cost off what the cascade saved', () => {
    expect(tally(results, reports).cascade).toEqual({
      calls: 4,
      accepted: 1,
      acceptedRight: { part: 1, all: 1 },
      escalated: [
        ['evasive', 2],
        ['http_503', 1],
      ],
      fellBack: 0,
      // What one answer would have cost at the last step, less three answers of the cheap one.
      savedNanoUsd: 125_000 - 3 * 25_000,
    })
  })

  it('tells targets apart, and bills the tries that came to nothing', () => {
    const { targets, costNanoUsd } = tally(results, reports)
    expect(targets.map(({ usage: used, ...rest }) => ({ ...rest, output: used.output }))).toEqual([
      { target: 'nano', requests: 4, answered: 1, rejected: 2, failed: 1, costNanoUsd: 75_000, output: 150 },
      { target: 'mini', requests: 4, answered: 0, rejected: 0, failed: 4, costNanoUsd: 125_000, output: 50 },
      { target: 'haiku', requests: 2, answered: 2, rejected: 0, failed: 0, costNanoUsd: 250_000, output: 100 },
    ])
    expect(costNanoUsd).toBe(450_000)
  })

  it('keeps hits and misses apart in the latencies', () => {
    expect(tally(results, reports).latencies.map(({ summary }) => summary.n)).toEqual([1, 1, 3, 2])
  })
})

describe('screen', () => {
  it('fits on one screen and says the numbers', () => {
    const lines = screen(init)
    const text = lines.join('\n')
    expect(text).toContain('budget, guards, cache, cascade and router')
    expect(text).toContain('7: 5 whole, 2 streamed')
    expect(text).toContain('5 (83.3 %, 95 % interval 43.6 % to 97.0 %)')
    expect(text).toContain('1 × InternalServerError (503)')
    expect(text).toContain('2 of 3 answers that the answer key has (66.7 %)')
    expect(text).toContain('1: the budget of their tenant is used up')
    expect(text).toContain('acme $0.0004 of $1.0000; trial $0.0019 of $0.0020, 1 calls refused')
    expect(text).toContain('10 requests for 7 calls')
    expect(text).toContain('redacted 1 calls: card 2, email 1')
    expect(text).toContain('2 hits (28.6 % of calls): 1 whole, 1 streamed')
    expect(text).toContain('took the cheap answer for 1 of 4 calls (1 of 1 right by the answer key)')
    expect(text).toContain('sent on: evasive 2, http_503 1')
    expect(text).toContain('asked first: mini 3')
    expect(text).toContain('1 failovers: http_503 1')
    expect(text).toContain('1 broken streams gone on with: stream_broken 1')
    expect(text).toContain('breaker: mini opened 2 ×, half_open at the end')
    expect(text).toMatch(/mini +4 +0 +0 +4 +100 +50 +\$0\.0001/)
    expect(text).toMatch(/together +10 +3 +2 +5 +600 +300 +\$0\.0004/)
    expect(text).toMatch(/saved +\$0\.0003 \(35\.7 %\) by the cache, \$0\.0000 of it by likeness/)
    expect(text).toContain('$0.0001 (10.0 %) by the cascade')
    expect(text).toContain('needs n = 299')
    expect(text).toContain('12.3 s')
    expect(text).not.toMatch(/NaN|undefined|Infinity|STOPPED/)
  })

  it('stays within 47 lines of 100 columns whatever happened', () => {
    const many = Array.from({ length: 40 }, (_, index): CallResult => ({
      call: index,
      isStream: false,
      outcome: 'failed',
      error: `Error${index} ${'x'.repeat(200)}`,
    }))
    const slow = Array.from({ length: 400 }, (_, index) =>
      report({
        isStream: index % 2 === 0,
        timings: { startedAtMs: 0, headMs: 0, ttftMs: 10_000 + index, totalMs: 99_000 + index },
      }),
    )
    const cancelled: CallResult = { call: 99, isStream: true, outcome: 'cancelled', isRight: false }
    const fallenBack = report({}, [did('cascade', 'fallback', 'http_503'), did('cache', 'skip', 'error')])
    const everything = tally([...many, cancelled], [...reports, fallenBack, ...slow])
    const lines = screen({ ...init, tally: everything, isInterrupted: true })
    expect(lines.join('\n')).toMatch(/cancelled +1\n[^]*not kept: error 1\n[^]*gave 1 answers that it had turned down/)
    expect(lines.length).toBeLessThanOrEqual(47)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
    expect(lines.join('\n')).toMatch(/STOPPED EARLY[^]*37 × others/)
  })

  it('ends with the closer look and the evaluation', () => {
    const lines = screen({
      ...init,
      closerLook: [
        ['exact hit', '"Hello"'],
        ['', 'x'.repeat(200)],
      ],
      evaluation: 'suite\n  right\n',
    })
    const from = lines.findIndex((line) => line.startsWith('A closer look'))
    expect(lines.slice(from + 1, from + 3)).toEqual(['  exact hit   "Hello"', `${' '.repeat(14)}${'x'.repeat(85)}…`])
    expect(lines.slice(-2)).toEqual(['  suite', '    right'])
  })

  it('can show a run that was stopped before its first call', () => {
    const text = screen({ ...init, tally: tally([], []), isInterrupted: true }).join('\n')
    expect(text).toContain('STOPPED EARLY')
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('shows no prices where there are none', () => {
    const text = screen({ ...init, budgets: [], pricesOf: undefined }).join('\n')
    expect(text).toContain('does not know the prices')
    expect(text).not.toContain('$')
  })
})
