import { sluice, type CallReport } from '@sluice/core'
import type { PriceBook } from '@sluice/core/prices'
import {
  compare,
  defineSuite,
  exact,
  rouge,
  terminalReport,
  type EvalCase,
  type EvalRun,
  type Suite,
  type TrialMeasures,
} from '@sluice/eval'
import type OpenAI from 'openai'
import type { ChatMessage } from './messages.ts'
import { models } from './models.ts'
import { system, type CallResult } from './run.ts'
import type { Conversation, Turn } from './traffic.ts'

export interface EvaluationInit {
  readonly results: readonly CallResult[]
  readonly reports: readonly CallReport[]
  readonly traffic: readonly Conversation[]
  /** A client of the models, without faults and without middleware. */
  readonly openai: OpenAI
  readonly headersOf: (call: number) => Record<string, string>
  readonly price: PriceBook['price']
  readonly answerKey: ReadonlyMap<string, string>
  readonly isColored: boolean
}

/** One call of the run, as a case of the suite. */
interface Judged {
  readonly turn: Turn
  readonly answer: string
  readonly measures: TrialMeasures
}

/** They take the baseline about two seconds. */
const mostCases = 300
const fewestCases = 10
/** So many right answers fewer in a hundred would be no harm, for what the cascade saves. */
const margin = 0.05

/**
 * Evaluates the run by its own calls: the questions whose right answer is known, each once, against the strong model alone,
 * which is asked here. What `terminalReport` says of it; `undefined` where too few such questions were asked.
 */
export async function evaluation(init: EvaluationInit): Promise<string | undefined> {
  const { openai, headersOf, price, answerKey, isColored } = init
  const judged = judgedOf(init)
  if (judged.size < fewestCases) return undefined
  const cases = [...judged].map(([text, { turn }]): EvalCase<string, string> => {
    const group = turn.message.group ?? ''
    // Paraphrases of one question stand or fall together.
    return { id: text, input: text, expected: answerKey.get(group) ?? '', cluster: group }
  })
  const suiteOf = (target: (text: string) => string | Promise<string>): Suite<string, string, string> =>
    defineSuite('the desk of Norrvik', {
      cases,
      target,
      scorers: [exact({ name: 'right' }), rouge({ name: 'wording' })],
      concurrency: 32,
    })

  const strong = sluice(openai, [], { price })
  const baseline = await suiteOf(async (content) => {
    const messages: ChatMessage[] = [
      { role: 'system', content: system },
      { role: 'user', content },
    ]
    const headers = headersOf(judged.get(content)?.turn.call ?? 0)
    const { choices } = await strong.chat.completions.create({ model: models.strong, messages }, { headers })
    return choices[0]?.message.content ?? ''
  }).run({ labels: { of: `${models.strong} alone` } })
  const answers = await suiteOf((text) => judged.get(text)?.answer ?? '').run({ labels: { of: 'this run' } })
  const run = measured(answers, judged)
  return terminalReport(
    { run, baseline, comparison: compare(run, baseline, { margin }) },
    { cases: 2, color: isColored },
  )
}

/** The first answered calls of single questions with a known answer, by their texts. */
function judgedOf({ results, reports, traffic, answerKey }: EvaluationInit): ReadonlyMap<string, Judged> {
  const answers = new Map(
    results.flatMap(({ call, answer }) => (answer === undefined ? [] : [[call, answer] as const])),
  )
  const byCall = new Map(reports.map((report) => [report.context.metadata?.['call'], report]))
  const judged = new Map<string, Judged>()
  for (const turn of traffic.flatMap(({ turns }) => turns)) {
    const { call, message } = turn
    const [answer, report] = [answers.get(call), byCall.get(call)]
    const isSingle = message.turn === 1 && message.messages === undefined
    if (answer === undefined || !report || !isSingle || !answerKey.has(message.group ?? '')) continue
    if (judged.size < mostCases && !judged.has(message.text))
      judged.set(message.text, { turn, answer, measures: measuresOf(report) })
  }
  return judged
}

function measuresOf({ timings, cost, model, attempts }: CallReport): TrialMeasures {
  return {
    latencyMs: timings.totalMs ?? 0,
    ...(cost && { costNanoUsd: cost.nanoUsd }),
    models: model === undefined ? [] : [model],
    isCached: attempts.length === 0,
  }
}

/** A run of recorded answers, with what they took when they were made. */
function measured(run: EvalRun, judged: ReadonlyMap<string, Judged>): EvalRun {
  const trials = run.trials.map((trial) => ({ ...trial, measures: judged.get(trial.id)?.measures ?? trial.measures }))
  const targetNanoUsd = trials.reduce((sum, { measures }) => sum + (measures.costNanoUsd ?? 0), 0)
  return { ...run, trials, footer: run.footer && { ...run.footer, targetNanoUsd, unpriced: 0 } }
}
