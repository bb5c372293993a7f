import type { Comparison } from '../compare/compare.ts'
import type { GateResult } from '../compare/gate.ts'
import { summarise, type RunSummary } from '../compare/summarise.ts'
import { runWarnings, type EvalWarning } from '../compare/warnings.ts'
import type { JudgeAudit } from '../judge/audit.ts'
import type { EvalRun } from '../suite/run-file.ts'

/** What a report is made of. All but the run may be missing. */
export interface ReportInput {
  readonly run: EvalRun
  readonly baseline?: EvalRun
  readonly comparison?: Comparison
  readonly gate?: GateResult
  /** Audits of the judges, by the scorer's name. A judge without one is reported as unaudited. */
  readonly audits?: Readonly<Record<string, JudgeAudit>>
  /** The present, for the age of audits. @default now */
  readonly nowMs?: number
}

/** A report's input with what follows from it. */
export interface ReportData extends ReportInput {
  readonly summary: RunSummary
  readonly before: RunSummary | undefined
  readonly warnings: readonly EvalWarning[]
}

export function reportData(input: ReportInput): ReportData {
  return {
    ...input,
    summary: summarise(input.run),
    before: input.baseline && summarise(input.baseline),
    warnings: input.comparison?.warnings ?? runWarnings(input.run),
  }
}

/** What is known of the judge behind a scorer; `undefined` for a scorer that is none. */
export function trustIn(scorer: string, { run, audits, nowMs = Date.now() }: ReportInput): string | undefined {
  const version = run.header.scorers[scorer] ?? ''
  if (!/^(?:judge|pairwise|panel)-/.test(version)) return undefined
  const audit = audits?.[scorer]
  if (!audit) return 'judge unaudited'
  if (audit.judge.version !== version) return 'judge changed since its audit'
  const { kappa, bias, auditedAtMs } = audit
  const days = Math.floor((nowMs - auditedAtMs) / 86_400_000)
  const age = days <= 0 ? 'today' : `${days} day${days === 1 ? '' : 's'} ago`
  return (
    `judge κ ${kappa.value.toFixed(2)} [${kappa.low.toFixed(2)}, ${kappa.high.toFixed(2)}], ` +
    `bias ${bias.mean >= 0 ? '+' : '−'}${Math.abs(bias.mean).toFixed(2)}, audited ${age}`
  )
}
