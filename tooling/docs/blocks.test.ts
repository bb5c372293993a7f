import { describe, expect, it } from 'vitest'
import { blocksOfDocstrings, blocksOfDocument } from './blocks.ts'

const lines = (...all: string[]): string => all.join('\n')

describe('blocks of a document', () => {
  it('are its TypeScript fences, each with the line of its code', () => {
    const text = lines(
      '# Title',
      '```ts',
      'a()',
      '```',
      '```sh',
      'ls',
      '```',
      '- item',
      '  ```typescript',
      '  b()',
      '  ```',
    )
    expect(blocksOfDocument('x.md', text)).toEqual({
      blocks: [
        { path: 'x.md', line: 3, code: 'a()\n', kind: 'document' },
        { path: 'x.md', line: 10, code: 'b()\n', kind: 'document' },
      ],
      unchecked: 0,
    })
  })

  it('can be left out', () => {
    expect(blocksOfDocument('x.md', '```ts no-check\na(\n```\n')).toEqual({ blocks: [], unchecked: 1 })
  })
})

describe('blocks of docstrings', () => {
  it('reach from the tag to the next one', () => {
    const text = lines('/**', ' * Adds.', ' * @example', ' * add(1,', ' *   2)', ' * @see elsewhere', ' */', 'add()')
    expect(blocksOfDocstrings('x.ts', text).blocks).toEqual([
      { path: 'x.ts', line: 3, code: '\nadd(1,\n  2)', kind: 'docstring' },
    ])
  })

  it('are the fences alone where there are any', () => {
    const text = lines('/**', ' * @example Words first', ' * ```ts', ' * add()', ' * ```', ' */')
    expect(blocksOfDocstrings('x.ts', text).blocks).toEqual([
      { path: 'x.ts', line: 4, code: 'add()\n', kind: 'docstring' },
    ])
  })

  it('are not taken from another comment', () => {
    expect(blocksOfDocstrings('x.ts', lines('/** One. */', 'a()', '/** Two. */', '// @example b()')).blocks).toEqual([])
  })
})
