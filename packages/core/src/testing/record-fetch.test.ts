import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { toFile } from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeClock } from './fake-clock.ts'
import { fakeProvider } from './fake-provider/fake-provider.ts'
import { recordFetch } from './record-fetch.ts'
import { replayFetch } from './replay-fetch.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'))
  path = join(folder, 'calls.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const recorded = async (): Promise<Record<string, unknown>[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** What an application does with two SDKs: whole, streamed, an error, a list. */
async function session(fetch: typeof globalThis.fetch): Promise<unknown[]> {
  const openai = new OpenAI({ apiKey: 'sk-live-0123456789', fetch, maxRetries: 0 })
  const anthropic = new Anthropic({ apiKey: 'sk-ant-0123456789', fetch, maxRetries: 0 })
  const chunks = []
  const whole = await openai.chat.completions.create({ model: 'gpt-5', messages })
  for await (const chunk of await openai.chat.completions.create({ model: 'gpt-5', messages, stream: true }))
    chunks.push(chunk)
  const message = await anthropic.messages
    .stream({ model: 'claude-haiku-4-5', max_tokens: 99, messages })
    .finalMessage()
  const failure = await openai.responses
    .retrieve('none')
    .catch((error: { status: number; code: string }) => error.status)
  const models = await openai.models.list()
  return [whole, chunks, message, failure, models.data]
}

describe('recordFetch', () => {
  it('records what replays the same', async () => {
    const fetch = recordFetch(path, { fetch: fakeProvider().fetch })
    const live = await session(fetch)
    await fetch.save()
    const replay = replayFetch(path)
    expect(replay.remaining()).toHaveLength(5)
    expect(await session(replay)).toEqual(live)
    expect(replay.remaining()).toEqual([])
    expect(replay.failures).toEqual([])
  })

  it('keeps the boundaries and the times of chunks', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ clock }).enqueue({ text: 'a b c', ttftMs: 100, tokensPerSecond: 20 })
    const fetch = recordFetch(path, { fetch: provider.fetch, clock })
    const body = JSON.stringify({ model: 'gpt-5', stream: true, messages })
    const response = await fetch('http://test/v1/chat/completions', { method: 'POST', body })
    let done = false
    const reading = response.text().then(() => (done = true))
    while (!done) await clock.advance(10)
    await reading
    await fetch.save()
    const [line] = await recorded()
    const chunks = line?.chunks as [number, number][]
    expect(chunks.map(([atMs]) => atMs)).toEqual([100, 100, 150, 200, 200, 200])
    expect(chunks.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(Buffer.byteLength(line?.body as string))
    expect(line).toMatchObject({ end: 'whole', status: 200, requestBody: { json: { stream: true } } })
  })

  it('keeps every kind of secret out of the file', async () => {
    const secret = 'sk-proj-abcdefghijklmnop'
    const provider = fakeProvider({
      routes: {
        'POST /v1/keys': () =>
          Response.json(
            { key: secret, note: `Bearer ${'t'.repeat(20)}` },
            {
              headers: {
                'set-cookie': 'session=1',
                'openai-organization': 'org-mine',
                'x-seen': secret,
                'x-kept': 'yes',
              },
            },
          ),
      },
    })
    const redact = (text: string): string => text.replaceAll('Ada Lovelace', '<name>')
    const fetch = recordFetch(path, { fetch: provider.fetch, redact })
    const body = JSON.stringify({ api_key: 'plain', nested: [{ text: `use ${secret} for Ada Lovelace` }] })
    const headers = { authorization: `Bearer ${secret}`, cookie: 'session=1' }
    const url = 'https://test/v1/keys?api-key=plain&page=2'
    const answer = await (await fetch(url, { method: 'POST', body, headers })).json()
    expect(answer).toMatchObject({ key: secret })
    await fetch.save()
    const text = await readFile(path, 'utf8')
    for (const word of ['abcdefghijkl', 'tttt', 'plain', 'session', 'org-mine', 'Lovelace']) {
      expect(text).not.toContain(word)
    }
    const [line] = await recorded()
    expect(line?.url).toBe('https://test/v1/keys?api-key=***&page=2')
    expect(line?.headers).toMatchObject({ 'x-kept': 'yes' })
    // The same request is recognised, though its secrets were never written.
    const replay = replayFetch(path, { redact })
    expect((await replay(url, { method: 'POST', body, headers })).status).toBe(200)
  })

  it('passes a stream through as it is read, and notes where the reader stopped', async () => {
    const provider = fakeProvider()
    const fetch = recordFetch(path, { fetch: provider.fetch })
    const body = JSON.stringify({ model: 'gpt-5', stream: true, messages })
    const { body: stream } = await fetch('http://test/v1/chat/completions', { method: 'POST', body })
    const reader = stream!.getReader()
    await reader.read()
    await reader.read()
    expect(provider.lastCall?.chunksSent).toBe(2)
    await reader.cancel('enough')
    expect(provider.lastCall?.outcome).toBe('cancelled')
    await fetch.save()
    expect((await recorded())[0]).toMatchObject({ end: 'open', chunks: [expect.anything(), expect.anything()] })
    const again = await replayFetch(path)('http://test/v1/chat/completions', { method: 'POST', body })
    await expect(again.text()).rejects.toMatchObject({ code: 'replay.cut_short' })
  })

  it('records failures below HTTP', async () => {
    const provider = fakeProvider().fail('reset-before-headers', { times: 1 })
    const fetch = recordFetch(path, { fetch: provider.fetch })
    const body = JSON.stringify({ model: 'gpt-5', stream: true, messages })
    const post = { method: 'POST', body }
    await expect(fetch('http://test/v1/chat/completions', post)).rejects.toThrow('fetch failed')
    provider.fail('cut')
    await expect((await fetch('http://test/v1/chat/completions', post)).text()).rejects.toThrow('terminated')
    provider.fail('silence')
    const abort = new AbortController()
    const silent = fetch('http://test/v1/chat/completions', { ...post, signal: abort.signal })
    setImmediate(() => abort.abort('bored'))
    await expect(silent).rejects.toBe('bored')
    await fetch.save()

    const replay = replayFetch(path)
    await expect(replay('http://test/v1/chat/completions', post)).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'ECONNRESET' },
    })
    await expect((await replay('http://test/v1/chat/completions', post)).text()).rejects.toThrow('terminated')
    const later = new AbortController()
    const waiting = replay('http://test/v1/chat/completions', { ...post, signal: later.signal })
    later.abort('bored again')
    await expect(waiting).rejects.toBe('bored again')
  })

  it('records uploads and binary answers', async () => {
    const upload = async (fetch: typeof globalThis.fetch): Promise<Uint8Array> => {
      const { files } = new OpenAI({ apiKey: 'test', fetch })
      const bytes = Uint8Array.from([0, 255, 254, 1])
      const { id } = await files.create({ file: await toFile(bytes, 'a.bin'), purpose: 'user_data' })
      return new Uint8Array(await (await files.content(id)).arrayBuffer())
    }
    const fetch = recordFetch(path, { fetch: fakeProvider().fetch })
    const live = await upload(fetch)
    await fetch.save()
    const [first, second] = await recorded()
    expect(first?.requestBody).toEqual({
      form: expect.arrayContaining([['file', { filename: 'a.bin', type: expect.any(String), bytes: 4 }]]),
    })
    expect(second?.body).toEqual({ base64: Buffer.from(live).toString('base64') })
    expect(await upload(replayFetch(path))).toEqual(live)
  })

  it('hands on the very headers of the response, and its address', async () => {
    const inner = await fakeProvider().fetch('http://test/health')
    const response = await recordFetch(path, { fetch: async () => inner })('http://test/health')
    expect(response.headers).toBe(inner.headers)
    expect(response.url).toBe('http://test/health')
  })
})
