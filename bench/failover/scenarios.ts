import { isAnswer } from './answer.ts'
import * as checks from './checks.ts'
import type { Check, Facts } from './checks.ts'
import { flapping } from './flapping.ts'
import type { Lane, Scenario } from './scenario.ts'
import type { Timings } from './timings.ts'
import { judge, type Judged } from './verdict.ts'

const advisory = { isAdvisory: true }

interface One {
  readonly id: string
  readonly title: string
  readonly model: string
  readonly fallback?: string
  /** The good end: an error, where the answer must not be had elsewhere. @default 'success' */
  readonly ideal?: 'error'
  readonly lane?: Lane
  readonly boundMs: number
  readonly checks: readonly Check[]
}

/** One call that meets one fault. */
function one(init: One): Scenario {
  const { id, title, model, fallback: fallbackModel = 'ok', ideal = 'success', lane = 'usual', boundMs } = init
  return {
    id,
    title,
    lane,
    async run(open) {
      const trial = await open()
      const { hasFallback } = trial.client
      const view = await trial.ask({ model, ...(hasFallback && { fallback: fallbackModel }) }, boundMs)
      // What the probe below does is not what the scenario is about.
      const [primary, fallback] = [[...trial.seen(model)], [...trial.seen(fallbackModel)]]
      const alive = await trial.isAlive()
      const facts: Facts = { view, primary, fallback, fallbackModel, hasFallback, alive }
      const findings = init.checks.map((each) => each(facts))
      const { outcome, text, error } = view
      if (ideal === 'error' && outcome === 'success') {
        const { verdict, reason } = judge({ hasHung: false, isWrongSuccess: false, isRescued: true, error }, findings)
        const judged: Judged = { verdict: 'partial', reason: 'answered by going around the refusal' }
        return { findings, ...(verdict === 'fail' ? { verdict, reason } : judged) }
      }
      const isComplete = outcome === 'success' && isAnswer(text)
      const known = {
        hasHung: outcome === 'hang',
        isWrongSuccess: outcome === 'success' && !isComplete,
        isRescued: ideal === 'error' ? outcome === 'error' : isComplete,
        error,
      }
      return { findings, ...judge(known, findings) }
    },
  }
}

/**
 * The sixteen scenarios of the public benchmark `failoverbench` 0.1, with its checks and their severities. What is
 * measured in the length of a fault shrinks with the scale, but for 1 or 2 s: the waits of the clients do not shrink.
 */
export function scenarios({ scale }: Timings): readonly Scenario[] {
  const scaled = (s: number, fixedS: number = 0): number => ((s - fixedS) * 1000) / scale + fixedS * 1000
  return [
    one({
      id: 'S01',
      title: '429 with Retry-After: 2',
      model: '429-once',
      boundMs: 20_000,
      checks: [
        checks.atLeast('retried', 2, advisory),
        checks.gapAtLeast('retry_after_honoured', 1_800, advisory),
        checks.atMostWithin('no_hammer', 2, 1_500),
      ],
    }),
    one({
      id: 'S02',
      title: '429 for good, no Retry-After',
      model: '429-always',
      boundMs: 40_000,
      checks: [checks.atMostWithin('no_hammer', 4, 3_000), checks.atMost('bounded_attempts', 6), checks.noHang],
    }),
    one({
      id: 'S03',
      title: '500 once',
      model: '500-once',
      boundMs: 20_000,
      checks: [checks.noHang, checks.atLeast('same_provider_retry', 2, advisory)],
    }),
    one({
      id: 'S04',
      title: '503 for good',
      model: '503-always',
      boundMs: 40_000,
      checks: [checks.atMost('bounded_attempts', 6), checks.noHang],
    }),
    one({
      id: 'S05',
      title: 'TCP reset before headers',
      model: 'reset-once',
      boundMs: 20_000,
      checks: [checks.noHang],
    }),
    one({
      id: 'S06',
      title: 'no response at all',
      model: 'silent',
      lane: 'long',
      boundMs: scaled(130, 2),
      checks: [
        checks.over('within_budget', scaled(100, 2)),
        checks.noHang,
        checks.atMost('silent_route_not_retried', 1, advisory),
      ],
    }),
    one({
      id: 'S07',
      title: 'slow first token',
      model: 'slow',
      lane: 'long',
      boundMs: scaled(60, 2),
      checks: [checks.noHang, checks.over('ttft_limit', scaled(15, 1), { ...advisory, needsFallback: true })],
    }),
    one({
      id: 'S08',
      title: 'stream cut mid-answer',
      model: 'cut',
      boundMs: 40_000,
      checks: [checks.noTruncatedSuccess, checks.noHang],
    }),
    one({
      id: 'S09',
      title: 'stream stalls',
      model: 'stall',
      lane: 'long',
      boundMs: scaled(70, 2),
      checks: [checks.over('bounded', scaled(45, 2)), checks.noTruncatedSuccess, checks.aliveAfter, checks.noHang],
    }),
    one({
      id: 'S10',
      title: 'malformed chunk',
      model: 'malformed',
      boundMs: 30_000,
      checks: [
        checks.aliveAfter,
        checks.noTruncatedSuccess,
        checks.noHang,
        checks.complete(advisory),
        checks.upstreamClosed,
      ],
    }),
    one({
      id: 'S11',
      title: 'no [DONE] at the end',
      model: 'no-done',
      boundMs: 30_000,
      checks: [checks.over('prompt_finalise', 8_000), checks.usagePresent(advisory)],
    }),
    one({
      id: 'S12',
      title: 'context length exceeded',
      model: 'too-long',
      boundMs: 20_000,
      checks: [checks.noBlindRetry, checks.atMost('bounded_attempts', 2), checks.noHang],
    }),
    one({
      id: 'S13',
      title: 'content-filter refusal',
      model: 'filtered',
      ideal: 'error',
      boundMs: 20_000,
      checks: [checks.atMost('no_same_model_retry', 1), checks.noHang, checks.fallbackUsed],
    }),
    one({
      id: 'S14',
      title: 'fallback rejects prefill',
      model: 'cut',
      fallback: 'ok-no-prefill',
      boundMs: 40_000,
      checks: [checks.noPrefillMasking, checks.noTruncatedSuccess],
    }),
    flapping({ requests: 20, intervalMs: 4_000 / scale, boundMs: scaled(30, 2), recoveredWithinMs: scaled(30, 2) }),
    one({
      id: 'S16',
      title: 'failover accounting',
      model: '503-always',
      boundMs: 40_000,
      checks: [
        checks.namesFallback,
        checks.usagePresent({ ...advisory, needsFallback: true }),
        checks.atMost('bounded_attempts', 6),
      ],
    }),
  ]
}
