import type { SameAnswer } from '../answers/same-answer.ts'
import type { Candidate, Policy } from '../policy.ts'
import { checked } from './checked.ts'
import { nearestServable } from './evidence.ts'
import { askingModel, type JudgeModel } from './judge-model.ts'

/** A question to a judge: would the stored answer do? */
export interface JudgeCase {
  /** The prompt that is asked. */
  readonly prompt: string
  readonly candidate: Candidate
  readonly signal: AbortSignal | undefined
}

/** A model that judges, or a function of your own. `undefined`, and what it throws, is a no. */
export type JudgeTarget = JudgeModel | ((asked: JudgeCase) => boolean | undefined | Promise<boolean | undefined>)

export interface JudgeOptions {
  /** The least cosine of a candidate that is worth the question, −1 to 1; half way up to 1 where the vetoes could not read. @default 0.6 */
  readonly minSimilarity?: number
}

/**
 * Asks a model whether the nearest candidate's answer is right for the prompt, and serves it if so. Each likely hit costs a
 * call of the judge and its time: give the tier a `timeoutMs` to match, and take a model that is much cheaper than the one
 * whose answers it saves. A judge errs too; the audits count how often.
 *
 * @param target `{ client, model }` with a client like `new OpenAI()`, or a function.
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * judge({ client: new OpenAI(), model: 'gpt-5-nano' })
 */
export function judge(target: JudgeTarget, options: JudgeOptions = {}): Policy {
  const { minSimilarity = 0.6 } = checked('judge', options, { minSimilarity: 'similarity' })
  const ask = typeof target === 'function' ? target : byModel(target)
  return {
    id: 'judge',
    k: 4,
    minSimilarity,
    async decide({ prompt, candidates, isUnread, signal }) {
      const candidate = nearestServable(candidates)
      const { similarity } = candidate
      const similarityNeeded = isUnread ? (minSimilarity + 1) / 2 : minSimilarity
      const numbers = { similarity, similarityNeeded }
      if (similarity < similarityNeeded) return { serves: false, candidate, numbers }
      const verdict = await ask({ prompt, candidate, signal })
      return { serves: verdict === true, candidate, numbers: { ...numbers, verdict: verdict === true ? 1 : 0 } }
    },
  }
}

/**
 * A {@link SameAnswer} by a model: for `sameAnswer` of `semantic()`, where answers are prose.
 *
 * @throws {SluiceError} `config.option` at construction.
 */
export function answerJudge(target: JudgeModel): SameAnswer {
  const ask = askingModel('answerJudge', target)
  return (a, b) =>
    ask({
      task: 'Two questions were answered. Would each of the two answers be right and complete for the other question too?',
      material: { first: { question: a.prompt, answer: a.text }, second: { question: b.prompt, answer: b.text } },
      signal: undefined,
    })
}

function byModel(target: JudgeModel): (asked: JudgeCase) => Promise<boolean | undefined> {
  const ask = askingModel('judge', target)
  return ({ prompt, candidate, signal }) =>
    ask({
      task: 'A question was answered before. Is that answer also right and complete for the new question, in every detail?',
      material: { before: { question: candidate.prompt, answer: candidate.answerText }, new: { question: prompt } },
      signal,
    })
}
