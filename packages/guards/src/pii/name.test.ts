import { describe, expect, it } from 'vitest'
import { pii } from './pii.ts'
import { found } from './fixtures/found.ts'

describe('name', () => {
  it.each([
    ['Mr. Jean-Luc Picard met "Sarah O\'Neil" at Acme.', ['Mr. Jean-Luc Picard', "Sarah O'Neil"]],
    ['\n\nPlease call\nAda Lovelace, or John.', ['Ada Lovelace', 'John']],
    ['nothing in here', []],
  ])('%s', (text, names) => {
    expect(found(text, 'name')).toEqual(names)
  })

  it('is looked for only when asked for', () => {
    expect(found('Ada Lovelace')).toEqual([])
  })

  it('gives way to what has a form', () => {
    expect(found('Ada Lovelace ada.lovelace@example.com', 'name', 'email')).toEqual([
      'Ada Lovelace',
      'ada.lovelace@example.com',
    ])
  })

  it('cannot be judged while the text grows', () => {
    expect(pii({ entities: ['name', 'email'] }).stream).toBeUndefined()
    expect(pii({ entities: ['email'] }).stream).toBeDefined()
  })

  it('takes a long line in pieces', () => {
    const line = 'A word and then Sarah Smith went away again, '.repeat(100)
    expect(found(line, 'name').filter((name) => name.startsWith('Sarah Smith')).length).toBeGreaterThan(90)
  })
})
