import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { competitors, type CompetitorsOptions } from '../competitors.ts'
import { foundIn, judged, verdictOf } from '../testing/check.ts'
import { growth } from '../testing/growth.ts'
import { cutInto, redactInChunks, redactWhole } from '../testing/redact-in-chunks.ts'
import { topics, type TopicsOptions } from '../topics.ts'

const medical = { medical: ['diagnos*', 'side effects'], legal: ['sue', 'power of attorney'] }

describe('topics', () => {
  const denied = topics({ deny: medical })

  it.each([
    ['Is my diagnosis right?', ['medical: diagnosis']],
    ['SIDE-EFFECTS and side\n  effects', ['medical: SIDE-EFFECTS', 'medical: side\n  effects']],
    ['Sue them; a power of attorney.', ['legal: Sue', 'legal: power of attorney']],
    ['ｄｉａｇｎｏｓｉｓ', ['medical: ｄｉａｇｎｏｓｉｓ']],
    ['undiagnosed, suede, side. By and large effects', []],
    ['', []],
  ])('finds in %j whole words only', (text, expected) => {
    expect(foundIn(denied, text)).toEqual(expected)
  })

  it('finds phrases of scripts without spaces within a sentence', () => {
    expect(foundIn(topics({ deny: { cars: ['トヨタ', '汽车'] } }), '私はトヨタの車、新汽车。')).toEqual([
      'cars: トヨタ',
      'cars: 汽车',
    ])
  })

  it('blocks, warns or redacts, each rule once', () => {
    expect(verdictOf(denied, 'sue, sue, diagnose')).toMatchObject({
      action: 'block',
      rules: ['legal', 'medical'],
      explanation: '2 legal, 1 medical',
    })
    expect(judged(topics({ deny: medical, mode: 'warn' }), 'sue')).toBe('warn legal')
    expect(redactWhole(topics({ deny: medical, mode: 'redact' }), 'to sue or not')).toBe('to [TOPIC] or not')
  })

  it('asks for one of the allowed topics where the text is long enough to have one', () => {
    const shop = topics({ allow: { orders: ['order', 'refund*'] }, deny: medical, mode: 'warn' })
    expect(judged(shop, 'Where is the refund for my order?')).toBe('allow')
    expect(judged(shop, 'Write me a poem about the sea')).toBe('warn off_topic')
    expect(judged(shop, 'Yes please')).toBe('allow')
    expect(judged(shop, 'My order had side effects')).toBe('warn medical')
    expect(shop.stream).toBeUndefined()
    expect(topics({ allow: { a: ['b'] }, streamMode: 'sentence' }).streamMode).toBe('sentence')
  })

  it.each<[unknown, RegExp]>([
    [{}, /needs deny or allow/],
    [{ deny: ['x'] }, /must name topics/],
    [{ deny: { a: [] } }, /deny\.a .* list of texts, got an empty list\./],
    [{ deny: { a: ['x', ''] } }, /got one with an empty text/],
    [{ deny: { a: ['x', 5] } }, /got one with 5/],
    [{ deny: { a: 'x' } }, /got "x"/],
    [{ deny: medical, minWords: '5' }, /got "5"/],
    [{ deny: { a: ['!!'] } }, /without a word/],
    [{ allow: { a: ['b'] }, mode: 'redact' }, /cannot redact/],
    [{ deny: medical, mode: 'hide' }, /mode/],
    [{ deny: medical, minWords: -1 }, /minWords/],
    [{ deny: medical, streamMode: 'later' }, /streamMode/],
    [{ denied: medical }, /no option "denied"/],
  ])('refuses %j', (options, message) => {
    expect(() => topics(options as TopicsOptions)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }),
    )
  })
})

describe('competitors', () => {
  const named = competitors({ names: ['Acme Cloud', 'Globex', 'Müller'] })

  it.each([
    [
      'Try acme-cloud, AcmeCloud or ACME  CLOUD.',
      ['competitor: acme-cloud', 'competitor: AcmeCloud', 'competitor: ACME  CLOUD'],
    ],
    ["GLOBEX's tools and müller", ['competitor: GLOBEX', 'competitor: müller']],
    ['Globexes, Acme, a cloud of acme', []],
  ])('finds in %j', (text, expected) => {
    expect(foundIn(named, text)).toEqual(expected)
  })

  it('redacts by default', () => {
    expect(redactWhole(named, 'Use Globex!')).toBe('Use [COMPETITOR]!')
  })

  it.each([[{ names: [] }], [{ names: ['  '] }], [{ names: ['-'] }], [{ names: ['a'], mode: 'x' }], [{}]])(
    'refuses %j',
    (options) => {
      expect(() => competitors(options as CompetitorsOptions)).toThrow(
        expect.objectContaining({ code: 'config.option' }),
      )
    },
  )
})

describe('phrases on a stream', () => {
  const detector = topics({
    deny: {
      a: ['power of attorney', 'power*', 'side effects', 'side'],
      b: ['トヨタ', 'of the'],
      c: ['attorney general', 'e'],
    },
    mode: 'redact',
  })
  const pieces = [
    'power',
    'of',
    'attorney',
    'general',
    'side',
    'effects',
    'the',
    'ト',
    'ヨ',
    'タ',
    'e',
    'x',
    ' ',
    '-',
    '  ',
    '\n',
    "'s",
    '. ',
    'ｐ',
    '𝐩',
    '\u0301',
  ]

  it('shows the same as for the whole text, however it is cut', () => {
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), (text, cuts) => {
        const { text: shown, maxHeld } = redactInChunks(detector, cutInto(text, cuts))
        expect(shown).toBe(redactWhole(detector, text))
        expect(maxHeld).toBeLessThanOrEqual(detector.stream!.maxMatch)
      }),
      { numRuns: 3_000 },
    )
  })

  it('holds prose back for less than a word', () => {
    const named = competitors({ names: ['Globex', 'Acme Cloud'] })
    const { meanHeld } = redactInChunks(
      named,
      cutInto('The cloud in question grows all the time; a gap remains. '.repeat(30), [2, 3]),
    )
    expect(meanHeld).toBeLessThan(2)
  })

  it.each(['power of ', 'a', 'side ', 'トヨ', '\u0301', "e'e-"])('takes twice as long for twice as much %j', (seed) => {
    expect(growth((text) => verdictOf(detector, text), seed, 250_000)).toBeLessThan(3)
    expect(growth((text) => detector.stream!.couldGrow(text), seed, 100_000)).toBeLessThan(3)
  })
})
