import type { JsonObject } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { entryBytes, makeEntry, ownEntry } from './entry.ts'

const times = { storedAtMs: 0, freshUntilMs: 1, staleUntilMs: 1, errorUntilMs: 1, tookMs: 1 }

function entryOf(answer: JsonObject, boundaries?: [string, number][]) {
  return makeEntry({
    api: 'openai.chat',
    check: 'c',
    tags: { '': 0 },
    ...times,
    answer,
    boundaries,
    headers: undefined,
  })
}

describe('an entry', () => {
  it('is an answer that nobody can change, itself', () => {
    const answer = Object.freeze({ text: 'hello', list: Object.freeze([1, null, true]) })
    expect(entryOf(answer).answer).toBe(answer)
  })

  it.each([
    ['can be changed', { text: 'hello' }],
    ['can be changed inside', Object.freeze({ list: [Object.freeze({ text: 'hello' })] })],
    ['is no plain data', Object.freeze({ at: Object.freeze(new Date(0)) })],
    ['has a field that JSON leaves out', Object.freeze({ text: 'hello', none: undefined })],
    ['has a number that JSON has not', Object.freeze({ score: Number.NaN })],
  ])('is a copy of an answer that %s', (_, answer) => {
    const entry = entryOf(answer)
    expect(entry.answer).not.toBe(answer)
    expect(entry.answer).toEqual(JSON.parse(JSON.stringify(answer)))
    expect(Object.isFrozen(Object.values(entry.answer)[0] ?? entry.answer)).toBe(true)
  })

  it('is frozen with all that it has', () => {
    const cuts: [string, number][] = [['choices.0.content', 5]]
    const { boundaries, requestIds, tags } = entryOf({ text: 'hello' }, cuts)
    cuts[0]?.fill('changed' as never)
    expect(boundaries).toEqual([['choices.0.content', 5]])
    for (const part of [boundaries, boundaries?.[0], requestIds, tags]) expect(Object.isFrozen(part)).toBe(true)
  })

  it('takes as many bytes as its JSON has, about, whether it was copied or not', () => {
    const fields = { text: 'x'.repeat(10_000), list: [1, 2, 3], more: { a: null } }
    const frozen = Object.freeze({ ...fields, list: Object.freeze(fields.list), more: Object.freeze(fields.more) })
    for (const answer of [fields, frozen]) {
      const entry = entryOf(answer)
      expect(entryBytes(entry) / entryBytes({ ...entry })).toBeCloseTo(1, 1)
      expect(ownEntry(entry)).toBe(entry)
    }
  })

  it('counts the cuts of a stream', () => {
    const cuts = Array.from({ length: 1_000 }, (): [string, number] => ['choices.0.content', 4])
    const entry = entryOf({ text: 'hello' }, cuts)
    expect(entryBytes(entry) / entryBytes({ ...entry })).toBeCloseTo(1, 0)
  })
})
