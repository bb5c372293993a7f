import { getEventListeners } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import type { Middleware } from '../pipeline.ts'
import { onReport } from '../report.ts'
import { sluice, type WrappableClient } from '../sluice.ts'
import { fakeProvider } from '../testing/fake-provider/fake-provider.ts'
import { approximateTokenizer } from '../testing/fake-provider/model/tokens.ts'
import { anthropicCases, azureCases, openaiCases, type ClientCase } from './clients.ts'
import { rewriting } from './variants.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const chat = { model: 'gpt-5-mini', messages, max_completion_tokens: 4 }
const ask = { model: 'claude-haiku-4-5', max_tokens: 4, messages }
const pipelines: [string, () => Middleware[]][] = [
  ['no middleware', () => []],
  ['a middleware that passes', () => [(call, next) => next(call)]],
  ['a middleware that rewrites', () => [rewriting()]],
]
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Collects rejections that nobody handles. With a listener of our own the test runner's is not asked. */
function unhandledRejections(): unknown[] {
  const reasons: unknown[] = []
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason) => void reasons.push(reason))
  stops.push(() => {
    process.removeAllListeners('unhandledRejection')
    for (const other of others) process.on('unhandledRejection', other)
  })
  return reasons
}

type Either = Partial<OpenAI> & Partial<Anthropic>

/** The abort listeners on one signal after so many streams that were left early and ten times as many calls. */
async function leftBehind(
  made: ClientCase<unknown, unknown>,
  streams: number,
  middleware?: Middleware[],
): Promise<number> {
  const provider = fakeProvider({ tokenizer: approximateTokenizer })
  const bare = made.create({ origin: 'http://provider.test', fetch: provider.fetch, options: {} })
  const client = (middleware ? sluice(bare as WrappableClient, middleware) : bare) as Either
  const { signal } = new AbortController()
  const whole = (): PromiseLike<unknown> | undefined =>
    client.chat?.completions.create(chat, { signal }) ?? client.messages?.create(ask, { signal })
  for (let round = 0; round < streams; round += 20) await Promise.all(Array.from({ length: 200 }, whole))
  provider.clear()
  for (let round = 0; round < streams; round += 1) {
    const stream = await (client.chat?.completions.create({ ...chat, stream: true }, { signal }) ??
      client.messages?.create({ ...ask, stream: true }, { signal }))
    if (!stream) throw new Error('There is no stream.')
    if (round % 2) stream.controller.abort()
    else for await (const _ of stream) break
  }
  await provider.settled()
  await turn()
  if (!provider.calls.every(({ outcome }) => outcome === 'cancelled'))
    throw new Error('A stream that was left is still read.')
  return getEventListeners(signal, 'abort').length
}

it.each([...openaiCases, ...anthropicCases])(
  '2,000 calls and 200 left streams leave no listener of ours on a signal: $name',
  async (made) => {
    const rejections = unhandledRejections()
    // Some SDKs leave one now and then themselves; openai 7 never does.
    const before = 10 * (await leftBehind(made, 20))
    if (made.name === 'openai 7') expect(before).toBe(0)
    expect(10 * (await leftBehind(made, 20, []))).toBe(before)
    stops.push(onReport(() => {}))
    expect(await leftBehind(made, 200, [rewriting()])).toBe(before)
    expect(rejections).toEqual([])
  },
)

describe.each(pipelines)('with %s', (_name, pipeline) => {
  it.each([...openaiCases, ...azureCases])(
    'a call that nobody awaits is one unhandled rejection, as it is with $name alone',
    async (made) => {
      const rejections = unhandledRejections()
      const provider = fakeProvider({ tokenizer: approximateTokenizer }).fail('bad-request')
      const bare = made.create({ origin: 'http://provider.test', fetch: provider.fetch, options: {} })
      const wrapped = sluice(bare, pipeline())
      const counts: number[] = []
      for (const client of [bare, wrapped]) {
        // A promise of the SDKs begins at once, but parses, and so fails, when it is first looked at.
        void client.chat.completions.create(chat)
        void client.chat.completions.create(chat).then((answer) => answer.id)
        await provider.settled()
        for (let turns = 0; turns < 20; turns += 1) await turn()
        counts.push(rejections.length)
      }
      expect(counts[0]).toBeGreaterThan(0)
      expect(counts[1]).toBe((counts[0] ?? 0) * 2)
      expect(new Set(rejections.map((reason) => (reason as Error).constructor.name))).toEqual(
        new Set(['BadRequestError']),
      )
    },
  )

  it.each(openaiCases)('leaving a stream closes its connection: $name', async (made) => {
    const frame = `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content: 'x' }, finish_reason: null }] })}\n\n`
    const closed: Promise<void>[] = []
    const server = createServer((request, response: ServerResponse) => {
      request.resume()
      closed.push(new Promise((resolve) => void response.on('close', resolve)))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      // Then it says nothing more, and never ends by itself.
      response.write(frame.repeat(3))
    })
    stops.push(() => {
      server.closeAllConnections()
      server.close()
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = sluice(made.create({ origin, fetch, options: { maxRetries: 0 } }), pipeline())
    const params = { ...chat, stream: true as const }

    for await (const _ of await client.chat.completions.create(params)) break
    const aborted = await client.chat.completions.create(params)
    aborted.controller.abort()
    const helper = client.chat.completions.stream(chat)
    for await (const _ of helper) break
    const caller = new AbortController()
    const waiting = await client.chat.completions.create(params, { signal: caller.signal })
    for await (const _ of waiting) if (!caller.signal.aborted) setTimeout(() => caller.abort(), 5)
    const unread = await client.chat.completions.create(params).asResponse()
    await unread.body?.cancel()

    expect(closed).toHaveLength(5)
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error('A connection stayed open for half a minute.')), 30_000).unref(),
    )
    await Promise.race([Promise.all(closed), late])
  })
})
