import type { Embedder } from '../embed/embedder.ts'
import { flatIndex } from '../vector/flat-index.ts'
import type { VectorIndex } from '../vector/vector-index.ts'
import type { SameAnswer } from './answers/same-answer.ts'
import type { WrongShare } from './audit/hit-watch.ts'
import { checked, refusal, shown } from './policies/checked.ts'
import { consensus } from './policies/consensus.ts'
import type { Policy } from './policy.ts'

/** What `onAlarm` is told. */
export interface SemanticAlarm {
  /** `tripped`: too many hits were wrong, nothing is served by likeness any more. `recovered`: it serves again. */
  readonly kind: 'tripped' | 'recovered'
  /** By what it tripped; absent for `recovered`. */
  readonly by?: 'audits' | 'rejections'
  readonly atMs: number
  readonly wrongOfHits: WrongShare | undefined
}

export interface SemanticOptions {
  /** Makes vectors of questions. One with another `id` has candidates of its own. */
  readonly embedder: Embedder
  /** Where the vectors are. @default flatIndex(), in this process's memory */
  readonly index?: VectorIndex
  /** Decides whether a candidate is served. @default consensus() */
  readonly policy?: Policy
  /** The share of wrong answers among hits that you allow, above 0 and at most 0.5: what policies aim at and audits watch. @default 0.01 */
  readonly maxFalseHitRate?: number
  /**
   * The share of hits for which the provider is asked too, in the background, to compare: 0 to 1. Each costs a call. 0 leaves
   * wrong hits unnoticed unless somebody rejects them. @default 0.02
   */
  readonly auditShare?: number
  /** Decide and count what would be saved, but serve nothing. @default false */
  readonly shadow?: boolean
  /**
   * Answers do not depend on who asks, as those of a help centre: questions with "I" and "my" take part. What is about now,
   * and what acts, never does. @default false
   */
  readonly sameForEveryone?: boolean
  /**
   * Tells whether two answers say the same where they are neither equal nor plain data: by a model (`answerJudge`), say.
   * Without it answers in prose are never known to be alike, so that nothing can be learned or audited of them.
   *
   * It is asked off the path of calls, about near misses and audits: an answer that says the same as a near one joins its
   * group, and one that does not is remembered as a rejection. @default none
   */
  readonly sameAnswer?: SameAnswer
  /** The least cosine of a near miss whose answer `sameAnswer` is asked about, −1 to 1. @default 0.7 */
  readonly compareFrom?: number
  /** How long a lookup may take, embedding and policy included, in milliseconds; then it is a miss. @default 500 */
  readonly timeoutMs?: number
  /** Told when the tier trips and when it recovers. What it throws is ignored. */
  readonly onAlarm?: (alarm: SemanticAlarm) => void
  /** Draws audits: 0 ≤ x < 1. @default Math.random */
  readonly random?: () => number
}

/** Options that were checked, with their defaults. */
export interface SemanticSettings extends Required<Omit<SemanticOptions, 'sameAnswer' | 'onAlarm'>> {
  readonly sameAnswer: SameAnswer | undefined
  readonly onAlarm: SemanticOptions['onAlarm']
}

/** @throws {SluiceError} `config.option`, `config.dimensions` */
export function settingsOf(options: SemanticOptions): SemanticSettings {
  const { embedder, index, policy, ...rest } = checked('semantic', options, {
    embedder: 'any',
    index: 'any',
    policy: 'any',
    maxFalseHitRate: 'risk',
    auditShare: 'chance',
    shadow: 'flag',
    sameForEveryone: 'flag',
    sameAnswer: 'function',
    compareFrom: 'similarity',
    timeoutMs: 'ms',
    onAlarm: 'function',
    random: 'function',
  })
  if (!(isText(embedder?.id) && typeof embedder.embed === 'function'))
    throw refusal(
      `embedder of semantic() must be an embedder, such as lexicalEmbedder() or openaiEmbedder(client, model), got ${shown(embedder)}.`,
    )
  if (index !== undefined && !['add', 'search', 'remove', 'clear'].every((name) => hasFunction(index, name)))
    throw refusal(`index of semantic() must be a vector index, such as flatIndex(), got ${shown(index)}.`)
  if (
    policy !== undefined &&
    !(isText(policy?.id) && Number.isSafeInteger(policy.k) && policy.k >= 1 && hasFunction(policy, 'decide'))
  )
    throw refusal(`policy of semantic() must be a policy, such as consensus(), got ${shown(policy)}.`)
  const used = index ?? flatIndex()
  checkDimensions(embedder, used)
  return {
    embedder,
    index: used,
    policy: policy ?? consensus(),
    maxFalseHitRate: rest.maxFalseHitRate ?? 0.01,
    auditShare: rest.auditShare ?? 0.02,
    shadow: rest.shadow ?? false,
    sameForEveryone: rest.sameForEveryone ?? false,
    sameAnswer: rest.sameAnswer,
    compareFrom: rest.compareFrom ?? 0.7,
    timeoutMs: rest.timeoutMs ?? 500,
    onAlarm: rest.onAlarm,
    random: rest.random ?? Math.random,
  }
}

/** What is known of both before the first vector. An index whose vectors have a fixed length says so. */
function checkDimensions(embedder: Embedder, index: VectorIndex & { readonly dimensions?: number }): void {
  const { dimensions } = embedder
  if (dimensions === undefined || index.dimensions === undefined || dimensions === index.dimensions) return
  throw refusal(
    `The index "${index.name}" has vectors of ${index.dimensions} dimensions, the embedder "${embedder.id}" makes ${dimensions}. ` +
      'Make the index for this embedder.',
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function hasFunction(value: unknown, name: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>> | null)?.[name] === 'function'
}
