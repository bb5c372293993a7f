import { expect, it } from 'vitest'
import { piecesOf } from './pieces.ts'

const parts = [
  { part: 'a', choice: 0, channel: 'text', text: 'abcdef' },
  { part: 'b', choice: 0, channel: 'tool', text: 'xyz' },
] as const

function cut(...boundaries: [string, number][]): string[] {
  return piecesOf(parts, boundaries).map(({ part, text }) => `${part}:${text}`)
}

it('cuts and interleaves as recorded', () => {
  expect(cut(['a', 2], ['b', 1], ['a', 4], ['b', 2])).toEqual(['a:ab', 'b:x', 'a:cdef', 'b:yz'])
})

it('gives parts whole where nothing was recorded', () => {
  expect(piecesOf(parts).map(({ text }) => text)).toEqual(['abcdef', 'xyz'])
  expect(cut(['b', 3])).toEqual(['b:xyz', 'a:abcdef'])
})

it('gives text that was added later with the last piece of its part', () => {
  expect(cut(['a', 2], ['a', 1], ['b', 9])).toEqual(['a:ab', 'a:cdef', 'b:xyz'])
})

it('leaves out what has no text', () => {
  expect(cut(['c', 1], ['a', 6], ['b', 0], ['a', 3], ['b', -1], ['b', NaN])).toEqual(['a:abcdef', 'b:xyz'])
  expect(piecesOf([{ ...parts[0], text: '' }], [['a', 1]])).toEqual([])
})
