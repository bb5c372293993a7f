import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foundIn, judged, verdictOf } from '../testing/check.ts'
import { growth } from '../testing/growth.ts'
import { cutInto, redactInChunks, redactWhole } from '../testing/redact-in-chunks.ts'
import { urls, type UrlsOptions } from './urls.ts'

describe('urls', () => {
  const listed = urls({ allow: ['example.com'], deny: ['evil.com', 'bad.example.com'] })

  it.each([
    ['See https://example.com/a. Or (https://docs.example.com/b_(c)).', []],
    ['mailto:ada@example.com and tel:+4912345', []],
    ['node.js, e.g. this, 10:30, note: x, std::vector, C:\\dir, data: none', []],
    ['https://ＥＸＡＭＰＬＥ.com/', []],
    ['https://example.com.evil.com', ['denied_host: https://example.com.evil.com']],
    ['https://example.com@evil.com/x', ['denied_host: https://example.com@evil.com/x']],
    ['https://bad.example.com', ['denied_host: https://bad.example.com']],
    ['HTTPS:\\\\EVIL.COM, now', ['denied_host: HTTPS:\\\\EVIL.COM']],
    ['ask sub.evil.com/path now', ['denied_host: sub.evil.com/path']],
    ['![x](https://x.io/?q=1)', ['unlisted_host: https://x.io/?q=1']],
    ['[x](//x.io/a)', ['unlisted_host: //x.io/a']],
    ['http://2130706433/', ['unlisted_host: http://2130706433/']],
    ['https://user:pw@example.com/', ['credentials: https://user:pw@example.com/']],
    ['[x](javascript:alert(1))', ['scheme: javascript:alert(1)']],
    ['<img src="data:text/html;base64,AAAA">', ['scheme: data:text/html;base64,AAAA']],
    ['ftp://example.com/a,https://x.io', ['scheme: ftp://example.com/a', 'unlisted_host: https://x.io']],
    ['https://', []],
  ])('finds in %j', (text, expected) => {
    expect(foundIn(listed, text)).toEqual(expected)
  })

  it('finds without lists what no honest address is', () => {
    const any = urls({})
    expect(foundIn(any, 'https://x.io https://пример.рф http://10.0.0.1/ http://[::1]/ https://аpple.com')).toEqual([
      'ip_host: http://10.0.0.1/',
      'ip_host: http://[::1]/',
      'mixed_script: https://аpple.com',
    ])
    expect(foundIn(urls({ schemes: ['https'] }), 'http://x.io https://x.io')).toEqual(['scheme: http://x.io'])
  })

  it('sees the beginning of an address that is longer than one can be', () => {
    const { spans } = verdictOf(listed, `x https://evil.com/${'a'.repeat(5_000)} y`)
    expect(spans[0]).toMatchObject({ start: 2, rule: 'denied_host' })
  })

  it('redacts, blocks or warns', () => {
    expect(redactWhole(listed, 'a https://x.io, b')).toBe('a [URL], b')
    expect(judged(urls({ allow: ['a.b'], mode: 'block' }), 'https://x.io')).toBe('block unlisted_host')
  })

  it.each<[unknown, RegExp]>([
    [{ allow: [] }, /allow/],
    [{ allow: ['https://x.io'] }, /takes hosts/],
    [{ deny: ['*.x.io'] }, /takes hosts/],
    [{ schemes: [] }, /schemes/],
    [{ mode: 'drop' }, /mode/],
    [{ hosts: [] }, /no option/],
  ])('refuses %j', (options, message) => {
    expect(() => urls(options as UrlsOptions)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }),
    )
  })

  it('shows on a stream the same as for the whole text, however it is cut', () => {
    const pieces = [
      'https://',
      'evil.com',
      'example.com',
      '//',
      'www.',
      'x.io',
      '/path',
      '?q=',
      '(',
      ')',
      '[',
      ']',
      ',',
      '.',
      ' ',
      '\n',
      'javascript:',
      'data:text/html,',
      'a',
      'é',
      '。',
      "'",
      ':',
      '@',
      '\\',
    ]
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 16 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }), (text, cuts) => {
        expect(redactInChunks(listed, cutInto(text, cuts)).text).toBe(redactWhole(listed, text))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each(['a ', 'a', 'a.', 'https://', ':', 'a://b,', '(//', 'javascript:', 'x.io/ ', '((((', 'a.b@'])(
    'takes twice as long for twice as much %j',
    (seed) => {
      expect(growth((text) => verdictOf(listed, text), seed, 250_000)).toBeLessThan(3)
    },
    60_000,
  )
})
