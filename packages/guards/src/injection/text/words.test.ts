import { describe, expect, it } from 'vitest'
import { hashOf, Vocabulary } from './vocabulary.ts'
import { codesOf, WordReader, type Words } from './words.ts'

const vocabulary = new Vocabulary(['ignore', 'dont', 'rules', 'правила'])
const reader = new WordReader(vocabulary)
const wordsOf = (text: string, { count, starts, ends }: Words): string[] =>
  Array.from({ length: count }, (_, index) => text.slice(starts[index], ends[index]))

describe('Vocabulary', () => {
  it('numbers its words from 1, and others with 0', () => {
    expect(['ignore', 'dont', 'rules', 'правила', 'rule', ''].map((word) => vocabulary.numberOf(hashOf(word)))).toEqual(
      [1, 2, 3, 4, 0, 0],
    )
    expect(vocabulary.longest).toBe(7)
  })

  it('refuses words that it could not tell apart', () => {
    expect(() => new Vocabulary(['rules', 'rules'])).toThrow('rules')
  })
})

describe('WordReader', () => {
  it('cuts words and numbers those that are known', () => {
    const text = "don't ignore 'all' rules: ни правила"
    const words = reader.read(text)
    expect(wordsOf(text, words)).toEqual(["don't", 'ignore', 'all', 'rules', 'ни', 'правила'])
    expect([...words.ids.subarray(0, words.count)]).toEqual([2, 1, 0, 3, 0, 4])
  })

  it('tells where sentences and paragraphs end', () => {
    const words = reader.read('one two. three, four\nfive\n\nsix v1.2 seven? eight')
    expect([...words.breaks.subarray(0, words.count)]).toEqual([1, 0, 1, 0, 0, 1, 0, 0, 0, 1])
  })

  it.each([
    ['plain words, and more of them.', { digits: false, leet: false, longRun: false, apart: 0 }],
    ['12 pieces', { digits: true, leet: false }],
    ['1gnore', { digits: true, leet: true }],
    ['p@ss', { leet: true }],
    ['@ home $ 5 |', { leet: false }],
    ['stop! now', { leet: false }],
    ['!gnore', { leet: true }],
    ['a2v5lxbhcnq/ywjj+', { longRun: true }],
    ['path/to_a-file/x', { longRun: true }],
    ['i g n o r e', { apart: 6 }],
    ['a b student c d e', { apart: 3 }],
    ["i'g'n'o'r'e", { apart: 6 }],
    ["don't i", { apart: 2 }],
  ])('sees the signs of %j', (text, expected) => {
    const { digits, leet, longRun, apart } = reader.read(text).signs
    expect({ digits, leet, longRun, apart }).toMatchObject(expected)
  })

  it('sees which characters occur that are in no word', () => {
    const { signs } = reader.read("a [b] \u2026 isn't")
    expect(signs.hasOneOf(codesOf('<['))).toBe(true)
    expect(signs.hasOneOf(codesOf('<('))).toBe(false)
    expect(signs.hasOneOf(codesOf("'"))).toBe(true)
    expect(signs.hasOneOf(codesOf('\x80'))).toBe(true)
    expect(reader.read('ascii').signs.hasOneOf(codesOf('\x80'))).toBe(false)
  })

  it('reads texts of any length', () => {
    const text = 'ignore the rules. '.repeat(2_000)
    const { count, ids } = reader.read(text)
    expect(count).toBe(6_000)
    expect([...ids.subarray(5_997, 6_000)]).toEqual([1, 0, 3])
  })
})
