import { SluiceError, sluiceErrorOf, streamReply, type Middleware } from '@sluice/core'
import { fakeProvider, type FakeFaultName } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { flightClients, turns, valve } from './flight-fixture.ts'

const model = 'gpt-5-mini'
const params = { model, messages: [{ role: 'user' as const, content: 'How long does a card take?' }] }
const streamed = { ...params, stream: true as const }

type Outcome = { readonly text: string } | { readonly error: unknown }

const settled = (calls: readonly PromiseLike<unknown>[]): Promise<Outcome[]> =>
  Promise.all(
    calls.map((call) =>
      Promise.resolve(call).then(
        (text) => ({ text: text as string }),
        (error: unknown) => ({ error }),
      ),
    ),
  )

async function textOf(stream: PromiseLike<AsyncIterable<OpenAI.ChatCompletionChunk>>): Promise<string> {
  let text = ''
  for await (const chunk of await stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

const statusOf = (outcome: Outcome | undefined): unknown =>
  outcome && 'error' in outcome ? (outcome.error as { status?: number }).status : 'text'

describe('a lead that fails before any content', () => {
  it.each<FakeFaultName>(['http-503', 'http-429', 'reset-before-headers', 'error-in-stream'])(
    'with %s is the leader`s: one of the others leads',
    async (fault) => {
      const provider = fakeProvider().on(model, 'Five days.').fail(fault, { times: 1 })
      const { openai, followed } = flightClients(provider.fetch)
      const calls = Array.from({ length: 10 }, () => textOf(openai.chat.completions.create(streamed)))
      const [leader, ...others] = await settled(calls)
      expect(leader).toHaveProperty('error')
      expect(others).toEqual(Array.from({ length: 9 }, () => ({ text: 'Five days.' })))
      provider.expectCalls(2)
      expect(followed.filter((isFollower) => isFollower)).toHaveLength(8)
    },
  )

  it('is passed on after `maxLeads` callers have tried', async () => {
    const provider = fakeProvider().fail('http-503')
    const { openai, flights } = flightClients(provider.fetch, { maxLeads: 4 })
    const outcomes = await settled(
      Array.from({ length: 20 }, () => openai.chat.completions.create(streamed).asResponse()),
    )
    expect(outcomes.map(statusOf)).toEqual(Array.from({ length: 20 }, () => 503))
    provider.expectCalls(4)
    expect(flights.size).toBe(0)
  })

  it('is passed on as the stream it was when its first event is the error', async () => {
    const provider = fakeProvider().fail('error-in-stream')
    const { openai } = flightClients(provider.fetch, { maxLeads: 1 })
    const bodies = await Promise.all(
      [1, 2, 3].map(async () => (await openai.chat.completions.create(streamed).asResponse()).text()),
    )
    provider.expectCalls(1)
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('"error"')
  })

  it.each<FakeFaultName>(['bad-request', 'unauthorized', 'not-found', 'context-length'])(
    'with %s is everybody`s: each has a copy to read',
    async (fault) => {
      const provider = fakeProvider().fail(fault)
      const { openai } = flightClients(provider.fetch)
      const outcomes = await settled([1, 2, 3].map(() => openai.chat.completions.create(streamed)))
      provider.expectCalls(1)
      const errors = outcomes.map((outcome) => 'error' in outcome && outcome.error)
      const alone = await settled([
        new OpenAI({ apiKey: 'test', fetch: provider.fetch }).chat.completions.create(streamed),
      ])
      const expected = (alone[0] as { error: InstanceType<typeof OpenAI.APIError> }).error
      for (const error of errors) {
        if (!(error instanceof OpenAI.APIError)) throw new Error('no API error')
        expect(error.constructor).toBe(expected.constructor)
        expect(error.message).toBe(expected.message)
        expect(error.requestID).toBe((errors[0] as typeof error).requestID)
        expect(error.requestID).toBeTruthy()
      }
    },
  )

  it('for a reason of the leader`s own is no reason for the others, however many have one', async () => {
    const provider = fakeProvider().on(model, 'Five days.')
    const poor = new Set<string>()
    const purse: Middleware = async (call, next) => {
      if (poor.has(call.id)) throw new SluiceError({ code: 'test.poor', message: 'Nothing left.', status: 402 })
      return next(call)
    }
    let calls = 0
    const first: Middleware = async (call, next) => {
      calls += 1
      if (calls <= 5) poor.add(call.id)
      return next(call)
    }
    const { openai } = flightClients(provider.fetch, { outer: [first], inner: [purse] })
    const outcomes = await settled(Array.from({ length: 8 }, () => textOf(openai.chat.completions.create(streamed))))
    expect(outcomes.map(statusOf)).toEqual([402, 402, 402, 402, 402, 'text', 'text', 'text'])
    expect(sluiceErrorOf((outcomes[4] as { error: unknown }).error)?.code).toBe('test.poor')
    provider.expectCalls(1)
  })
})

describe('a stream that breaks in its midst', () => {
  it('breaks for everybody who is there, and for nobody who comes after', async () => {
    const { fetch, streams, stream } = valve(['', 'one ', 'two ', 'three'])
    const { openai, flights } = flightClients(fetch)
    const calls = [1, 2, 3].map(() => textOf(openai.chat.completions.create(streamed)))
    ;(await stream(0)).let(3)
    await turns()
    streams[0]?.fail(new TypeError('terminated'))
    for (const outcome of await settled(calls)) expect(outcome).toHaveProperty('error')
    expect(streams).toHaveLength(1)
    expect(flights.size).toBe(0)
    const later = textOf(openai.chat.completions.create(streamed))
    ;(await stream(1)).let(100)
    expect(await later).toBe('one two three')
  })

  it('before its content spares those who have been given nothing', async () => {
    const { fetch, streams, stream } = valve(['', 'one ', 'two ', 'three'])
    const { openai } = flightClients(fetch)
    const leader = textOf(openai.chat.completions.create(streamed))
    const follower = textOf(openai.chat.completions.create(streamed))
    ;(await stream(0)).let(1)
    await turns()
    const broken = leader.catch((error: unknown) => error)
    streams[0]?.fail(new TypeError('terminated'))
    expect(await broken).toBeInstanceOf(Error)
    ;(await stream(1)).let(100)
    expect(await follower).toBe('one two three')
  })

  it('unread by anybody ends no process', async () => {
    const { fetch, streams, stream } = valve(['', 'one ', 'two'])
    const { openai, flights } = flightClients(fetch)
    const calls = [1, 2].map(() => openai.chat.completions.create(streamed).asResponse())
    ;(await stream(0)).let(2)
    const [first, second] = await Promise.all(calls)
    const reader = first?.body?.getReader()
    await reader?.read()
    await reader?.read()
    const broken = reader?.read().catch((error: unknown) => error)
    streams[0]?.fail(new TypeError('terminated'))
    expect(String(await broken)).toContain('terminated')
    await turns()
    expect(flights.size).toBe(0)
    // The second has not read yet: it has what came, and then the error.
    await expect(second?.text()).rejects.toThrow('terminated')
  })
})

describe('a leader who gives up', () => {
  it('does not take the others with it, although the answer has not begun', async () => {
    const { fetch, streams, stream } = valve(['', 'one ', 'two'])
    // Waits for the first content before it hands the stream on, as a router does.
    const holding: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind !== 'stream') return reply
      const events = reply.events()[Symbol.asyncIterator]()
      const first = [await events.next(), await events.next()]
      async function* all() {
        for (const step of first) if (!step.done) yield step.value
        yield* { [Symbol.asyncIterator]: () => events }
      }
      return streamReply(reply.api, all(), reply)
    }
    const { openai } = flightClients(fetch, { inner: [holding] })
    const controller = new AbortController()
    const leader = textOf(openai.chat.completions.create(streamed, { signal: controller.signal }))
    const follower = textOf(openai.chat.completions.create(streamed))
    ;(await stream(0)).let(1)
    await turns()
    const gone = leader.catch((error: unknown) => error)
    controller.abort()
    expect(await gone).toBeInstanceOf(OpenAI.APIUserAbortError)
    await turns()
    expect(streams[0]?.isCancelled).toBe(false)
    streams[0]?.let(100)
    expect(await follower).toBe('one two')
    expect(streams).toHaveLength(1)
  })
})
