import { isObject, type JsonObject } from '../json.ts'

/**
 * `object` with `field` replaced by what `edit` makes of it: a shallow copy when that differs, else `object` itself.
 * An absent field stays absent.
 */
export function editField<T extends JsonObject>(object: T, field: string, edit: (value: unknown) => unknown): T {
  const value = object[field]
  if (value === undefined) return object
  const edited = edit(value)
  return edited === value ? object : { ...object, [field]: edited }
}

/** {@link editField} for text: a field that is no string, or empty, is left alone. */
export function editText<T extends JsonObject>(object: T, field: string, edit: (text: string) => string): T {
  const value = object[field]
  if (typeof value !== 'string' || value === '') return object
  const edited = edit(value)
  return edited === value ? object : { ...object, [field]: edited }
}

/** {@link editField} for a nested object: a field that is none is left alone. */
export function editObject<T extends JsonObject>(object: T, field: string, edit: (value: JsonObject) => unknown): T {
  const value = object[field]
  if (!isObject(value)) return object
  const edited = edit(value)
  return edited === value ? object : { ...object, [field]: edited }
}

/** {@link editField} for the objects in an array: other items, and a field that is no array, are left alone. */
export function editObjects<T extends JsonObject>(
  object: T,
  field: string,
  edit: (item: JsonObject, index: number) => unknown,
): T {
  const items = object[field]
  if (!Array.isArray(items)) return object
  let copy: unknown[] | undefined
  for (let index = 0; index < items.length; index++) {
    const item: unknown = items[index]
    if (!isObject(item)) continue
    const edited = edit(item, index)
    if (edited !== item) (copy ??= [...items])[index] = edited
  }
  return copy === undefined ? object : { ...object, [field]: copy }
}

/** What an edit is shown, in order, without changing anything: `collect((see) => editX(x, see))`. */
export function collect<P extends { readonly text: string }>(show: (see: (part: P) => string) => void): readonly P[] {
  const parts: P[] = []
  show((part) => {
    parts.push(part)
    return part.text
  })
  return parts
}
