import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkText } from '../check-text.ts'
import { createGuard } from '../create-guard.ts'
import type { Detector } from '../detector.ts'
import { bare, foundIn, judged, verdictOf } from '../testing/check.ts'
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
    // What browsers open, too: any slashes, one of them, none.
    ['![i](/\\evil.com)', ['denied_host: /\\evil.com']],
    ['![i](\\\\evil.com/x)', ['denied_host: \\\\evil.com/x']],
    ['[i](<\\/evil.com/x>)', ['denied_host: \\/evil.com/x']],
    ['![i](http:/evil.com/?q=1)', ['denied_host: http:/evil.com/?q=1']],
    ['<img src="https:/evil.com/x">', ['denied_host: https:/evil.com/x']],
    ["<img src='/\\x.io'>", ['unlisted_host: /\\x.io']],
    ['go to http:evil.com now', ['denied_host: http:evil.com']],
    ['[x](https:localhost)', ['unlisted_host: https:localhost']],
    ['https:///evil.com', ['denied_host: https:///evil.com']],
    ['https: and http:x, see http:// or https:443', []],
    // What Markdown and HTML make of references and escapes.
    ['[x](javascript&#58;alert(1))', ['scheme: [x](javascript&#58;alert(1))']],
    ['[x](javascript&colon;alert(1))', ['scheme: [x](javascript&colon;alert(1))']],
    ['java&#x0a;script:alert(1)', ['scheme: java&#x0a;script:alert(1)']],
    ['https&#58;//evil.com/', ['denied_host: https&#58;//evil.com/']],
    ['[x](https\\://evil.com)', ['denied_host: [x](https\\://evil.com)']],
    ['AT&T &amp; co., a\\_b, https://example.com/?a=1&amp;b=2', []],
    // Tabs and line ends, which browsers leave out.
    ['java\nscript:alert(1)', ['scheme: java\nscript:alert(1)']],
    ['<a href="j\ta\r\nvascript:alert(1)">', ['scheme: j\ta\r\nvascript:alert(1)']],
    ['<a href="https:\n//evil.com/a">', ['denied_host: https:\n//evil.com/a', 'denied_host: //evil.com/a']],
    [
      "<a href = 'https://example.com\n.evil.com/a'>",
      ['denied_host: https://example.com\n.evil.com/a', 'denied_host: evil.com/a'],
    ],
    ['<a href="/\t/x.io">', ['unlisted_host: /\t/x.io']],
    [
      '<a href="https://exam\nple.com.x.io">',
      ['unlisted_host: https://exam\nple.com.x.io', 'unlisted_host: https://exam'],
    ],
    ['<a href="https://example.com/\nhttp://example.com"> and https://example.com/a\\_b', []],
    ['Written in Java\nScript: none. x = "a\nb" y="data\nbase"', []],
  ])('finds in %j', (text, expected) => {
    expect(foundIn(listed, text)).toEqual(expected)
  })

  it('takes addresses without a host by their scheme', () => {
    const text = 'mailto:ada@x.io?body=secret tel:+491 sms:+491 data:text/plain,x'
    expect(foundIn(listed, text)).toEqual(['scheme: sms:+491', 'scheme: data:text/plain,x'])
    expect(foundIn(urls({ allow: ['x.io'], schemes: ['https', 'data'] }), text)).toEqual([
      'scheme: mailto:ada@x.io?body=secret',
      'scheme: tel:+491',
      'scheme: sms:+491',
    ])
    expect(foundIn(urls(), text)).toEqual(foundIn(listed, text))
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
    // What is no list must not be a list that is off.
    ...['', null, 0, Number.NaN, false, 1n].flatMap((value): [unknown, RegExp][] => [
      [{ allow: value }, /^allow of urls\(\) must be a list of texts, got /],
      [{ deny: value }, /^deny of urls\(\) must be a list of texts, got /],
      [{ schemes: value }, /^schemes of urls\(\) must be a list of texts, got /],
    ]),
    [{ allow: [`x.io/${'s'.repeat(50)}`] }, /takes hosts such as "example.com", got a text of 55 characters\.$/],
    [{ mode: 'drop' }, /mode/],
    [{ hosts: [] }, /no option/],
  ])('refuses %o', (options, message) => {
    expect(() => urls(options as UrlsOptions)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }),
    )
  })

  const pieces =
    "https:// evil.com example.com // www. x.io /path ?q= ( ) [ ] , . javascript: data:text/html, a é 。 ' : @ \\"
      .split(' ')
      .concat(' ', '\n')
  const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })
  const textsOf = (parts: readonly string[]): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...parts), { maxLength: 16 }).map((each) => each.join(''))

  it('shows on a stream the same as for the whole text, however it is cut', () => {
    fc.assert(
      fc.property(textsOf(pieces), cuts, (text, lengths) => {
        expect(redactInChunks(listed, cutInto(text, lengths)).text).toBe(redactWhole(listed, text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('does so in the pipeline with all that hides addresses, where one can be read in several ways', async () => {
    const hiding = [
      ...pieces,
      ...'=" =\' " / http: https https:/ java script: &# 58; &#58;'.split(' '),
      '<a href="',
      '\t',
      '\r\n',
    ]
    await fc.assert(
      fc.asyncProperty(textsOf(hiding), cuts, async (text, lengths) => {
        const stream = (await createGuard({ output: [listed] }).session()).stream('text')
        let shown = ''
        for (const chunk of cutInto(text, lengths)) shown += await stream.push(chunk)
        shown += await stream.end()
        expect(shown).toBe((await checkText(text, [listed])).text)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    'a ',
    'a',
    'a.',
    'https://',
    ':',
    'a://b,',
    '(//',
    'javascript:',
    'x.io/ ',
    '((((',
    'a.b@',
    '="',
    'java\n',
    '="java\n',
    '&#58;',
    '\\:',
    "='",
  ])('takes twice as long for twice as much %j', (seed) => {
    expect(growth((text) => verdictOf(listed, text), seed, 250_000)).toBeLessThan(3)
  })

  it('cuts a word that is longer than an address in the same places, however it comes', async () => {
    const evil = ['https://evil.com/', '(http:/evil.com/)', "'//evil.com/", 'x.evil.com']
    const words = fc
      .array(fc.tuple(fc.constantFrom('a', '/', '.', 'é', '()'), fc.nat(1_500), fc.constantFrom(...evil)), {
        minLength: 3,
      })
      .map((parts) => parts.map(([filler, times, address]) => filler.repeat(times) + address).join(''))
    await fc.assert(
      fc.asyncProperty(words, fc.integer({ min: 20, max: 900 }), async (word, length) => {
        const text = `see ${word} now`
        const stream = (await createGuard({ output: [listed] }).session()).stream('text')
        let shown = ''
        for (const chunk of cutInto(text, [length, 7])) shown += await stream.push(chunk)
        shown += await stream.end()
        expect(shown).toBe((await checkText(text, [listed])).text)
      }),
      { numRuns: 60 },
    )
  })

  /** What the stream of one long word costs: each of its chunks has thousands of characters before it. */
  const streamed = (text: string): string => redactLive(listed, text, 8)

  it.each(['.', 'a', 'a.', ':', '/', '中', 'a://b,', 'x.io/', '="\n', 'java\n', '&#58;'])(
    'looks at a stream of nothing but %j for no longer than its length takes',
    (seed) => {
      expect(growth(streamed, seed, 10_000)).toBeLessThan(3)
      const text = seed.repeat(Math.ceil(20_000 / seed.length))
      const costs = [0, 1, 2].map(() => {
        const startedAt = process.cpuUsage()
        streamed(text)
        const { user, system } = process.cpuUsage(startedAt)
        return (user + system) / 1_000
      })
      // 2,500 chunks at some 10 to 20 µs. Reading the word anew for each of them takes seconds.
      expect(Math.min(...costs)).toBeLessThan(1_000)
    },
  )
})

/** The cost of a stream, as the pipeline brings it up: a look at each chunk, from as far back as the detector needs. */
function redactLive(detector: Detector, text: string, chunk: number): string {
  const { judge, lookBack = 0, maxMatch } = detector.stream!
  let [judgedTo, rules] = [0, '']
  for (let end = chunk; end <= text.length; end += chunk) {
    const from = Math.max(0, judgedTo - lookBack)
    const tail = text.slice(from, end)
    const { verdict, openAt } = judge!(tail, bare, judgedTo - from)
    rules = verdict.rules.join()
    judgedTo = Math.max(judgedTo, from + openAt, end - maxMatch)
  }
  return rules
}
