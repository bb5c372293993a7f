import { conceptOf } from './lexicon.ts'
import { difference } from './difference.ts'
import type { Difference } from './difference.ts'
import type { SlotKind, TextReading, Veto } from './veto.ts'

const quantities = ['number', 'date', 'time', 'unit', 'currency', 'version'] as const

/** Numbers, dates, amounts, versions: every hard value of one text has to be in the other. */
export function quantityVetoes(a: TextReading, b: TextReading): Veto[] {
  const all = (reading: TextReading): string[] =>
    quantities.flatMap((kind) => (reading.slots[kind] ?? []).map((value) => `${value}`))
  const rest = difference(all(a).map(hard), all(b).map(hard))
  const missing = { a: firm(rest.a, all(a)), b: firm(rest.b, all(b)) }
  return quantities.flatMap((kind) => {
    const [prompt, neighbour] = [only(missing.a, a.slots[kind]), only(missing.b, b.slots[kind])]
    return prompt.length + neighbour.length === 0 ? [] : [{ kind, prompt, neighbour }]
  })
}

function hard(value: string): string {
  return value.endsWith('~') ? value.slice(0, -1) : value
}

/** Those that were not soft where they stand. */
function firm(values: readonly string[], from: readonly string[]): readonly string[] {
  const soft = new Set(from.filter((value) => value.endsWith('~')).map(hard))
  return values.filter((value) => !soft.has(value))
}

function only(values: readonly string[], of: readonly string[] = []): string[] {
  return [...new Set(values)].filter((value) => of.includes(value))
}

/** Identifiers and addresses: exact, unless the other text has them as plain words. */
export function exactVetoes(a: TextReading, b: TextReading): Veto[] {
  return (['code', 'url'] as const).flatMap((kind) => {
    const rest = difference(a.slots[kind] ?? [], b.slots[kind] ?? [])
    const prompt = rest.a.filter((value) => !isSaid(value, b))
    const neighbour = rest.b.filter((value) => !isSaid(value, a))
    return prompt.length + neighbour.length === 0 ? [] : [{ kind, prompt, neighbour }]
  })
}

function isSaid(value: string, reading: TextReading): boolean {
  return reading.words.includes(conceptOf(value.toLowerCase()))
}

/** Names that neither text shares with the other, in any spelling that is known: part of a name, initials, lower case. */
export function entityDifference(a: TextReading, b: TextReading): Difference {
  const rest = difference(values(a, 'entity'), values(b, 'entity'))
  return {
    a: rest.a.filter((name) => !isNamed(name, b, rest.b)),
    b: rest.b.filter((name) => !isNamed(name, a, rest.a)),
  }
}

export function values(reading: TextReading, kind: SlotKind): readonly string[] {
  return reading.slots[kind] ?? []
}

function isNamed(name: string, reading: TextReading, others: readonly string[]): boolean {
  const words = name.split(' ')
  if (words.every((word) => reading.words.includes(conceptOf(word)))) return true
  return others.some((other) => {
    const otherWords = other.split(' ')
    return otherWords.every((word) => words.includes(word)) || isInitials(name, otherWords) || isInitials(other, words)
  })
}

function isInitials(name: string, words: readonly string[]): boolean {
  return words.length > 1 && name.length === words.length && words.every((word, index) => word[0] === name[index])
}
