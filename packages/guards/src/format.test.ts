import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { format, type FormatOptions } from './format.ts'
import { bare, judged, verdictOf } from './testing/check.ts'

describe('format', () => {
  it.each([
    ['{"a": 1}', 'allow'],
    [' [1, 2]\n', 'allow'],
    ['"text"', 'allow'],
    ['{"a": 1', 'block not_json'],
    ['Here you are: {"a": 1}', 'block not_json'],
    ['```json\n{"a": 1}\n```', 'block not_json'],
    ['', 'block not_json'],
  ])('asks for JSON: %j', (text, expected) => {
    expect(judged(format('json'), text)).toBe(expected)
  })

  it('lets JSON stand in a fence where it may', () => {
    const fenced = format('json', { fence: true })
    for (const text of ['```json\n{"a": 1}\n```', '\n```\n[]\n``` \n', '{"a": 1}'])
      expect(judged(fenced, text)).toBe('allow')
    for (const text of ['```json\n{"a": 1}', '```json\n{"a": 1\n```', '```js\n1\n```'])
      expect(judged(fenced, text)).toBe('block not_json')
  })

  it('holds JSON against a schema, without a word of it in the verdict', () => {
    const detector = format(z.object({ city: z.string(), people: z.number() }), { mode: 'warn' })
    expect(judged(detector, '{"city": "Bonn", "people": 3}')).toBe('allow')
    const verdict = verdictOf(detector, '{"city": 5, "ada@example.com": "4111 1111"}')
    expect(verdict).toMatchObject({
      action: 'warn',
      rules: ['schema'],
      explanation: 'JSON that does not fit the schema in 2 places',
    })
    expect(JSON.stringify(verdict)).not.toMatch(/ada|4111|city/)
    expect(judged(detector, 'no')).toBe('warn not_json')
  })

  it('waits for a schema that answers later', async () => {
    const slow = format(z.string().refine(async (text) => text === 'yes'))
    expect(await slow.check('"yes"', bare)).toMatchObject({ action: 'allow' })
    expect(await slow.check('"no"', bare)).toMatchObject({ rules: ['schema'] })
  })

  it('asks for a pattern of the whole text', () => {
    expect(judged(format(/(yes|no)\.?/i), 'Yes.')).toBe('allow')
    expect(judged(format(/(yes|no)\.?/i), 'Yes, sir')).toBe('block pattern')
    const refused = expect.objectContaining({
      code: 'config.pattern',
      message: expect.stringMatching(/Leave out look-around and back-references\.$/),
    })
    expect(() => format(/(?=a)a/)).toThrow(refused)
    expect(() => format(/yes/y)).toThrow(/flag y/)
  })

  it.each<[unknown, FormatOptions]>([
    ['yaml', {}],
    [{ type: 'object' }, {}],
    [undefined, {}],
    ['json', { mode: 'redact' as never }],
    ['json', { fence: 1 as never }],
    ['json', { strict: true } as never],
  ])('refuses %j %j', (expected, options) => {
    expect(() => format(expected as never, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
