import { SluiceError, systemClock, type Clock } from '@sluice/core'
import { pgvectorStatements, type Statements } from './pgvector-statements.ts'
import { checkDimensions, checkNeighbours, unitVector } from './unit-vector.ts'
import type { Neighbour, VectorIndex } from './vector-index.ts'

/** The part of a Postgres client that is used. `Pool` and `Client` of `pg`, and PGlite, fit as they are. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

export interface PgvectorIndexOptions {
  /** The table, with or without its schema, in lower-case letters, digits and underscores. @default 'sluice_vectors' */
  readonly table?: string
  /** The length of all vectors, 1 to 16,000: the column gets it, so that an HNSW index can be made on it. @default each partition's own */
  readonly dimensions?: number
  /** Whether to make the table when it is missing. @default true */
  readonly createTable?: boolean
  /**
   * A vector that was added so long ago is forgotten within an hour of use, in milliseconds. `Infinity` keeps all.
   * @default 2_592_000_000 (30 days)
   */
  readonly maxAgeMs?: number
  /** @default systemClock */
  readonly clock?: Clock
}

const optionNames = ['table', 'dimensions', 'createTable', 'maxAgeMs', 'clock']

const pruneEveryMs = 3_600_000

/**
 * Vectors in a table of PostgreSQL with the extension `vector` (pgvector), through the application's own client.
 *
 * Searches are exact: the vectors of the partition are found by the primary key and compared one by one. For large
 * partitions set `dimensions` and make an HNSW index on the table; docs/vectors-and-embedders.md says how. `size()` is always
 * `undefined`: only the server knows.
 *
 * The extension must be there already: `CREATE EXTENSION vector` needs rights that an application should not have.
 *
 * @throws {SluiceError} `config.postgres_client` and `config.option` at construction. Its methods reject with
 * `cache.vectors_unsupported` when the server has not the extension, `cache.dimensions`, `cache.vector`, `config.option`
 * for a `k` that is none, and with whatever else the client rejects with.
 *
 * @example
 * const pool: PostgresClient = { query: async (text, values) => ({ rows: await sql.unsafe(text, values) }) }
 * const index = pgvectorIndex(pool, { dimensions: 1_536 })
 */
