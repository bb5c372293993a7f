/**
 * What a shared store costs: CPU and time of each step on Redis beside a plain GET and SET of JSON, which know neither tags
 * nor locks, and what entries take as they are written.
 */
import { createClient } from 'redis'
import { startRedis } from '../packages/core/src/testing/redis/index.ts'
import { redisStore } from '../packages/cache/src/redis/index.ts'
import { decodeEntry, encodeEntry, type Compression } from '../packages/cache/src/store/codec.ts'
import { memoryStore } from '../packages/cache/src/store/memory-store.ts'
import { everything, type StoredEntry, type StoreKey } from '../packages/cache/src/store/store.ts'
import { tieredStore } from '../packages/cache/src/store/tiered-store.ts'
import { machine, measure, type Case } from './measure.ts'

const tags = ['docs', 'prompt-7']
const idOf = (at: number): string => String(at).padStart(43, 'k')

/** Words at random, common ones often: it compresses about as English does. */
function prose(characters: number): string {
  let state = 7
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const letters = 'etaoinshrdlucmfw'
  const word = (): string =>
    Array.from({ length: 2 + Math.floor(next() * 8) }, () => letters[Math.floor(next() ** 1.5 * 16)]).join('')
  const vocabulary = Array.from({ length: 3_000 }, word)
  let text = ''
  while (text.length < characters) text += `${vocabulary[Math.floor(3_000 * next() ** 4)] ?? ''} `
  return text.slice(0, characters)
}

function answerOf(bytes: number): StoredEntry['answer'] {
  return {
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-5-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: prose(bytes - 300) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 120, completion_tokens: 200, total_tokens: 320 },
  }
}

function entryOf(bytes: number, generations: Readonly<Record<string, number>>): StoredEntry {
  const nowMs = Date.now()
  return {
    api: 'openai.chat',
    check: idOf(0),
    answer: answerOf(bytes),
    requestIds: { 'x-request-id': 'req_0123456789' },
    tags: generations,
    storedAtMs: nowMs,
    freshUntilMs: nowMs + 3_600_000,
    staleUntilMs: nowMs + 3_600_000,
    errorUntilMs: nowMs + 3_600_000,
    tookMs: 812,
  }
}

async function steps(url: string): Promise<void> {
  const client = createClient({ url })
  const subscriber = createClient({ url })
  await Promise.all([client.connect(), subscriber.connect()])
  const store = redisStore(client, { prefix: 'bench' })
  const tiered = tieredStore(memoryStore(), redisStore(client, { prefix: 'bench', subscriber }))
  const key: StoreKey = { scope: 'acme', id: idOf(1) }
  const { generations } = await store.get(key, tags)
  for (const bytes of [1_024, 8_192]) {
    const entry = entryOf(bytes, generations)
    const json = JSON.stringify(entry)
    await store.set(key, entry)
    await client.set('plain', json)
    await tiered.get(key, tags)
    let next = 0
    const cases: Case[] = [
      { name: 'plain GET and JSON.parse', run: async () => JSON.parse((await client.get('plain')) ?? '') as unknown },
      { name: 'redisStore, get: a hit', run: () => store.get(key, tags) },
      { name: 'redisStore, get: a miss', run: () => store.get({ ...key, id: 'none' }, tags) },
      { name: 'tieredStore, get: a hit that is near', run: () => tiered.get(key, tags) },
      {
        name: 'plain SET with JSON.stringify',
        run: () => client.set('plain', JSON.stringify(entry), { PX: 3_600_000 }),
      },
      { name: 'redisStore, set', run: () => store.set(key, entry) },
      { name: 'tieredStore, set', run: () => tiered.set(key, entry) },
      {
        name: 'redisStore, lock and release',
        run: async () => (await store.lock?.({ ...key, id: idOf(next++) }, 10_000))?.release(),
      },
    ]
    const figures = await measure(cases, { rounds: 30, runs: 100, warmUp: 300 })
    console.log(`\nOn Redis (loopback, memory only), an answer of ${bytes / 1_024} KiB`)
    row('', 'µs of CPU, quiet', 'median', 'ms alone', 'a second, 64 at once')
    for (const [at, { name, quietUs, medianUs }] of figures.entries()) {
      const { run } = cases[at] as Case
      const alone = await wallMs(500, 1, run)
      const crowd = await wallMs(6_400, 64, run)
      row(name, quietUs.toFixed(0), medianUs.toFixed(0), alone.toFixed(3), String(Math.round(1_000 / crowd)))
    }
  }
  const gone = await wallMs(1_000, 1, () => store.invalidate('acme', ['docs']))
  const all = await wallMs(1_000, 1, () => store.invalidate('acme', [everything]))
  console.log(`\ninvalidate, however many entries: a tag ${gone.toFixed(3)} ms, a whole scope ${all.toFixed(3)} ms`)
  client.destroy()
  subscriber.destroy()
}

/** Milliseconds a run, so many at the same time. */
async function wallMs(runs: number, atOnce: number, run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let count = 0; count < runs / atOnce; count += 1) await run()
    }),
  )
  return (performance.now() - started) / runs
}

async function writings(): Promise<void> {
  console.log('\nEntries as they are written')
  row('', 'bytes', 'µs to write', 'µs to read')
  for (const bytes of [1_024, 4_096, 16_384])
    for (const compression of ['none', 'gzip', 'zstd'] as const satisfies readonly Compression[]) {
      const entry = entryOf(bytes, { [everything]: Date.now() * 1_000 })
      const text = encodeEntry(entry, compression) ?? ''
      const [write, read] = await measure(
        [
          { name: 'write', run: async () => encodeEntry(entry, compression) },
          { name: 'read', run: async () => decodeEntry(text) },
        ],
        { rounds: 20, runs: 100, warmUp: 200 },
      )
      const name = `${compression}, an answer of ${bytes / 1_024} KiB`
      row(name, String(Buffer.byteLength(text)), (write?.quietUs ?? 0).toFixed(0), (read?.quietUs ?? 0).toFixed(0))
    }
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(40) + cells.map((cell) => cell.padStart(21)).join(''))
}

console.log(machine())
await writings()
const server = await startRedis()
await steps(server.url)
await server.stop()
