import type { Decision, JsonObject } from '@sluice/core'
import type { GuardAction, GuardStage, Span } from './detector.ts'
import type { GuardRun } from './judge.ts'

/** Previews and fingerprints that a note holds of each guard. */
const mostFindings = 20

interface Found {
  readonly guard: string
  readonly stage: GuardStage
  readonly action: string
  /** What a guard that only watches would have done, and what was done. */
  readonly shadow: Shadowed | undefined
  readonly rules: Record<string, number>
  readonly findings: JsonObject[]
  score: number
}

interface Shadowed {
  readonly would: GuardAction
  readonly did: GuardAction
}

interface Cost {
  readonly guard: string
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
  // Lists rather than maps: there are few guards, every call makes two of these, and most find nothing.
  readonly #found: Found[] = []
  readonly #costs: Cost[] = []
  #texts = 0
  #known = 0

  /** Time and money of the detectors that looked at a text. */
  took(runs: readonly GuardRun[]): void {
    for (const { detector, verdict, ms, failed } of runs) {
      const cost = this.#costOf(detector.name)
      cost.checks += 1
      cost.ms += ms
      cost.costNanoUsd += verdict.costNanoUsd ?? 0
      if (failed) cost.failed += 1
    }
  }

  #costOf(guard: string): Cost {
    for (const cost of this.#costs) if (cost.guard === guard) return cost
    const cost = { guard, checks: 0, ms: 0, costNanoUsd: 0, failed: 0 }
    this.#costs.push(cost)
    return cost
  }

  /** A text was looked at, or known from before. */
  text(isKnown = false): void {
    this.#texts += 1
    if (isKnown) this.#known += 1
  }

  /** What a guard found: spans, or rules where it names none. */
  found(stage: GuardStage, run: GuardRun, spans: readonly Span[], action: string, shadow?: Shadowed): void {
    const { detector, verdict } = run
    const entry = this.#foundBy(detector.name, stage, action, shadow)
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

  #foundBy(guard: string, stage: GuardStage, action: string, shadow: Shadowed | undefined): Found {
    for (const found of this.#found) {
      const isSame = found.guard === guard && found.stage === stage && found.action === action
      if (isSame && found.shadow?.would === shadow?.would && found.shadow?.did === shadow?.did) return found
    }
    const found = { guard, stage, action, shadow, rules: {}, findings: [], score: 0 }
    this.#found.push(found)
    return found
  }

  /** As lines of a call's report: one for each guard that found something and what was done, and one of what all took. */
  notes(side: string, extra: JsonObject = {}): readonly Decision[] {
    const by = 'guards'
    const notes: Decision[] = []
    for (const { guard, failed } of this.#costs)
      if (failed > 0) notes.push({ by, action: 'allow', reason: 'failed', details: { side, guard, times: failed } })
    for (const { guard, stage, action, rules, findings, score, shadow } of this.#found) {
      // Copies: more may be found after this is told.
      const shown = findings.length > 0 && { findings: [...findings] }
      const details = { stage, rules: { ...rules }, score, ...shown, ...shadow }
      notes.push({ by, action, reason: guard, details })
    }
    if (this.#texts === 0) return notes
    const guards: Record<string, JsonObject> = {}
    for (const { guard, checks, ms, costNanoUsd } of this.#costs)
      guards[guard] = { checks, ms: rounded(ms), ...(costNanoUsd > 0 && { costNanoUsd }) }
    const known = this.#known > 0 && { known: this.#known }
    notes.push({ by, action: 'check', reason: side, details: { texts: this.#texts, ...known, guards, ...extra } })
    return notes
  }
}

/** To a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
