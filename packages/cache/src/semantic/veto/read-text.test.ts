import { describe, expect, it } from 'vitest'
import { readText, vetoVersion } from './read-text.ts'
import type { SlotKind } from './veto.ts'

/** Text, slot, values. A `~` marks what may be absent elsewhere. */
const read: readonly (readonly [string, SlotKind, readonly string[]])[] = [
  ['two hundred and twenty-five thousand people', 'number', ['225000']],
  ['1,234,567 people', 'number', ['1234567']],
  ['the 21st and the twenty-first entry', 'number', ['21', '21']],
  ['3/4 of it', 'number', ['0.75']],
  ['1.5 million users and 2M rows', 'number', ['1500000', '2000000']],
  ['it is -5 outside', 'number', ['-5']],
  ['the first one', 'number', ['1~', '1~']],
  ['order 12345678901234567890', 'number', ['12345678901234567890']],
  ['5 km', 'unit', ['5000 m']],
  ['half an hour', 'unit', ['1800 s']],
  ['an hour', 'unit', ['3600 s~']],
  ['72 °F', 'unit', ['22.22 C']],
  ['100 km/h', 'unit', ['100 kmh']],
  ['a 6-year-old', 'unit', ['72 mo']],
  ['15 percent', 'unit', ['15 %']],
  ['10GB of data', 'unit', ['10000000000 B']],
  ['€1,200.50', 'currency', ['1200.5 EUR']],
  ['20 pounds refund', 'currency', ['20 GBP']],
  ['5k dollars', 'currency', ['5000 USD']],
  ['node 22', 'version', ['22']],
  ['v2.0.0-rc.1 of it', 'version', ['2.0.0-rc.1']],
  ['release 1.2.3', 'version', ['1.2.3']],
  ['January 5th, 2024', 'date', ['2024-01-05']],
  ['5 Jan 2024', 'date', ['2024-01-05']],
  ['in 1066', 'date', ['1066']],
  ['in March', 'date', ['--03']],
  ['05/13/2024', 'date', ['2024-05-13']],
  ['05/06/2024', 'date', ['2024:5/6']],
  ['last Monday', 'date', ['last mon']],
  ['in Q3', 'date', ['Q3']],
  ['at 5:30 p.m.', 'time', ['17:30']],
  ['at noon and midnight', 'time', ['0:00', '12:00']],
  ['what does fooBar(x) do', 'code', ['fooBar']],
  ['open src/main.ts and `a b`', 'code', ['a b', 'src/main.ts']],
  ['mail ann@b.example', 'url', ['ann@b.example']],
  ['see https://a.example/x.', 'url', ['https://a.example/x']],
  ['the U.S. and Great Britain', 'entity', ['uk', 'usa']],
  ['from NYC to Bombay', 'entity', ['mumbai', 'new york']],
  ['does Ann Smith know', 'entity', ['ann smith']],
  ['he and her dog', 'person', ['he', 'she']],
  ["it isn't safe", 'negation', ['saf']],
  ['the tallest and the older', 'degree', ['old er', 'tall est']],
]

describe('readText', () => {
  it.each(read)('%s: %s %j', (text, kind, values) => {
    expect(readText(text).slots[kind]).toEqual(values)
  })

  it('keeps the words that matter, in order: stems, function words behind a tilde', () => {
    expect(readText('Please, how do I turn off the notifications of my phone?')).toEqual({
      version: vetoVersion,
      language: 'en',
      words: ['~how', 'deactiv', 'inform', '~of', 'phon'],
      slots: { question: ['?', 'how'] },
    })
  })

  it('reads a passive as the active', () => {
    expect(readText('Was the land left by Kelly?').words).toEqual(readText('Did Kelly leave the land?').words)
  })

  it('tells where a closing question stands on its own', () => {
    expect(readText('I burned my hand in oil. How do I treat a hand?').questionAt).toBe(4)
    expect(readText('I burned my hand in oil. How do I treat it?').questionAt).toBeUndefined()
  })

  it.each([
    ['en', 'How do I reset it?'],
    ['en', 'reset password iphone'],
    ['en', 'How do I do it? '.repeat(20)],
    ['de', 'Wie kann ich mein Konto löschen?'],
    ['fr', 'Comment puis-je annuler ma commande ?'],
    ['es', '¿Cómo cancelo mi pedido?'],
    ['nl', 'Hoe annuleer ik mijn bestelling'],
    ['cyrillic', 'Как сбросить пароль'],
    ['kana', 'パスワードをリセットするには？'],
    ['han', '如何重置密码'],
    ['arabic', 'كيف أعيد تعيين كلمة المرور'],
    ['und', 'Miten peruutan tilauksen nopeasti tänään'],
    ['und', '5 + 5'],
    ['und', ''],
    ['code', 'if (a[i] != b[i]) { return x => x * 2; }'],
    ['long', 'word '.repeat(1000)],
    ['long', 'a dog and a cat met a bird and a fish '.repeat(40)],
  ])('language %s: %s', (language, text) => {
    expect(readText(text).language).toBe(language)
  })

  it('quotes nothing of a text that is too long', () => {
    const { slots, words, digest } = readText('The code is 4711. '.repeat(400))
    expect({ slots, words }).toEqual({ slots: {}, words: [] })
    expect(digest).toMatch(/^[\w-]{43}$/)
  })
})
