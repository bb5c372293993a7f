import { expect, it } from 'vitest'
import { deepFreeze } from '../json.ts'
import type { TextPart } from './api.ts'
import { editPlaces, editTexts, type EditPlace } from './edit-places.ts'

const object = deepFreeze({
  text: 'a',
  empty: '',
  none: null,
  tokens: [1, [2]],
  inner: { text: 'b', inner: { text: 'c' } },
  list: ['d', '', 2, { text: 'e' }, ['f']],
})
const fields = Object.keys(object)
const shout = ({ text }: TextPart): string => text.toUpperCase()

function seen(edit: (map: (part: TextPart) => string) => unknown): string[] {
  const parts: string[] = []
  edit(({ path, role, kind, text }) => {
    parts.push(`${path.join('.')} ${role} ${kind}: ${text}`)
    return text
  })
  return parts
}

it('edits texts, objects that hold some, and lists of either, with the place of each', () => {
  const place = { path: ['at', 3], role: 'tool', kind: 'tool_result' } as const
  const nested: EditPlace = (each, here) => editPlaces(each, ['text', 'inner'], here, shout, nested)
  expect(editPlaces(object, fields, place, shout, nested)).toEqual({
    ...object,
    text: 'A',
    inner: { text: 'B', inner: { text: 'C' } },
    list: ['D', '', 2, { text: 'E' }, ['f']],
  })
  const parts = seen((map) => {
    const see: EditPlace = (each, here) => editPlaces(each, ['text', 'inner'], here, map, see)
    return editPlaces(object, fields, place, map, see)
  })
  expect(parts).toEqual([
    'at.3.text tool tool_result: a',
    'at.3.inner.text tool tool_result: b',
    'at.3.inner.inner.text tool tool_result: c',
    'at.3.list.0 tool tool_result: d',
    'at.3.list.3.text tool tool_result: e',
  ])
})

it('copies only where something changes', () => {
  const nested: EditPlace = (each, here) => editPlaces(each, ['text'], here, ({ text }) => text, nested)
  const place = { path: [], role: 'user', kind: 'text' } as const
  expect(editPlaces(object, fields, place, ({ text }) => text, nested)).toBe(object)
  const edited = editPlaces(
    object,
    ['list'],
    place,
    ({ text }) => `${text}!`,
    (each) => each,
  )
  expect(edited.list[3]).toBe(object.list[3])
  expect(edited.inner).toBe(object.inner)
})

it('takes the texts of fields for those of the user', () => {
  expect(seen((map) => editTexts(object, ['text', 'list', 'tokens', 'absent'], map))).toEqual([
    'text user text: a',
    'list.0 user text: d',
  ])
})
