import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuard } from '../create-guard.ts'
import { allowed, type Detector } from '../detector.ts'
import { wordDetector } from '../testing/tiny-detectors.ts'
import { sentenceEnd } from './sentence-end.ts'

function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  for (let at = 0; at < text.length;) {
    const end = sentenceEnd(text, at, at) ?? text.length
    sentences.push(text.slice(at, end))
    at = end
  }
  return sentences
}

describe('sentences', () => {
  it.each([
    ['One. Two! Three?', ['One.', ' Two!', ' Three?']],
    ['It costs 3.5 at example.com. Go', ['It costs 3.5 at example.com.', ' Go']],
    ['He said "no." (Or so.) Then', ['He said "no."', ' (Or so.)', ' Then']],
    ['a\nb\n', ['a\n', 'b\n']],
    ['一。二！', ['一。', '二！']],
    ['Wait... what?', ['Wait...', ' what?']],
  ])('%j', (text, expected) => expect(sentencesOf(text)).toEqual(expected))

  it('are cut at a space where they do not end, and anywhere where there is none', () => {
    const words = sentencesOf('word '.repeat(500))
    expect(words.length).toBeGreaterThan(1)
    expect(Math.max(...words.map(({ length }) => length))).toBeLessThan(1_010)
    expect(sentencesOf('x'.repeat(5_000)).map(({ length }) => length)).toEqual([2_000, 2_000, 1_000])
  })
})

describe('mode sentence', () => {
  const pieces = fc.constantFrom('. ', '.', '? ', '."', ') ', '\n', '。', ' ', 'a fool', 'word', '3.5', '😀', '…', '*')
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((all) => all.join('')),
    fc
      .array(fc.constantFrom('long '.repeat(90), 'x'.repeat(900), 'fool. ', '. '), { maxLength: 6 })
      .map((all) => all.join('')),
  )
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })

  const heardBy = async (text: string, lengths: readonly number[]): Promise<{ heard: string[]; shown: string }> => {
    const heard: string[] = []
    const spy: Detector = {
      name: 'spy',
      check(sentence) {
        heard.push(sentence)
        return allowed
      },
    }
    const { stream: _, ...redacting } = wordDetector('foo')
    const session = await createGuard({ output: [spy, redacting], stream: 'sentence' }).session()
    if (lengths.length === 0) return { shown: (await session.output(text)).text, heard }
    const stream = session.stream()
    let shown = ''
    for (let at = 0, turn = 0; at < text.length; turn += 1) {
      const length = lengths[turn % lengths.length] as number
      shown += await stream.push(text.slice(at, at + length))
      at += length
    }
    return { shown: shown + (await stream.end()), heard }
  }

  it('judges the same sentences and shows the same however a text comes, whole answers alike', async () => {
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, lengths) => {
        expect(await heardBy(text, lengths)).toEqual(await heardBy(text, []))
      }),
      { numRuns: 400 },
    )
  })

  it('asks an asynchronous detector about the same ones', async () => {
    const blocked = async (length: number): Promise<string> => {
      const slow: Detector = {
        name: 'slow',
        check: async (text) => ({
          action: text.length > 10 ? 'block' : 'allow',
          score: 1,
          spans: [],
          rules: ['long'],
          explanation: '',
        }),
      }
      const stream = (await createGuard({ output: [slow], stream: 'sentence' }).session()).stream()
      const text = 'abcdefgh. ijklmnop. qrstuv. wxyz '
      let shown = ''
      for (let at = 0; at < text.length; at += length) shown += await stream.push(text.slice(at, at + length))
      return shown + (await stream.end())
    }
    for (const length of [1, 5, 12, 100]) expect(await blocked(length)).toBe('abcdefgh. ijklmnop. qrstuv. wxyz ')
  })
})