export function pgvectorIndex(client: PostgresClient, options: PgvectorIndexOptions = {}): VectorIndex {
  if (typeof (client as Partial<PostgresClient> | null | undefined)?.query !== 'function') throw noClientError(client)
  const {
    table = 'sluice_vectors',
    dimensions,
    createTable = true,
    maxAgeMs = 30 * 86_400_000,
    clock = systemClock,
    ...unknown
  } = options
  for (const name of Object.keys(unknown))
    throw optionError(`has no option "${name}". The options are ${optionNames.join(', ')}.`)
  if (typeof table !== 'string' || !/^([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,54}$/.test(table))
    throw optionError(
      `needs as table a name of lower-case letters, digits and underscores, got ${JSON.stringify(table)}.`,
    )
  if (dimensions !== undefined && !(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= 16_000))
    throw optionError(`needs as dimensions a whole number from 1 to 16000, got ${String(dimensions)}.`)
  if (typeof createTable !== 'boolean')
    throw optionError(`needs true or false as createTable, got ${String(createTable)}.`)
  if (!(typeof maxAgeMs === 'number' && maxAgeMs > 0))
    throw optionError(`needs maxAgeMs above 0, in milliseconds, got ${String(maxAgeMs)}.`)
  const statements = pgvectorStatements(table, dimensions)
  return new PgvectorIndex(client, statements, dimensions, { createTable, maxAgeMs, clock })
}

function optionError(problem: string): SluiceError {
  return new SluiceError({ code: 'config.option', message: `pgvectorIndex() ${problem}` })
}

function noClientError(value: unknown): SluiceError {
  // An address may have a password in it.
  const got = value === null ? 'null' : typeof value
  return new SluiceError({
    code: 'config.postgres_client',
    message: `pgvectorIndex() needs a client with query(text, values), such as a Pool of the package "pg", got ${got}.`,
  })
}

type Settings = Required<Omit<PgvectorIndexOptions, 'table' | 'dimensions'>>

class PgvectorIndex implements VectorIndex {
  readonly name = 'pgvector'
  readonly dimensions?: number
  readonly #client: PostgresClient
  readonly #statements: Statements
  readonly #settings: Settings
  #table: Promise<void> | undefined
  #pruneAtMs = -Infinity

  constructor(client: PostgresClient, statements: Statements, dimensions: number | undefined, settings: Settings) {
    if (dimensions !== undefined) this.dimensions = dimensions
    this.#client = client
    this.#statements = statements
    this.#settings = settings
  }

  async add(partition: string, id: string, vector: Float32Array): Promise<void> {
    const values = [keyOf(partition), keyOf(id), this.#textOf(vector), vector.length]
    const [row] = (await this.#query(this.#statements.add, values)) as readonly { dims: number | null }[]
    if (row?.dims) checkDimensions(vector.length, row.dims)
    this.#prune()
  }

  async search(partition: string, vector: Float32Array, k: number): Promise<readonly Neighbour[]> {
    checkNeighbours(k, 'pgvectorIndex')
    const values = [keyOf(partition), this.#textOf(vector), k]
    const rows = (await this.#query(this.#statements.search, values)) as readonly { id: string; similarity: number }[]
    return rows.map(({ id, similarity }) => ({ id: nameOf(id), similarity: Math.max(-1, Math.min(1, similarity)) }))
  }

  async remove(partition: string, id: string): Promise<boolean> {
    const gone = await this.#query(this.#statements.remove, [keyOf(partition), keyOf(id)])
    return gone.length > 0
  }

  async clear(partition: string): Promise<void> {
    await this.#query(this.#statements.clear, [keyOf(partition)])
  }

  size(): undefined {
    return undefined
  }

  #textOf(vector: Float32Array): string {
    const unit = unitVector(vector)
    if (this.dimensions !== undefined) checkDimensions(unit.length, this.dimensions)
    // Nine digits tell any two 32-bit floats apart.
    return `[${Array.from(unit, (value) => value.toPrecision(9)).join(',')}]`
  }

  async #query(text: string, values: unknown[]): Promise<readonly unknown[]> {
    try {
      await this.#ready()
      return (await this.#client.query(text, values)).rows
    } catch (error) {
      throw refusalOf(error)
    }
  }

  /** Makes the table once; when that fails, the next one tries again. */
  async #ready(): Promise<void> {
    if (!this.#settings.createTable) return
    this.#table ??= this.#create()
    try {
      await this.#table
    } catch (error) {
      this.#table = undefined
      throw error
    }
  }

  async #create(): Promise<void> {
    for (const statement of this.#statements.create)
      try {
        await this.#client.query(statement)
      } catch (error) {
        // Another process made it in the same moment.
        if (!['23505', '42P07'].includes(stateOf(error))) throw error
      }
  }

  /** Forgets what is too old, once an hour and process. Nobody waits for it, and it is not missed when it fails. */
  #prune(): void {
    const { clock, maxAgeMs } = this.#settings
    if (maxAgeMs === Infinity || clock.now() < this.#pruneAtMs) return
    this.#pruneAtMs = clock.now() + pruneEveryMs
    this.#client.query(this.#statements.prune, [maxAgeMs]).catch(() => undefined)
  }
}

/**
 * Text that PostgreSQL takes and gives back: it refuses the character 0 and halves of surrogate pairs, which JSON escapes.
 */
const keyOf = (name: string): string => JSON.stringify(name).slice(1, -1)

const nameOf = (key: string): string => JSON.parse(`"${key}"`) as string

/** What the server says is wrong, as ours where we know it. */
function refusalOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : ''
  const [, wanted, found] =
    /(?:different vector|expected) (?:dimensions )?(\d+)(?: dimensions, not| and) (\d+)/.exec(message) ?? []
  if (wanted !== undefined)
    try {
      checkDimensions(Number(found), Number(wanted))
    } catch (ours) {
      return ours
    }
  if (stateOf(error) !== '42704' || !message.includes('"vector"')) return error
  return new SluiceError({
    code: 'cache.vectors_unsupported',
    message:
      'This PostgreSQL has no type "vector" on its search path: pgvectorIndex() needs the extension pgvector. ' +
      'Install it once, with the rights to: CREATE EXTENSION vector.',
    details: { server: 'PostgreSQL' },
    status: 503,
    cause: error,
  })
}

/** The five characters by which PostgreSQL tells errors apart. @see https://www.postgresql.org/docs/17/errcodes-appendix.html */
function stateOf(error: unknown): string {
  return String((error as { code?: unknown } | null | undefined)?.code)
}
