import { systemClock, type Clock } from '@sluice/core'
import { badOption, checkBetween, checkNames, checkWhole } from '../eval-error.ts'
import type { Scored, Score, Scorer } from '../score/scorer.ts'
import { unscored } from '../score/outcome.ts'
import { wilson, type Proportion } from '../stats/proportion.ts'
import { answerView, textOf } from '../suite/answer-view.ts'
import {
  judgeAgreement,
  orderEffect,
  type JudgeAgreement,
  type OrderedVerdicts,
  type OrderEffect,
} from './agreement.ts'
import { attackSuffixes } from './attacks.ts'

/** An output that people have judged. */
export interface LabelledOutput {
  readonly id?: string
  readonly input: unknown
  readonly output: unknown
  readonly expected?: unknown
  readonly criteria?: readonly string[]
  /** What people said: whether it is good, or how good, 0 to 1. For pairwise judges: whether the output is the better one. */
  readonly label: boolean | number
}

export interface AuditOptions {
  /** How often each item is judged: more than once shows whether the judge agrees with itself. @default 2 */
  readonly repeats?: number
  /** Endings that outputs are given which people and every repeat of the judge call bad, by name. @default {@link attackSuffixes} */
  readonly attacks?: Readonly<Record<string, string>>
  /** How many bad outputs are attacked; each with every ending. 0 leaves the attacks out. @default 20 */
  readonly attacked?: number
  /** Calls under way at once. @default 8 */
  readonly concurrency?: number
  /** From which score on an output has passed. @default 0.5 */
  readonly passAt?: number
  readonly signal?: AbortSignal
  /** Where the time of the audit comes from. @default the system's clock */
  readonly clock?: Clock
}

/** What an audit found. JSON: to be kept beside the judge's settings and shown in reports. */
export interface JudgeAudit extends JudgeAgreement {
  readonly judge: { readonly name: string; readonly version: string; readonly models: readonly string[] }
  readonly auditedAtMs: number
  /** Share of items on which the repeats agree; `undefined` for one repeat. */
  readonly retest: Proportion | undefined
  /** For pairwise judges. */
  readonly order: OrderEffect | undefined
  /** Share of attacks that a bad output did not pass by; `undefined` where there was no bad output to attack. */
  readonly injection:
    | {
        readonly resisted: Proportion
        /** Names of the endings that passed at least once, with how often of how many. */
        readonly passed: Readonly<Record<string, { readonly passed: number; readonly tried: number }>>
      }
    | undefined
  /** 0 where the judge's client has no `price`. */
  readonly costNanoUsd: number
}

const known = [
  'repeats',
  'attacks',
  'attacked',
  'concurrency',
  'passAt',
  'signal',
  'clock',
] as const satisfies readonly (keyof AuditOptions)[]

/**
 * Measures a judge against people: agreement beyond chance, leniency, whether it agrees with itself, how far the order of
 * two outputs decides, how often it gives no verdict, and whether a bad output passes by addressing it. Calls that fail count
 * as without a verdict; where all fail, the first error is thrown.
 *
 * @param labelled a random sample of real outputs with labels of people; 100 or more for figures to rely on.
 * @throws {SluiceError} `config.option`; `eval.out_of_range` when the judge scores none of them.
 */
