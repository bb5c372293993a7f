import type { Detector, DetectorContext, GuardStage, Verdict } from '../detector.ts'
import type { LoggedRow } from './read-log.ts'

/** What a detector did on the texts of one source. */
export interface SourceFigures {
  readonly source: string
  readonly bad: number
  readonly badFound: number
  /** Texts that are not labelled as bad, those without a label included. */
  readonly good: number
  readonly goodFound: number
}

export interface DetectorFigures {
  readonly guard: string
  readonly texts: number
  /** Texts by the action the detector asked for. */
  readonly actions: Readonly<Record<string, number>>
  /** Texts by the rule that fired. */
  readonly rules: Readonly<Record<string, number>>
  readonly bySource: readonly SourceFigures[]
  readonly total: SourceFigures
  /** Checks that threw. */
  readonly failed: number
  /** Milliseconds of wall time a text. */
  readonly ms: { readonly p50: number; readonly p99: number; readonly max: number; readonly mean: number }
  readonly costNanoUsd: number
  /** Lines with good texts that were found, from 1, the first twenty; of a JSON array, its items. */
  readonly goodFoundAt: readonly number[]
}

/** Measures one detector, text by text. */
export interface Meter {
  /** Runs it on the texts of a row. */
  add(row: LoggedRow): Promise<void>
  figures(): DetectorFigures
}

/** Lines that are named of good texts that were found. */
const mostNamed = 20

export function meterOf(detector: Detector, stage: GuardStage): Meter {
  const context: DetectorContext = { stage, signal: undefined }
  const sources = new Map<string, Omit<Writable<SourceFigures>, 'source'>>()
  const actions: Record<string, number> = {}
  const rules: Record<string, number> = {}
  const times: number[] = []
  const goodFoundAt = new Set<number>()
  let [texts, failed, costNanoUsd] = [0, 0, 0]
  const add = (verdict: Verdict, { isBad = false, source, line }: LoggedRow): void => {
    const figures = sources.get(source) ?? { bad: 0, badFound: 0, good: 0, goodFound: 0 }
    sources.set(source, figures)
    const found = verdict.action !== 'allow'
    figures[isBad ? 'bad' : 'good'] += 1
    if (found) figures[isBad ? 'badFound' : 'goodFound'] += 1
    if (found && !isBad && goodFoundAt.size < mostNamed) goodFoundAt.add(line)
    actions[verdict.action] = (actions[verdict.action] ?? 0) + 1
    for (const rule of verdict.rules) rules[rule] = (rules[rule] ?? 0) + 1
    costNanoUsd += verdict.costNanoUsd ?? 0
  }
  return {
    async add(row) {
      for (const text of row.texts) {
        texts += 1
        const startedAtMs = performance.now()
        try {
          const verdict = await detector.check(text, context)
          times.push(performance.now() - startedAtMs)
          add(verdict, row)
        } catch {
          failed += 1
        }
      }
    },
    figures() {
      const bySource = [...sources]
        .map(([source, figures]) => ({ source, ...figures }))
        .sort((a, b) => (a.source < b.source ? -1 : 1))
      const total = { source: 'all', bad: 0, badFound: 0, good: 0, goodFound: 0 }
      for (const each of bySource)
        for (const key of ['bad', 'badFound', 'good', 'goodFound'] as const) total[key] += each[key]
      const named = [...goodFoundAt]
      return {
        guard: detector.name,
        texts,
        actions,
        rules,
        bySource,
        total,
        failed,
        ms: summary(times),
        costNanoUsd,
        goodFoundAt: named,
      }
    },
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

function summary(times: readonly number[]): DetectorFigures['ms'] {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  const mean = sorted.reduce((sum, each) => sum + each, 0) / Math.max(1, sorted.length)
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0, mean }
}

/** A share with the interval that holds the true one 95 times in 100. @see E. B. Wilson (1927), score interval */
export function wilson(
  hits: number,
  all: number,
): { readonly share: number; readonly low: number; readonly high: number } {
  if (all === 0) return { share: 0, low: 0, high: 1 }
  const [z, share] = [1.959964, hits / all]
  const centre = share + (z * z) / (2 * all)
  const width = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))
  const scale = 1 + (z * z) / all
  return { share, low: Math.max(0, (centre - width) / scale), high: Math.min(1, (centre + width) / scale) }
}
