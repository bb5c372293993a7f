import type { LabelledText } from './texts.ts'

/** What a finder found. Its types are the labels of the data. */
export interface FoundSpan {
  readonly start: number
  readonly end: number
  readonly type: string
}

export type Finder = (text: string) => readonly FoundSpan[] | Promise<readonly FoundSpan[]>

/** The labels that can be found without a model, in the order in which they are printed. */
export const measuredTypes: readonly string[] = [
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'CREDIT_CARD',
  'US_SSN',
  'IBAN_CODE',
  'IP_ADDRESS',
  'DOMAIN_NAME',
  'US_DRIVER_LICENSE',
  'PERSON',
]

export interface Score {
  /** Labelled. */
  labelled: number
  /** Of these found: a span of the same type that has at least half of its characters. */
  found: number
  /** Found where nothing of the type is labelled. */
  wrong: number
  /** Characters that are labelled with the type and in no span of any type. */
  leaked: number
  characters: number
}

export interface Miss {
  readonly type: string
  readonly kind: 'missed' | 'wrong'
  readonly value: string
  readonly text: string
}

export interface Scores {
  readonly byType: ReadonlyMap<string, Score>
  readonly misses: readonly Miss[]
}

/** Scores a finder on labelled texts, type by type. */
export async function score(texts: readonly LabelledText[], find: Finder): Promise<Scores> {
  const byType = new Map<string, Score>()
  const misses: Miss[] = []
  const of = (type: string): Score => {
    const known = byType.get(type) ?? { labelled: 0, found: 0, wrong: 0, leaked: 0, characters: 0 }
    byType.set(type, known)
    return known
  }
  for (const { text, spans } of texts) {
    const found = await find(text)
    for (const span of spans) {
      const each = of(span.type)
      const length = span.end - span.start
      each.labelled += 1
      each.characters += length
      each.leaked += length - Math.min(length, sum(found.map((other) => shared(span, other))))
      if (found.some((other) => other.type === span.type && shared(span, other) * 2 >= length)) each.found += 1
      else misses.push({ type: span.type, kind: 'missed', value: text.slice(span.start, span.end), text })
    }
    for (const span of found) {
      const right = spans.some(
        (other) => other.type === span.type && shared(span, other) * 2 >= other.end - other.start,
      )
      if (right) continue
      of(span.type).wrong += 1
      misses.push({ type: span.type, kind: 'wrong', value: text.slice(span.start, span.end), text })
    }
  }
  return { byType, misses }
}

function shared(a: { start: number; end: number }, b: { start: number; end: number }): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

export function recallOf({ labelled, found }: Score): number {
  return labelled === 0 ? 1 : found / labelled
}

export function precisionOf({ found, wrong }: Score): number {
  return found + wrong === 0 ? 1 : found / (found + wrong)
}
