import { describe, expect, it } from 'vitest'
import { answerSignNames, answerSigns } from './answer-signs.ts'
import { promptSurface, promptSurfaceNames } from './surface.ts'
import { countWords } from './words.ts'

const prompt = 'Tom has 12 apples and buys 3 bags of 4. How many apples does he have?'
const right = 'He buys 3 * 4 = <<3*4=12>>12 apples.\nHe has 12 + 12 = <<12+12=24>>24 apples.\n#### 24'

function sign(name: (typeof answerSignNames)[number], answer: string, question = prompt): number {
  return answerSigns(question, answer)[answerSignNames.indexOf(name)] ?? Number.NaN
}

describe('answerSigns', () => {
  it('has one finite number a name, whatever the texts', () => {
    for (const answer of ['', right, '=', '####', '```', '#### -', '\n\n', '我不知道。'])
      for (const question of ['', prompt]) {
        const signs = answerSigns(question, answer)
        expect(signs).toHaveLength(answerSignNames.length)
        expect(signs.every(Number.isFinite)).toBe(true)
      }
  })

  it('finds nothing wrong with a worked answer', () => {
    for (const name of [
      'cut off',
      'no final marker',
      'wrong sums',
      'numbers from nowhere',
      'hedging',
      'prompt numbers not used',
    ] as const)
      expect([name, sign(name, right)]).toEqual([name, 0])
    expect(sign('results not used again', right)).toBe(0)
    expect(sign('final is not the last result', right)).toBe(0)
  })

  it.each([
    ['cut off', 'He buys 3 * 4 = <<3*4=12>>12 apples.\nHe has 12 + 12 = <<12+1'],
    ['cut off', 'He buys three bags, which is'],
    ['no final marker', 'He has 24 apples.'],
    ['wrong sums', '3 * 4 = 13\n12 + 13 = 25\n#### 25'],
    ['final is not whole', '12 / 5 = 2.4\n#### 2.4'],
    ['final is negative or zero', '3 - 4 = -1\n#### -1'],
    ['final has words beside the number', '12 + 12 = 24\n#### 24 apples'],
    ['final has no number', '#### unknown'],
    ['final is not the last result', '3 * 4 = 12\n12 + 12 = 24\n#### 12'],
    ['results not used again', '3 * 4 = 12\n5 + 6 = 11\n#### 30'],
    ['prompt numbers not used', '3 + 3 = 6\n#### 6'],
    ['numbers from nowhere', '37 + 12 = 49\n#### 49'],
    ['hedging', 'It is approximately 24.\n#### 24'],
    ['second thoughts', 'However, there is a mistake.\n#### 24'],
    ['question unit absent', '12 + 12 = 24\n#### 24'],
    ['repetition', 'It is 24.\nIt is 24.\n#### 24'],
    ['refusal', "I'm sorry, I cannot answer."],
    ['empty', '  '],
  ] as const)('notices: %s', (name, answer) => {
    expect(sign(name, answer)).toBeGreaterThan(0)
  })
})

describe('promptSurface', () => {
  it('has one finite number a name', () => {
    for (const text of ['', prompt, '问题是什么？', 'A. one\nB. two 2\n', '\ud800'])
      expect(promptSurface(text).filter(Number.isFinite)).toHaveLength(promptSurfaceNames.length)
  })

  it('sees options, numbers and comparisons', () => {
    const seen = Object.fromEntries(
      promptSurface('Which is NOT more than half of 1,000?\nA. 10\nB. 2/3 of it').map((value, index) => [
        promptSurfaceNames[index],
        value,
      ]),
    )
    expect(seen).toMatchObject({
      'question mark': 1,
      negation: 1,
      options: 0.5,
      comparisons: Math.log1p(1),
      lines: Math.log1p(2),
    })
    expect(seen['numbers']).toBeCloseTo(Math.log1p(4), 9)
    expect(seen['fractions and percents']).toBeCloseTo(Math.log1p(2), 9)
  })
})

describe('countWords', () => {
  const total = (text: string): number => countWords(text, 1_024).counts.reduce((sum, count) => sum + count, 0)

  it('counts words, numbers and marks, whatever the case', () => {
    expect(total('The 12 cats, the END.')).toBe(7)
    expect(countWords('Cats', 1_024)).toEqual(countWords('cATS', 1_024))
    expect(countWords('cats', 1_024)).not.toEqual(countWords('cat', 1_024))
    expect(total('')).toBe(0)
  })

  it('counts characters and pairs where words are not spaced', () => {
    expect(total('如何')).toBe(3)
  })

  it('gives ascending slots within the dimensions', () => {
    const { slots } = countWords('one two three four five six seven', 256)
    expect([...slots]).toEqual([...slots].sort((a, b) => a - b))
    expect(slots.every((slot) => slot >= 0 && slot < 256)).toBe(true)
  })
})
