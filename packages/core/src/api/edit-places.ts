import { isObject, type JsonObject } from '../json.ts'
import type { TextPart } from './api.ts'

/** What the texts of a place in a request are. */
export type Place = Omit<TextPart, 'text'>
export type EditPlace = (object: JsonObject, place: Place) => JsonObject

/** Edits fields that hold a text, an object that `nested` edits, or a list of either. */
export function editPlaces<T extends JsonObject>(
  holder: T,
  fields: readonly string[],
  { path, role, kind }: Place,
  map: (part: TextPart) => string,
  nested: EditPlace,
): T {
  const edit = (value: unknown, ...at: Place['path']): unknown => {
    if (typeof value === 'string') return value && map({ path: [...path, ...at], role, kind, text: value })
    return isObject(value) ? nested(value, { path: [...path, ...at], role, kind }) : value
  }
  let copy: Record<string, unknown> | undefined
  for (const field of fields) {
    const value = holder[field]
    // Most places are not there, and a prompt is read on every turn.
    if (!value) continue
    let edited: unknown = value
    if (Array.isArray(value)) {
      const items = value.map((item: unknown, index) => edit(item, field, index))
      if (items.some((item, index) => item !== value[index])) edited = items
    } else edited = edit(value, field)
    if (edited !== value) (copy ??= { ...holder })[field] = edited
  }
  return (copy as T | undefined) ?? holder
}

/** {@link editPlaces} for fields of the user's texts, alone or in lists. */
export function editTexts<T extends JsonObject>(
  request: T,
  fields: readonly string[],
  map: (part: TextPart) => string,
): T {
  return editPlaces(request, fields, { path: [], role: 'user', kind: 'text' }, map, (object) => object)
}
