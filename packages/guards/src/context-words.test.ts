import { describe, expect, it } from 'vitest'
import { cues, surroundings } from './context-words.ts'

const at = (text: string, value = '42') => {
  const start = text.indexOf(value)
  return surroundings(text, start, start + value.length)
}

describe('surroundings', () => {
  it('are the five words on each side', () => {
    expect(at('one two three four five six 42 a b c d e f')).toEqual({
      before: ['two', 'three', 'four', 'five', 'six'],
      after: ['a', 'b', 'c', 'd', 'e'],
      complete: true,
      spoken: true,
    })
  })

  it('end with the sentence or the line after it, not before it', () => {
    expect(at('The number.\nIt is 42. Then more')).toMatchObject({
      before: ['the', 'number', 'it', 'is'],
      after: [],
      complete: true,
    })
    expect(at('42 is it\nand more').after).toEqual(['is', 'it'])
  })

  it('are incomplete where more words could follow', () => {
    expect(at('42 is m')).toMatchObject({ after: ['is', 'm'], complete: false })
    expect(at('42').complete).toBe(false)
    expect(at('42 is what it says her,').complete).toBe(true)
  })

  it('are not spoken where they are numbers', () => {
    expect(at('1 2, 42: 3').spoken).toBe(false)
    expect(at('1 2, 42: x').spoken).toBe(true)
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

  it.each(['a passenger 42', 'ssnx 42', 'social 42', 'security social 42', 'my SSN is one of the things that 42'])(
    'none in %s',
    (text) => {
      expect(named.distance(at(text))).toBe(0)
    },
  )
})
