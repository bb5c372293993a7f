import type { CallReport, Decision, Usage } from '@sluice/core'
import { usageOf } from '@sluice/core'
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
const hit: Decision = { by: 'cache', action: 'hit', reason: 'exact', savedNanoUsd: 125_000 }
const attempt = { host: 'h', model: 'm', startedAtMs: 0 }

const reports: readonly CallReport[] = [
  report({ usage, cost }, [
    { by: 'cache', action: 'miss', reason: 'absent' },
    { by: 'cache', action: 'store', reason: 'exact' },
  ]),
  report({ attempts: [], usage, cost }, [hit]),
  report({ attempts: [], usage, cost, isStream: true }, [hit]),
  report({ usage, cost, attempts: [attempt, attempt, attempt] }, [
    { by: 'guards', action: 'redact', reason: 'pii', details: { stage: 'input', rules: { card: 2, email: 1 } } },
    { by: 'retry', action: 'retry', reason: 'http_503' },
    { by: 'retry', action: 'retry', reason: 'http_429' },
  ]),
  report({ outcome: 'error', attempts: [attempt, attempt, attempt] }, [
    { by: 'retry', action: 'retry', reason: 'http_503' },
    { by: 'retry', action: 'retry', reason: 'http_503' },
    { by: 'retry', action: 'give_up', reason: 'http_503' },
  ]),
]
const results: readonly CallResult[] = [
  { call: 1, isStream: false, outcome: 'answered' },
  { call: 2, isStream: false, outcome: 'answered' },
  { call: 3, isStream: true, outcome: 'answered' },
  { call: 4, isStream: false, outcome: 'answered' },
  { call: 5, isStream: false, outcome: 'failed', error: 'InternalServerError (503)' },
]

describe('tally', () => {
  it('counts what happened, and bills only what the provider did', () => {
    expect(tally(results, reports)).toMatchObject({
      calls: { whole: 4, streamed: 1, answered: 4, failed: 1, cancelled: 0 },
      errors: [['InternalServerError (503)', 1]],
      wireCalls: 7,
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
      },
      retry: {
        reasons: [
          ['http_503', 3],
          ['http_429', 1],
        ],
        calls: 2,
        saved: 1,
        givenUp: [['http_503', 1]],
      },
      usage: { fresh: 200, output: 100 },
      costNanoUsd: { fresh: 50_000, output: 200_000 },
      savedNanoUsd: 250_000,
    })
  })

  it('keeps hits and misses apart in the latencies', () => {
    expect(tally(results, reports).latencies.map(({ summary }) => summary.n)).toEqual([0, 1, 2, 2])
  })
})

describe('screen', () => {
  const init: ScreenInit = {
    tally: tally(results, reports),
    endpoint: 'embedded fake provider',
    traffic: '440 messages',
    elapsedMs: 12_345,
    isInterrupted: false,
    hasPrices: true,
    bold: (text) => text,
  }

  it('fits on one screen and says the numbers', () => {
    const lines = screen(init)
    const text = lines.join('\n')
    expect(text).toContain('5: 4 whole, 1 streamed')
    expect(text).toContain('4 (80.0 %, 95 % interval 37.6 % to 96.4 %)')
    expect(text).toContain('1 × InternalServerError (503)')
    expect(text).toContain('7 requests for 5 calls')
    expect(text).toContain('redacted 1 calls: card 2, email 1')
    expect(text).toContain('2 hits (40.0 % of calls): 1 whole, 1 streamed')
    expect(text).toContain('saved 1 of the 2 calls that it tried again')
    expect(text).toMatch(/input +200 +\$0\.0001/)
    expect(text).toMatch(/saved by the cache +\$0\.0003 +\(50\.0 %\)/)
    expect(text).toContain('needs n = 299')
    expect(text).toContain('12.3 s')
    expect(text).not.toMatch(/NaN|undefined|Infinity|STOPPED/)
  })

  it('stays within 45 lines of 100 columns whatever happened', () => {
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
    const lines = screen({ ...init, tally: tally(many, slow), isInterrupted: true })
    expect(lines.length).toBeLessThanOrEqual(45)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
    expect(lines.join('\n')).toMatch(/STOPPED EARLY[^]*34 × others/)
  })

  it('can show a run that was stopped before its first call', () => {
    const text = screen({ ...init, tally: tally([], []), isInterrupted: true }).join('\n')
    expect(text).toContain('STOPPED EARLY')
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('shows no prices where there are none', () => {
    const text = screen({ ...init, hasPrices: false }).join('\n')
    expect(text).toContain('does not know the prices')
    expect(text).not.toContain('$')
  })
})
