import { AsyncLocalStorage } from 'node:async_hooks'
import { defineMiddleware, streamReply, systemClock } from '@sluice/core'
import type { ApiId, Call, Clock, EventOf, Folder, Middleware, Pricer, Reply } from '@sluice/core'
import { badOption, checkBetween, checkNames, checkWhole } from '../eval-error.ts'
import type { Score, Scorer } from '../score/scorer.ts'
import { createAlarms, type Alarm, type AlarmOptions } from './alarms.ts'
import { driftWatch, type Drift } from './drift.ts'
import { feedbackDesk, type DraftCase, type Feedback, type FeedbackLabel } from './feedback.ts'
import { createMonitorCounts, type MonitorStats } from './monitor-stats.ts'
import { createSampler, type Drawn, type SampleOptions } from './sampler.ts'
import { seenCall } from './see.ts'
import type { SeenCall } from './seen-call.ts'
import { createWorkQueue } from './work-queue.ts'

/** What scorers said of one call of production. */
export interface MonitorResult {
  readonly call: SeenCall
  readonly stratum: string
  /** The chance with which a call like this one is evaluated. */
  readonly probability: number
  /** By scorer. */
  readonly scores: Readonly<Record<string, Score>>
}

/** An alarm with what else has changed. */
export interface MonitorAlarm extends Alarm {
  readonly drift: Drift | undefined
}

export interface MonitorOptions {
  /**
   * Those that need an expected value leave every call unscored. One that takes longer than two minutes is given up, and
   * counted as errored. Calls that they make through the same client are not evaluated themselves.
   */
  readonly scorers: readonly Scorer[]
  /** Which calls are evaluated. @default 1 in 100 */
  readonly sample?: SampleOptions
  /** When to tell of a fall. @default never */
  readonly alarm?: AlarmOptions
  readonly onAlarm?: (alarm: MonitorAlarm) => void
  /** Told of every evaluated call: for logs, {@link otelResults}, or a queue of reviews. */
  readonly onResult?: (result: MonitorResult) => void
  /** What judges may cost a day (UTC), in US dollars; after that they leave calls unscored. @default no limit */
  readonly judgeUsdPerDay?: number
  /** Evaluations that may wait, and run at once; beyond that calls are dropped and counted. @default 1000 and 2 */
  readonly queue?: { readonly size?: number; readonly concurrency?: number }
  /** Takes feedback on calls. @default none: no answer is remembered */
  readonly feedback?: {
    /** How many of the last calls can be given feedback on, in this process. @default 1000 */
    readonly remember?: number
    /** What texts go through before they become a case: take personal data out here. @default kept as they are */
    readonly redact?: (text: string) => string
    readonly onDraft?: (draft: DraftCase) => void
    readonly onLabel?: (label: FeedbackLabel) => void
  }
  /** Prices calls, for sampling by cost. @default none */
  readonly price?: Pricer
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: () => number
}

/** Middleware that evaluates a sample of what passes, beside the requests. */
export interface Monitor extends Middleware {
  /** Figures so far, weighted for how calls were drawn. */
  stats(): MonitorStats
  /** The same as Prometheus' text format. */
  prometheus(): string
  /** Takes what a person said. @throws {SluiceError} `eval.unknown_call`, `eval.empty_feedback`, `config.option`. */
  feedback(feedback: Feedback): void
  /** Resolves when everything drawn so far is evaluated. */
  idle(): Promise<void>
}

const known = [
  'scorers',
  'sample',
  'alarm',
  'onAlarm',
  'onResult',
  'judgeUsdPerDay',
  'queue',
  'feedback',
  'price',
  'clock',
  'random',
] as const satisfies readonly (keyof MonitorOptions)[]

/** Nothing that is scored shall hold up the others for longer. */
const longestScoringMs = 120_000

/** Set while a scorer runs: what a judge asks is not traffic. */
const scoring = new AsyncLocalStorage<true>()

/**
 * Evaluates a sample of production calls. The caller's answer is not held up: scoring begins after it has gone out, a few at
 * once, and what cannot be kept up with is dropped and counted. Nothing that fails here fails a call.
 *
 * Alarms say when a mean has fallen below its target, with a stated rate of false ones whatever the traffic, and take only
 * calls that were drawn by chance.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * const watch = monitor({
 *   scorers: [refusal(), judge({ client: new Anthropic(), model: 'claude-haiku-4-5', criteria: ['Is the tone polite?'] })],
 *   sample: { rate: 0.05, always: (call) => call.latencyMs > 20_000 },
 *   alarm: { targets: { refusal: 0.97 } },
 *   onAlarm: (alarm) => console.error(alarm),
 *   judgeUsdPerDay: 5,
 * })
 * const openai = sluice(new OpenAI(), [watch])
 */
