import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openaiChat } from '../api/index.ts'
import { GrowingText } from './bpe/growing-text.ts'
import { encoderOf } from './bpe/encoders.ts'
import { fuzzRuns } from './fixtures/fuzz-text.ts'
import { countRequest, countTokens } from './count.ts'
import { tokenCounter } from './counter.ts'
import { prose } from './fixtures/sample-texts.ts'

describe.each(['o200k_base', 'cl100k_base'] as const)('a text that grows, in %s', (name) => {
  const encoder = encoderOf(name)

  it('has the count of the whole after every bit', () => {
    fc.assert(
      fc.property(fuzzRuns, (bits) => {
        const growing = new GrowingText(encoder)
        let whole = ''
        for (const bit of bits) {
          growing.append(bit)
          whole += bit
          expect(growing.tokens, JSON.stringify(whole.slice(-60))).toBe(encoder.count(whole))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('has the count of the whole when a single piece grows', () => {
    let state = 3
    const next = (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below
    for (const letters of [
      'abcdefghijklmnopqrstuvwxyz',
      'aab',
      '!?#$%&*+-=<>',
      '的一是在不了有和人这中大为上个国',
      ' ',
    ]) {
      const growing = new GrowingText(encoder)
      let whole = ''
      for (let bit = 0; bit < 400; bit += 1) {
        let added = ''
        for (let length = next(9); length >= 0; length -= 1) added += letters[next(letters.length)]
        growing.append(added)
        whole += added
        if (bit % 7 === 0) expect(growing.tokens).toBe(encoder.count(whole))
      }
      expect(growing.tokens).toBe(encoder.count(whole))
    }
  })

  it.each(prose)('counts only the tail of %s, byte by byte of it', (_, text) => {
    const all = text()
    const growing = new GrowingText(encoder)
    const steps: number[] = []
    for (let at = 0; at < all.length; at += 5) {
      growing.append(all.slice(at, at + 5))
      const before = growing.steps
      void growing.tokens
      steps.push(growing.steps - before)
    }
    expect(growing.tokens).toBe(encoder.count(all))
    const half = steps.length >> 1
    const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0)
    expect(sum(steps.slice(half))).toBeLessThan(sum(steps.slice(0, half)) * 1.6 + 2_000)
  })

  it('takes time linear in a run, however small the bits', () => {
    for (const unit of ['a', ' ', '中', '!', '中AAA', '\n ']) {
      const perCharacter = [4_000, 16_000].map((length) => {
        const growing = new GrowingText(encoder)
        const before = growing.steps
        for (let at = 0; at < length; at += 4 * unit.length) {
          growing.append(unit.repeat(4))
          void growing.tokens
        }
        return (growing.steps - before) / length
      })
      expect(perCharacter[1], JSON.stringify(unit)).toBeLessThan((perCharacter[0] ?? 0) * 1.5 + 100)
    }
  })
})

describe('tokenCounter', () => {
  const long = 'The quick brown fox jumps over the lazy dog. '.repeat(5_000)

  it('counts a stream cut anywhere', () => {
    const counter = tokenCounter('gpt-5-mini')
    for (const delta of ['Hel', 'lo ', 'wor', 'ld \ud83d', '\ude00', ' it', "'", 's']) counter.append(delta)
    expect(counter.tokens).toBe(countTokens("Hello world 😀 it's", 'gpt-5-mini'))
    expect(counter.encoding).toEqual({ encoding: 'o200k_base', isExact: true })
  })

  it('counts half a pair as the replacement character it is sent as', () => {
    expect(tokenCounter('gpt-5').append('Hi \ud83d').tokens).toBe(countTokens('Hi \ud83d', 'gpt-5'))
  })

  it('starts anew only when the text does', () => {
    const counter = tokenCounter('gpt-5-mini')
    expect(counter.set(long)).toBe(countTokens(long, 'gpt-5-mini'))
    const encoder = encoderOf('o200k_base')
    const before = encoder.steps
    expect(counter.set(`${long}And more.`)).toBe(countTokens(`${long}And more.`, 'gpt-5-mini'))
    counter.append(' Yes.')
    expect(counter.set(`${long}And more. Yes. No.`)).toBe(countTokens(`${long}And more. Yes. No.`, 'gpt-5-mini'))
    expect(counter.set('Something else')).toBe(2)
    expect(encoder.steps).toBeGreaterThan(before)
  })

  it('keeps of a long stream only its end', () => {
    const counter = tokenCounter('gpt-5-mini')
    for (let count = 0; count < 60; count += 1) counter.append(long)
    expect(counter.tokens).toBe(countTokens(long.repeat(60), 'gpt-5-mini'))
  })

  it('counts of a conversation only what is new', () => {
    const counter = tokenCounter('gpt-5-mini')
    const request = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: long }] }
    const longer = { ...request, messages: [...request.messages, { role: 'assistant' as const, content: 'Right.' }] }
    expect(counter.countRequest({ api: openaiChat, request })).toEqual(countRequest({ api: openaiChat, request }))
    const encoder = encoderOf('o200k_base')
    const before = encoder.steps
    const count = counter.countRequest({ api: openaiChat, request: longer })
    expect(encoder.steps - before).toBeLessThan(100)
    expect(count).toEqual(countRequest({ api: openaiChat, request: longer }))
  })

  it('refuses what is no text', () => {
    expect(() => tokenCounter('gpt-5').append(7 as never)).toThrow(expect.objectContaining({ code: 'tokens.input' }))
    expect(() => tokenCounter(undefined as never)).toThrow(expect.objectContaining({ code: 'tokens.input' }))
  })
})
