import { createClient, createClientPool, createCluster } from 'redis'
import { sharedRedis, startRedisCluster } from '@sluice/core/testing/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vectorIndexContract } from '../testing/vector-index-contract.ts'
import { fakeVectorServer, type FakeVectorServer } from './fake-vector-server.ts'
import { redisVectorIndex } from './redis-vector-index.ts'

const timeoutMs = 30_000
const unit = (...values: number[]): Float32Array => Float32Array.from(values)

/** What the server says in RESP2 and in RESP3 differs in shape; what is read from it must not. */
describe.each([2, 3] as const)('vector sets over RESP%i', (RESP) => {
  let server: FakeVectorServer
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await fakeVectorServer()
    client = createClient({ url: server.url, RESP }) as ReturnType<typeof createClient>
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  for (const { name, run } of vectorIndexContract(() => ({ index: redisVectorIndex(client, { timeoutMs }) })))
    it(name, run)

  it('sends what the commands take, and reads cosines from their scores', async () => {
    const options = { prefix: 'v', quantization: 'none', searchEffort: 300, idleTtlMs: 1_000, timeoutMs } as const
    const index = redisVectorIndex(client, options)
    const before = server.commands.length
    await index.add('p {1}', '7', unit(3, 4))
    await index.add('p {1}', '10', unit(-3, -4))
    await index.add('p {1}', 'x', unit(4, -3))
    const found = await index.search('p {1}', unit(6, 8), 3)
    expect(found.map(({ id }) => id)).toEqual(['7', 'x', '10'])
    for (const [at, cosine] of [1, 0, -1].entries()) expect(found[at]?.similarity).toBeCloseTo(cosine, 6)
    await index.add('p {1}', '7', unit(-3, -4))
    expect((await index.search('p {1}', unit(3, 4), 1))[0]?.id).toBe('x')
    await index.remove('p {1}', 'x')
    await index.clear('p {1}')
    const commands = server.commands.slice(before)
    const key = 'v:{p %7B1%7D}:none'
    expect(commands.every((words) => words[1] === key)).toBe(true)
    const names = commands.map(([name]) => name)
    const added = ['VADD', 'PEXPIRE']
    const replaced = [...added, 'VREM', ...added]
    expect(names).toEqual([...added, ...added, ...added, 'VSIM', ...replaced, 'VSIM', 'VREM', 'UNLINK'])
    expect(commands[0]?.slice(4)).toEqual(['7', 'NOQUANT'])
    expect(commands[1]?.[2]).toBe('1000')
    expect(commands[6]?.slice(4)).toEqual(['WITHSCORES', 'COUNT', '3', 'EF', '300'])
  })

  it('works through a pool', async () => {
    const pool = createClientPool({ url: server.url, RESP })
    await pool.connect()
    const index = redisVectorIndex(pool, { timeoutMs })
    await index.add('pool', 'a', unit(1, 0))
    expect(await index.search('pool', unit(1, 0), 5)).toEqual([{ id: 'a', similarity: 1 }])
    pool.destroy()
  })
})

describe('a server without vector sets', () => {
  it('is told apart at first use, with its version and what to do', async () => {
    const server = await sharedRedis()
    const client = await createClient({ url: server.url }).connect()
    const known = (await client.sendCommand(['COMMAND', 'INFO', 'VADD'])) as unknown as readonly unknown[]
    const index = redisVectorIndex(client, { prefix: `sluice:test:${crypto.randomUUID()}`, timeoutMs })
    if (known[0]) {
      // A server that has them does as the one above.
      for (const { run } of vectorIndexContract(() => ({ index, tolerance: 0.02, recall: 0.95 }))) await run()
    } else {
      const error = await index.add('p', 'a', unit(1, 0)).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'cache.vectors_unsupported', status: 503 })
      expect((error as Error).message).toMatch(/^(Redis|Valkey) \d+\.\d+\.\d+ has no vector sets: .*Redis 8\.0/)
      await expect(index.search('p', unit(1, 0), 1)).rejects.toMatchObject({ code: 'cache.vectors_unsupported' })
    }
    client.destroy()
    await server.stop()
  })
})

it('finds the node of a partition in a cluster', async () => {
  const cluster = await startRedisCluster()
  const client = createCluster({ rootNodes: [...cluster.rootNodes] })
  await client.connect()
  const index = redisVectorIndex(client, { timeoutMs })
  // On all of the nodes: the server itself would refuse the key of another one, before it looks at the command's words.
  const partitions = Array.from({ length: 12 }, (_, at) => `p${at}`)
  for (const partition of partitions) await index.clear(partition)
  const error = await index.add('p', 'a', unit(1, 0)).catch((reason: unknown) => reason)
  if (error !== undefined) expect(error).toMatchObject({ code: 'cache.vectors_unsupported' })
  client.destroy()
  await cluster.stop()
})

it('refuses what is no client, and options that are none', () => {
  const bad =
    (...args: unknown[]) =>
    () =>
      Reflect.apply(redisVectorIndex, undefined, args) as unknown
  for (const given of ['redis://localhost', { url: 'redis://localhost' }, null])
    expect(bad(given)).toThrow(expect.objectContaining({ code: 'config.redis_client' }))
  const client = createClient()
  const options = [{ quantization: 'q4' }, { searchEffort: 0 }, { idleTtlMs: 0 }, { timeoutMs: -1 }, { ef: 3 }]
  for (const each of options) expect(bad(client, each)).toThrow(expect.objectContaining({ code: 'config.option' }))
})
