import { isSluiceError, SluiceError } from '@sluice/core'
import { redisKeys, type KeysOf } from '@sluice/core/redis'
import { checkDimensions, checkNeighbours, unitVector } from '../vector/unit-vector.ts'
import type { Neighbour, VectorIndex } from '../vector/vector-index.ts'
import { isRedisCommandClient, runCommand, type RedisCommandClient, type Word } from './command.ts'
import { noClientError } from './no-client-error.ts'

export interface RedisVectorIndexOptions {
  /** What the keys begin with; no braces. @default 'sluice:vectors' */
  readonly prefix?: string
  /** How long one step may take, in milliseconds. @default 500 */
  readonly timeoutMs?: number
  /**
   * How the server keeps a vector: `q8` a byte a dimension, `none` four, `binary` a bit. Less is less exact. A partition is
   * kept apart for each. @default 'q8'
   */
  readonly quantization?: Quantization
  /**
   * How many candidates a search looks at, 1 to 1,000,000: more finds more of the true neighbours, and takes longer.
   * @default the server's, about 100
   */
  readonly searchEffort?: number
  /** A partition that nothing was added to for so long is forgotten, in milliseconds. @default 2_592_000_000 (30 days) */
  readonly idleTtlMs?: number
}

export type Quantization = 'q8' | 'none' | 'binary'

const optionNames = ['prefix', 'timeoutMs', 'quantization', 'searchEffort', 'idleTtlMs']
const quantizations: Readonly<Record<Quantization, string>> = { q8: 'Q8', none: 'NOQUANT', binary: 'BIN' }

/**
 * Vectors in the vector sets of Redis 8, one key a partition, through the application's own connected client. Searches are
 * approximate (HNSW): now and then a true neighbour is missed. Redis Cluster does as well; a partition is on one node.
 *
 * `size()` is always `undefined`: only the server knows.
 *
 * @throws {SluiceError} `config.redis_client` and `config.option` at construction. Its methods reject with
 * `cache.vectors_unsupported` when the server has no vector sets, `cache.dimensions`, `cache.vector`, `redis.timeout`,
 * `redis.unavailable` and `redis.refused`.
 *
 * @see https://redis.io/docs/latest/develop/data-types/vector-sets/ (read 2026-11)
 *
 * @example
 * import { createClient } from 'redis'
 * import { redisVectorIndex } from '@sluice/cache/redis'
 *
 * const client = await createClient({ url: 'redis://localhost:6379' }).on('error', console.error).connect()
 * const index = redisVectorIndex(client, { quantization: 'none' })
 */
export function redisVectorIndex(client: RedisCommandClient, options: RedisVectorIndexOptions = {}): VectorIndex {
  if (!isRedisCommandClient(client)) throw noClientError('redisVectorIndex', client)
  const {
    prefix = 'sluice:vectors',
    timeoutMs = 500,
    quantization = 'q8',
    searchEffort,
    idleTtlMs = 30 * 86_400_000,
    ...unknown
  } = options
  for (const name of Object.keys(unknown))
    throw optionError(`has no option "${name}". The options are ${optionNames.join(', ')}.`)
  for (const [name, ms] of Object.entries({ timeoutMs, idleTtlMs }))
    if (!(Number.isFinite(ms) && ms > 0))
      throw optionError(`needs ${name} above 0, in milliseconds, got ${String(ms)}.`)
  if (!Object.hasOwn(quantizations, quantization))
    throw optionError(`needs as quantization q8, none or binary, got ${JSON.stringify(quantization)}.`)
  if (searchEffort !== undefined && !(Number.isSafeInteger(searchEffort) && searchEffort >= 1 && searchEffort <= 1e6))
    throw optionError(`needs as searchEffort a whole number of 1 to 1,000,000, got ${String(searchEffort)}.`)
  return new RedisVectorIndex(client, redisKeys(prefix), { timeoutMs, quantization, searchEffort, idleTtlMs })
}

function optionError(problem: string): SluiceError {
  return new SluiceError({ code: 'config.option', message: `redisVectorIndex() ${problem}` })
}

interface Settings {
  readonly timeoutMs: number
  readonly quantization: Quantization
  readonly searchEffort: number | undefined
  readonly idleTtlMs: number
}

class RedisVectorIndex implements VectorIndex {
  readonly name = 'redis'
  readonly #client: RedisCommandClient
  readonly #keysOf: KeysOf
  readonly #settings: Settings

