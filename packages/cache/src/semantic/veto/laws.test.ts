import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareReadings } from './compare-readings.ts'
import { readText } from './read-text.ts'
import { unsuited } from './unsuited.ts'
import type { TextReading } from './veto.ts'

const words =
  `how do i reset my password the card not to from before after only all enable disable 5 km 3 march 2024 $ £ € % v1.2
  Paris London Ann Smith he she was will is open close big older oldest by left love and or without getUserById https://a.example/x
  node 20 ? ! . , - ' " ( ) { } = + half a dozen million second twenty one th st am pm o'clock n't no longer used more less than`.split(
    /\s+/,
  )

/** Texts made of words that the rules turn on, in any order, glued at random; and texts of any characters. */
const texts = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', ' ', ' ', '')), { maxLength: 30 })
    .map((list) => list.map(([word, gap]) => word + gap).join('')),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

describe('laws of the vetoes', () => {
  it('reading never throws, gives the same twice, and survives JSON', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readText(text)
        expect(readText(text)).toEqual(reading)
        expect(JSON.parse(JSON.stringify(reading))).toEqual(reading)
        unsuited(text)
      }),
      { numRuns: 500 },
    )
  })

  it('no text vetoes itself, nor itself in other white space', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readText(text)
        expect(compareReadings(reading, reading).vetoes).toEqual([])
        const spaced = readText(`  ${text.replaceAll(' ', '  ')} `)
        expect(compareReadings(reading, spaced).vetoes).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('is symmetric: the same vetoes with the sides exchanged', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const [a, b] = [readText(one), readText(other)]
        const there = compareReadings(a, b)
        const back = compareReadings(b, a)
        const turned = back.vetoes.map(({ kind, prompt, neighbour }) => ({
          kind,
          prompt: neighbour,
          neighbour: prompt,
        }))
        expect(turned).toEqual(there.vetoes)
        expect(back.isUnread).toBe(there.isUnread)
      }),
      { numRuns: 1000 },
    )
  })

  it('is symmetric for texts that differ by little, where vetoes are made', () => {
    const likely = [...words, 'acount', 'account', 'transfre', 'transfer', 'card', 'bank', 'invoice']
    const word = fc.constantFrom(...likely)
    const edited = fc
      .tuple(
        fc.array(word, { minLength: 3, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.option(word)), { minLength: 1, maxLength: 4 }),
      )
      .map(([list, edits]) => {
        const other = [...list]
        // Either another word in the place of one, or one moved elsewhere.
        for (const [from, to, put] of edits) {
          const taken = other.splice(from % other.length, 1)
          other.splice(to % (other.length + 1), 0, put ?? taken[0] ?? '')
        }
        return [list.join(' '), other.join(' ')] as const
      })
    let vetoed = 0
    fc.assert(
      fc.property(edited, ([one, other]) => {
        const [a, b] = [readText(one), readText(other)]
        const there = compareReadings(a, b).vetoes
        if (there.length > 0) vetoed += 1
        expect(compareReadings(b, a).vetoes.map(({ prompt, neighbour }) => [neighbour, prompt])).toEqual(
          there.map(({ prompt, neighbour }) => [prompt, neighbour]),
        )
      }),
      {
        numRuns: 1000,
        examples: [
          [
            [
              'house my acount all transfre what transfre big is',
              'house my acount acount and transfer acount what transfre big is',
            ],
          ],
          [
            [
              'how big open account send invoice the',
              'how big open transfer account phone send invoice account accout',
            ],
          ],
        ],
      },
    )
    expect(vetoed).toBeGreaterThan(100)
  })
})

describe('laws of values', () => {
  const templates = [
    'Give me {} examples',
    'How do I split a bill by {} at the table?',
    'Is {} a good result for this test?',
  ]
  const template = fc.constantFrom(...templates)
  const vetoed = (one: string, other: string): boolean =>
    compareReadings(readText(one), readText(other)).vetoes.length > 0

  it('two different amounts of anything are vetoed, in any spelling', () => {
    const amount = fc.oneof(
      fc.integer({ min: 2, max: 9_999_999 }),
      fc.integer({ min: 11, max: 99_999 }).map((value) => value / 10),
    )
    const spelling = fc.constantFrom(
      (value: number) => String(value),
      (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 3 }),
    )
    const suffix = fc.constantFrom('', ' km', '%', ' dollars', ' GB', ' minutes', ' kg')
    fc.assert(
      fc.property(template, amount, amount, spelling, spelling, suffix, (text, a, b, spellA, spellB, unit) => {
        expect(vetoed(text.replace('{}', spellA(a) + unit), text.replace('{}', spellB(b) + unit))).toBe(a !== b)
      }),
      { numRuns: 400 },
    )
  })

  it('two different days are vetoed, in any spelling', () => {
    const day = fc
      .date({ min: new Date('1970-01-01'), max: new Date('2069-12-31'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10))
    const spelling = fc.constantFrom<(iso: string) => string>(
      (iso) => iso,
      (iso) => new Date(iso).toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'long' }),
      (iso) => new Date(iso).toLocaleDateString('en-GB', { timeZone: 'UTC', dateStyle: 'long' }),
      (iso) => new Date(iso).toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'medium' }),
    )
    fc.assert(
      fc.property(day, day, spelling, spelling, (a, b, spellA, spellB) => {
        expect(vetoed(`What happened on ${spellA(a)} in Rome?`, `What happened on ${spellB(a)} in Rome?`)).toBe(false)
        expect(vetoed(`What happened on ${spellA(a)} in Rome?`, `What happened on ${spellB(b)} in Rome?`)).toBe(a !== b)
      }),
      { numRuns: 300 },
    )
  })

  it('two different identifiers are vetoed', () => {
    const name = fc
      .tuple(fc.constantFrom('get', 'load', 'max'), fc.stringMatching(/^[A-Z][a-z]{1,8}$/))
      .map((part) => part.join(''))
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(vetoed(`What does ${a} return?`, `What does ${b} return?`)).toBe(a !== b)
      }),
      { numRuns: 200 },
    )
  })
})

describe('time', () => {
  const size = 100_000
  const hostile = [
    'a',
    '1',
    '-a',
    "'a",
    '/a',
    '`',
    '{',
    'a@a.',
    'http://',
    'www.',
    '1,000,',
    '1.',
    '1 2 3 ',
    'John Smith ',
    'two hundred and ',
    'thousand ',
    'last ',
    'what is my ',
    'how much is ',
    "don't ",
    'was left by ',
    '!',
    ' ',
    '\n',
    '漢',
    '😀',
    'e\u0301',
    'this week ',
    'please ',
    'ﷺ',
  ]

  it.each(hostile)('100 kB of %j take no longer than a text of their kind should', (piece) => {
    const long = piece.repeat(size / piece.length)
    // The longest that is read at all is the costliest.
    const read = piece.repeat(Math.floor(3900 / piece.length))
    const start = process.cpuUsage()
    const readings: TextReading[] = [long, `${long}x`, read, `x ${read}`].map((text) => readText(text))
    for (const a of readings) for (const b of readings) compareReadings(a, b)
    for (const text of [long, `${long}x`, read]) unsuited(text)
    // Quadratic rules take minutes here; linear ones some tens of milliseconds.
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(5_000)
  })
})