export function monitor(options: MonitorOptions): Monitor {
  checkNames('monitor()', options, known)
  const { scorers, clock = systemClock, random = Math.random, queue: limits = {}, feedback: wanted } = options
  if (!Array.isArray(scorers) || scorers.length === 0)
    throw badOption('monitor()', 'scorers', 'a list of at least one', scorers)
  const { size = 1_000, concurrency = 2 } = limits
  checkWhole('monitor()', 'queue.size', size, 1)
  checkWhole('monitor()', 'queue.concurrency', concurrency, 1)
  const { judgeUsdPerDay = Number.POSITIVE_INFINITY } = options
  checkBetween('monitor()', 'judgeUsdPerDay', judgeUsdPerDay, 0, Number.POSITIVE_INFINITY)
  if (wanted?.remember !== undefined) checkWhole('monitor()', 'feedback.remember', wanted.remember, 1)

  const sampler = createSampler(options.sample ?? {}, random)
  const alarms = options.alarm && createAlarms(options.alarm)
  const drift = driftWatch()
  const queue = createWorkQueue(size, concurrency)
  const counts = createMonitorCounts(queue, () => alarms?.active() ?? [])
  const desk = wanted && feedbackDesk(wanted.remember ?? 1_000, wanted.redact ?? ((text) => text))
  const all = scorers as readonly Scorer[]
  // Evaluations are nobody's request: a tenant's budget does not pay for them, and its report does not list them.
  const outside = AsyncLocalStorage.snapshot()
  let [day, spentToday] = [-1, 0]

  /** The application's own functions shall not fail a call. */
  function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
    try {
      listener?.(value)
    } catch {
      counts.listenerFailed()
    }
  }

  async function scoreOne(scorer: Scorer, call: SeenCall): Promise<Score> {
    const today = Math.floor(clock.now() / 86_400_000)
    if (today !== day) [day, spentToday] = [today, 0]
    if (scorer.isJudge && spentToday >= judgeUsdPerDay * 1e9) return { status: 'unscored', reason: 'judge_budget' }
    try {
      const { id, input, output, text, answer, context, latencyMs, inputTokens, outputTokens, cost, model } = call
      const score = await limited(
        clock,
        async (signal) =>
          await scorer.score({
            case: { id, cluster: context.session ?? id, input, ...(context.tags && { tags: context.tags }) },
            trial: 0,
            output,
            text,
            answer,
            measures: {
              latencyMs,
              models: [model],
              isCached: false,
              ...(inputTokens !== undefined && { inputTokens }),
              ...(outputTokens !== undefined && { outputTokens }),
              ...(cost && { costNanoUsd: cost.nanoUsd }),
            },
            signal,
          }),
      )
      spentToday += score.costNanoUsd ?? 0
      if (score.status === 'scored' && !(score.score >= 0 && score.score <= 1))
        return { status: 'errored', error: 'eval.score_range' }
      return score
    } catch (error) {
      return { status: 'errored', error: error instanceof Error ? error.name : 'Error' }
    }
  }

  async function evaluate({ call, probability, isRandom }: Drawn): Promise<void> {
    const stratum = options.sample?.strata?.by(call) ?? ''
    const scores: Record<string, Score> = {}
    for (const scorer of all) scores[scorer.name] = await scoreOne(scorer, call)
    drift.add(call)
    for (const [scorer, score] of Object.entries(scores)) {
      counts.add(scorer, stratum, score, probability)
      if (score.status !== 'scored') continue
      desk?.rememberScore(call.id, scorer, score.score)
      if (!isRandom) continue
      for (const alarm of alarms?.add(scorer, stratum, score.score, clock.now()) ?? [])
        tell(options.onAlarm, { ...alarm, drift: drift.read() })
    }
    tell(options.onResult, { call, stratum, probability, scores })
  }

  function see(call: SeenCall): void {
    counts.seen()
    desk?.remember(call)
    const drawn = sampler.offer(call)
    for (const each of [...sampler.due(call.endedAtMs), ...(drawn ? [drawn] : [])])
      queue.offer(() => outside(() => evaluate(each).catch(() => counts.listenerFailed())))
  }

  const handle = async <A extends ApiId>(call: Call<A>, next: (call: Call) => Promise<Reply>): Promise<Reply> => {
    if (scoring.getStore()) return await next(call as unknown as Call)
    const startedAtMs = clock.now()
    const reply = (await next(call as unknown as Call)) as Reply<A>
    if (reply.kind === 'error' || !(desk || sampler.mayDraw(call.id, call.context.session)))
      return reply as unknown as Reply
    const seen = (read: () => unknown): void => {
      try {
        const answer = read()
        if (answer === undefined) return
        const ended = { startedAtMs, endedAtMs: clock.now(), price: options.price }
        see(seenCall(call as unknown as Call, answer, ended))
      } catch {
        counts.listenerFailed()
      }
    }
    if (reply.kind === 'whole') {
      // Read here or by the client: it is the same text, parsed once more. A body that is no JSON is the client's to see.
      void reply.value().then(
        (answer) => seen(() => answer),
        () => undefined,
      )
      return reply as unknown as Reply
    }
    async function* events(): AsyncGenerator<EventOf<A>> {
      let folder: Folder<A> | undefined = call.api.folder()
      for await (const event of (reply as Extract<Reply<A>, { kind: 'stream' }>).events()) {
        try {
          folder?.push(event)
        } catch {
          // An event that we cannot read is the application's to make sense of.
          folder = undefined
          counts.listenerFailed()
        }
        yield event
      }
      seen(() => folder?.answer())
    }
    return streamReply(call.api, events(), reply) as unknown as Reply
  }

  const middleware = defineMiddleware({ name: 'monitor', needsUsage: true }, handle)
  return Object.assign(middleware, {
    stats: () => counts.read(drift.read()),
    prometheus: () => counts.prometheus(),
    feedback(feedback: Feedback) {
      if (!desk) throw badOption('monitor()', 'feedback', 'set, to take feedback', undefined)
      const { draft, label } = desk.take(feedback)
      if (draft) tell(wanted?.onDraft, draft)
      if (label) tell(wanted?.onLabel, label)
    },
    idle: () => queue.idle(),
  })
}

/** Gives a scorer up when it takes too long. */
async function limited<T>(clock: Clock, score: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const [limit, done] = [new AbortController(), new AbortController()]
  const tooLong = clock.sleep(longestScoringMs, done.signal).then(() => {
    const error = new DOMException('The scorer took too long.', 'TimeoutError')
    limit.abort(error)
    throw error
  })
  tooLong.catch(() => undefined)
  try {
    return await Promise.race([scoring.run(true, () => score(limit.signal)), tooLong])
  } finally {
    done.abort()
  }
}
