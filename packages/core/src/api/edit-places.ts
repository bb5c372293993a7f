import type { JsonObject } from '../json.ts'
import type { TextPart } from './api.ts'
import { editObject, editObjects, editText } from './edit.ts'

/** What the texts of a place in a request are. */
export type Place = Omit<TextPart, 'text'>
export type EditPlace = (object: JsonObject, place: Place) => JsonObject

/** Edits fields that hold a text, an object that `nested` edits, or a list of such objects. */
export function editPlaces<T extends JsonObject>(
  holder: T,
  fields: readonly string[],
  place: Place,
  map: (part: TextPart) => string,
  nested: EditPlace,
): T {
  return fields.reduce((edited, field) => {
    const value = edited[field]
    if (value === undefined || value === null) return edited
    const here = { ...place, path: [...place.path, field] }
    // Most places are a text, and a prompt is read on every turn.
    if (typeof value === 'string') return editText(edited, field, (text) => map({ ...here, text }))
    return editObjects(
      editObject(edited, field, (object) => nested(object, here)),
      field,
      (object, index) => nested(object, { ...here, path: [...here.path, index] }),
    )
  }, holder)
}
