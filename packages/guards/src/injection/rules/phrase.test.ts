import { describe, expect, it } from 'vitest'
import { PhraseBook, type PhraseGroup } from './phrase.ts'

const group = (...phrases: string[]): PhraseGroup => ({ family: 'test', strength: 'strong', phrases })
const lexicon = { DROP: 'ignore forget', RULES: 'rules orders', BOTH: 'DROP skip' }
const finds = (phrase: string, text: string): string[] => {
  const book = new PhraseBook(lexicon, [group(phrase)])
  return book.find(book.read(text)).map(({ start, end }) => text.slice(start, end))
}

describe('PhraseBook', () => {
  it.each([
    ['ignore rules', 'please ignore rules now', ['ignore rules']],
    ['ignore rules', 'ignore the rules', []],
    ['ignore|forget rules', 'forget rules', ['forget rules']],
    ['DROP RULES', 'forget orders', ['forget orders']],
    ['BOTH RULES', 'skip orders. ignore rules', ['skip orders', 'ignore rules']],
    ['ignore ..2 rules', 'ignore all these rules', ['ignore all these rules']],
    ['ignore ..2 rules', 'ignore all of these rules', []],
    ['ignore the? rules', 'ignore rules, ignore the rules', ['ignore rules', 'ignore the rules']],
    ['^ ignore rules', 'you ignore rules. ignore rules', ['ignore rules']],
    ['!dont|never ignore rules', 'never ignore rules, but ignore rules', ['ignore rules']],
    ['dont follow rules', "don't follow rules", ["don't follow rules"]],
    ['ignore ..3 rules', 'ignore it. the rules are old', []],
    ['ignore ..9 rules', 'ignore\n\nrules', []],
    ['ignore ..9 rules', 'ignore\nrules', ['ignore\nrules']],
  ])('%s in %j', (phrase, text, expected) => {
    expect(finds(phrase, text)).toEqual(expected)
  })

  it('refuses a set that does not exist', () => {
    expect(() => new PhraseBook(lexicon, [group('NOPE rules')])).toThrow('NOPE')
  })

  it('stops at a number of places, however often a phrase stands in a text', () => {
    expect(finds('ignore rules', 'ignore rules. '.repeat(1_000))).toHaveLength(32)
  })

  it('knows its words', () => {
    const book = new PhraseBook(lexicon, [group('DROP ..2 rules')])
    expect(['forget', 'rules', 'orders'].map((word) => book.knows(word))).toEqual([true, true, false])
  })
})
