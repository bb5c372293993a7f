import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { flightClients, turns, valve } from './flight-fixture.ts'
import { createFlights } from './flights.ts'

const model = 'gpt-5-mini'
const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]
const params = { model, messages }
const streamed = { ...params, stream: true as const }

describe('identical calls for a whole answer', () => {
  it.each(['openai', 'anthropic'] as const)('share one upstream call and its bytes: %s', async (sdk) => {
    const ask = ({ openai, anthropic }: ReturnType<typeof flightClients>): PromiseLike<Response> =>
      sdk === 'openai'
        ? openai.chat.completions.create(params).asResponse()
        : anthropic.messages.create({ ...params, max_tokens: 100 }).asResponse()
    const provider = fakeProvider({ clock: fakeClock() })
    const clients = flightClients(provider.fetch)
    const responses = await Promise.all(Array.from({ length: 100 }, () => ask(clients)))
    provider.expectCalls(1)
    const texts = await Promise.all(responses.map((response) => response.text()))
    const alone = await ask(flightClients(fakeProvider({ clock: fakeClock() }).fetch))
    expect(new Set(texts)).toEqual(new Set([await alone.text()]))
    for (const name of ['x-request-id', 'request-id'])
      expect(new Set(responses.map(({ headers }) => headers.get(name))).size).toBe(1)
    expect(clients.followed.filter((isFollower) => !isFollower)).toHaveLength(1)
    expect(clients.flights.size).toBe(0)
  })

  it('give each caller a value of its own, frozen', async () => {
    const provider = fakeProvider()
    const values: object[] = []
    const { openai } = flightClients(provider.fetch, {
      outer: [
        async (call, next) => {
          const reply = await next(call)
          if (reply.kind === 'whole') values.push(await reply.value())
          return reply
        },
      ],
    })
    await Promise.all([1, 2].map(() => openai.chat.completions.create(params)))
    expect(values[0]).toEqual(values[1])
    expect(values.every((value) => Object.isFrozen(value))).toBe(true)
  })

  it('go on when the leader gives up, and stop with the last', async () => {
    const provider = fakeProvider().fail('silence')
    const { openai, flights } = flightClients(provider.fetch)
    const controllers = [new AbortController(), new AbortController()]
    const calls = controllers.map(({ signal }) => openai.chat.completions.create(params, { signal }))
    await turns()
    controllers[0]?.abort()
    await expect(calls[0]).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
    expect(provider.lastCall?.outcome).toBe('pending')
    controllers[1]?.abort()
    await expect(calls[1]).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
    expect(flights.size).toBe(0)
  })

  it('share a body that breaks off with nobody: another leads', async () => {
    const provider = fakeProvider().on(model, 'Five days.').fail('cut', { times: 1 })
    const { openai } = flightClients(provider.fetch)
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => openai.chat.completions.create(params)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    provider.expectCalls(2)
  })

  it('share an answer that is not JSON as they would have met it alone', async () => {
    const provider = fakeProvider().fail('malformed-chunk')
    const { openai } = flightClients(provider.fetch)
    const outcomes = await Promise.allSettled([1, 2].map(() => openai.chat.completions.create(params)))
    const alone = await Promise.allSettled([
      new OpenAI({ apiKey: 'test', fetch: provider.fetch }).chat.completions.create(params),
    ])
    provider.expectCalls(2)
    const [reason] = alone.map((outcome) => outcome.status === 'rejected' && String(outcome.reason))
    for (const outcome of outcomes) expect(outcome.status === 'rejected' && String(outcome.reason)).toBe(reason)
  })
})

