import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../../json.ts'

type Path = readonly (string | number)[]

/** The field that {@link withUnknownFields} adds. */
export const unknownField = 'x_unknown_to_sluice'

/** A copy of a JSON value in which every object has a field that no dialect knows. */
export function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = withUnknownFields(value[key])
  return { ...copy, [unknownField]: { kept: ['as', { it: 'is' }] } }
}

/** Where the fields of {@link withUnknownFields} are, as JSON pointers. */
export function unknownFieldPaths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, field]) =>
    key === unknownField ? [`${path}/${key}`] : unknownFieldPaths(field, `${path}/${key}`),
  )
}

/** The value at a path; `undefined` where the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], root)
}

/** Whether a native value says this text: the string itself, or the JSON value that the text spells. */
export function says(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value === text
  try {
    return isDeepStrictEqual(value, JSON.parse(text))
  } catch {
    return false
  }
}

/** Asserts that `after` is `before` with some of the given texts exchanged, and nothing else. */
export function assertOnlyRewritten(
  before: unknown,
  after: unknown,
  rewrites: readonly (readonly [from: string, to: string])[],
  path: Path = [],
): void {
  if (isDeepStrictEqual(before, after) || rewrites.some(([from, to]) => says(before, from) && says(after, to))) return
  const nested = typeof before === 'object' && before !== null && typeof after === 'object' && after !== null
  if (!nested || !isDeepStrictEqual(Object.keys(before).toSorted(), Object.keys(after).toSorted()))
    assert.deepStrictEqual(after, before, `changed a place that is not a listed text: ${JSON.stringify(path)}`)
  for (const key of Object.keys(before as object))
    assertOnlyRewritten(valueAt(before, [key]), valueAt(after, [key]), rewrites, [...path, key])
}

/** Asserts that a value is plain JSON: no `undefined` fields, nothing that a serialiser would drop or change. */
export function assertJson(value: unknown): void {
  assert.deepStrictEqual(value, JSON.parse(JSON.stringify(value)), 'is not plain JSON')
}

/** What the laws put in the place of a text: JSON where the text is a whole tool call, which may be kept as a value. */
export function rewritten(part: { readonly channel: string; readonly text: string }, at: number): string {
  return part.channel === 'tool' ? JSON.stringify({ rewritten: at }) : `${part.text} ✎${at}`
}
