import type { Decision, JsonObject } from '@sluice/core'
import type { GuardAction, GuardStage, Span } from './detector.ts'
import type { GuardRun } from './judge.ts'

/** Previews and fingerprints that a note holds of each guard. */
const mostFindings = 20

interface Found {
  readonly guard: string
  readonly stage: GuardStage
  readonly action: string
  readonly rules: Record<string, number>
  readonly findings: JsonObject[]
  score: number
  readonly extra: JsonObject
}

interface Cost {
  checks: number
  ms: number
  costNanoUsd: number
  failed: number
}

/**
 * What the guards did to one call, gathered for its report: each guard's findings by rule, with masked previews and salted
 * fingerprints, and what each took. None of it holds any of the text.
 */
export class GuardReport {
  readonly #found = new Map<string, Found>()
  readonly #costs = new Map<string, Cost>()
  #texts = 0
  #known = 0

  /** Time and money of the detectors that looked at a text. */
  took(runs: readonly GuardRun[]): void {
    for (const { detector, verdict, ms, failed } of runs) {
      const cost = this.#costs.get(detector.name) ?? { checks: 0, ms: 0, costNanoUsd: 0, failed: 0 }
      this.#costs.set(detector.name, cost)
      cost.checks += 1
      cost.ms += ms
      cost.costNanoUsd += verdict.costNanoUsd ?? 0
      cost.failed += failed ? 1 : 0
    }
  }

  /** A text was looked at, or known from before. */
  text(isKnown = false): void {
    this.#texts += 1
    if (isKnown) this.#known += 1
  }

  /** What a guard found: spans, or rules where it names none. `extra` tells apart what is not to be added up. */
  found(stage: GuardStage, run: GuardRun, spans: readonly Span[], action: string, extra: JsonObject = {}): void {
    const { detector, verdict } = run
    const key = JSON.stringify([stage, detector.name, action, extra])
    const entry = this.#found.get(key) ?? {
      guard: detector.name,
      stage,
      action,
      rules: {},
      findings: [],
      score: 0,
      extra,
    }
    this.#found.set(key, entry)
    entry.score = Math.max(entry.score, verdict.score)
    for (const rule of spans.length > 0 ? spans.map((span) => span.rule) : verdict.rules)
      entry.rules[rule] = (entry.rules[rule] ?? 0) + 1
    for (const { rule, preview, fingerprint } of spans) {
      if (entry.findings.length >= mostFindings || (preview === undefined && fingerprint === undefined)) continue
      if (fingerprint !== undefined && entry.findings.some((known) => known['fingerprint'] === fingerprint)) continue
      entry.findings.push({
        rule,
        ...(preview !== undefined && { preview }),
        ...(fingerprint !== undefined && { fingerprint }),
      })
    }
  }

  /** What a guard would have done that only watches, and what was done. */
  shadow(stage: GuardStage, run: GuardRun, did: GuardAction): void {
    const { action, spans } = run.verdict
    if (action !== 'allow') this.found(stage, run, spans, 'shadow', { would: action, did })
  }

  /** As lines of a call's report: one for each guard that found something and what was done, and one of what all took. */
  notes(side: string, extra: JsonObject = {}): readonly Decision[] {
    const found = [...this.#found.values()].map(({ guard, stage, action, rules, findings, score, extra: told }) => ({
      by: 'guards',
      action,
      reason: guard,
      details: { stage, rules, score, ...(findings.length > 0 && { findings }), ...told },
    }))
    const failed = [...this.#costs].flatMap(([guard, cost]) =>
      cost.failed > 0
        ? { by: 'guards', action: 'allow', reason: 'failed', details: { side, guard, times: cost.failed } }
        : [],
    )
    if (this.#texts === 0) return [...failed, ...found]
    const guards = Object.fromEntries(
      [...this.#costs].map(([name, { checks, ms, costNanoUsd }]) => [
        name,
        { checks, ms: rounded(ms), ...(costNanoUsd > 0 && { costNanoUsd }) },
      ]),
    )
    const known = this.#known > 0 && { known: this.#known }
    const details = { texts: this.#texts, ...known, guards, ...extra }
    return [...failed, ...found, { by: 'guards', action: 'check', reason: side, details }]
  }
}

/** To a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
