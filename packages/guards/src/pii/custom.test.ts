import { describe, expect, it } from 'vitest'
import { type CustomEntity, pii } from './pii.ts'
import { redactWhole, spansOf } from './fixtures/stream.ts'

const found = (text: string, custom: CustomEntity): string[] =>
  spansOf(pii({ entities: ['email'], custom: [custom] }), text).map(({ start, end }) => text.slice(start, end))
const employee: CustomEntity = { entity: 'employee_id', pattern: 'EMP-\\d{4,6}', maxLength: 10 }

describe('a custom entity', () => {
  it('is found from the start of a word to the end of one', () => {
    expect(found('EMP-1234, (EMP-123456) xEMP-1234 EMP-1234567 EMP-12345x EMP-1', employee)).toEqual([
      'EMP-1234',
      'EMP-123456',
    ])
  })

  it('is replaced by its name', () => {
    expect(redactWhole(pii({ custom: [employee] }), 'EMP-1234 <ada@example.com>')).toBe('[EMPLOYEE_ID] <[EMAIL]>')
  })

  it('takes a RegExp with its flags', () => {
    expect(found('emp-1234', { ...employee, pattern: /EMP-\d{4,6}/i })).toEqual(['emp-1234'])
    expect(found('emp-1234', { ...employee, pattern: /EMP-\d{4,6}/ })).toEqual([])
  })

  it('may span several words', () => {
    expect(found('code Z 12 34 ok', { entity: 'code', pattern: 'Z \\d\\d \\d\\d' })).toEqual(['Z 12 34'])
  })

  it('may need a word beside it', () => {
    const custom = { ...employee, pattern: '\\d{6}', context: ['employee', 'staff number'] }
    expect(found('employee 123456 has 654321 and that is far from what is said', custom)).toEqual(['123456', '654321'])
    expect(found('123456 is the staff number', custom)).toEqual(['123456'])
    expect(found('123456 is a number', custom)).toEqual([])
  })

  it('may have a check of its own', () => {
    expect(found('EMP-1234 EMP-1235', { ...employee, validate: (id) => Number(id.slice(4)) % 2 === 0 })).toEqual([
      'EMP-1234',
    ])
  })

  it('counts from minScore on', () => {
    expect(spansOf(pii({ custom: [{ ...employee, score: 0.4 }] }), 'EMP-1234')).toEqual([])
    expect(spansOf(pii({ custom: [{ ...employee, score: 0.4 }], minScore: 0.4 }), 'EMP-1234')).toHaveLength(1)
  })

  it('runs in linear time where a backtracking engine does not', () => {
    const detector = pii({ custom: [{ entity: 'bad', pattern: '(a+)+b', maxLength: 200 }] })
    const start = process.cpuUsage()
    expect(spansOf(detector, 'a'.repeat(100_000))).toEqual([])
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(5_000)
  })

  it.each([
    [{}, 'got undefined'],
    [{ entity: 'Employee', pattern: 'x' }, 'got "Employee"'],
    [{ entity: 'email', pattern: 'x' }, 'two entities of pii() by the name "email"'],
    [{ entity: 'x' }, 'pattern of the entity "x"'],
    [{ entity: 'x', pattern: '' }, 'pattern of the entity "x"'],
    [{ entity: 'x', pattern: '(' }, 'missing closing )'],
    [{ entity: 'x', pattern: /(?=a)b/ }, 'use context and validate'],
    [{ entity: 'x', pattern: 'a', maxLength: 0 }, 'from 1 to 256, got 0'],
    [{ entity: 'x', pattern: 'a', maxLength: 257 }, 'from 1 to 256, got 257'],
    [{ entity: 'x', pattern: 'a', context: ['Staff'] }, 'lower case'],
    [{ entity: 'x', pattern: 'a', context: [] }, 'lower case'],
    [{ entity: 'x', pattern: 'a', validate: true }, 'must be a function'],
    [{ entity: 'x', pattern: 'a', score: 2 }, 'from 0 to 1, got 2'],
    [{ entity: 'x', pattern: 'a', flags: 'i' }, 'no option "flags"'],
  ])('refuses %j', (custom, message) => {
    expect(() => pii({ custom: [custom as CustomEntity] })).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })

  it('has a name of its own', () => {
    expect(() => pii({ custom: [employee, employee] })).toThrow('two entities')
    expect(() => pii({ custom: employee as never })).toThrow('must be a list')
  })
})
