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
    ['GET /users?email=ada.b%40example.com&x=1', 'ada.b%40example.com'],
    ['to=ada%2Bnews%40mail.example.co.uk', 'ada%2Bnews%40mail.example.co.uk'],
    ['r=https%3A%2F%2Fx.co%2F%3Femail%3Dada%2540example.com%26b', 'ada%2540example.com'],
    ['mail ada@example.com: hello', 'ada@example.com'],
    ['ada@example.com:s3cret', 'ada@example.com'],
    ['ada@example.com/x', 'ada@example.com'],
    ['git@vger.example.org, git@vger.example.org: hello', 'git@vger.example.org'],
    ['ada@xn--bcher-kva.xn--p1ai', 'ada@xn--bcher-kva.xn--p1ai'],
  ])('%s', (text, email) => {
    expect(new Set(found(text, 'email'))).toEqual(new Set([email]))
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
    'git clone git@github.com:org/repo.git',
    'ssh://git@github.com/org/repo.git',
    'scp x deploy@web1.example.com:/srv/app',
    'rsync pi@web1.example.com:~/x .',
    '/%40babel%2Fcore',
    '%40example.com',
    'tslib%402.8.0',
    '100%40off',
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
