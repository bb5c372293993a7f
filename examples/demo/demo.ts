import { onReport, sluice, systemClock, type CallReport, type Clock } from '@sluice/core'
import type { Ledger, LimitState } from '@sluice/core/budget'
import { fakeEndpoint } from './fake-endpoint.ts'
import { loadMessages } from './messages.ts'
import type { DemoOptions } from './options.ts'
import { pipelineFor } from './pipeline.ts'
import { showProgress, type ProgressOutput } from './progress.ts'
import { realEndpoint } from './real-endpoint.ts'
import { runTraffic, type CallResult } from './run.ts'
import { screen } from './screen.ts'
import { tally, type Tally } from './tally.ts'
import { makeTraffic, tenants } from './traffic.ts'

export interface DemoInit {
  /** Stops the run; what there is by then is shown. */
  readonly signal: AbortSignal
  readonly progress: ProgressOutput
  readonly bold: (text: string) => string
}

export interface DemoRun {
  readonly tally: Tally
  readonly screen: readonly string[]
}

/** Finer than whole milliseconds, which is what a cache hit takes. */
const clock: Clock = { now: () => performance.timeOrigin + performance.now(), sleep: systemClock.sleep }

/** Runs the whole demo and says what to show. */
export async function runDemo(options: DemoOptions, { signal, progress: output, bold }: DemoInit): Promise<DemoRun> {
  const { calls, concurrency, seed, input } = options
  const messages = await loadMessages(input)
  const traffic = makeTraffic(messages, calls, seed)
  const endpoint = options.endpoint ? await realEndpoint(options.endpoint) : await fakeEndpoint(options, traffic)
  const { book, pricesOf, headersOf, model, answerKey } = endpoint
  const price = book?.price
  const { middleware, routes, ledger } = pipelineFor(endpoint, clock)
  // Everything below uses the client as if it were the bare one.
  const openai = sluice(endpoint.openai, middleware, { clock, ...(price && { price }) })

  const results: CallResult[] = []
  const reports: CallReport[] = []
  const stop = onReport((report) => reports.push(report))
  const progress = showProgress(calls, output)
  const startedAtMs = performance.now()
  try {
    const onResult = (result: CallResult): void => {
      results.push(result)
      progress.step(result.outcome === 'failed')
    }
    await runTraffic({ openai, model, headersOf, answerKey, traffic, concurrency, signal, onResult })
  } finally {
    progress.end()
    stop()
    await endpoint.close()
  }
  const counts = tally(results, reports)
  const lines = screen({
    tally: counts,
    health: routes.health(),
    budgets: await budgetsOf(ledger),
    endpoint: endpoint.label,
    traffic: `${messages.length} messages of ${input ?? 'examples/demo/messages.jsonl'}, seed ${seed}, ${concurrency} customers at a time`,
    elapsedMs: performance.now() - startedAtMs,
    isInterrupted: signal.aborted,
    pricesOf,
    bold,
  })
  return { tally: counts, screen: lines }
}

/** How the budgets of the tenants stand. */
async function budgetsOf(ledger: Ledger | undefined): Promise<LimitState[]> {
  if (!ledger) return []
  return (await Promise.all(Object.values(tenants).map((tenant) => ledger.explain({ tenant })))).flat()
}
