import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A labelled text of the data folder. */
export interface LabelledText {
  readonly text: string
  readonly label: 0 | 1
  readonly kind: string
  readonly source: string
}

const folder = process.env['SLUICE_DATA'] ?? '../shared/data'

export function readTexts(): LabelledText[] {
  return readLines('guards/injection.jsonl') as LabelledText[]
}

export function readLines(file: string): unknown[] {
  return readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

/** Half of every source, by a hash of the text: the half that rules were written and models trained on. */
export function isDevelopment({ text }: { readonly text: string }): boolean {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x7feb352d)
  hash ^= hash >>> 15
  return (hash & 1) === 0
}

/** Area under the ROC curve: how often a positive scores above a negative. */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const all = [...positives.map((score) => ({ score, label: 1 })), ...negatives.map((score) => ({ score, label: 0 }))]
  all.sort((a, b) => a.score - b.score)
  let rankSum = 0
  for (let start = 0; start < all.length;) {
    let end = start
    while (end < all.length && all[end]?.score === all[start]?.score) end += 1
    for (let at = start; at < end; at += 1) if (all[at]?.label === 1) rankSum += (start + end + 1) / 2
    start = end
  }
  return (rankSum - (positives.length * (positives.length + 1)) / 2) / (positives.length * negatives.length)
}

/** The share of positives above the score that this share of the negatives reach. */
export function recallAt(
  falsePositiveRate: number,
  positives: readonly number[],
  negatives: readonly number[],
): number {
  const sorted = negatives.toSorted((a, b) => b - a)
  const threshold = sorted[Math.floor(falsePositiveRate * negatives.length)] ?? -Infinity
  return positives.filter((score) => score > threshold).length / positives.length
}
