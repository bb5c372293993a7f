import { onReport, sluice, systemClock, type CallReport, type Clock } from '@sluice/core'
import { cache } from '@sluice/cache'
import { guards, pii } from '@sluice/guards'
import { retry } from '@sluice/router'
import { loadMessages } from './messages.ts'
import type { DemoOptions } from './options.ts'
import { showProgress, type ProgressOutput } from './progress.ts'
import { fakeEndpoint, realEndpoint } from './provider.ts'
import { runTraffic, type CallResult } from './run.ts'
import { screen } from './screen.ts'
import { tally, type Tally } from './tally.ts'
import { makeTraffic } from './traffic.ts'

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
  const { price, headersOf, model } = endpoint

  // This is all that an application adds; everything below uses the client as if it were the bare one.
  const openai = sluice(
    endpoint.openai,
    [
      guards({ input: [pii({ mode: 'redact' })] }),
      cache({
        ttlMs: 3_600_000,
        tenant: ({ user, tags }) => (tags?.includes('personal') ? user : 'everyone'),
        ...(price && { price }),
      }),
      retry(),
    ],
    { clock, ...(price && { price }) },
  )

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
    await runTraffic({ openai, model, headersOf, traffic, concurrency, signal, onResult })
  } finally {
    progress.end()
    stop()
    await endpoint.close()
  }
  const counts = tally(results, reports)
  const lines = screen({
    tally: counts,
    endpoint: endpoint.label,
    traffic: `${messages.length} messages of ${input ?? 'examples/demo/messages.jsonl'}, seed ${seed}, ${concurrency} customers at a time`,
    elapsedMs: performance.now() - startedAtMs,
    isInterrupted: signal.aborted,
    hasPrices: price !== undefined,
    bold,
  })
  return { tally: counts, screen: lines }
}
