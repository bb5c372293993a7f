import { describe, expect, it } from 'vitest'
import { fakeClock, type FakeClock } from '../fake-clock.ts'
import { fakeProvider, type FakeProvider } from './fake-provider.ts'
import { approximateTokenizer } from './model/tokens.ts'
import { inMemory } from './test-clients.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]

describe('fakeProvider', () => {
  it('says the same, byte for byte, to the same calls', async () => {
    const run = async (seed?: number): Promise<string[]> => {
      const provider = fakeProvider({ clock: fakeClock(), ...(seed !== undefined && { seed }) })
      const bodies = []
      for (const stream of [false, true]) {
        for (const [path, more] of [
          ['/v1/chat/completions', { messages }],
          ['/v1/responses', { input: 'Hello' }],
          ['/v1/messages', { messages, max_tokens: 99 }],
          ['/v1/completions', { prompt: 'Hello' }],
        ] as const) {
          const body = JSON.stringify({ model: 'gpt-5', stream, ...more })
          const response = await provider.fetch(`http://test${path}`, { method: 'POST', body })
          bodies.push(JSON.stringify([...response.headers]) + (await response.text()))
        }
      }
      return bodies
    }
    const [one, again, other] = [await run(), await run(), await run(2)]
    expect(again).toEqual(one)
    for (const [i, body] of other.entries()) expect(body).not.toBe(one[i])
  })

  it('begins anew with reset', async () => {
    const provider = fakeProvider({ clock: fakeClock() })
    const { openai } = inMemory(provider)
    const ask = () => openai.responses.create({ model: 'gpt-5', input: 'Hello' })
    const first = await ask()
    provider.on('gpt-5', 'scripted').fail('http-500')
    provider.reset()
    await expect(openai.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 })
    provider.reset()
    expect(await ask()).toEqual(first)
    provider.expectCalls(1)
  })

  it('counts with the tokenizer it is given', async () => {
    const letters = { name: 'letters', encode: (text: string) => [...text] }
    const { openai } = inMemory(fakeProvider({ tokenizer: letters }).on('gpt-5', 'Hi!'))
    const { usage } = await openai.chat.completions.create({
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'Yo' }],
    })
    // 3, "user", "Yo", 3
    expect(usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 3 })
    const plain = inMemory(fakeProvider({ tokenizer: approximateTokenizer }))
    expect((await plain.openai.chat.completions.create({ model: 'gpt-5', messages })).usage?.prompt_tokens).toBe(12)
  })
})

describe('pace', () => {
  const models = [{ ...fakeProvider().models[0]!, id: 'm', ttftMs: 1000, tokensPerSecond: 100 }]

  /** The instants at which a streamed answer's chunks with text came, in milliseconds since the call. */
  async function instants(provider: FakeProvider, clock: FakeClock): Promise<number[]> {
    const startedAtMs = clock.now()
    const stream = await inMemory(provider).openai.chat.completions.create({ model: 'm', messages, stream: true })
    const seen: number[] = []
    let done = false
    const reading = (async () => {
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) seen.push(clock.now() - startedAtMs)
      done = true
    })()
    while (!done) await clock.advance(10)
    await reading
    return seen
  }

  it('is instant unless told otherwise: nothing sleeps', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ models, clock })
    await inMemory(provider).openai.chat.completions.create({ model: 'm', messages })
    expect(clock.now()).toBe(fakeClock().now())
  })

  it('is that of the model when realistic', async () => {
    const clock = fakeClock()
    const seen = await instants(fakeProvider({ models, clock, pace: 'realistic' }), clock)
    expect(seen[0]).toBeGreaterThanOrEqual(800)
    expect(seen[0]).toBeLessThanOrEqual(1250)
    const gaps = seen.slice(1).map((at, i) => at - (seen[i] as number))
    for (const gap of gaps) expect(gap).toBeCloseTo(10, 6)
  })

  it('can be set for one model and for one answer', async () => {
    const clock = fakeClock()
    const [slow] = models
    const provider = fakeProvider({ models: [{ ...slow!, pace: 'realistic' }], clock })
    expect((await instants(provider, clock))[0]).toBeGreaterThanOrEqual(800)
    provider.enqueue({ text: 'a b c', ttftMs: 50, tokensPerSecond: 4 })
    expect(await instants(provider, clock)).toEqual([50, 300, 550])
  })

  it('holds back a whole answer for as long as it takes', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ models, clock }).enqueue({ text: 'a b c', ttftMs: 100, tokensPerSecond: 10 })
    let done = false
    const answer = inMemory(provider)
      .openai.chat.completions.create({ model: 'm', messages })
      .then(() => (done = true))
    await clock.advance(399)
    expect(done).toBe(false)
    await clock.advance(1)
    await answer
  })
})
