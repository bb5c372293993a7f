import { describe, expect, it } from 'vitest'
import type { CacheOptions } from './cache-options.ts'
import { cache } from './cache.ts'
import { createCache } from './create-cache.ts'
import { memoryStore } from './store/memory-store.ts'

const needed = { ttlMs: 1, tenant: 'shared' as const }
const { isLocal: _, ...far } = memoryStore()

describe('the options of a cache', () => {
  it.each<[unknown, string]>([
    [undefined, 'needs options'],
    [null, 'needs options'],
    ['redis://localhost', 'needs options'],
    [{}, '"ttlMs"'],
    [{ ...needed, ttlMs: 0 }, '"ttlMs"'],
    [{ ...needed, ttlMs: Infinity }, '"ttlMs"'],
    [{ ttlMs: 1 }, '"tenant"'],
    [{ ttlMs: 1, tenant: 'acme' }, '"tenant"'],
    [{ ...needed, maxBytes: 0.5 }, '"maxBytes"'],
    [{ ...needed, maxBytes: 5, store: memoryStore() }, 'give it to the store'],
    [{ ...needed, store: 'redis://localhost' }, '"store"'],
    [{ ...needed, store: {} }, '"store"'],
    [{ ...needed, store: far }, '"keySecret"'],
    [{ ...needed, keySecret: 'short' }, 'got 5'],
    [{ ...needed, keySecret: 7 }, '"keySecret"'],
    [{ ...needed, ttlJitter: 1.5 }, '"ttlJitter"'],
    [{ ...needed, ttlJitter: Number.NaN }, '"ttlJitter"'],
    [{ ...needed, staleWhileRevalidateMs: -1 }, '"staleWhileRevalidateMs"'],
    [{ ...needed, staleIfErrorMs: '5' }, '"staleIfErrorMs"'],
    [{ ...needed, earlyRefresh: -1 }, '"earlyRefresh"'],
    [{ ...needed, lookupTimeoutMs: 0 }, '"lookupTimeoutMs"'],
    [{ ...needed, lock: true }, '"lock"'],
    [{ ...needed, lock: { ttlMs: 5 } }, 'no field "ttlMs"'],
    [{ ...needed, lock: { leaseMs: 5 } }, '"lock.leaseMs"'],
    [{ ...needed, lock: { maxWaitMs: -5 } }, '"lock.maxWaitMs"'],
    [{ ...needed, tags: ['a'] }, '"tags"'],
    [{ ...needed, digestOf: {} }, '"digestOf"'],
    [{ ...needed, price: 5 }, '"price"'],
    [{ ...needed, random: 0.5 }, '"random"'],
    [{ ...needed, keepRefusals: 'yes' }, '"keepRefusals"'],
    [{ ...needed, keepFallbacks: 1 }, '"keepFallbacks"'],
    [{ ...needed, semantic: true }, '"semantic"'],
    [{ ...needed, clock: {} }, '"clock"'],
    [{ ...needed, ttl: 5 }, 'no option "ttl"'],
  ])('refuse %j', (options, message) => {
    const refusal = { code: 'config.option', message: expect.stringContaining(message) }
    for (const make of [createCache, cache])
      expect(() => make(options as CacheOptions)).toThrow(expect.objectContaining(refusal))
  })

  it('are enough with a time and a tenant', () => {
    for (const tenant of ['shared', 'context', () => 'acme'] as const)
      expect(createCache({ ttlMs: 1, tenant }).stats().entries).toBe(0)
    expect(createCache({ ...needed, store: far, keySecret: 'sixteen or more.' })).toBeDefined()
  })

  it('are not a cache that was made elsewhere', () => {
    const copy = { ...createCache(needed) }
    expect(() => cache(copy)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
