import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextHeaders, currentContext, hasContextHeaders, withContext, type CallContext } from './context.ts'
import { takeContextHeaders } from './context-headers.ts'

describe('withContext', () => {
  it('is seen across awaits, nests, and ends with its scope', async () => {
    const seen = await withContext({ tenant: 'acme', tags: ['a'] }, async () => {
      await Promise.resolve()
      return withContext({ user: 'u1', tags: ['b'] }, () => currentContext())
    })
    expect(seen).toEqual({ tenant: 'acme', user: 'u1', tags: ['b'] })
    expect(currentContext()).toEqual({})
  })

  it.each([
    [{ tenant: '' }, /"tenant" must be a non-empty string/],
    [{ tenant: 7 }, /"tenant" must be a non-empty string/],
    [{ tags: 'a' }, /"tags" must be a list/],
    [{ deadlineAtMs: Number.NaN }, /"deadlineAtMs" must be Unix milliseconds/],
    [{ metadata: [] }, /"metadata" must be an object/],
    [{ tenat: 'acme' }, /"tenat" must be left out; the fields are tenant/],
  ])('refuses %j', (context, message) => {
    expect(() => withContext(context as CallContext, () => 1)).toThrow(message)
    expect(() => contextHeaders(context as CallContext)).toThrow(message)
  })
})

describe('contextHeaders', () => {
  it('carries any context there and back, beside headers that stay', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' })
    const context = fc.record(
      {
        tenant: text,
        user: text,
        session: text,
        tags: fc.array(text, { minLength: 1 }),
        deadlineAtMs: fc.integer({ min: 0 }),
        metadata: fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.oneof(text, fc.integer(), fc.boolean())),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(context, (given) => {
        const headers = new Headers({ ...contextHeaders(given), authorization: 'Bearer k' })
        const taken = takeContextHeaders(headers)
        expect(taken.context).toEqual(given)
        expect([...taken.headers.keys()]).toEqual(['authorization'])
        expect(hasContextHeaders(headers)).toBe(Object.keys(given).length > 0)
      }),
    )
  })
})
