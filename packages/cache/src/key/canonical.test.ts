import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical.ts'

describe('canonicalJson', () => {
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('is the same text for equal values, and for no others', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        expect(canonicalJson(reversed(a))).toBe(canonicalJson(a))
        const sorted = (value: unknown): string => JSON.stringify(sortedCopy(JSON.parse(JSON.stringify(value))))
        expect(canonicalJson(a) === canonicalJson(b)).toBe(sorted(a) === sorted(b))
      }),
    )
  })

  it.each([
    [{ b: 1, a: { d: [1, { f: 2, e: 3 }], c: null } }, '{"a":{"c":null,"d":[1,{"e":3,"f":2}]},"b":1}'],
    [{ a: undefined, b: [undefined, () => 1], c: Symbol('x') }, '{"b":[null,null]}'],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [-0, '0'],
    [1e21, '1e+21'],
    ['\u00e9', '"\u00e9"'],
    ['e\u0301', '"e\u0301"'],
    ['\ud800', '"\\ud800"'],
    [undefined, 'null'],
    [JSON.parse('{"__proto__":{"x":1},"a":1}'), '{"__proto__":{"x":1},"a":1}'],
    [{ 10: 'a', 9: 'b' }, '{"10":"a","9":"b"}'],
  ])('writes %o as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('refuses what has no JSON', () => {
    for (const value of [Number.NaN, Infinity, 7n, { a: [Number.NaN] }])
      expect(() => canonicalJson(value)).toThrow(TypeError)
    const endless: { self?: object } = {}
    endless.self = endless
    expect(() => canonicalJson(endless)).toThrow(RangeError)
  })
})

/** The same value with its fields written in another order. */
function reversed(value: unknown): unknown {
  return mapped(value, (fields) => fields.toReversed())
}

function sortedCopy(value: unknown): unknown {
  return mapped(value, (fields) => fields.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

type Fields = readonly (readonly [string, unknown])[]

function mapped(value: unknown, order: (fields: Fields) => Fields): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, order))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(order(Object.entries(value)).map(([name, field]) => [name, mapped(field, order)]))
}
