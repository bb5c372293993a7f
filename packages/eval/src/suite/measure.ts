import { inputTokens, outputTokens, type CallReport } from '@sluice/core'
import type { TrialMeasures } from './trial.ts'

/** What the calls inside a target took, summed. */
export function measuresOf(latencyMs: number, reports: readonly CallReport[]): TrialMeasures {
  const used = reports.flatMap(({ usage }) => (usage ? [usage] : []))
  // What nothing was sent for costs nothing, with a price or without.
  const unpriced = reports.find(({ usage, cost, attempts }) => usage && !cost && attempts.length > 0)
  const ttftMs = reports.find(({ isStream, timings }) => isStream && timings.ttftMs !== undefined)?.timings.ttftMs
  return {
    latencyMs,
    ...(ttftMs !== undefined && { ttftMs }),
    ...(used.length > 0 && {
      inputTokens: used.reduce((total, usage) => total + inputTokens(usage), 0),
      outputTokens: used.reduce((total, usage) => total + outputTokens(usage), 0),
    }),
    ...(reports.length > 0 &&
      !unpriced && { costNanoUsd: reports.reduce((total, { cost }) => total + (cost?.nanoUsd ?? 0), 0) }),
    models: [...new Set(reports.flatMap(({ model }) => (model === undefined ? [] : [model])))],
    // An answer for which nothing was sent came from a cache or a recording.
    isCached: reports.length > 0 && reports.every(({ attempts, outcome }) => attempts.length === 0 && outcome === 'ok'),
  }
}

/** A failure for a run file: what a program can act on, and a message without anything long. */
export function failureOf(error: unknown): { readonly name: string; readonly code?: string; readonly message: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error).slice(0, maxMessage) }
  const code = (error as { code?: unknown }).code
  return {
    // The SDKs' errors go by the names of their classes only.
    name: error.name === 'Error' ? error.constructor.name : error.name,
    ...(typeof code === 'string' && { code }),
    message: error.message.slice(0, maxMessage),
  }
}

const maxMessage = 500
