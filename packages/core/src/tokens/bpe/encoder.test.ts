import { get_encoding } from '@dqbd/tiktoken'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64, prose } from '../fixtures/sample-texts.ts'
import { encoderOf, readRanks } from './encoders.ts'
import { fuzzBits, fuzzRuns } from '../fixtures/fuzz-text.ts'

const encodings = ['o200k_base', 'cl100k_base'] as const

describe.each(encodings)('%s', (name) => {
  const encoder = encoderOf(name)
  const reference = get_encoding(name)
  const expectSame = (text: string): void => {
    const ids = encoder.encode(text)
    expect(ids).toEqual([...reference.encode_ordinary(text)])
    expect(encoder.count(text)).toBe(ids.length)
  }

  it.each(prose)('equals tiktoken on %s, token for token', (_, text) => expectSame(text()))

  it('equals tiktoken on whatever the rules could get wrong', () => {
    fc.assert(
      fc.property(fuzzBits, (bits) => expectSame(bits.join(''))),
      { numRuns: 1_500 },
    )
  })

  it('equals tiktoken on runs', () => {
    for (const unit of [
      'a',
      'A',
      ' ',
      '\n',
      '\t',
      '中',
      '!',
      '=',
      '/',
      '😀',
      '\u0301',
      'ab',
      '中A',
      ' \n',
      '1',
      'é',
      'ǅ',
    ])
      for (const length of [1, 2, 3, 31, 95, 96, 97, 128, 129, 700]) {
        expectSame(unit.repeat(length))
        expectSame(`x${unit.repeat(length)}y`)
      }
  })

  it('equals tiktoken on long pieces without pattern', () => {
    let state = 7
    const next = (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below
    for (const letters of ['abcdefghijklmnopqrstuvwxyz', 'aab', '!?#$%&*+-=<>', '的一是在不了有和人这中大为上个国'])
      expectSame(Array.from({ length: 1_500 }, () => letters[next(letters.length)]).join(''))
    expectSame(base64(3_000).replaceAll(/[^a-z]/g, ''))
  })

  it('merges long pieces as it merges short ones', () => {
    fc.assert(
      fc.property(fuzzRuns, (bits) => expectSame(bits.join(''))),
      { numRuns: 150 },
    )
  })

  it('takes time near linear in the text, counted in steps', () => {
    for (const unit of ['a', ' ', '\n', '中', '!', '😀', '中A', ' \n', '\u0301', 'aB', "'s", '=-', 'é中']) {
      const perCharacter = [2_000, 64_000].map((length) => {
        const before = encoder.steps
        encoder.count(unit.repeat(length / unit.length))
        return (encoder.steps - before) / length
      })
      // 32 times the text may take 32 × log(64,000) / log(2,000) times the steps; a square would take 1,024 times.
      expect(perCharacter[1], JSON.stringify(unit)).toBeLessThan(Math.max(8, (perCharacter[0] ?? 0) * 1.7))
      expect(perCharacter[1], JSON.stringify(unit)).toBeLessThan(150)
    }
  })
})

describe('encoders', () => {
  it('counts a megabyte of one letter, of spaces and of hanzi without a pause', () => {
    const encoder = encoderOf('o200k_base')
    const hanzi = Array.from({ length: 349_525 }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)))
    for (const text of ['a'.repeat(2 ** 20), ' '.repeat(2 ** 20), hanzi.join('')]) {
      expect(Buffer.byteLength(text)).toBeGreaterThan(1_048_570)
      const start = process.cpuUsage()
      expect(encoder.count(text)).toBeGreaterThan(5_000)
      // Some tenths of a second; merging in squares takes hours.
      expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10)
    }
  })

  it('stops counting when the limit is passed', () => {
    const encoder = encoderOf('o200k_base')
    const text = 'one two three '.repeat(10_000)
    const before = encoder.steps
    expect(encoder.count(text, 100)).toBeGreaterThan(100)
    expect(encoder.steps - before).toBeLessThan(2_000)
    // A piece that must be too long is not even merged.
    expect(encoder.count('a'.repeat(1_000_000), 100)).toBeGreaterThan(100)
    expect(encoder.steps - before).toBeLessThan(1_100_000)
  })

  it('names the package and the fix when the peer is not installed', () => {
    const notFound = (): never => {
      throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
    }
    expect(() => readRanks('o200k_base', notFound)).toThrow(
      expect.objectContaining({
        code: 'tokens.encoder_missing',
        message: expect.stringContaining('npm install @dqbd/tiktoken'),
        details: { package: '@dqbd/tiktoken', encoding: 'o200k_base' },
      }),
    )
  })

  it('says so when the peer keeps its ranks in another form', () => {
    const other = new URL('../../../package.json', import.meta.url).pathname
    expect(() => readRanks('o200k_base', () => other)).toThrow(
      expect.objectContaining({ code: 'tokens.encoder_unreadable' }),
    )
  })
})
