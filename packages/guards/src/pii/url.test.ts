import { describe, expect, it } from 'vitest'
import { found, rulesIn } from './fixtures/found.ts'

describe('url_credentials', () => {
  it.each([
    ['https://ada:s3cret@db.example.com/x?y', 'ada:s3cret'],
    ['postgres://svc:p%40ss@localhost:5432/db', 'svc:p%40ss'],
    ['redis://:hunter2@cache', ':hunter2'],
  ])('%s', (text, credentials) => {
    expect(found(text)).toEqual([credentials])
  })

  it.each(['https://example.com/a:b@c', 'https://ada@example.com', 'http://localhost:8080', 'a: //b:c d@e'])(
    'nothing in %s',
    (text) => {
      expect(found(text, 'url_credentials')).toEqual([])
    },
  )
})

describe('url', () => {
  it.each([
    ['See https://example.com/a?b=c#d, please', 'https://example.com/a?b=c#d'],
    ['(http://example.com)', 'http://example.com'],
    ['https://example.com/Rome_(city).', 'https://example.com/Rome_(city)'],
    ['www.example.com', 'www.example.com'],
    ['"ftp://files.example.com/x"', 'ftp://files.example.com/x'],
  ])('%s', (text, address) => {
    expect(found(text, 'url')).toEqual([address])
  })

  it.each(['http://', 'a://b', 'www.', 'note: // not one', 'C:\\www.txt'])('nothing in %s', (text) => {
    expect(found(text, 'url')).toEqual([])
  })

  it('is looked for only when asked for', () => {
    expect(found('https://example.com/')).toEqual([])
  })

  it('takes what is within it', () => {
    const text = 'https://example.com/?to=ada@example.com&from=10.20.30.40'
    expect(found(text, 'url', 'email', 'ip')).toEqual([text])
    expect(rulesIn(text)).toEqual(['email', 'ip'])
  })
})
