import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sluiceErrorOf } from '../errors-http.ts'
import { fakeClock } from './fake-clock.ts'
import type { Recording } from './recording.ts'
import { replayFetch } from './replay-fetch.ts'

const url = 'http://test/v1/x'
let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
  path = join(folder, 'calls.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

function write(...recordings: Partial<Recording>[]): Promise<void> {
  const base = { version: 1, method: 'POST', url, status: 200, end: 'whole', chunks: [[0, 2]], body: 'ok' }
  return writeFile(path, recordings.map((recording) => `${JSON.stringify({ ...base, ...recording })}\n`).join(''))
}

const post = (value: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(value) })

describe('replayFetch', () => {
  it('answers equal requests in the order in which they were recorded, others in any', async () => {
    await write(
      { requestBody: { json: { a: 1 } }, body: 'a1' },
      { requestBody: { json: { b: 1 } }, body: 'b1' },
      { requestBody: { json: { a: 1 } }, body: 'a2' },
    )
    const fetch = replayFetch(path)
    const text = async (value: unknown): Promise<string> => (await fetch(url, post(value))).text()
    expect([await text({ b: 1 }), await text({ a: 1 }), await text({ a: 1 })]).toEqual(['b1', 'a1', 'a2'])
    expect(fetch.remaining()).toEqual([])
  })

  it('knows equal JSON whatever the order of its keys', async () => {
    await write({ requestBody: { json: { a: 1, b: { c: 2, d: 3 } } } })
    expect((await replayFetch(path)(url, { method: 'POST', body: '{"b":{"d":3,"c":2},"a":1}' })).status).toBe(200)
  })

  it.each([
    ['a method', () => [url, { method: 'PUT', body: '{"a":[{"b":1}]}' }], 'method'],
    ['an address', () => ['http://test/v1/y', post({ a: [{ b: 1 }] })], 'url'],
    ['a value', () => [url, post({ a: [{ b: 2 }] })], 'body.a[0].b'],
    ['a missing field', () => [url, post({ a: [{}] })], 'body.a[0].b'],
    ['an additional field', () => [url, post({ a: [{ b: 1 }], c: 1 })], 'body.c'],
    ['a longer list', () => [url, post({ a: [{ b: 1 }, 2] })], 'body.a[1]'],
    ['no body', () => [url, { method: 'POST' }], 'body'],
  ] as [string, () => [string, RequestInit], string][])('names what differs: %s', async (_, request, difference) => {
    await write({ requestBody: { json: { a: [{ b: 1 }] } } })
    const fetch = replayFetch(path)
    const response = await fetch(...request())
    expect(response.status).toBe(400)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({ error: { code: 'replay.unmatched', details: { difference } } })
    expect(fetch.failures[0]?.message).toContain(difference)
    expect(fetch.remaining()).toEqual([{ method: 'POST', url }])
  })

  it('says when all recordings are used', async () => {
    await write({})
    const fetch = replayFetch(path)
    await fetch(url, { method: 'POST' })
    expect(await (await fetch(url, { method: 'POST' })).json()).toMatchObject({
      error: { message: expect.stringContaining('all 1 recordings are used'), details: { difference: 'count' } },
    })
  })

  it('reaches the callers of both SDKs as one typed error, without a retry', async () => {
    await write({})
    const fetch = replayFetch(path)
    const messages = [{ role: 'user' as const, content: 'x' }]
    const openai = new OpenAI({ apiKey: 'test', fetch })
    const error = await openai.chat.completions.create({ model: 'm', messages }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'replay.unmatched', details: { difference: 'url' } })
    const anthropic = new Anthropic({ apiKey: 'test', fetch })
    const other = await anthropic.messages
      .create({ model: 'm', max_tokens: 1, messages })
      .catch((caught: unknown) => caught)
    expect(sluiceErrorOf(other)?.code).toBe('replay.unmatched')
    expect(fetch.failures).toHaveLength(2)
  })

  it('waits as long as the provider took, when asked to', async () => {
    const chunks = [
      [100, 1],
      [250, 1],
    ] as const
    await write({ headersAtMs: 40, chunks }, { headersAtMs: 40, chunks })
    const clock = fakeClock()
    const seen: number[] = []
    const reading = (async () => {
      const startedAtMs = clock.now()
      const response = await replayFetch(path, { pace: 'recorded', clock })(url, { method: 'POST' })
      seen.push(clock.now() - startedAtMs)
      for await (const _ of response.body!) seen.push(clock.now() - startedAtMs)
    })()
    await clock.advance(249)
    expect(seen).toEqual([40, 100])
    await clock.advance(1)
    await reading
    expect(seen).toEqual([40, 100, 250])
    await (await replayFetch(path)(url, { method: 'POST' })).text()
  })

  it('obeys the signal of the caller', async () => {
    await write(
      {},
      {
        chunks: [
          [0, 1],
          [0, 1],
        ],
      },
    )
    const fetch = replayFetch(path)
    await expect(fetch(url, { method: 'POST', signal: AbortSignal.abort('no') })).rejects.toBe('no')
    const abort = new AbortController()
    const response = await fetch(url, { method: 'POST', signal: abort.signal })
    abort.abort('stop')
    await expect(response.text()).rejects.toBe('stop')
  })

  it('refuses a file that is missing or something else', async () => {
    expect(() => replayFetch(join(folder, 'none.jsonl'))).toThrow(/cannot be read/)
    await writeFile(path, '{"version":1}\n{"version":9}\n')
    expect(() => replayFetch(path)).toThrow(/Line 2/)
  })
})
