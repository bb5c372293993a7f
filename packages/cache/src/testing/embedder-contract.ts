import assert from 'node:assert/strict'
import type { Embedder } from '../embed/embedder.ts'

/** An embedder under test. */
export interface EmbedderWorld {
  readonly embedder: Embedder
  /** Another one, made with the same settings: it must give the same vectors. @default embedder */
  readonly twin?: Embedder
  /** How far a vector may be off from run to run, as 1 − cosine. @default 1e-6 */
  readonly tolerance?: number
  /** Called after each case. */
  readonly stop?: () => void | Promise<void>
}

export interface EmbedderCase {
  readonly name: string
  /** Rejects with an `AssertionError` where the embedder does not do as it must. */
  readonly run: () => Promise<void>
}

/**
 * What every {@link Embedder} must do, as data: run each case in the test runner of your choice.
 *
 * @example
 * import { test } from 'node:test'
 *
 * for (const { name, run } of embedderContract(() => ({ embedder: lexicalEmbedder() }))) test(name, run)
 */
export function embedderContract(make: () => EmbedderWorld | Promise<EmbedderWorld>): readonly EmbedderCase[] {
  return cases.map(({ name, run }) => ({
    name,
    async run() {
      const { stop, ...world } = await make()
      try {
        await run({ tolerance: 1e-6, twin: world.embedder, ...world })
      } finally {
        await stop?.()
      }
    },
  }))
}

type World = Required<Omit<EmbedderWorld, 'stop'>>

const texts = [
  'How long does a new card take to arrive?',
  'I cannot log in to my account.',
  'Wo ist meine Karte?',
  '私のカードはどこですか',
  '😀 42 ≤ 43',
  'one\ntwo\tthree',
  `${'a long text that goes on and on '.repeat(40)}and ends`,
]

function cosine(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length)
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)
}

function assertSame(found: Float32Array | undefined, wanted: Float32Array | undefined, tolerance: number): void {
  assert.ok(found && wanted)
  assert.ok(1 - cosine(found, wanted) <= tolerance, `cosine ${cosine(found, wanted)}`)
}

const cases: readonly { readonly name: string; readonly run: (world: World) => Promise<void> }[] = [
  {
    name: 'has an id, the same for the same settings',
    async run({ embedder, twin }) {
      assert.ok(typeof embedder.id === 'string' && embedder.id.length > 0)
      assert.equal(twin.id, embedder.id)
    },
  },
  {
    name: 'gives one vector a text, of unit length and of the length it says',
    async run({ embedder }) {
      const vectors = await embedder.embed(texts)
      assert.equal(vectors.length, texts.length)
      const length = embedder.dimensions ?? vectors[0]?.length
      for (const vector of vectors) {
        assert.ok(vector instanceof Float32Array)
        assert.equal(vector.length, length)
        assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-4, `squares add up to ${cosine(vector, vector)}`)
      }
    },
  },
  {
    name: 'gives the same text the same vector, alone or among others, in any order, from any instance',
    async run({ embedder, twin, tolerance }) {
      const together = await embedder.embed(texts)
      const reversed = (await twin.embed(texts.toReversed())).toReversed()
      for (const [at, text] of texts.entries()) {
        const [alone] = await embedder.embed([text])
        assertSame(alone, together[at], tolerance)
        assertSame(reversed[at], together[at], tolerance)
      }
      const [first, second] = await embedder.embed(['twice', 'twice'])
      assertSame(first, second, tolerance)
    },
  },
  {
    name: 'tells different texts apart',
    async run({ embedder }) {
      const [a, b] = (await embedder.embed(texts)) as [Float32Array, Float32Array]
      assert.ok(cosine(a, b) < 1 - 1e-4, `cosine ${cosine(a, b)}`)
    },
  },
  {
    name: 'gives vectors of its own: what a caller does to one changes no other',
    async run({ embedder, tolerance }) {
      const [mine] = (await embedder.embed(['mine'])) as [Float32Array]
      const before = mine.slice()
      mine.fill(0)
      assertSame((await embedder.embed(['mine']))[0], before, tolerance)
    },
  },
  {
    name: 'gives nothing for nothing, and answers calls at the same time',
    async run({ embedder, tolerance }) {
      assert.deepEqual(await embedder.embed([]), [])
      const batches = await Promise.all(texts.map((text) => embedder.embed([text])))
      const together = await embedder.embed(texts)
      for (const [at, batch] of batches.entries()) assertSame(batch[0], together[at], tolerance)
    },
  },
  {
    name: 'rejects with the reason of a signal that is aborted',
    async run({ embedder }) {
      const reason = new Error('left')
      await assert.rejects(embedder.embed(['a'], { signal: AbortSignal.abort(reason) }), (error) => error === reason)
    },
  },
]
