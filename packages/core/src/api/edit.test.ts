import { expect, it } from 'vitest'
import { deepFreeze } from '../json.ts'
import { collect, editField, editObject, editObjects, editText } from './edit.ts'

const object = deepFreeze({
  text: 'a',
  empty: '',
  number: 1,
  list: ['a', '', 2, 'b'],
  items: [{ n: 1 }, 'x', { n: 2 }],
  inner: { n: 1 },
})
const shout = (text: string): string => text.toUpperCase()

it('copies only where something changes', () => {
  expect(editText(object, 'text', shout)).toEqual({ ...object, text: 'A' })
  expect(editText(object, 'text', (text) => text)).toBe(object)
  expect(editField(object, 'number', (n) => Number(n) + 1)).toEqual({ ...object, number: 2 })
  expect(editObject(object, 'inner', () => ({ n: 2 }))).toEqual({ ...object, inner: { n: 2 } })
  expect(editObject(object, 'inner', (inner) => inner)).toBe(object)
})

it('leaves alone what is of another kind', () => {
  for (const field of ['empty', 'number', 'list', 'absent']) expect(editText(object, field, shout)).toBe(object)
  for (const field of ['text', 'items', 'absent']) expect(editObject(object, field, () => ({}))).toBe(object)
  for (const field of ['text', 'list', 'inner', 'absent']) expect(editObjects(object, field, () => ({}))).toBe(object)
  expect(editField(object, 'absent', () => 1)).toBe(object)
})

it('keeps the other items of a list', () => {
  const edited = editObjects(object, 'items', (item) => (item['n'] === 2 ? { n: 3 } : item))
  expect(edited.items).toEqual([{ n: 1 }, 'x', { n: 3 }])
  expect(edited.items[0]).toBe(object.items[0])
  expect(editObjects(object, 'items', (item) => item)).toBe(object)
})

it('collects what an edit is shown', () => {
  const parts = collect<{ text: string }>((see) => editText(object, 'text', (text) => see({ text })))
  expect(parts).toEqual([{ text: 'a' }])
})