  constructor(client: RedisCommandClient, keysOf: KeysOf, settings: Settings) {
    this.#client = client
    this.#keysOf = keysOf
    this.#settings = settings
  }

  async add(partition: string, id: string, vector: Float32Array): Promise<void> {
    const key = this.#key(partition)
    const words = ['VADD', key, 'FP32', bytesOf(vector), id, quantizations[this.#settings.quantization]]
    const expire = ['PEXPIRE', key, String(Math.ceil(this.#settings.idleTtlMs))]
    const [isNew] = await Promise.all([this.#run(key, words), this.#run(key, expire)])
    if (Number(isNew) === 1) return
    // A vector that is put in the place of another is not sent to replicas; one that is added is.
    await Promise.all([this.#run(key, ['VREM', key, id]), this.#run(key, words), this.#run(key, expire)])
  }

  async search(partition: string, vector: Float32Array, k: number): Promise<readonly Neighbour[]> {
    checkNeighbours(k, 'redisVectorIndex')
    const key = this.#key(partition)
    const { searchEffort } = this.#settings
    const effort = searchEffort === undefined ? [] : ['EF', String(searchEffort)]
    const words = ['VSIM', key, 'FP32', bytesOf(vector), 'WITHSCORES', 'COUNT', String(k), ...effort]
    const reply = (await this.#run(key, words)) as readonly unknown[]
    const neighbours: Neighbour[] = []
    for (let at = 0; at + 1 < reply.length; at += 2)
      neighbours.push({ id: String(reply[at]), similarity: cosineOf(Number(reply[at + 1])) })
    return neighbours.toSorted((a, b) => b.similarity - a.similarity)
  }

  async remove(partition: string, id: string): Promise<boolean> {
    const key = this.#key(partition)
    return Number(await this.#run(key, ['VREM', key, id])) === 1
  }

  async clear(partition: string): Promise<void> {
    const key = this.#key(partition)
    await this.#run(key, ['UNLINK', key])
  }

  size(): undefined {
    return undefined
  }

  #key(partition: string): string {
    return this.#keysOf(partition, this.#settings.quantization)
  }

  async #run(key: string, words: readonly Word[]): Promise<unknown> {
    const { timeoutMs } = this.#settings
    try {
      return await runCommand(this.#client, key, words, { name: `cache.vectors ${String(words[0])}`, timeoutMs })
    } catch (error) {
      const refusal = refusalOf(error)
      const [, found, wanted] = /dimension mismatch - got (\d+) but set has (\d+)/.exec(refusal) ?? []
      if (found !== undefined) checkDimensions(Number(found), Number(wanted))
      if (/unknown command/i.test(refusal)) throw await this.#unsupported(key, error)
      throw error
    }
  }

  async #unsupported(key: string, cause: unknown): Promise<SluiceError> {
    const { timeoutMs } = this.#settings
    const info = await runCommand(this.#client, key, ['INFO', 'server'], { name: 'INFO', timeoutMs }).catch(() => '')
    const [, name, version] = /^(redis|valkey)_version:(\S+)/m.exec(String(info)) ?? []
    // Valkey names the Redis that it is compatible with as well.
    const valkey = /^valkey_version:(\S+)/m.exec(String(info))?.[1]
    const server = valkey ? `Valkey ${valkey}` : name ? `Redis ${version ?? ''}` : 'This server'
    return new SluiceError({
      code: 'cache.vectors_unsupported',
      message:
        `${server} has no vector sets: redisVectorIndex() needs Redis 8.0 or later. Upgrade the server, or keep vectors ` +
        'elsewhere: flatIndex() in this process, pgvectorIndex() in PostgreSQL.',
      details: { server },
      status: 503,
      cause,
    })
  }
}

/** The server's own words for why it refused. */
function refusalOf(error: unknown): string {
  const isRefusal = isSluiceError(error) && error.code === 'redis.refused' && error.cause instanceof Error
  return isRefusal ? (error.cause as Error).message : ''
}

/** 32-bit floats, lowest byte first, of unit length. */
function bytesOf(vector: Float32Array): Buffer {
  const unit = unitVector(vector)
  const bytes = Buffer.allocUnsafe(unit.length * 4)
  for (let at = 0; at < unit.length; at += 1) bytes.writeFloatLE(unit[at] as number, at * 4)
  return bytes
}

/** A vector set's score is (1 + cosine) / 2. */
function cosineOf(score: number): number {
  return Math.min(1, Math.max(-1, 2 * score - 1))
}
