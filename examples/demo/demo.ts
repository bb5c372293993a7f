import { onReport, sluice, systemClock, type CallReport, type Clock } from '@sluice/core'
import type { Ledger, LimitState } from '@sluice/core/budget'
import OpenAI from 'openai'
import { closerLook, type CloserLook } from './closer-look.ts'
import type { Endpoint } from './endpoint.ts'
import { evaluation } from './evaluation.ts'
import { fakeEndpoint } from './fake-endpoint.ts'
import { loadMessages } from './messages.ts'
import type { DemoOptions } from './options.ts'
import { pipelineFor, type Pipeline } from './pipeline.ts'
import { showProgress, type ProgressOutput } from './progress.ts'
import { realEndpoint } from './real-endpoint.ts'
import { runTraffic, type CallResult } from './run.ts'
import { screen } from './screen.ts'
import { tally, type Tally } from './tally.ts'
import { makeTraffic, tenants, type Conversation } from './traffic.ts'

export interface DemoInit {
  /** Stops the run; what there is by then is shown. */
  readonly signal: AbortSignal
  readonly progress: ProgressOutput
  readonly bold: (text: string) => string
  /** Whether verdicts are coloured. */
  readonly isColored: boolean
}

export interface DemoRun {
  readonly tally: Tally
  readonly screen: readonly string[]
}

/** Finer than whole milliseconds, which is what a cache hit takes. */
const clock: Clock = { now: () => performance.timeOrigin + performance.now(), sleep: systemClock.sleep }

/** Runs the whole demo and says what to show. */
export async function runDemo(
  options: DemoOptions,
  { signal, progress: output, bold, isColored }: DemoInit,
): Promise<DemoRun> {
  const { calls, concurrency, seed, input } = options
  const messages = await loadMessages(input)
  const traffic = makeTraffic(messages, calls, seed, { isReworded: input === undefined })
  const endpoint = options.endpoint ? await realEndpoint(options.endpoint) : await fakeEndpoint(options, traffic)
  const { book, pricesOf, headersOf, model, answerKey } = endpoint
  const price = book?.price
  const pipeline = pipelineFor(endpoint, clock)
  const { middleware, routes, ledger } = pipeline
  // Everything below uses the client as if it were the bare one.
  const openai = sluice(endpoint.openai, middleware, { clock, ...(price && { price }) })

  const results: CallResult[] = []
  const reports: CallReport[] = []
  const stop = onReport((report) => reports.push(report))
  const progress = showProgress(calls, output)
  const startedAtMs = performance.now()
  let closer: Closer = {}
  try {
    const onResult = (result: CallResult): void => {
      results.push(result)
      progress.step(result.outcome === 'failed')
    }
    try {
      await runTraffic({ openai, model, headersOf, answerKey, traffic, concurrency, signal, onResult })
    } finally {
      progress.end()
      stop()
    }
    if (!signal.aborted) closer = await lookCloser({ endpoint, pipeline, results, reports, traffic, isColored })
  } finally {
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
    closerLook: closer.look,
    evaluation: closer.evaluation,
    bold,
  })
  return { tally: counts, screen: lines }
}

interface Closer {
  readonly look?: CloserLook
  /** What the evaluation of the run says. */
  readonly evaluation?: string | undefined
}

interface LookCloserInit {
  readonly endpoint: Endpoint
  readonly pipeline: Pipeline
  readonly results: readonly CallResult[]
  readonly reports: readonly CallReport[]
  readonly traffic: readonly Conversation[]
  readonly isColored: boolean
}

/** What comes after the traffic, with the models in memory; nothing on a real endpoint. */
async function lookCloser({ endpoint, pipeline, ...run }: LookCloserInit): Promise<Closer> {
  const { calm: provider, book, model, headersOf, answerKey } = endpoint
  if (!provider || !book) return {}
  const { price } = book
  const bare = new OpenAI({ apiKey: 'none', fetch: provider.fetch })
  const openai = sluice(bare, pipeline.middleware, { clock, price })
  return {
    look: await closerLook({ openai, provider, answers: pipeline.answers, model }),
    evaluation: await evaluation({ ...run, openai: bare, headersOf, price, answerKey }),
  }
}

/** How the budgets of the tenants stand. */
async function budgetsOf(ledger: Ledger | undefined): Promise<LimitState[]> {
  if (!ledger) return []
  return (await Promise.all(Object.values(tenants).map((tenant) => ledger.explain({ tenant })))).flat()
}
