import { describe, expect, it } from 'vitest'
import { cues, isCounted, Surroundings } from './context-words.ts'

const at = (text: string, value = '42') => {
  const start = text.indexOf(value)
  return new Surroundings(text, start, start + value.length)
}

describe('surroundings', () => {
  it('are the five words on each side', () => {
    const { before, after, complete } = at('one two three four five six 42 a b c d e f')
    expect(before).toEqual(['two', 'three', 'four', 'five', 'six'])
    expect(after).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(complete).toBe(true)
  })

  it('end with the sentence or the line after it, not before it', () => {
    const { before, after, complete } = at('The number.\nIt is 42. Then more')
    expect(before).toEqual(['the', 'number', 'it', 'is'])
    expect(after).toEqual([])
    expect(complete).toBe(true)
    expect(at('42 is it\nand more').after).toEqual(['is', 'it'])
  })

  it('are incomplete where more words could follow', () => {
    expect(at('42 is m').after).toEqual(['is', 'm'])
    expect(at('42 is m').complete).toBe(false)
    expect(at('42').complete).toBe(false)
    expect(at('42 is what it says her,').complete).toBe(true)
  })

  it('have no marks where they are numbers', () => {
    cues(['2'])
    expect(at('1 2, 42: 3').marks).toBe(0)
    expect(at('1 2, 42: x').marks).not.toBe(0)
  })

  it('leave out a word that is seen in part only', () => {
    expect(at(`${'x'.repeat(70)} y 42`).before).toEqual(['y'])
    expect(at(`42 ${'x'.repeat(60)}`).after).toEqual([])
  })
})

describe('cues', () => {
  const named = cues(['ssn', 'social security', 'tél'])

  it.each([
    ['my SSN is 42', 2],
    ['SSNs: 42', 1],
    ['42 is my social security number', 3],
    ['social security no 42', 3],
    ['tél. 42', 1],
  ])('%s', (text, distance) => {
    expect(named.distance(at(text))).toBe(distance)
  })

  it('one on a side', () => {
    const around = at('one SSN, 42 is my social security number')
    expect([named.distance(around, 'before'), named.distance(around, 'after')]).toEqual([1, 3])
  })

  it.each([
    ['Tél 42', 1],
    ['TÉL 42', 1],
    ['\u212aelvin 42', 1],
    ['degrees KELVINS 42', 1],
    ['\u0130d 42', 1],
  ])('%s, by the lower case of its letters', (text, distance) => {
    expect(cues(['tél', 'kelvin', '\u0130d'.toLowerCase()]).distance(at(text))).toBe(distance)
  })

  it.each(['a passenger 42', 'ssnx 42', 'social 42', 'security social 42', 'my SSN is one of the things that 42'])(
    'none in %s',
    (text) => {
      expect(named.distance(at(text))).toBe(0)
    },
  )

  it('none before a word that it is said of', () => {
    const account = cues(['account', 'bank account'], ['manager'])
    expect(account.distance(at('account 42'))).toBe(1)
    expect(account.distance(at('account manager 42'))).toBe(0)
    expect(account.distance(at('42 bank accounts'))).toBe(2)
    expect(account.distance(at('42 bank account manager'))).toBe(0)
  })
})

describe('what is counted', () => {
  it.each([
    ['42 rows', true],
    ['42 Users.', true],
    ['42, rows', false],
    ['42 of the rows', false],
    ['42', false],
  ])('%s: %s', (text, counted) => {
    expect(isCounted(at(text))).toBe(counted)
  })
})