export async function auditJudge(
  judge: Scorer,
  labelled: readonly LabelledOutput[],
  options: AuditOptions = {},
): Promise<JudgeAudit> {
  checkNames('auditJudge()', options, known)
  const { repeats = 2, attacks = attackSuffixes, attacked = 20, concurrency = 8, passAt = 0.5 } = options
  const { signal = new AbortController().signal, clock = systemClock } = options
  checkWhole('auditJudge()', 'repeats', repeats, 1)
  checkWhole('auditJudge()', 'attacked', attacked, 0)
  checkWhole('auditJudge()', 'concurrency', concurrency, 1)
  checkBetween('auditJudge()', 'passAt', passAt, Number.MIN_VALUE, 1)
  if (labelled.length === 0) throw badOption('auditJudge()', 'labelled', 'at least one labelled output', 'none')
  for (const { label } of labelled) checkBetween('auditJudge()', 'label', Number(label), 0, 1)
  let costNanoUsd = 0
  let failure: unknown

  async function ask(item: LabelledOutput, index: number, trial: number, suffix = ''): Promise<Score> {
    try {
      const score = await judge.score(scoredOf(item, index, trial, suffix, signal))
      costNanoUsd += score.costNanoUsd ?? 0
      return score
    } catch (error) {
      signal.throwIfAborted()
      // One call that fails is not worth the others, which are paid for.
      failure ??= error
      return unscored('call_failed')
    }
  }

  const rounds = await inPool(
    labelled.flatMap((item, index) => Array.from({ length: repeats }, (_, trial) => () => ask(item, index, trial))),
    concurrency,
    signal,
  )
  const byItem = labelled.map((_, index) => rounds.slice(index * repeats, (index + 1) * repeats))
  const judged = byItem.map(([first]) => valueOf(first))
  if (failure !== undefined && judged.every((score) => score === undefined)) throw failure
  const agreement = judgeAgreement(
    labelled.map(({ label }, index) => ({ label: Number(label), judged: judged[index] })),
    passAt,
  )
  const again = byItem
    .map((scores) => scores.map(valueOf))
    .filter((values) => values.every((value) => value !== undefined))
  const same = again.filter((values) => values.every((value) => value >= passAt === (values[0] as number) >= passAt))
  const bad = labelled
    .map((item, index) => ({ item, index }))
    .filter(
      ({ item, index }) =>
        Number(item.label) < passAt && byItem[index]?.every((score) => (valueOf(score) ?? 1) < passAt),
    )
    .slice(0, attacked)
  const tries = bad.flatMap(({ item, index }) =>
    Object.entries(attacks).map(([name, suffix]) => ({ name, ask: () => ask(item, index, 0, suffix) })),
  )
  const outcomes = await inPool(
    tries.map((each) => each.ask),
    concurrency,
    signal,
  )
  return {
    ...agreement,
    judge: { name: judge.name, version: judge.version, models: judge.models ?? [] },
    auditedAtMs: clock.now(),
    retest: repeats > 1 && again.length > 0 ? wilson(same.length, again.length) : undefined,
    order: orderOf(byItem.flatMap(([first]) => first ?? [])),
    injection: injectionOf(
      tries.map(({ name }, index) => ({ name, isPassed: (valueOf(outcomes[index]) ?? 0) >= passAt })),
    ),
    costNanoUsd,
  }
}

function scoredOf(item: LabelledOutput, index: number, trial: number, suffix: string, signal: AbortSignal): Scored {
  const { input, expected, criteria, id = String(index) } = item
  const answer = answerView(item.output)
  const text = textOf(item.output, answer) + suffix
  return {
    case: { id, cluster: id, input, ...(expected !== undefined && { expected }), ...(criteria && { criteria }) },
    trial,
    output: suffix === '' ? item.output : text,
    text,
    answer: suffix === '' ? answer : undefined,
    measures: { latencyMs: 0, models: [], isCached: false },
    signal,
  }
}

function valueOf(score: Score | undefined): number | undefined {
  return score?.status === 'scored' ? score.score : undefined
}

function injectionOf(tries: readonly { readonly name: string; readonly isPassed: boolean }[]): JudgeAudit['injection'] {
  if (tries.length === 0) return undefined
  const passed: Record<string, { passed: number; tried: number }> = {}
  for (const [name, of] of Map.groupBy(tries, (each) => each.name)) {
    const count = of.filter(({ isPassed }) => isPassed).length
    if (count > 0) passed[name] = { passed: count, tried: of.length }
  }
  return { resisted: wilson(tries.filter(({ isPassed }) => !isPassed).length, tries.length), passed }
}

/** What the evidence of pairwise judges tells of the order: the winner in each round, 1 being the output. */
function orderOf(scores: readonly Score[]): OrderEffect | undefined {
  const verdicts = scores.flatMap((score): OrderedVerdicts[] => {
    const rounds = score.status === 'scored' ? (score.evidence as { rounds?: unknown } | undefined)?.rounds : undefined
    if (!Array.isArray(rounds) || rounds.length !== 2) return []
    const [given, swapped] = (rounds as { winner?: number }[]).map(({ winner }) => winnerOf(winner))
    return [{ given, swapped }]
  })
  return verdicts.length > 0 ? orderEffect(verdicts) : undefined
}

function winnerOf(winner: number | undefined): OrderedVerdicts['given'] {
  return winner === 1 ? 'first' : winner === 0 ? 'second' : winner === 0.5 ? 'tie' : undefined
}

/** Runs tasks, so many at once, with their results in order. */
async function inPool<T>(tasks: readonly (() => Promise<T>)[], concurrency: number, signal: AbortSignal): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      signal.throwIfAborted()
      const index = next
      next += 1
      results[index] = await (tasks[index] as () => Promise<T>)()
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, work))
  return results
}
