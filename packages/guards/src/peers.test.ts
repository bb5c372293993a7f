import { describe, expect, it } from 'vitest'
import { confidence, type ConfidenceOptions } from './confidence.ts'
import { language, type LanguageOptions } from './language.ts'
import { optionalPeer } from './optional-peer.ts'
import { profanity, type ProfanityOptions } from './profanity.ts'
import { bare, foundIn, judged, verdictOf } from './testing/check.ts'
import { growth } from './testing/growth.ts'
import { redactWhole } from './testing/redact-in-chunks.ts'

const rude = ['fu', 'ck'].join('')

describe('profanity', () => {
  it('finds words, also in disguise, and no part of an innocent one', () => {
    for (const word of [rude, rude.toUpperCase(), rude.replace('u', 'uuuu'), rude.replace('u', 'ü')])
      expect(foundIn(profanity(), `oh ${word} it`), word).toHaveLength(1)
    for (const text of ['The pen is mightier', 'Scunthorpe', 'grape analysis', 'bass', ''])
      expect(foundIn(profanity(), text)).toEqual([])
    expect(redactWhole(profanity(), `oh ${rude}, no`)).toBe('oh [PROFANITY], no')
  })

  it('takes words of yours', () => {
    expect(foundIn(profanity({ deny: ['|frell'] }), 'What the frell')).toEqual(['profanity: frell'])
    expect(foundIn(profanity({ allow: [rude] }), rude)).toEqual([])
  })

  it('takes twice as long for twice as much', () => {
    const detector = profanity()
    for (const seed of ['a', rude, 'fu', 'a '])
      expect(growth((text) => verdictOf(detector, text), seed, 50_000)).toBeLessThan(3)
  })

  it.each([
    [{ mode: 'x' }],
    [{ allow: 'x' }],
    [{ deny: [''] }],
    [{ deny: ['[x]'] }],
    [{ deny: ['[x'] }],
    [{ words: [] }],
    [{ allow: null }],
    [{ deny: null }],
    [{ allow: '' }],
    [{ deny: 1n }],
    [[]],
  ])('refuses %o', (options) => {
    expect(() => profanity(options as ProfanityOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})

describe('language', () => {
  const english = language({ allow: ['en'] })

  it.each([
    ['The weather is fine today and we shall go out for a walk.', 'allow'],
    ['Das Wetter ist heute schön und wir gehen gleich spazieren.', 'block language'],
    ['今日は天気がいいので、公園まで散歩に行きましょう。それから家に帰ります。', 'block language'],
    ['Guten Tag', 'allow'],
    ['12345 67890 12345 67890 12345 67890', 'allow'],
    ['', 'allow'],
  ])('judges %j', (text, expected) => {
    expect(judged(english, text)).toBe(expected)
  })

  it('says which language it was', () => {
    const verdict = verdictOf(
      language({ allow: ['en', 'fr'], mode: 'warn' }),
      'Das Wetter ist heute schön und wir gehen gleich spazieren.',
    )
    expect(verdict).toMatchObject({ action: 'warn', explanation: 'in de, allowed are en, fr' })
  })

  it.each([
    [{}],
    [{ allow: [] }],
    [{ allow: ['english'] }],
    [{ allow: ['en', 'xx'] }],
    [{ allow: ['la'] }],
    [{ allow: ['en'], minLetters: 0 }],
    [{ allow: ['en'], mode: 'redact' }],
  ])('refuses %j', (options) => {
    expect(() => language(options as LanguageOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})

describe('optionalPeer', () => {
  it('names the package that is missing, the guard and the fix', () => {
    expect(() => optionalPeer('names()', 'no-such-package-here')).toThrow(
      expect.objectContaining({
        code: 'config.peer',
        message: expect.stringMatching(
          /^names\(\) needs the package "no-such-package-here".*npm install no-such-package-here$/,
        ),
      }),
    )
  })
})

describe('confidence', () => {
  const tokens = (...logprobs: number[]) => logprobs.map((logprob) => ({ token: 'x', logprob }))
  const chat = (...logprobs: number[]) => ({
    choices: [{ logprobs: null }, { logprobs: { content: tokens(...logprobs) } }],
  })
  const responses = (...logprobs: number[]) => ({
    output: [{ type: 'reasoning' }, { content: [{ text: 'xx', logprobs: tokens(...logprobs) }] }],
  })
  const completions = (...logprobs: number[]) => ({ choices: [{ logprobs: { token_logprobs: [null, ...logprobs] } }] })

  it.each<[string, object, number]>([
    ['chat', chat(-0.1, -0.9), 1],
    ['responses', responses(-0.1, -0.9), 0],
    ['completions', completions(-0.1, -0.9), 0],
  ])('reads the log-probabilities of %s', (_, answer, choice) => {
    expect(judged(confidence({ minLogprob: -0.6 }), 'xx', { answer, choice })).toBe('allow')
    expect(judged(confidence({ minLogprob: -0.4 }), 'xx', { answer, choice })).toBe('warn low_confidence')
  })

  it('finds a doubtful stretch in an answer that is sure on the whole', () => {
    const answer = completions(...Array.from({ length: 100 }, (_, at) => (at >= 40 && at < 44 ? -3 : -0.01)))
    expect(judged(confidence({ minLogprob: -1 }), 'x', { answer })).toBe('allow')
    expect(judged(confidence({ minLogprob: -1, over: 'window', windowTokens: 4 }), 'x', { answer })).toBe(
      'warn low_confidence',
    )
    expect(
      verdictOf(confidence({ minLogprob: -1, over: 'window', windowTokens: 200, mode: 'block' }), 'x', { answer })
        .action,
    ).toBe('allow')
  })

  it('fails without log-probabilities, or lets pass where it is told to', () => {
    for (const answer of [undefined, {}, { choices: [{}] }, { output: [] }])
      expect(() => confidence({ minLogprob: -1 }).check('x', { ...bare, answer })).toThrow(
        expect.objectContaining({ code: 'guard.no_logprobs' }),
      )
    expect(judged(confidence({ minLogprob: -1, missing: 'allow' }), 'x')).toBe('allow')
  })

  it.each([
    [{}],
    [{ minLogprob: 0.5 }],
    [{ minLogprob: -1, over: 'max' }],
    [{ minLogprob: -1, windowTokens: 0 }],
    [{ minLogprob: -1, mode: 'redact' }],
    [{ minLogprob: -1, missing: 'x' }],
  ])('refuses %j', (options) => {
    expect(() => confidence(options as ConfidenceOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
