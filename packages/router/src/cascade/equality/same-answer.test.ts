import { describe, expect, it } from 'vitest'
import { sameAnswer } from './same-answer.ts'

describe('sameAnswer', () => {
  it.each([
    ['42', '42.'],
    ['$1,000', '1000'],
    ['50 %', '50%'],
    ['1e3', '1000.0'],
    ['−5', '-5'],
    ['So 6 × 7 = 42.\n#### 42', 'Six sevens.\n#### 42.0'],
    ['thus \\boxed{3.5}', 'The answer is 3.50'],
    ['The final answer is **$12.50**.', 'answer: 12.5'],
    ['(B) Paris', 'B'],
    ['The answer is (b).', 'Answer: B. Paris'],
    ['B', 'b)'],
    ['The Eiffel Tower.', 'eiffel tower'],
    ['Ｙｅｓ', 'yes!'],
    ['{"a": 1, "b": ["x"]}', '```json\n{"b":["X"],"a":1.0}\n```'],
    ['{"a": null, "b": 2}', '{"b": "2"}'],
    ['[1, 2]', '[1,2]'],
    ['positive', 'Positive'],
  ])('finds %j the same as %j', (one, other) => {
    expect(sameAnswer({ text: one }, { text: other })).toBe(true)
    expect(sameAnswer({ text: other }, { text: one })).toBe(true)
  })

  it.each([
    ['42', '43'],
    ['42', '-42'],
    ['4.2', '42'],
    ['A', 'B'],
    ['(A) Rome', 'Answer: C'],
    ['#### 42', '#### 24'],
    ['{"a": 1}', '{"a": 2}'],
    ['{"a": 1}', '{"a": 1, "b": 0}'],
    ['{"a": 1}', 'a is 1'],
    ['[1, 2]', '[2, 1]'],
    ['positive', 'not positive'],
    ['The answer depends on the year', 'The answer depends on the month'],
    ['', ''],
    ['x < y', 'x > y or so'],
  ])('tells %j from %j', (one, other) => {
    expect(sameAnswer({ text: one }, { text: other })).toBe(false)
    expect(sameAnswer({ text: other }, { text: one })).toBe(false)
  })

  it('compares at paths alone, and within a tolerance', () => {
    const [one, other] = [{ text: '{"total": 10.001, "why": "sum"}' }, { text: '{"total": 10, "why": "added up"}' }]
    expect(sameAnswer(one, other, { tolerance: 0.001 })).toBe(false)
    expect(sameAnswer(one, other, { paths: ['total'] })).toBe(false)
    expect(sameAnswer(one, other, { paths: ['total'], tolerance: 0.001 })).toBe(true)
    expect(sameAnswer({ text: '{"a":[{"b":1}]}' }, { text: '{"a":[{"b":1,"c":2}]}' }, { paths: ['a.0.b'] })).toBe(true)
  })

  it('compares tool calls by name and arguments', () => {
    const calling = (name: string, given: string) => ({
      text: '',
      view: {
        id: undefined,
        model: undefined,
        choices: [
          {
            index: 0,
            text: '',
            refusal: undefined,
            reasoning: undefined,
            finish: undefined,
            toolCalls: [{ id: 'x', name, arguments: given }],
          },
        ],
      },
    })
    const call = calling('look', '{"city": "Paris", "n": 1}')
    expect(sameAnswer(call, calling('look', '{"n":1,"city":"paris"}'))).toBe(true)
    expect(sameAnswer(call, calling('look', '{"n":2,"city":"Paris"}'))).toBe(false)
    expect(sameAnswer(call, calling('see', '{"n":1,"city":"Paris"}'))).toBe(false)
    expect(sameAnswer(call, { text: 'Paris' })).toBe(false)
  })

  it('takes long and hostile texts in a moment', () => {
    const start = process.cpuUsage()
    for (const text of [
      'answer '.repeat(20_000),
      '\\boxed{'.repeat(10_000),
      '#'.repeat(100_000),
      '{"a":'.repeat(5_000),
      '1,'.repeat(50_000),
      '* '.repeat(50_000),
    ])
      sameAnswer({ text }, { text: `${text} ` })
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(5_000)
  })
})
