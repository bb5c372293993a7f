import fc from 'fast-check'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { entryOf } from '../testing/store-world.ts'
import {
  bestCompression,
  compressAboveBytes,
  decodeEntry,
  encodeEntry,
  maxEntryBytes,
  type Compression,
} from './codec.ts'
import type { StoredEntry } from './store.ts'

const long = 'The capital of France is Paris. '.repeat(200)
const tags = { '': 1_763_000_000_000_001, doc: 3 }
const entry = entryOf(1_763_000_000_000, tags, { text: long, semantic: true })
const letters: readonly (readonly [Compression, string])[] = [
  ['zstd', '1z'],
  ['gzip', '1g'],
  ['none', '1j'],
]

describe('what was written', () => {
  for (const [compression, start] of letters)
    it(`comes back, frozen, from ${compression}`, () => {
      const text = encodeEntry(entry, compression)
      expect(text?.slice(0, 2)).toBe(start)
      const back = decodeEntry(text ?? '')
      expect(back).toEqual(entry)
      expect(Object.isFrozen(back?.boundaries?.[0]) && Object.isFrozen(back?.semantic?.rejected)).toBe(true)
    })

  it('is compressed above 2 kB only', () => {
    const of = (text: string): string => encodeEntry(entryOf(0, { '': 1 }, { text })) ?? ''
    expect(of('short')).toMatch(/^1j\{/)
    const least = Buffer.byteLength(of('')) - 2
    // The text stands in the answer twice.
    const most = Math.floor((compressAboveBytes - least) / 2)
    expect(of('x'.repeat(most)).slice(0, 2)).toBe('1j')
    expect(of('x'.repeat(most + 1)).slice(0, 2)).toBe(bestCompression === 'zstd' ? '1z' : '1g')
    expect(of(long).length).toBeLessThan(long.length / 8)
  })

  it('comes back whatever the answer is made of', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom(...letters), (value, text, [kind]) => {
        const given: StoredEntry = { ...entry, answer: { value, text, [text]: 1 } }
        const copy = JSON.parse(JSON.stringify(given)) as StoredEntry
        expect(decodeEntry(encodeEntry(given, kind) ?? '')).toEqual(copy)
      }),
      { numRuns: 200 },
    )
  })

  it('is nothing when it is too long, or no JSON', () => {
    expect(encodeEntry({ ...entry, answer: { text: 'x'.repeat(maxEntryBytes) } })).toBeUndefined()
    const round: Record<string, unknown> = {}
    round['self'] = round
    expect(encodeEntry({ ...entry, answer: round })).toBeUndefined()
  })
})

describe('what was not written by it', () => {
  const written = letters.map(([kind]) => encodeEntry(entry, kind) ?? '')

  it('is nothing: another version, another kind, other fields', () => {
    const json = JSON.stringify(entry)
    expect(decodeEntry(`1j${json}`)).toEqual(entry)
    for (const text of ['', '1', `2j${json}`, `1x${json}`, `1z${json}`, `1g${json}`, '1j{}', '1jnull', '1j[]'])
      expect(decodeEntry(text)).toBeUndefined()
    const fields = { api: 1, check: null, answer: [], boundaries: [['a', -1]], requestIds: { a: 1 }, tags: { '': '1' } }
    const times = { storedAtMs: null, freshUntilMs: '1', staleUntilMs: {}, errorUntilMs: [], tookMs: true }
    for (const [name, value] of Object.entries({ ...fields, ...times, semantic: { text: 1 } }))
      expect(decodeEntry(`1j${JSON.stringify({ ...entry, [name]: value })}`), name).toBeUndefined()
  })

  it('never throws on hostile text', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each).toString('base64'))
    const cut = fc.tuple(fc.constantFrom(...written), fc.nat(), fc.string({ unit: 'binary' }))
    const spoiled = cut.map(([text, at, put]) => {
      const place = at % text.length
      return text.slice(0, place) + put + text.slice(place + 1)
    })
    const start = fc.constantFrom('1z', '1g', '1j', '1', '')
    const any = fc.oneof(
      spoiled,
      fc.tuple(start, fc.oneof(bytes, fc.string(), fc.json())).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(any, (text) => {
        const back = decodeEntry(text)
        expect(back === undefined || typeof back.check === 'string').toBe(true)
      }),
      { numRuns: 2_000 },
    )
    const nested = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(decodeEntry(`1j${JSON.stringify(entry).replace('"chatcmpl-1"', nested)}`)).toBeUndefined()
  })

  it('is nothing when little text would grow beyond the bound, and takes no memory for it', () => {
    const bomb = Buffer.alloc(maxEntryBytes * 8, ' ')
    const before = process.memoryUsage.rss()
    for (const text of [`1z${zstdCompressSync(bomb).toString('base64')}`, `1g${gzipSync(bomb).toString('base64')}`]) {
      expect(text.length).toBeLessThan(maxEntryBytes / 32)
      expect(decodeEntry(text)).toBeUndefined()
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(maxEntryBytes * 6)
  })
})
