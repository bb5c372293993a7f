import { describe, expect, it } from 'vitest'
import { checkFingerprints, checkNames, checkNumber, checkOneOf, checkTexts, shown } from './option-checks.ts'

describe('what messages show of a value', () => {
  it.each([
    ['x', '"x"'],
    ['s'.repeat(41), 'a text of 41 characters'],
    [1n, 'a bigint'],
    [Symbol('x'), 'a symbol'],
    [() => 'secret', 'a function'],
    [['secret'], 'a list'],
    [[], 'an empty list'],
    [{ toString: 5, secret: 1 }, 'an object'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
  ])('of %o is %s', (value, expected) => {
    expect(shown(value)).toBe(expected)
  })
})

describe('option checks', () => {
  const refused = (message: string): unknown => expect.objectContaining({ code: 'config.option', message })

  it.each([
    [undefined],
    [null],
    [5],
    ['x'],
    [[]],
    [new Map([['mode', 'block']])],
    [
      new (class {
        mode = 'block'
      })(),
    ],
    [() => undefined],
  ])('refuse as options %o', (options) => {
    expect(() => checkNames('x()', options, ['mode', 'allow'])).toThrow(
      refused('x() takes an object of options: mode, allow.'),
    )
  })

  it('take any object that was written as one', () => {
    expect(() => checkNames('x()', { mode: 1 }, ['mode'])).not.toThrow()
    expect(() => checkNames('x()', Object.assign(Object.create(null), { mode: 1 }), ['mode'])).not.toThrow()
    expect(() => checkNames('x()', structuredClone({ mode: 1 }), ['mode'])).not.toThrow()
  })

  it('name what they refuse, and nothing that is long', () => {
    expect(() => checkNames('x()', { moed: 1 }, ['mode'])).toThrow(
      refused('x() has no option "moed". The options are mode.'),
    )
    expect(() => checkOneOf('x()', 'mode', 1n, ['a', 'b'])).toThrow(
      refused('mode of x() must be "a" or "b", got a bigint.'),
    )
    expect(() => checkOneOf('x()', 'mode', 's'.repeat(99), ['a'])).toThrow(
      refused('mode of x() must be "a", got a text of 99 characters.'),
    )
    expect(() => checkNumber('x()', 'max', Symbol('s'), { min: 1 })).toThrow(
      refused('max of x() must be a whole number of at least 1, got a symbol.'),
    )
    expect(() => checkTexts('x()', 'allow', '')).toThrow(refused('allow of x() must be a list of texts, got "".'))
    expect(() => checkTexts('x()', 'allow', null, { mayBeEmpty: true })).toThrow(
      refused('allow of x() must be a list of texts, got null.'),
    )
    expect(() => checkTexts('x()', 'allow', [], { mayBeEmpty: true })).not.toThrow()
  })

  it.each([
    [['zz'], 's'.repeat(16), /16 hex digits/],
    [['0123456789abcdef'], undefined, /needs the salt/],
    [undefined, 'short', /at least 16 characters/],
    ['', 's'.repeat(16), /16 hex digits/],
  ])('refuse as fingerprints %o with the salt %o', (allow, salt, message) => {
    expect(() => checkFingerprints('x()', allow, salt)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }),
    )
    expect(() => checkFingerprints('x()', ['0123456789abcdef'], 's'.repeat(16))).not.toThrow()
  })
})
