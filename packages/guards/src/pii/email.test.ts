import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

describe('email', () => {
  it.each([
    ['Write to ada.lovelace+news@mail.example.co.uk.', 'ada.lovelace+news@mail.example.co.uk'],
    ['<ada@example.com>, please', 'ada@example.com'],
    ["it's 'ada@example.com'", 'ada@example.com'],
    ['(ada@example.com)', 'ada@example.com'],
    ['mailto:ada@example.com?subject=hi', 'ada@example.com'],
    ['email=ada@example.com&x=1', 'ada@example.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['müller@bücher.example', 'müller@bücher.example'],
    ['почта@пример.рф', 'почта@пример.рф'],
    ['请写信给ada@example.com谢谢', 'ada@example.com'],
    ['ada@example.com-', 'ada@example.com'],
    ['ADA@EXAMPLE.COM!', 'ADA@EXAMPLE.COM'],
    ['ada@xn--bcher-kva.xn--p1ai', 'ada@xn--bcher-kva.xn--p1ai'],
  ])('%s', (text, email) => {
    expect(found(text, 'email')).toEqual([email])
  })

  it.each([
    '@',
    'a@b',
    'ada@localhost',
    'ada@10.0.0.1',
    'icon@2x.png',
    'npm i vite@8.3.8',
    '@sluice/core',
    'a..b@example.com',
    'a.@example.com',
    '@example.com',
    'ada@.com',
    '3 @ 5.50',
  ])('nothing in %s', (text) => {
    expect(found(text, 'email')).toEqual([])
  })

  it('takes a chain of addresses as one', () => {
    expect(found('a@example.com@example.org!', 'email')).toEqual(['a@example.com@example.org'])
  })

  it('finds neighbours', () => {
    expect(found('a@example.com,b@example.com;c@example.com', 'email')).toHaveLength(3)
  })
})
