import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seeded } from './random.ts'
import { sampleSchema, SchemaSampleError } from './schema-sample.ts'

/** Every sample of 40 seeds must be what zod takes for valid. */
function conforms(schema: z.ZodType, json: unknown = z.toJSONSchema(schema)): void {
  for (let seed = 0; seed < 40; seed++) {
    const sample = sampleSchema(json, seeded(seed))
    const result = schema.safeParse(sample)
    expect(result.success, `${JSON.stringify(sample)}: ${result.error?.message}`).toBe(true)
  }
}

describe('sampleSchema', () => {
  it.each<[string, z.ZodType]>([
    ['strings', z.object({ a: z.string(), b: z.string().min(30), c: z.string().max(3), d: z.string().min(4).max(5) })],
    [
      'formats',
      z.object({
        a: z.email(),
        b: z.uuid(),
        c: z.url(),
        d: z.iso.date(),
        e: z.iso.datetime(),
        f: z.ipv4(),
        g: z.ipv6(),
      }),
    ],
    ['patterns', z.object({ iban: z.string().regex(/^[A-Z]{2}\d{14}$/), sku: z.string().regex(/^[a-z]{3}-\d{1,4}$/) })],
    [
      'numbers',
      z.object({
        a: z.int().min(3).max(3),
        b: z.number().min(0).max(1),
        c: z.int().gt(-5).lt(0),
        d: z.number().multipleOf(0.25),
      }),
    ],
    ['narrow numbers', z.object({ a: z.number().gt(0).lt(0.001), b: z.int().min(1_000_000) })],
    [
      'enums and literals',
      z.object({ a: z.enum(['x', 'y']), b: z.literal(7), c: z.literal([1, 'two']), d: z.boolean(), e: z.null() }),
    ],
    [
      'arrays',
      z.object({
        a: z.array(z.string()).min(2).max(4),
        b: z.tuple([z.string(), z.int()]),
        c: z.array(z.int()).length(0),
      }),
    ],
    [
      'unions',
      z.object({
        a: z.union([z.string(), z.int()]),
        b: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('p'), p: z.int() }),
          z.object({ kind: z.literal('q'), q: z.string() }),
        ]),
      }),
    ],
    ['optional and nullable', z.object({ a: z.string().optional(), b: z.string().nullable(), c: z.int().nullish() })],
    ['records', z.record(z.string(), z.int())],
    ['intersections', z.intersection(z.object({ a: z.string() }), z.object({ b: z.int() }))],
    ['a root that is no object', z.array(z.enum(['a', 'b'])).min(1)],
  ])('conforms: %s', (_, schema) => conforms(schema))

  it('ends recursive schemas', () => {
    type Tree = { value: string; children: Tree[] }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ value: z.string(), children: z.array(tree) }))
    conforms(tree)
    type Chain = { next: Chain | null }
    const chain: z.ZodType<Chain> = z.lazy(() => z.object({ next: chain.nullable() }))
    conforms(chain)
  })

  it('follows references by name and path', () => {
    const json = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/Money' }, b: { $ref: '#/definitions/a~1b' } },
      required: ['a', 'b'],
      $defs: { Money: { type: 'integer', minimum: 5, maximum: 6 } },
      definitions: { 'a/b': { const: 'slash' } },
    }
    conforms(z.object({ a: z.int().min(5).max(6), b: z.literal('slash') }), json)
  })

  it('makes unique items, and says so when there are too few', () => {
    const bits = { type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true, minItems: 3 }
    expect([...(sampleSchema(bits, seeded(1)) as string[])].sort()).toEqual(['a', 'b', 'c'])
    expect(() => sampleSchema({ ...bits, minItems: 4 }, seeded(1))).toThrow(SchemaSampleError)
  })

  it('repeats itself for the same seed', () => {
    const json = z.toJSONSchema(z.object({ name: z.string(), age: z.int(), tags: z.array(z.string()) }))
    expect(sampleSchema(json, seeded(1))).toEqual(sampleSchema(json, seeded(1)))
    expect(sampleSchema(json, seeded(1))).not.toEqual(sampleSchema(json, seeded(2)))
  })

  it.each([
    [{ not: {} }, /"not"/],
    [{ type: 'string', pattern: '(?=x)' }, /pattern/],
    [{ $ref: '#/$defs/none' }, /reference/],
    [{ $ref: '#' }, /leads to itself/],
    [{ type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }, /endless/],
    [{ type: 'integer', minimum: 3, maximum: 2 }, /between 3 and 2/],
    [{ type: 'date' }, /"date"/],
    [7, /must be an object/],
  ])('names what it cannot do: %o', (json, message) => {
    expect(() => sampleSchema(json, seeded(1))).toThrow(message)
  })
})
