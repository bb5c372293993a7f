import { readFileSync } from 'node:fs'
import type { Example } from './train.ts'

/** A text of the folder `texts`, worded by hand for this. */
export interface WrittenText {
  readonly text: string
  readonly label: 0 | 1
  /** What sort of attack, or of harmless text. */
  readonly kind: string
  /** ISO 639-1; English without it. */
  readonly lang?: string
}

/**
 * The files and what a text of each counts. No text is like another, so each tells more than one that was drawn; harmless
 * scenes and roles have to weigh up the many jailbreaks that are told as one.
 */
const weights: Readonly<Record<string, number>> = {
  'attacks-english': 1,
  'harmless-english': 1,
  'harmless-scenes': 4,
  languages: 2,
}

export function writtenTexts(file: string): WrittenText[] {
  return readFileSync(new URL(`./texts/${file}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as WrittenText)
}

export function writtenExamples(
  leaveOut: (row: { readonly text: string; readonly source: string }) => boolean,
): Example[] {
  return Object.entries(weights).flatMap(([file, weight]) =>
    writtenTexts(file)
      .filter(({ text }) => !leaveOut({ text, source: 'written' }))
      .map(({ text, label }) => ({ text, label, weight })),
  )
}
