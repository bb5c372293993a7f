import { isSluiceError, SluiceError, systemClock, type Clock } from '@sluice/core'
import {
  isRedisClient,
  redisKeys,
  runScript,
  type KeysOf,
  type RedisClient,
  type RedisScript,
} from '@sluice/core/redis'
import { randomUUID } from 'node:crypto'
import { bestCompression, decodeEntry, encodeEntry, type Compression } from '../store/codec.ts'
import type { Generations, Store, StoredEntry, StoreFound, StoreKey, StoreLock } from '../store/store.ts'
import { everything } from '../store/store.ts'
import { endOf } from '../store/stored-entry.ts'
import { noClientError } from './no-client-error.ts'
import { goneOf, isRedisSubscriber, listen, messageOf, messageStart, type RedisSubscriber } from './push.ts'
import {
  deleteScript,
  getScript,
  invalidateScript,
  lockScript,
  releaseScript,
  renewScript,
  setScript,
} from './store-scripts.ts'

export interface RedisStoreOptions {
  /** What the keys begin with; no braces. @default 'sluice:cache' */
  readonly prefix?: string
  /** How long one step may take, in milliseconds; a step is one round trip. @default 500 */
  readonly timeoutMs?: number
  /**
   * A second connected client, which listens to what other processes invalidate: a tiered store may then keep entries near
   * for as long as they live. @default none
   */
  readonly subscriber?: RedisSubscriber
  /** How entries above 2 kB are written; all are read. @default 'zstd', where Node has it (22.15), else 'gzip' */
  readonly compression?: Compression
  /** By which the times of entries go. @default systemClock */
  readonly clock?: Clock
}

const optionNames = ['prefix', 'timeoutMs', 'subscriber', 'compression', 'clock']
const compressions: readonly unknown[] = ['zstd', 'gzip', 'none'] satisfies Compression[]

/** The longest life that is asked of Redis, in milliseconds: ten years. */
const longestMs = 315_360_000_000

