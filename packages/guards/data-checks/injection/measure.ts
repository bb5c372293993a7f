import { readFileSync } from 'node:fs'
import type { EvidenceTier } from '../../src/detector.ts'
import { isDevelopment, readLines, readTexts, type LabelledText } from '../../training/data.ts'

/** What a guard says of a text. */
export type Judge = (text: string) => EvidenceTier

export interface Rates {
  readonly n: number
  readonly warned: number
  readonly blocked: number
}

/** The half of every source that nothing was written, trained or chosen on. */
export function heldOut(): LabelledText[] {
  return readTexts().filter((row) => !isDevelopment(row))
}

/** Ordinary texts without attacks that no model was trained on: requests, exam questions, forum posts, tables and code. */
export function ordinaryTexts(): LabelledText[] {
  const texts = (file: string, field: string, source: string): LabelledText[] =>
    (readLines(file) as Record<string, string>[]).flatMap((row) => {
      const text = row[field]
      return text ? [{ text, label: 0 as const, kind: 'ordinary', source }] : []
    })
  return [
    ...texts('cache/clinc150.jsonl', 'text', 'clinc150').filter((row) => !isDevelopment(row)),
    ...texts('cache/banking77.jsonl', 'text', 'banking77').filter((row) => !isDevelopment(row)),
    ...texts('routing/routellm-mmlu-2.jsonl', 'prompt', 'mmlu'),
    ...texts('routing/routerarena-sub10.jsonl', 'prompt', 'routerarena'),
    ...texts('eval/llmbar_pairs.jsonl', 'input', 'llmbar'),
    ...texts('guards/pii_negatives.jsonl', 'text', 'tables and code'),
  ]
}

/**
 * Attacks and harmless texts by somebody who had seen neither rules nor training texts, most of the latter made to provoke.
 * Half of them were looked at later, while rules and thresholds were chosen; these are the others.
 */
export function writtenApart(): LabelledText[] {
  return readFileSync(new URL('./written-apart.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Omit<LabelledText, 'source'> & { readonly seen: boolean })
    .filter(({ seen }) => !seen)
    .map(({ text, label, kind }) => ({
      text,
      label,
      kind,
      source: kind.startsWith('lang_') ? 'written apart, other languages' : 'written apart',
    }))
}

/** Sources that are harmless and look as if they were not. */
export const overDefence: ReadonlySet<string> = new Set([
  'notinject',
  'xstest',
  'awesome_prompts',
  'cyberseceval_frr',
  'injecguard_valid',
])

/** Attacks that stand in a document; all others are addressed to the model directly. */
export function isIndirect({ source }: LabelledText): boolean {
  return source.startsWith('bipia')
}

export function rates(rows: readonly LabelledText[], judge: Judge): Rates {
  const tiers = rows.map(({ text }) => judge(text))
  return {
    n: rows.length,
    warned: tiers.filter((tier) => tier !== 'none').length,
    blocked: tiers.filter((tier) => tier === 'block').length,
  }
}

export function ratesBySource(rows: readonly LabelledText[], judge: Judge): Map<string, Rates> {
  const groups = new Map<string, LabelledText[]>()
  for (const row of rows) {
    const key = `${row.label === 1 ? '+' : '-'} ${row.source}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const sorted = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return new Map(sorted.map(([key, group]) => [key, rates(group, judge)]))
}

export function percent(part: number, n: number): string {
  return `${((100 * part) / n).toFixed(part * 1_000 < n * 10 && part > 0 ? 2 : 1)} %`
}

/** CPU time of one judgement of 500 characters out of the texts, in microseconds: the best of several rounds. */
export function microseconds(judge: (text: string) => unknown, rows: readonly LabelledText[]): number {
  const all = rows.map(({ text }) => text).join('\n')
  const step = Math.max(500, Math.floor(all.length / 1_000))
  const pieces = Array.from({ length: Math.floor(all.length / step) }, (_, index) =>
    all.slice(index * step, index * step + 500),
  )
  const rounds = Array.from({ length: 10 }, () => {
    const from = process.cpuUsage()
    for (const piece of pieces) judge(piece)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / pieces.length
  })
  return Math.min(...rounds)
}
