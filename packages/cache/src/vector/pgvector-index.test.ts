import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { fakeClock } from '@sluice/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vectorIndexContract } from '../testing/vector-index-contract.ts'
import { pgvectorIndex } from './pgvector-index.ts'

const of = (...values: number[]): Float32Array => Float32Array.from(values)

/** PostgreSQL with pgvector, in this process. */
let database: PGlite
beforeAll(async () => {
  database = await PGlite.create({ extensions: { vector } })
  await database.query('CREATE EXTENSION vector')
  await database.query('CREATE SCHEMA app')
})
afterAll(() => database.close())

describe('pgvectorIndex', () => {
  for (const { name, run } of vectorIndexContract(() => ({ index: pgvectorIndex(database) }))) it(name, run)

  describe('with fixed dimensions', () => {
    const options = { table: 'app.vectors', dimensions: 48 }
    for (const { name, run } of vectorIndexContract(() => ({ index: pgvectorIndex(database, options) }))) it(name, run)
  })

  it('tells dimensions that are fixed, and refuses others, also those of a table that is there', async () => {
    const index = pgvectorIndex(database, { table: 'fixed', dimensions: 3 })
    expect(index.dimensions).toBe(3)
    expect(pgvectorIndex(database).dimensions).toBeUndefined()
    const refusal = { code: 'cache.dimensions', details: { wanted: 3, found: 2 } }
    await expect(index.add('p', 'a', of(1, 2))).rejects.toMatchObject(refusal)
    await expect(index.search('p', of(1, 2), 1)).rejects.toMatchObject(refusal)
    await index.add('p', 'a', of(1, 2, 3))
    const other = pgvectorIndex(database, { table: 'fixed', dimensions: 2 })
    await expect(other.add('p', 'b', of(1, 2))).rejects.toMatchObject(refusal)
    await expect(other.search('p', of(1, 2), 1)).rejects.toMatchObject(refusal)
  })

  it('takes lone halves of surrogate pairs, and keeps texts apart that escaping could mix up', async () => {
    const index = pgvectorIndex(database)
    const names = ['\ud800', '\udfff', '\\ud800', '"', '\\"', '\n', '\\n']
    for (const [at, name] of names.entries()) await index.add(name, name, of(1, at))
    for (const name of names) expect(await index.search(name, of(1, 0), 9)).toMatchObject([{ id: name }])
  })

  it('is as good through an HNSW index that was made on its table', async () => {
    const index = pgvectorIndex(database, { table: 'graph', dimensions: 3 })
    for (let at = 0; at < 50; at += 1) await index.add('p', `v${at}`, of(1, at / 50, 0))
    await database.query('CREATE INDEX ON graph USING hnsw (embedding vector_cosine_ops)')
    await database.query('ANALYZE graph')
    await database.query('SET enable_seqscan = off')
    await database.query('SET enable_bitmapscan = off')
    await database.query('SET enable_sort = off')
    const plan = await database.query(
      "EXPLAIN SELECT id FROM graph WHERE partition = 'p' ORDER BY embedding <=> '[1,0,0]' LIMIT 3",
    )
    expect(JSON.stringify(plan.rows)).toContain('graph_embedding_idx')
    expect((await index.search('p', of(1, 0, 0), 3)).map(({ id }) => id)).toEqual(['v0', 'v1', 'v2'])
    await database.query('RESET ALL')
  })

  it('forgets what is older than maxAgeMs, at most once an hour', async () => {
    const clock = fakeClock()
    const index = pgvectorIndex(database, { table: 'aging', maxAgeMs: 60_000, clock })
    const left = async (): Promise<string[]> => (await index.search('p', of(1, 0), 9)).map(({ id }) => id).toSorted()
    const age = (id: string) =>
      database.query("UPDATE aging SET added_at = now() - interval '61 seconds' WHERE id = $1", [id])
    await index.add('p', 'a', of(1, 0))
    await age('a')
    await index.add('p', 'b', of(1, 0))
    expect(await left()).toEqual(['a', 'b'])
    await clock.advance(3_600_000)
    await index.add('p', 'c', of(1, 0))
    expect(await left()).toEqual(['b', 'c'])
    await age('b')
    // Put anew, it is young again.
    await index.add('p', 'b', of(0, 1))
    await clock.advance(3_600_000)
    await index.add('p', 'c', of(1, 0))
    expect(await left()).toEqual(['b', 'c'])
  })

  it('shares a table that others make at the same time', async () => {
    const add = (at: number) => pgvectorIndex(database, { table: 'shared' }).add('p', `v${at}`, of(1, at))
    await Promise.all(Array.from({ length: 5 }, (_, at) => add(at)))
    expect(
      await pgvectorIndex(database, { table: 'shared', createTable: false }).search('p', of(1, 0), 9),
    ).toHaveLength(5)
  })

  it('takes for made what another process made first, and tries again after a failure', async () => {
    const failures = [
      Object.assign(new Error('down'), { code: '57P01' }),
      Object.assign(new Error('x'), { code: '23505' }),
    ]
    const client = {
      query: async (text: string, values?: unknown[]) => {
        const failure = text.startsWith('CREATE') ? failures.shift() : undefined
        if (failure) throw failure
        return database.query(text, values)
      },
    }
    const index = pgvectorIndex(client, { table: 'shared' })
    await expect(index.search('p', of(1, 0), 1)).rejects.toThrow('down')
    expect(await index.search('p', of(1, 0), 1)).toHaveLength(1)
    expect(failures).toEqual([])
  })

  it('passes on what the client rejects with', async () => {
    const index = pgvectorIndex(database, { table: 'missing', createTable: false })
    await expect(index.search('p', of(1, 0), 1)).rejects.toThrow('relation "missing" does not exist')
  })

  it('says what to do where the extension is missing', async () => {
    const bare = await PGlite.create()
    const failure = { code: 'cache.vectors_unsupported', status: 503 }
    await expect(pgvectorIndex(bare).add('p', 'a', of(1, 0))).rejects.toMatchObject(failure)
    await expect(pgvectorIndex(bare).search('p', of(1, 0), 1)).rejects.toThrow('CREATE EXTENSION vector')
    await bare.close()
  })

  it('refuses what is no client, and options that are none', () => {
    const bad =
      (...args: unknown[]) =>
      () =>
        Reflect.apply(pgvectorIndex, undefined, args) as unknown
    for (const given of ['postgres://localhost', {}, null, undefined])
      expect(bad(given)).toThrow(expect.objectContaining({ code: 'config.postgres_client' }))
    for (const options of [
      { table: 'Vectors' },
      { table: 'a"; DROP TABLE b' },
      { table: 'a.b.c' },
      { dimensions: 0 },
      { dimensions: 16_001 },
      { createTable: 'no' },
      { maxAgeMs: 0 },
      { maxAgeMs: Number.NaN },
      { size: 3 },
    ])
      expect(bad(database, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
