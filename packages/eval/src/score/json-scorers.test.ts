import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { json, jsonDiff } from './json-scorers.ts'
import type { StandardSchema } from './schema-check.ts'

describe('json without a schema', () => {
  it.each([
    ['{"a":1}', 1],
    ['[1]', 1],
    ['```json\n{"a":1}\n```', 1],
    ['```JSON \r\n{"a":1}\r\n```', 1],
    ['```\n[]```', 1],
    ['Here it is: {"a":1}', 0],
    ['{"a":1}{"b":2}', 0],
    ['{a:1}', 0],
    ['42', 0],
    ['null', 0],
    ['"text"', 0],
    ['', 0],
    [{ a: 1 }, 1],
    [null, 0],
    ['{"\u00e9":"👍"}', 1],
  ])('%j gives %d', async (output, score) => {
    expect(await valueBy(json(), output)).toBe(score)
  })

  it('reads a megabyte of hostile text in no time', async () => {
    const start = process.cpuUsage()
    for (const output of ['['.repeat(1_000_000), `\`\`\`\n${'`\n'.repeat(500_000)}`, '```\n'.repeat(250_000)])
      expect(await valueBy(json(), output)).toBe(0)
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(10_000)
  })
})

const order = { id: 7, total: 9.5 }
const wrong = { id: 'seven', total: 9.5 }

describe('json with a schema', () => {
  it('checks by a schema of zod and names the places that do not fit', async () => {
    const scorer = json({ schema: z.object({ id: z.number(), lines: z.array(z.object({ sum: z.number() })) }) })
    expect(await scoreBy(scorer, '{"id":1,"lines":[{"sum":2}]}')).toEqual({
      status: 'scored',
      score: 1,
      label: 'valid',
    })
    const score = await scoreBy(scorer, { id: 1, lines: [{ sum: 2 }, { sum: 'two' }] })
    expect(score).toMatchObject({ score: 0, label: 'invalid' })
    expect(JSON.stringify(score)).toContain('lines.1.sum: ')
  })

  it('checks by any Standard Schema: paths of segments, asynchronous or not', async () => {
    // In the form in which valibot gives its issues.
    const schema = (isAsync: boolean): StandardSchema => ({
      '~standard': {
        version: 1,
        vendor: 'valibot',
        validate(value) {
          const isRight = typeof (value as { id?: unknown } | null)?.id === 'number'
          const result = isRight ? {} : { issues: [{ message: 'Invalid type', path: [{ key: 'id' }] }] }
          return isAsync ? Promise.resolve(result) : result
        },
      },
    })
    for (const isAsync of [true, false]) {
      const scorer = json({ schema: schema(isAsync) })
      expect(await valueBy(scorer, order)).toBe(1)
      expect(await scoreBy(scorer, wrong)).toMatchObject({ score: 0, evidence: { issues: ['id: Invalid type'] } })
    }
  })

  const draft7 = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'integer' }, total: { type: 'number', minimum: 0 } },
    additionalProperties: false,
  }

  it.each([
    ['none', {}],
    ['7', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['2019-09', { $schema: 'https://json-schema.org/draft/2019-09/schema' }],
    ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
  ])('checks by a JSON Schema of draft %s', async (_, named) => {
    const scorer = json({ schema: { ...named, ...draft7 } })
    expect(await valueBy(scorer, order)).toBe(1)
    expect(await scoreBy(scorer, { ...wrong, more: 1 })).toMatchObject({
      score: 0,
      evidence: { issues: expect.arrayContaining(['/id must be integer']) },
    })
    expect(await scoreBy(scorer, 'no JSON')).toMatchObject({ score: 0, label: 'not_json' })
  })

  it('takes the JSON Schema that zod writes, with what only its draft knows', async () => {
    const schema = z.toJSONSchema(z.object({ pair: z.tuple([z.string(), z.number()]) }))
    expect(schema.$schema).toContain('2020-12')
    const scorer = json({ schema: { ...schema } })
    expect(await valueBy(scorer, { pair: ['a', 1] })).toBe(1)
    expect(await valueBy(scorer, { pair: [1, 'a'] })).toBe(0)
  })

  it('refuses at construction what is no schema', () => {
    const refused =
      (schema: unknown): (() => unknown) =>
      () =>
        json({ schema: schema as never })
    for (const schema of [7, 'text', null, { type: 'no such type' }, { $ref: '#/nowhere' }, { $async: true }])
      expect(refused(schema)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })

  it('has the schema in its version', () => {
    const versions = [json(), json({ schema: z.object({}) }), json({ schema: draft7 }), json({ schema: {} })]
    expect(new Set(versions.map(({ version }) => version)).size).toBe(4)
  })
})

describe('jsonDiff', () => {
  it('is the mean over the fields of either, with the places that differ', async () => {
    const expected = { a: 1, b: { c: 'text', d: [1, 2] }, gone: true }
    const output = { a: 1, b: { c: 'text', d: [1, 3, 9] }, more: null }
    expect(await scoreBy(jsonDiff(), output, { expected })).toEqual({
      status: 'scored',
      score: expect.closeTo((1 + (1 + (1 + 0.8 + 0) / 3) / 2 + 0 + 0) / 4, 12),
      evidence: {
        differences: [
          { path: 'b.d[1]', kind: 'changed' },
          { path: 'b.d[2]', kind: 'extra' },
          { path: 'gone', kind: 'missing' },
          { path: 'more', kind: 'extra' },
        ],
      },
    })
  })

  it('reads JSON text on both sides and knows kinds apart', async () => {
    expect(await scoreBy(jsonDiff(), '```json\n{"a":1}\n```', { expected: '{"a":1}' })).toEqual({
      status: 'scored',
      score: 1,
    })
    expect(await valueBy(jsonDiff(), { a: '1' }, { expected: { a: 1 } })).toBe(0)
    expect(await valueBy(jsonDiff(), { a: [] }, { expected: { a: {} } })).toBe(0)
    expect(await valueBy(jsonDiff(), 'plain', { expected: { a: 1 } })).toBe(0)
    expect(await valueBy(jsonDiff(), '{"a":1}')).toBe('no_expected')
  })

  it('pairs items of lists in any order as they fit best', async () => {
    const expected = [
      { name: 'ada', age: 36 },
      { name: 'bob', age: 40 },
    ]
    const output = [
      { age: 41, name: 'bob' },
      { age: 36, name: 'ada' },
    ]
    expect(await valueBy(jsonDiff(), output, { expected })).toBeLessThan(0.75)
    const score = await scoreBy(jsonDiff({ lists: 'set' }), output, { expected })
    expect(score).toMatchObject({ evidence: { differences: [{ path: '[0].age', kind: 'changed' }] } })
    expect(await valueBy(jsonDiff({ lists: 'set' }), [1, 2, 3], { expected: [2, 3, 4] })).toBeCloseTo(0.8, 12)
    expect(await scoreBy(jsonDiff({ lists: 'set' }), ['a'], { expected: [1, 'a'] })).toEqual({
      status: 'scored',
      score: 0.5,
      evidence: { differences: [{ path: '[0]', kind: 'missing' }] },
    })
  })

  it('ends soon for much text', async () => {
    const texts = (letter: string): string[] =>
      Array.from({ length: 300 }, (_, index) => `${index}${letter.repeat(9_000)}`)
    const start = process.cpuUsage()
    expect(await valueBy(jsonDiff({ lists: 'set' }), texts('a'), { expected: texts('b') })).toBeLessThan(0.1)
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(30_000)
  })
})
