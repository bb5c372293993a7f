import { fakeClock } from '@sluice/core/testing'
import { sharedRedis } from '@sluice/core/testing/redis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryVault } from './memory-vault.ts'
import { redisVault } from './redis-vault.ts'
import { open, seal } from './seal.ts'
import type { Vault, VaultEntry } from './vault.ts'

const timeoutMs = 30_000
const secret = 'a secret of thirty-two characters'
const entries = (...pairs: [id: string, value: string][]): Map<string, VaultEntry> =>
  new Map(pairs.map(([id, value]) => [id, { label: 'EMAIL', value }]))

const server = await sharedRedis()
const redis = createClient({ url: server.url })
beforeAll(async () => void (await redis.on('error', () => undefined).connect()))
afterAll(async () => {
  await redis.close()
  await server.stop()
})

const vaults: [name: string, make: () => Vault][] = [
  ['memoryVault', () => memoryVault({ secret })],
  ['redisVault', () => redisVault(redis, { secret, timeoutMs, prefix: `test:${crypto.randomUUID()}` })],
]

describe.each(vaults)('%s', (_, make) => {
  it('keeps what is saved, conversation by conversation', async () => {
    const vault = make()
    await vault.save('c1', entries(['bcdfghjk', 'ada@example.com'], ['lmnpqrst', 'äöü "\\\n😀']))
    await vault.save('c1', entries(['vwxzbcdf', 'bob@example.com']))
    await vault.save('c2', entries(['bcdfghjk', 'eve@example.com']))
    const kept = await vault.load('c1')
    expect(new Map(kept)).toEqual(
      entries(['bcdfghjk', 'ada@example.com'], ['lmnpqrst', 'äöü "\\\n😀'], ['vwxzbcdf', 'bob@example.com']),
    )
    expect([...kept.keys()]).toEqual([...kept].map(([id]) => id))
    expect([...kept.values()].map(({ value }) => value)).toContain('bob@example.com')
    expect([kept.size, kept.has('vwxzbcdf'), kept.has('bcdfghjl'), kept.get('bcdfghjl')]).toEqual([
      3,
      true,
      false,
      undefined,
    ])
    const seen: string[] = []
    kept.forEach(({ label }, id) => seen.push(`${label} ${id}`))
    expect(seen.toSorted()).toEqual(['EMAIL bcdfghjk', 'EMAIL lmnpqrst', 'EMAIL vwxzbcdf'])
    expect((await vault.load('c2')).get('bcdfghjk')?.value).toBe('eve@example.com')
    expect((await vault.load('c3')).size).toBe(0)
    await vault.forget('c1')
    expect((await vault.load('c1')).size).toBe(0)
    expect((await vault.load('c2')).size).toBe(1)
  })

  it('has a key that is the same wherever the secret is', () => {
    expect(Buffer.from(make().key)).toEqual(Buffer.from(make().key))
    expect(make().key).toHaveLength(32)
  })
})

describe('memoryVault', () => {
  it('forgets a conversation when its time is over or too many are newer', async () => {
    const clock = fakeClock()
    const vault = memoryVault({ ttlMs: 1_000, maxConversations: 2, clock })
    await vault.save('c1', entries(['bcdfghjk', 'one']))
    await clock.advance(900)
    expect((await vault.load('c1')).size).toBe(1)
    await clock.advance(900)
    expect((await vault.load('c1')).size).toBe(1)
    await clock.advance(1_000)
    expect((await vault.load('c1')).size).toBe(0)
    for (const name of ['c1', 'c2']) await vault.save(name, entries(['bcdfghjk', name]))
    await vault.load('c1')
    await vault.save('c3', entries(['bcdfghjk', 'c3']))
    expect([(await vault.load('c1')).size, (await vault.load('c2')).size, (await vault.load('c3')).size]).toEqual([
      1, 0, 1,
    ])
  })

  it('has a key of its own without a secret', () => {
    expect(Buffer.from(memoryVault().key)).not.toEqual(Buffer.from(memoryVault().key))
  })

  it.each([[{ ttlMs: 0 }], [{ maxConversations: 0 }], [{ secret: 'short' }], [{ ttl: 1 }], [{ clock: {} }]])(
    'refuses %j',
    (options) => {
      expect(() => memoryVault(options as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
    },
  )
})

describe('redisVault', () => {
  it('writes no value, no label and no name of a conversation in the clear, and lets it expire', async () => {
    const prefix = `test:${crypto.randomUUID()}`
    const vault = redisVault(redis, { secret, timeoutMs, prefix, ttlMs: 60_000 })
    await vault.save('["acme-company","lovelace","session-one"]', entries(['bcdfghjk', 'lovelace@example.com']))
    const keys = await redis.keys(`${prefix}:*`)
    expect(keys).toHaveLength(1)
    const [key = ''] = keys
    const stored = await redis.hGetAll(key)
    // Words that are too long to come about by chance.
    const sealed = Buffer.from(stored['bcdfghjk'] ?? '', 'base64').toString('latin1')
    expect(`${key} ${JSON.stringify(stored)} ${sealed}`).not.toMatch(/company|lovelace|session|"EMAIL"|example/)
    const ttlMs = await redis.pTTL(key)
    expect(ttlMs).toBeGreaterThan(30_000)
    expect(ttlMs).toBeLessThanOrEqual(60_000)
  })

  it('shows nothing to another secret, and nothing that was put in another place', async () => {
    const prefix = `test:${crypto.randomUUID()}`
    const vault = redisVault(redis, { secret, timeoutMs, prefix })
    await vault.save('c1', entries(['bcdfghjk', 'ada@example.com']))
    const [key = ''] = await redis.keys(`${prefix}:*`)
    const sealed = (await redis.hGet(key, 'bcdfghjk')) ?? ''
    await redis.hSet(key, { lmnpqrst: sealed, vwxzbcdf: 'bm9uc2Vuc2U=', bcdfghjl: '' })
    expect([...(await vault.load('c1')).keys()]).toEqual(['bcdfghjk'])
    const stranger = await redisVault(redis, { secret: `${secret}!`, timeoutMs, prefix }).load('c1')
    expect([[...stranger], stranger.get('bcdfghjk'), stranger.has('bcdfghjk')]).toEqual([[], undefined, false])
  })

  it('seals so that one changed bit shows', () => {
    const key = Buffer.alloc(32, 1)
    const sealed = Buffer.from(seal(key, 'ada@example.com', 'here'), 'base64')
    expect(open(key, sealed.toString('base64'), 'here')).toBe('ada@example.com')
    expect(open(key, sealed.toString('base64'), 'there')).toBeUndefined()
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] as number) ^ 1
      expect(open(key, changed.toString('base64'), 'here')).toBeUndefined()
    }
  })

  it.each([[{}], [{ secret: 'short' }], [{ secret, ttlMs: 0 }], [{ secret, prefix: '{x}' }], [{ secret, salt: 'x' }]])(
    'refuses %j',
    (options) => {
      expect(() => redisVault(redis, options as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
    },
  )

  it('refuses what is no client', () => {
    expect(() => redisVault({} as never, { secret })).toThrow(expect.objectContaining({ code: 'config.redis_client' }))
  })
})
