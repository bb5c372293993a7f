import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { streamReply, type Middleware } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { flightClients, turn, turns, valve, type FlightClients } from './flight-fixture.ts'

const streamed = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'How long does a card take?' }],
  stream: true as const,
}
const texts = ['', 'one ', 'two ', 'three ', 'four']

const ask = ({ openai }: FlightClients): Promise<Response> => openai.chat.completions.create(streamed).asResponse()

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Collects until it is as it should be, or never is. */
async function collectedUntil(isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 50 && !isSo(); round += 1) {
    await turn()
    collect()
  }
}

describe('the backlog of a stream', () => {
  it.each(['maxBacklogBytes', 'maxTotalBacklogBytes'])('closes it to more callers past %s', async (option) => {
    const { fetch, streams, stream } = valve(texts)
    const clients = flightClients(fetch, { [option]: 1_000 })
    const calls = [ask(clients), ask(clients)]
    ;(await stream(0)).let(100)
    const [first, second] = await Promise.all(calls)
    expect(clients.flights.size).toBe(1)
    const whole = await first?.text()
    expect(clients.flights.size).toBe(0)
    const late = ask(clients)
    await turns()
    expect(streams).toHaveLength(2)
    streams[1]?.let(100)
    expect(await (await late).text()).toBe(whole)
    // Who was there has it all.
    expect(await second?.text()).toBe(whole)
  })

  it('counts what streams that are over kept no more', async () => {
    const clients = flightClients(fakeProvider().fetch, { maxTotalBacklogBytes: 100_000 })
    for (let n = 0; n < 30; n += 1) await (await ask(clients)).text()
    const [first, second] = [ask(clients), ask(clients)]
    await (await first).text()
    await (await second).text()
    expect(clients.followed.filter(Boolean)).toHaveLength(1)
  })

  it('is garbage behind the slowest reader once nobody can join', async () => {
    const { fetch, stream } = valve(texts)
    const seen: WeakRef<object>[] = []
    const noting: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind !== 'stream') return reply
      const { api } = reply
      async function* events() {
        if (reply.kind !== 'stream') return
        for await (const event of reply.events()) {
          seen.push(new WeakRef(event))
          yield event
        }
      }
      return streamReply(api, events(), reply)
    }
    const clients = flightClients(fetch, { inner: [noting], maxBacklogBytes: 600 })
    const [first, second] = [ask(clients), ask(clients)]
    ;(await stream(0)).let(100)
    const readers = (await Promise.all([first, second])).map(({ body }) => body?.getReader())
    for (let read = 0; read < 4; read += 1) for (const reader of readers) await reader?.read()
    await collectedUntil(() => seen[0]?.deref() === undefined)
    expect(seen[0]?.deref()).toBeUndefined()
    await readers[0]?.cancel()
    await readers[1]?.cancel()
  })
})

describe('a reply that nobody reads', () => {
  it('holds nobody up, and leaves when it is discarded', async () => {
    const { fetch, streams, stream } = valve(texts)
    const unread: { discard(): Promise<void> }[] = []
    let count = 0
    const dropping: Middleware = async (call, next) => {
      const reply = await next(call)
      count += 1
      if (count > 1) return reply
      unread.push(reply)
      return next(call)
    }
    const clients = flightClients(fetch, { outer: [dropping] })
    const first = ask(clients)
    ;(await stream(0)).let(100)
    const reader = (await first).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await turns()
    expect(streams[0]?.isCancelled).toBe(false)
    await unread[0]?.discard()
    await turns()
    expect(streams).toHaveLength(1)
    expect(streams[0]?.isCancelled).toBe(true)
    expect(clients.flights.size).toBe(0)
  })

  it('leaves when it is collected', async () => {
    const { fetch, streams, stream } = valve(texts)
    const clients = flightClients(fetch)
    await (async () => {
      const calls = [ask(clients), ask(clients)]
      ;(await stream(0)).let(3)
      await Promise.all(calls)
    })()
    await collectedUntil(() => clients.flights.size === 0)
    expect(clients.flights.size).toBe(0)
    await turns()
    expect(streams[0]?.isCancelled).toBe(true)
  })
})

describe('a reader behind a generator that waits', () => {
  it('leaves at once', async () => {
    const { fetch, streams, stream } = valve(texts)
    const passing: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind !== 'stream') return reply
      const source = reply.events()
      async function* events() {
        yield* source
      }
      return streamReply(reply.api, events(), reply)
    }
    const clients = flightClients(fetch, { outer: [passing], inner: [passing] })
    const calls = [ask(clients), ask(clients)]
    ;(await stream(0)).let(2)
    const readers = (await Promise.all(calls)).map(({ body }) => body?.getReader())
    for (const reader of readers) {
      await reader?.read()
      await reader?.read()
      void reader?.read()
    }
    await turns()
    await readers[0]?.cancel()
    await turns()
    expect(streams[0]?.isCancelled).toBe(false)
    await readers[1]?.cancel()
    await turns()
    expect(streams[0]?.isCancelled).toBe(true)
  })
})