describe('a whole answer and a stream of the same', () => {
  it('are one upstream call when the stream was first', async () => {
    const provider = fakeProvider({ clock: fakeClock() })
    const { openai, followed } = flightClients(provider.fetch)
    const stream = openai.chat.completions.create(streamed)
    const wholes = [1, 2, 3].map(() => openai.chat.completions.create(params))
    let text = ''
    for await (const chunk of await stream) text += chunk.choices[0]?.delta.content ?? ''
    const answers = await Promise.all(wholes)
    provider.expectCalls(1)
    expect(followed.filter((isFollower) => !isFollower)).toHaveLength(1)
    for (const answer of answers) {
      expect(answer.object).toBe('chat.completion')
      expect(answer.choices[0]?.message.content).toBe(text)
      expect(answer.usage?.total_tokens).toBeGreaterThan(0)
    }
  })

  it('are two when the whole answer was first: no stream waits for one', async () => {
    const provider = fakeProvider()
    const { openai } = flightClients(provider.fetch)
    await Promise.all([
      openai.chat.completions.create(params),
      openai.chat.completions
        .create(streamed)
        .asResponse()
        .then((response) => response.text()),
    ])
    provider.expectCalls(2)
  })

  it('are two when the stream breaks: the whole answer is asked for', async () => {
    const { fetch, streams, stream: streamAt } = valve(['', 'one ', 'two'])
    const whole = fakeProvider().on(model, 'Five days.')
    const { openai, followed } = flightClients((url, init) =>
      String(init?.body).includes('"stream":true') ? fetch(url, init) : whole.fetch(url, init),
    )
    const stream = openai.chat.completions.create(streamed).asResponse()
    const answer = openai.chat.completions.create(params)
    ;(await streamAt(0)).let(2)
    await turns()
    streams[0]?.fail(new TypeError('terminated'))
    expect((await answer).choices[0]?.message.content).toBe('Five days.')
    await expect((await stream).text()).rejects.toThrow('terminated')
    expect(followed).toEqual([false, false])
  })
})

describe('streamed usage', () => {
  const withUsage = { ...streamed, stream_options: { include_usage: true } }

  it('is shown to those who asked for it only', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ clock })
    // No usage is asked for on anybody's behalf.
    const { openai } = flightClients(provider.fetch, { sluiceOptions: { streamUsage: false } })
    const ask = (wanted: typeof streamed): PromiseLike<Response> => openai.chat.completions.create(wanted).asResponse()
    const bodies = await Promise.all(
      (await Promise.all([ask(withUsage), ask(streamed), ask(withUsage)])).map((response) => response.text()),
    )
    provider.expectCalls(1)
    expect(bodies[0]).toBe(bodies[2])
    expect(bodies[0]).toContain('"usage":{')
    expect(bodies[1]).not.toContain('usage')
    const alone = new OpenAI({ apiKey: 'test', fetch: fakeProvider({ clock }).fetch })
    const events = (text: string): unknown[] => text.match(/^data: .*$/gm) ?? []
    expect(events(bodies[1] as string)).toEqual(
      events(await (await alone.chat.completions.create(streamed).asResponse()).text()),
    )
  })

  it('is not waited for in a stream that will not tell', async () => {
    const provider = fakeProvider()
    const { openai } = flightClients(provider.fetch, { sluiceOptions: { streamUsage: false } })
    const asked = [
      openai.chat.completions.create(streamed).asResponse(),
      openai.chat.completions.create(withUsage).asResponse(),
    ]
    const [, told] = await Promise.all((await Promise.all(asked)).map((response) => response.text()))
    provider.expectCalls(2)
    expect(told).toContain('"usage":{')
  })
})

describe('createFlights', () => {
  it.each<[object, string]>([
    [{ maxLeads: 0 }, 'maxLeads'],
    [{ maxBacklogBytes: -1 }, 'maxBacklogBytes'],
    [{ maxTotalBacklogBytes: Number.NaN }, 'maxTotalBacklogBytes'],
    [{ maxFollowers: 3 }, 'maxFollowers'],
  ])('refuses %j', (options, name) => {
    expect(() => createFlights(options)).toThrow(expect.objectContaining({ code: 'config.option' }))
    expect(() => createFlights(options)).toThrow(name)
  })
})
