import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { streamReply, type Middleware } from '@sluice/core'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import type { APIPromise } from 'openai'
import { describe, expect, it } from 'vitest'
import { flightClients, turns, valve } from './flight-fixture.ts'

const model = 'gpt-5-mini'
const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]
const params = { model, messages }
const streamed = { ...params, stream: true as const }

const bytesOf = async (response: PromiseLike<Response>): Promise<string> =>
  createHash('sha256')
    .update(Buffer.from(await (await response).arrayBuffer()))
    .digest('hex')

/** What an application gets that leaves: nothing. */
const left = (error: unknown): undefined => {
  if (error instanceof Error && /abort/i.test(`${error.name} ${error.message}`)) return undefined
  throw error
}

/** Draws of a seeded generator: 0 ≤ x < 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('a thousand identical streams', () => {
  it('are one upstream call and a thousand times the same bytes, although some leave', async () => {
    const plain = fakeProvider({ clock: fakeClock() })
    const expected = await bytesOf(flightClients(plain.fetch).openai.chat.completions.create(streamed).asResponse())
    const provider = fakeProvider({ clock: fakeClock() })
    const { openai, flights, followed } = flightClients(provider.fetch)
    const random = seeded(7)
    const callers = Array.from({ length: 1_000 }, async (_, index) => {
      const controller = new AbortController()
      const call: APIPromise<unknown> = openai.chat.completions.create(streamed, { signal: controller.signal })
      const leaves = index === 0 || random() < 0.2
      if (!leaves) return bytesOf(call.asResponse())
      try {
        if (random() < 0.3) {
          void Promise.resolve().then(() => controller.abort())
          return await bytesOf(call.asResponse())
        }
        const reader = ((await call.asResponse()).body as ReadableStream<Uint8Array>).getReader()
        for (let read = Math.floor(random() * 8); read >= 0; read -= 1) await reader.read()
        if (random() < 0.5) await reader.cancel()
        else {
          controller.abort()
          await expect(reader.read()).rejects.toThrow(/abort/i)
        }
      } catch (error) {
        return left(error)
      }
      return undefined
    })
    const bytes = await Promise.all(callers)
    provider.expectCalls(1)
    provider.expectSettled()
    const whole = bytes.filter((digest) => digest !== undefined)
    expect(whole.length).toBeGreaterThan(700)
    expect(new Set(whole)).toEqual(new Set([expected]))
    expect(followed.filter((isFollower) => !isFollower).length).toBeLessThanOrEqual(1)
    expect(flights.size).toBe(0)
  })

  it('are one upstream call through the Anthropic client', async () => {
    const provider = fakeProvider({ clock: fakeClock() })
    const { anthropic } = flightClients(provider.fetch)
    const ask = () => anthropic.messages.create({ ...streamed, max_tokens: 200 }).asResponse()
    const digests = await Promise.all(Array.from({ length: 50 }, () => bytesOf(ask())))
    provider.expectCalls(1)
    expect(new Set(digests).size).toBe(1)
    const again = fakeProvider({ clock: fakeClock() })
    const alone = flightClients(again.fetch).anthropic.messages.create({ ...streamed, max_tokens: 200 })
    expect(digests[0]).toBe(await bytesOf(alone.asResponse()))
  })
})

describe('a stream that is shared', () => {
  const texts = ['', 'one ', 'two ', 'three ', 'four']

  it('gives the backlog to those who join it late', async () => {
    const { fetch, streams, stream } = valve(texts)
    const { openai, followed } = flightClients(fetch)
    const first = openai.chat.completions.create(streamed).asResponse()
    ;(await stream(0)).let(3)
    const reader = ((await first).body as ReadableStream<Uint8Array>).getReader()
    const head = [await reader.read(), await reader.read(), await reader.read()]
    const late = openai.chat.completions.create(streamed).asResponse()
    ;(await stream(0)).let(10)
    const rest: Uint8Array[] = []
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      rest.push(value)
    }
    const whole = Buffer.concat([...head.map(({ value }) => value as Uint8Array), ...rest]).toString()
    expect(await (await late).text()).toBe(whole)
    expect(whole).toContain('four')
    expect(streams).toHaveLength(1)
    expect(followed).toEqual([false, true])
  })

  it('is read at the pace of the fastest, and not before anybody asks', async () => {
    const { fetch, streams, stream } = valve(texts)
    const { openai } = flightClients(fetch)
    const calls = [1, 2].map(() => openai.chat.completions.create(streamed).asResponse())
    ;(await stream(0)).let(100)
    const [fast, slow] = (await Promise.all(calls)).map((response) =>
      (response.body as ReadableStream<Uint8Array>).getReader(),
    )
    await turns()
    // A follower waits for the first content.
    expect(streams[0]?.pulled).toBe(2)
    for (let read = 0; read < 4; read += 1) await fast?.read()
    await turns()
    expect(streams[0]?.pulled).toBe(4)
    for (let read = 0; read < 4; read += 1) await slow?.read()
    await turns()
    expect(streams[0]?.pulled).toBe(4)
    while (!(await fast?.read())?.done);
    const texted = []
    for (let step = await slow?.read(); step && !step.done; step = await slow?.read()) texted.push(String(step.value))
    expect(texted.join()).toContain('[DONE]')
  })

  it('reads nothing ahead for a leader who is alone', async () => {
    const { fetch, streams, stream } = valve(texts)
    const { openai } = flightClients(fetch)
    const call = openai.chat.completions.create(streamed).asResponse()
    ;(await stream(0)).let(100)
    await call
    await turns()
    expect(streams[0]?.pulled).toBe(0)
  })

  it.each(['cancel', 'abort'])('is cancelled by the last who leaves: %s', async (way) => {
    const { fetch, streams, stream } = valve(texts)
    const { openai, flights } = flightClients(fetch)
    const controllers = [1, 2, 3].map(() => new AbortController())
    const calls = controllers.map(({ signal }) => openai.chat.completions.create(streamed, { signal }).asResponse())
    ;(await stream(0)).let(3)
    const readers = (await Promise.all(calls)).map((response) =>
      (response.body as ReadableStream<Uint8Array>).getReader(),
    )
    for (const [index, reader] of readers.entries()) {
      expect(streams[0]?.isCancelled).toBe(false)
      await reader.read()
      if (way === 'cancel') await reader.cancel()
      else controllers[index]?.abort()
      await turns()
    }
    expect(streams[0]?.isCancelled).toBe(true)
    expect(flights.size).toBe(0)
    // Whoever comes then begins anew.
    void openai.chat.completions
      .create(streamed)
      .asResponse()
      .catch(() => undefined)
    await turns()
    expect(streams).toHaveLength(2)
  })

  it('is cancelled by the last who leaves before its head', async () => {
    const { fetch, streams } = valve(texts)
    const { openai, flights } = flightClients(fetch)
    const controllers = [new AbortController(), new AbortController()]
    const calls = controllers.map(({ signal }) => openai.chat.completions.create(streamed, { signal }).asResponse())
    await turns()
    controllers[0]?.abort()
    await expect(calls[0]).rejects.toThrow(/abort/i)
    expect(streams[0]?.isCancelled).toBe(false)
    controllers[1]?.abort()
    await expect(calls[1]).rejects.toThrow(/abort/i)
    expect(streams[0]?.isCancelled).toBe(true)
    expect(flights.size).toBe(0)
  })

  it('leaves no listener on any signal', async () => {
    const provider = fakeProvider()
    const signals: AbortSignal[] = []
    const note: Middleware = (call, next) => (signals.push(call.signal as AbortSignal), next(call))
    const { openai, flights } = flightClients(provider.fetch, { outer: [note], inner: [note] })
    const controllers = [new AbortController(), new AbortController(), new AbortController()]
    const calls = controllers.map(({ signal }) => openai.chat.completions.create(streamed, { signal }).asResponse())
    const [first, second, third] = await Promise.all(calls)
    await first?.text()
    await second?.text()
    await third?.body?.cancel()
    await turns()
    expect(signals).toHaveLength(4)
    for (const signal of signals) expect(getEventListeners(signal, 'abort').length).toBe(0)
    expect(flights.size).toBe(0)
  })

  it('runs in the context of its leader', async () => {
    const store = new AsyncLocalStorage<string>()
    const seen = new Set<string | undefined>()
    const provider = fakeProvider()
    const { openai } = flightClients(provider.fetch, {
      inner: [
        async (call, next) => {
          const reply = await next(call)
          if (reply.kind !== 'stream') return reply
          async function* watched() {
            if (reply.kind !== 'stream') return
            for await (const event of reply.events()) {
              seen.add(store.getStore())
              yield event
            }
          }
          return streamReply(reply.api, watched(), reply)
        },
      ],
    })
    const ask = (name: string) =>
      store.run(name, async () => {
        let text = ''
        for await (const chunk of await openai.chat.completions.create(streamed)) {
          text += chunk.choices[0]?.delta.content ?? ''
          expect(store.getStore()).toBe(name)
        }
        return text
      })
    const said = await Promise.all(['leader', 'second', 'third'].map(ask))
    expect(new Set(said).size).toBe(1)
    expect([...seen]).toEqual(['leader'])
    provider.expectCalls(1)
  })
})
