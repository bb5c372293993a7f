import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encoderOf } from './bpe/encoders.ts'
import { estimateTokens } from './estimate.ts'
import { base64, chinese, code, emoji, english, japanese, korean, prose, russian } from './fixtures/sample-texts.ts'

const real = (text: string): number => encoderOf('o200k_base').count(text)

describe('estimateTokens', () => {
  it.each([
    ['English', english(), 0.05],
    ['code', code(), 0.05],
    ['Chinese', chinese, 0.06],
    ['Japanese', japanese, 0.08],
    ['Korean', korean, 0.15],
    ['Russian', russian, 0.12],
    ['base64', base64(6_000), 0.06],
    ['emoji', emoji, 0.2],
    ['numbers', Array.from({ length: 500 }, (_, index) => (index * 7919) / 100).join(', '), 0.05],
    [
      'indented JSON',
      JSON.stringify(
        { users: Array.from({ length: 20 }, (_, id) => ({ id, name: 'Ann', tags: ['a', 'b'] })) },
        null,
        2,
      ),
      0.12,
    ],
  ])('is within a few percent on %s', (_, text, error) => {
    expect(Math.abs(estimateTokens(text) / real(text) - 1)).toBeLessThan(error)
  })

  it('counts in the rates of the older encoding where the model has it', () => {
    const count = encoderOf('cl100k_base').count(chinese)
    expect(Math.abs(estimateTokens(chinese, { model: 'gpt-4-turbo' }) / count - 1)).toBeLessThan(0.12)
    expect(estimateTokens(chinese, { model: 'gpt-5' })).toBeLessThan(count * 0.85)
  })

  it.each(prose)('has an upper bound above the count of %s, in every stretch', (_, text) => {
    const all = text()
    for (let at = 0; at < all.length; at += 400) {
      const stretch = all.slice(at, at + 400)
      expect(estimateTokens(stretch, { bound: 'upper' })).toBeGreaterThanOrEqual(real(stretch))
    }
  })

  it('is certain of its certain bound, and orders the three', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const [expected, upper, certain] = (['expected', 'upper', 'certain'] as const).map((bound) =>
          estimateTokens(text, { bound }),
        )
        expect(certain).toBeGreaterThanOrEqual(real(text))
        expect(upper).toBeLessThanOrEqual(certain ?? 0)
        expect(Number.isSafeInteger(expected) && (expected ?? -1) >= 0).toBe(true)
      }),
    )
  })

  it('is nothing for nothing', () => {
    expect(estimateTokens('')).toBe(0)
    expect(Object.is(estimateTokens(''), 0)).toBe(true)
    expect(estimateTokens('', { bound: 'upper' })).toBe(0)
  })

  it('takes time linear in the text, whatever it is', () => {
    for (const unit of ['a', ' ', '\n', '中', '!', '😀', 'aB1', '\ud800', 'é', '\n ', ' 1', "'s"]) {
      const text = unit.repeat(1_000_000)
      const start = process.cpuUsage()
      expect(estimateTokens(text)).toBeGreaterThan(0)
      const { user } = process.cpuUsage(start)
      // Some tenths of a second for the whole; a square takes hours.
      expect(user / text.length, JSON.stringify(unit)).toBeLessThan(5)
    }
  })

  it('refuses what is no text and options it does not know', () => {
    expect(() => estimateTokens(undefined as never)).toThrow(
      expect.objectContaining({ code: 'tokens.input', message: expect.stringContaining('undefined') }),
    )
    expect(() => estimateTokens('', { bound: 'mean' as never })).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining('"mean"') }),
    )
    expect(() => estimateTokens('', { limit: 1 } as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
    expect(() => estimateTokens('', { model: 1 as never })).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
