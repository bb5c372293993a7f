import { SluiceError } from '@sluice/core'
import { checkBetween } from '../eval-error.ts'
import { digestOf } from '../suite/digest.ts'
import type { EvalCase } from '../suite/case.ts'
import type { SeenCall } from './seen-call.ts'

/** What a person said of an answer. One of `thumbs`, `rating` and `correction` at least. */
export interface Feedback {
  /** The call's id, as its report has it. */
  readonly callId: string
  readonly thumbs?: 'up' | 'down'
  /** 0 to 1. */
  readonly rating?: number
  /** What the answer should have been. */
  readonly correction?: string
  /** Who said it, as your application names people. */
  readonly by?: string
}

/**
 * A case that came out of feedback, for a person to look over before a suite takes it. Its id is that of its input: one that
 * comes again brings the expected value that it had not.
 */
export interface DraftCase extends EvalCase<unknown, string> {
  readonly id: string
  readonly status: 'draft'
  /** What the model had answered. */
  readonly output: string
  readonly from: { readonly callId: string; readonly model: string; readonly by?: string }
}

/** A person's score of an answer, beside what the scorers said: what a judge is calibrated with. */
export interface FeedbackLabel {
  readonly callId: string
  /** 0 to 1. */
  readonly label: number
  /** By scorer; those that gave no score are left out. */
  readonly scores: Readonly<Record<string, number>>
}

/** Takes feedback and makes cases and labels of it. */
export interface FeedbackDesk {
  /** Remembers a call, for feedback to come. */
  remember(call: SeenCall): void
  /** Remembers what a scorer said of a call. */
  rememberScore(callId: string, scorer: string, score: number): void
  /** @throws {SluiceError} `eval.unknown_call`, `eval.empty_feedback`, `config.option`. */
  take(feedback: Feedback): { readonly draft: DraftCase | undefined; readonly label: FeedbackLabel | undefined }
}

/** @param capacity how many calls are remembered. @param redact what texts go through before they are kept. */
export function feedbackDesk(capacity: number, redact: (text: string) => string): FeedbackDesk {
  const calls = new Map<string, { readonly call: SeenCall; readonly scores: Record<string, number> }>()
  /** By the id of the case: whether it has an expected value. */
  const drafted = new Map<string, boolean>()
  return {
    remember(call) {
      calls.set(call.id, { call, scores: {} })
      const [oldest] = calls.keys()
      if (calls.size > capacity && oldest !== undefined) calls.delete(oldest)
    },
    rememberScore(callId, scorer, score) {
      const entry = calls.get(callId)
      if (entry) entry.scores[scorer] = score
    },
    take(feedback) {
      const { callId, thumbs, rating, correction, by } = feedback
      if (thumbs === undefined && rating === undefined && correction === undefined)
        throw new SluiceError({
          code: 'eval.empty_feedback',
          message: 'Feedback needs "thumbs", "rating" or "correction".',
          details: { callId },
        })
      if (rating !== undefined) checkBetween('feedback()', 'rating', rating, 0, 1)
      const entry = calls.get(callId)
      if (!entry) throw unknownCall(callId, capacity)
      const { call, scores } = entry
      const score = rating ?? (thumbs === undefined ? undefined : thumbs === 'up' ? 1 : 0)
      const label = score === undefined ? undefined : { callId, label: score, scores: { ...scores } }
      const isWorthACase = correction !== undefined || (score !== undefined && score < 0.5)
      return { draft: isWorthACase ? draftOf(call, correction, by) : undefined, label }
    },
  }

  /** One case for each input, however often people stumble over it; and once more when somebody says what is right. */
  function draftOf(call: SeenCall, correction: string | undefined, by: string | undefined): DraftCase | undefined {
    const input = redacted(call.request, redact)
    const id = digestOf(input)
    const hasExpected = drafted.get(id)
    if (hasExpected !== undefined && (hasExpected || correction === undefined)) return undefined
    drafted.set(id, correction !== undefined)
    return {
      id,
      status: 'draft',
      input,
      ...(correction !== undefined && { expected: redact(correction) }),
      output: redact(call.text),
      from: { callId: call.id, model: call.model, ...(by !== undefined && { by }) },
    }
  }
}

/** A JSON value whose texts have gone through `redact`. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, of]) => [field, redacted(of, redact)]))
}

function unknownCall(callId: string, capacity: number): SluiceError {
  return new SluiceError({
    code: 'eval.unknown_call',
    message: `No call "${callId.slice(0, 64)}" is remembered: the last ${capacity} are, in the process that made them. Raise "remember", or send feedback sooner.`,
    details: { callId: callId.slice(0, 64) },
    status: 404,
  })
}
