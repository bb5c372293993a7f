import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approximateTokenizer, countTokens, defaultTokenizer } from './tokens.ts'

const english =
  'Thank you for your message about your card. A replacement card keeps your account number, so your direct debits carry ' +
  'on as before. Cash withdrawals are free up to the monthly limit of your plan and cost two per cent above it.'

describe('o200k_base', () => {
  it('knows the published token counts', async () => {
    const tokenizer = await defaultTokenizer()
    expect(tokenizer.name).toBe('o200k_base')
    expect(tokenizer.encode('Hello, world!')).toEqual(['Hello', ',', ' world', '!'])
    expect(countTokens(tokenizer, 'antidisestablishmentarianism')).toBe(6)
  })

  it('cuts any text into as many pieces as tokens, which join to the text', async () => {
    const tokenizer = await defaultTokenizer()
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const pieces = tokenizer.encode(text)
        expect(pieces.join('')).toBe(text)
        expect(pieces.length).toBe(countTokens(tokenizer, text))
      }),
    )
  })

  it('takes no square time for text without spaces', async () => {
    const tokenizer = await defaultTokenizer()
    const text = `${'x'.repeat(300_000)} end`
    const start = process.cpuUsage()
    expect(tokenizer.encode(text).join('')).toBe(text)
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(10_000)
  })

  it('holds back a character until its last token', async () => {
    const tokenizer = await defaultTokenizer()
    const pieces = tokenizer.encode('🪿 𒀀')
    expect(pieces).toContain('')
    expect(pieces.join('')).toBe('🪿 𒀀')
  })
})

describe('approximateTokenizer', () => {
  it('loses no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(approximateTokenizer.encode(text).join('')).toBe(text)
      }),
    )
  })

  it('is within 15 % of o200k_base on English prose', async () => {
    const exact = countTokens(await defaultTokenizer(), english)
    expect(Math.abs(approximateTokenizer.encode(english).length - exact) / exact).toBeLessThan(0.15)
  })
})