/**
 * Answers in Redis 7 or Valkey, alone or as a cluster, for all processes together, through the application's own connected
 * client. Every step is one script and one round trip. A scope's keys are in one hash tag and expire by themselves.
 *
 * Keys show neither a tenant nor a prompt. Values do: they hold answers, and what the semantic tier knows of prompts.
 * Whoever may read this Redis may read them, and whoever may write to it decides what your callers are answered.
 *
 * An invalidation is as durable as this Redis: a replica that takes over without having seen it does not know of it.
 * Without eviction of its own (`maxmemory-policy`) a full server refuses to store, and goes on answering.
 *
 * @throws {SluiceError} `config.redis_client` when `client` is no client, `config.option`; its methods reject with
 * `redis.timeout`, `redis.unavailable` and `redis.refused`.
 *
 * @example
 * import { createClient } from 'redis'
 * import { redisStore } from '@sluice/cache/redis'
 *
 * const client = await createClient({ url: 'redis://localhost:6379' }).on('error', console.error).connect()
 * const subscriber = await client.duplicate().on('error', console.error).connect()
 * const store = redisStore(client, { subscriber })
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Store {
  if (!isRedisClient(client)) throw noClientError('redisStore', client)
  const {
    prefix = 'sluice:cache',
    timeoutMs = 500,
    subscriber,
    compression = bestCompression,
    clock = systemClock,
    ...unknown
  } = options
  for (const name of Object.keys(unknown))
    throw optionError(`has no option "${name}". The options are ${optionNames.join(', ')}.`)
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0))
    throw optionError(`needs timeoutMs above 0, in milliseconds, got ${String(timeoutMs)}.`)
  if (subscriber !== undefined && (!isRedisSubscriber(subscriber) || Object.is(subscriber, client)))
    throw optionError(
      'needs as subscriber a second client, connected and used for nothing else: ' +
        "await client.duplicate().on('error', console.error).connect(). Beside a cluster: a createClient() of one node.",
    )
  if (!compressions.includes(compression) || (compression === 'zstd' && bestCompression !== 'zstd'))
    throw optionError(
      `cannot write with compression ${JSON.stringify(compression)}: it is zstd (Node 22.15 or later), gzip or none.`,
    )
  return new RedisStore(client, redisKeys(prefix), {
    timeoutMs,
    subscriber,
    compression,
    clock,
    channel: `${prefix}:gone`,
  })
}

function optionError(problem: string): SluiceError {
  return new SluiceError({ code: 'config.option', message: `redisStore() ${problem}` })
}

interface Settings {
  readonly timeoutMs: number
  readonly subscriber: RedisSubscriber | undefined
  readonly compression: Compression
  readonly clock: Clock
  readonly channel: string
}

class RedisStore implements Store {
  readonly name = 'redis'
  readonly onInvalidation?: NonNullable<Store['onInvalidation']>
  readonly #client: RedisClient
  readonly #keysOf: KeysOf
  readonly #settings: Settings
  /** By which it knows its own messages. */
  readonly #self: string = randomUUID()

  constructor(client: RedisClient, keysOf: KeysOf, settings: Settings) {
    this.#client = client
    this.#keysOf = keysOf
    this.#settings = settings
    const { subscriber, channel } = settings
    if (!subscriber) return
    this.onInvalidation = (listener, onLive = () => undefined) => {
      const onMessage = (message: string): void => {
        const gone = goneOf(message, this.#self)
        if (gone) listener(gone)
      }
      return listen(subscriber, channel, onMessage, onLive)
    }
  }

  async get(key: StoreKey, tags: readonly string[], signal?: AbortSignal): Promise<StoreFound> {
    const asked = tags.filter((tag) => tag !== everything)
    const reply = await this.#run(getScript, [this.#entryKey(key), this.#stampsKey(key.scope)], asked, signal)
    const [text = '', ...stamps] = reply as readonly string[]
    const generations: Record<string, number> = Object.create(null) as Record<string, number>
    for (const [at, tag] of [everything, ...asked].entries()) generations[tag] = Number(stamps[at])
    const entry = text === '' ? undefined : decodeEntry(text)
    // Redis forgets an entry by its own clock; what its times say is for ours to tell.
    const isOver = entry !== undefined && endOf(entry) <= this.#settings.clock.now()
    return { entry: isOver ? undefined : entry, generations: generations satisfies Generations }
  }

  async set(key: StoreKey, entry: StoredEntry, signal?: AbortSignal): Promise<boolean> {
    const leftMs = Math.min(Math.ceil(endOf(entry) - this.#settings.clock.now()), longestMs)
    const text = leftMs > 0 ? encodeEntry(entry, this.#settings.compression) : undefined
    if (text === undefined) return false
    const keys = [this.#entryKey(key), this.#stampsKey(key.scope)]
    return (await this.#run(setScript, keys, [JSON.stringify(entry.tags), text, leftMs], signal)) === 1
  }

  async delete(key: StoreKey): Promise<boolean> {
    const message = messageOf(this.#self, key)
    return (await this.#run(deleteScript, [this.#entryKey(key)], [this.#settings.channel, message])) === 1
  }

  async invalidate(scope: string, tags: readonly string[]): Promise<void> {
    if (tags.length === 0) return
    const start = messageStart(this.#self, scope)
    await this.#run(invalidateScript, [this.#stampsKey(scope)], [this.#settings.channel, start, ...new Set(tags)])
  }

  async lock(key: StoreKey, leaseMs: number, signal?: AbortSignal): Promise<StoreLock | undefined> {
    const keys = [this.#keysOf(key.scope, 'lock', key.id)]
    const token = randomUUID()
    const release = async (): Promise<void> => void (await this.#run(releaseScript, keys, [token]))
    try {
      if ((await this.#run(lockScript, keys, [token, wholeMs(leaseMs)], signal)) !== 1) return undefined
    } catch (error) {
      // It may have been taken all the same, and would keep everyone waiting for its whole lease.
      if (!isSluiceError(error) || error.details['mayHaveRun'] === true) release().catch(() => undefined)
      throw error
    }
    return { release, renew: async (ms) => (await this.#run(renewScript, keys, [token, wholeMs(ms)])) === 1 }
  }

  #entryKey({ scope, id }: StoreKey): string {
    return this.#keysOf(scope, 'entry', id)
  }

  #stampsKey(scope: string): string {
    return this.#keysOf(scope, 'tags')
  }

  #run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
    signal?: AbortSignal,
  ): Promise<unknown> {
    return runScript(this.#client, script, { keys, args, timeoutMs: this.#settings.timeoutMs, signal })
  }
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
