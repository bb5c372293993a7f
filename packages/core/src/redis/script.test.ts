import { createClient, createClientPool, createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis, startRedisCluster, type TestRedis, type TestRedisCluster } from '../testing/redis/index.ts'
import { isRedisClient, type RedisClient } from './client.ts'
import { redisKeys } from './keys.ts'
import { luaTime } from './lua.ts'
import { isRedisError } from './redis-error.ts'
import { defineScript, runScript } from './script.ts'

const add = defineScript({
  name: 'test.add',
  keys: 2,
  source: "redis.call('INCRBY', KEYS[1], ARGV[1]) return redis.call('INCRBYFLOAT', KEYS[2], ARGV[2])",
})
const keys = redisKeys('sluice:test')
const timeoutMs = 30_000
const failure = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'nothing',
    (error: unknown) => error,
  )

describe('one server', () => {
  let server: TestRedis
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await startRedis()
    client = createClient({ url: server.url, socket: { reconnectStrategy: 20 } })
    client.on('error', () => undefined)
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  it('runs a script that the server does not know, and one that it does', async () => {
    const input = { keys: [keys('a', 'whole'), keys('a', 'part')], args: [9_007_199_254_740_991, 0.1], timeoutMs }
    expect(await runScript(client, add, input)).toBe('0.1')
    expect(await runScript(client, add, { ...input, args: [-1, 0.2] })).toBe('0.3')
    expect(await client.get('sluice:test:{a}:whole')).toBe('9007199254740990')
    await client.scriptFlush()
    expect(await runScript(client, add, { ...input, args: [1, 1] })).toBe('1.3')
  })

  it('fits pools, and clients whose replies are mapped to other types', async () => {
    const pool = createClientPool({ url: server.url })
    await pool.connect()
    const mapped = client.withTypeMapping({ 36: Buffer })
    for (const one of [pool, mapped] satisfies RedisClient[]) {
      expect(isRedisClient(one)).toBe(true)
      expect(await runScript(one, add, { keys: [keys('b', '1'), keys('b', '2')], args: [0, 0], timeoutMs })).toBe('0')
    }
    pool.destroy()
  })

  it('tells the time in whole microseconds', async () => {
    const clock = defineScript({ name: 'test.time', keys: 0, source: `${luaTime} return text(now)` })
    const before = Date.now()
    const told = Number(await runScript(client, clock, { keys: [], timeoutMs }))
    expect(Number.isSafeInteger(told)).toBe(true)
    expect(told / 1_000).toBeGreaterThan(before - 1_000)
    expect(told / 1_000).toBeLessThan(Date.now() + 1_000)
  })

  it('says that the server refused', async () => {
    const wrong = defineScript({ name: 'test.wrong', keys: 1, source: "return redis.call('LPUSH', KEYS[1], 'x')" })
    await client.set(keys('c'), 'text')
    const error = await failure(runScript(client, wrong, { keys: [keys('c')], timeoutMs }))
    expect(error).toMatchObject({ code: 'redis.refused', details: { script: 'test.wrong', kind: 'WRONGTYPE' } })
    expect(isRedisError(error)).toBe(true)
    expect((error as Error).message).not.toContain('{c}')
  })

  it('gives up on a server that does not answer, and forgets no later reply', async () => {
    const input = { keys: [keys('d', '1'), keys('d', '2')], args: [1, 1], timeoutMs: 60 }
    server.pause()
    const started = performance.now()
    const error = await failure(runScript(client, add, input))
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(error).toMatchObject({ code: 'redis.timeout', status: 503, details: { mayHaveRun: true } })
    server.resume()
    expect(await runScript(client, add, { ...input, timeoutMs })).toBe('2')
  })

  it('takes a command back that was never sent, and works again after a restart', async () => {
    const input = { keys: [keys('e', '1'), keys('e', '2')], args: [1, 1] }
    await runScript(client, add, { ...input, timeoutMs })
    await server.kill()
    await new Promise((resolve) => client.once('error', resolve))
    const error = await failure(runScript(client, add, { ...input, timeoutMs: 60 }))
    expect(error).toMatchObject({ code: 'redis.timeout', details: { mayHaveRun: false } })
    await server.restart()
    // The server is empty now: a second here would be the command that was given up.
    expect(await runScript(client, add, { ...input, timeoutMs })).toBe('1')
  })

  it('ends at once when it is aborted, and leaves no listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    let listeners = 0
    signal.addEventListener = new Proxy(signal.addEventListener, {
      apply: (target, self, args) => (listeners++, Reflect.apply(target, self, args)),
    })
    signal.removeEventListener = new Proxy(signal.removeEventListener, {
      apply: (target, self, args) => (listeners--, Reflect.apply(target, self, args)),
    })
    const input = { keys: [keys('f', '1'), keys('f', '2')], args: [1, 1], signal, timeoutMs }
    await runScript(client, add, input)
    expect(listeners).toBe(0)
    server.pause()
    const run = failure(runScript(client, add, input))
    controller.abort(new Error('left'))
    expect(await run).toMatchObject({ message: 'left' })
    expect(listeners).toBe(0)
    server.resume()
    expect(await failure(runScript(client, add, input))).toMatchObject({ message: 'left' })
  })

  it('says that there is no connection', async () => {
    const closed = createClient({ url: server.url })
    const error = await failure(
      runScript(closed, add, { keys: [keys('g', '1'), keys('g', '2')], args: [1, 1], timeoutMs }),
    )
    expect(error).toMatchObject({ code: 'redis.unavailable' })
    const impatient = createClient({ url: 'redis://127.0.0.1:1', disableOfflineQueue: true })
    expect(isRedisError(await failure(runScript(impatient, add, { keys: ['{x}', '{x}2'], args: [1, 1] })))).toBe(true)
  })
})

describe('a cluster of three masters', () => {
  let cluster: TestRedisCluster
  beforeAll(async () => void (cluster = await startRedisCluster()))
  afterAll(() => cluster.stop())

  it('runs scripts on whichever node the tag is kept', async () => {
    const client = createCluster({ rootNodes: [...cluster.rootNodes] })
    await client.connect()
    const subjects = Array.from({ length: 30 }, (_, at) => `tenant ${at} {%}`)
    const run = (subject: string): Promise<unknown> =>
      runScript(client, add, { keys: [keys(subject, 'x'), keys(subject, 'y')], args: [1, 1], timeoutMs })
    for (const subject of subjects) expect(await run(subject)).toBe('1')
    const nodes = new Set<number>()
    for (const subject of subjects.slice(0, 10)) nodes.add((await cluster.nodeOf(keys(subject, 'x'))).port)
    expect(nodes.size).toBe(3)
    expect(await run(subjects[0] ?? '')).toBe('2')
    client.destroy()
  })
})

describe('keys', () => {
  it('keeps the keys of one subject in one tag, whatever the subject is', () => {
    expect(keys('acme', 'leases')).toBe('sluice:test:{acme}:leases')
    expect(keys('a}b{c%')).toBe('sluice:test:{a%7Db%7Bc%25}')
    expect(keys('a%7Db')).not.toBe(keys('a}b'))
    expect(() => keys('')).toThrow('must not be empty')
    expect(() => redisKeys('{a}')).toThrow('without braces')
    expect(() => redisKeys('')).toThrow('prefix')
  })
})
