import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepFreeze, isObject, snapshotJson } from './json.ts'

function isFrozenThrough(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isFrozenThrough))
  )
}

describe('deepFreeze', () => {
  it('freezes everything, wherever it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isFrozenThrough(deepFreeze(value))))
    expect(isFrozenThrough(deepFreeze(['text', { a: [1, { b: {} }] }]))).toBe(true)
  })
})

describe('snapshotJson', () => {
  it('is what JSON would make of plain data, frozen, and leaves its argument alone', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0) && Number.isFinite(number)),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
      ),
    })).any
    fc.assert(
      fc.property(value, (given) => {
        const snapshot = snapshotJson(given)
        expect(JSON.stringify(snapshot)).toBe(JSON.stringify(given))
        expect(isFrozenThrough(snapshot)).toBe(true)
        if (typeof given === 'object' && given !== null) expect(Object.isFrozen(given)).toBe(false)
      }),
    )
  })

  it.each<[string, unknown]>([
    ['dates', { at: new Date(0) }],
    [
      'toJSON on a class',
      {
        x: new (class {
          toJSON(): object {
            return { y: [1] }
          }
        })(),
      },
    ],
    ['functions and symbols', { f: () => 1, s: Symbol('s'), list: [() => 1, Symbol('s')] }],
    ['a __proto__ field', JSON.parse('{"__proto__":{"a":1},"b":2}')],
    [
      'getters',
      {
        get now() {
          return 5
        },
      },
    ],
    ['maps and sets', { map: new Map([[1, 2]]), set: new Set([1]) }],
    ['holes', { list: [1, , 3] }], // oxlint-disable-line no-sparse-arrays
    ['not-a-number and infinity', { a: Number.NaN, b: [Infinity, -0] }],
    ['boxed values', { a: Object(1), b: Object('x'), c: Object(false) }],
  ])('agrees with JSON.stringify on %s', (_name, value) => {
    expect(JSON.stringify(snapshotJson(value))).toBe(JSON.stringify(value))
    expect(isFrozenThrough(snapshotJson(value))).toBe(true)
  })
})

describe('isObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['x', false],
    [undefined, false],
  ])('%j: %s', (value, expected) => {
    expect(isObject(value)).toBe(expected)
  })
})
