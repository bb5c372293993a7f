import { createHash } from 'node:crypto'
import { passMark } from '../compare/summarise.ts'
import type { EvalRun } from '../suite/run-file.ts'
import type { TrialRecord } from '../suite/trial.ts'
import { answerView, textOf } from '../suite/answer-view.ts'
import { dollars, interval, latency, points, pValue, score as figure } from './figures.ts'
import { pageBody, pageScript, pageStyle } from './html-page.ts'
import { reportData, trustIn, type ReportData, type ReportInput } from './report-data.ts'

export interface HtmlOptions {
  /** Inputs and expected values by case id, where they may be shown. @default only ids are */
  readonly cases?: ReadonlyMap<string, { readonly input: unknown; readonly expected?: unknown }>
}

/**
 * A run as one HTML file that needs nothing else and sends nothing anywhere: figures, a forest plot of the differences, and
 * every case with its outputs side by side, scores, evidence, and filters. Outputs are a stranger's text: they are kept as
 * escaped JSON, shown as text, and the page's policy allows no script but its own.
 */
export function htmlReport(input: ReportInput, options: HtmlOptions = {}): string {
  const data = reportData(input)
  const json = JSON.stringify(pageData(data, options))
    // So that no text can end the element that it is in.
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
  const policy = `default-src 'none'; style-src 'sha256-${sha256(pageStyle)}'; script-src 'sha256-${sha256(pageScript)}'; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width">',
    '<title>Evaluation</title>',
    `<style>${pageStyle}</style></head><body>${pageBody}`,
    `<script type="application/json" id="data">${json}</script>`,
    `<script>${pageScript}</script>`,
    '</body></html>',
    '',
  ].join('\n')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

interface PageTrial {
  readonly trial: number
  readonly output: string
  readonly scores: string
}

interface PageCase {
  readonly id: string
  readonly tags: readonly string[]
  readonly input: string
  readonly expected: string
  /** Of the comparison; empty when nothing changed. */
  readonly status: string
  readonly failed: boolean
  readonly flaky: boolean
  readonly unscored: boolean
  readonly scores: string
  readonly trials: readonly PageTrial[]
  readonly before: readonly PageTrial[]
}

function pageData(data: ReportData, { cases: inputs }: HtmlOptions): object {
  const { run, baseline, summary, comparison, warnings } = data
  const status = new Map(comparison?.cases.map((change) => [change.id, change.status]))
  const before = byCase(baseline)
  const cases = [...byCase(run)].map(([id, trials]): PageCase => {
    const of = inputs?.get(id)
    const scores = trials.flatMap((trial) => Object.entries(trial.scores))
    const passes = scores.flatMap(([scorer, score]) =>
      score.status === 'scored' ? [score.score >= passMark(0.5, scorer)] : [],
    )
    return {
      id,
      tags: trials[0]?.tags ?? [],
      input: of ? textual(of.input) : '',
      expected: of?.expected === undefined ? '' : textual(of.expected),
      status: status.get(id) ?? '',
      failed: trials.some(({ error }) => error) || passes.includes(false),
      flaky: passes.includes(false) && passes.includes(true),
      unscored: scores.some(([, score]) => score.status !== 'scored'),
      scores: trials
        .map((trial) =>
          Object.values(trial.scores)
            .map((score) => (score.status === 'scored' ? figure(score.score) : score.status))
            .join(' '),
        )
        .join(' | '),
      trials: trials.map(pageTrial),
      before: (before.get(id) ?? []).map(pageTrial),
    }
  })
  const compared = new Map(comparison?.metrics.map((metric) => [metric.scorer, metric]))
  return {
    title: `${run.header.suite}${comparison ? `: ${comparison.verdict}` : ''}`,
    about:
      `${summary.cases} cases, ${summary.trials} trials, p50 ${latency(summary.latencyMs.p50)}, ` +
      `${dollars(summary.targetNanoUsd)}, judges ${dollars(summary.judgeNanoUsd)}, ` +
      `begun ${new Date(run.header.startedAtMs).toISOString()}`,
    warnings: [...warnings.map(({ message }) => message), ...(data.gate?.reasons ?? [])],
    metrics: summary.metrics.map(({ scorer, mean }) => {
      const change = compared.get(scorer)
      return {
        scorer,
        verdict: change?.verdict ?? '',
        margin: change?.margin ?? 0,
        difference: change && {
          mean: change.difference.mean,
          low: change.difference.low,
          high: change.difference.high,
        },
        cells: [
          scorer,
          mean ? `${figure(mean.mean)} ${interval(mean.low, mean.high)}` : 'nothing scored',
          change
            ? `${points(change.difference.mean)} points ${interval(change.difference.low, change.difference.high, points)}`
            : '',
          change ? `${change.verdict}, ${pValue(change.adjustedP)}` : '',
          trustIn(scorer, data) ?? '',
        ],
      }
    }),
    tags: [...new Set(cases.flatMap(({ tags }) => tags))].toSorted(),
    cases,
  }
}

function byCase(run: EvalRun | undefined): ReadonlyMap<string, readonly TrialRecord[]> {
  return Map.groupBy(run?.trials ?? [], ({ id }) => id)
}

function pageTrial({ trial, output, error, scores }: TrialRecord): PageTrial {
  const text = error
    ? `failed: ${error.code ?? error.name}: ${error.message}`
    : textOf(output ?? '', answerView(output))
  return { trial, output: text, scores: JSON.stringify(scores, null, 1) }
}

function textual(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}
