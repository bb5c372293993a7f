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
    const here = { ...place, path: [...place.path, field] }
    const text = editText(edited, field, (value) => map({ ...here, text: value }))
    return editObjects(
      editObject(text, field, (object) => nested(object, here)),
      field,
      (object, index) => nested(object, { ...here, path: [...here.path, index] }),
    )
  }, holder)
}
