import { normalText } from './normal-text.ts'
import { numberIn, sameNumber } from './numbers.ts'

/** What a text is that is no JSON. */
export const notJson: unique symbol = Symbol('not JSON')

/** The JSON that a text is, alone or in one fenced block. */
export function jsonIn(text: string): unknown {
  const trimmed = text.trim()
  const fenced = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/.exec(trimmed)
  try {
    return JSON.parse(fenced?.[1] ?? trimmed)
  } catch {
    return notJson
  }
}

/** The value at a path such as `items.0.id`; `undefined` where there is none. */
export function jsonAt(value: unknown, path: string): unknown {
  let at = value
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string, unknown>)[key]
  }
  return at
}

/**
 * Whether two values say the same: keys in any order, a field that is `null` like one that is absent, texts by their
 * words, numbers within a tolerance, also where one of them is written as text.
 */
export function sameJson(one: unknown, other: unknown, tolerance: number): boolean {
  if (one == null || other == null) return one == null && other == null
  if (typeof one === 'object' && typeof other === 'object') return sameStructure(one, other, tolerance)
  const [number, otherNumber] = [numberOf(one), numberOf(other)]
  if (number !== undefined && otherNumber !== undefined) return sameNumber(number, otherNumber, tolerance)
  if (typeof one === 'string' && typeof other === 'string') return one === other || sameWords(one, other)
  return one === other
}

function sameStructure(one: object, other: object, tolerance: number): boolean {
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
    return one.every((item, place) => sameJson(item, other[place], tolerance))
  }
  const [fields, otherFields] = [one as Record<string, unknown>, other as Record<string, unknown>]
  for (const key of new Set([...Object.keys(fields), ...Object.keys(otherFields)]))
    if (!sameJson(own(fields, key), own(otherFields, key), tolerance)) return false
  return true
}

function own(fields: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined
}

function sameWords(one: string, other: string): boolean {
  const words = normalText(one)
  return words !== '' && words === normalText(other)
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? numberIn(value) : undefined
}
