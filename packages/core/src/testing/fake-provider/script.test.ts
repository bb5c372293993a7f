import { describe, expect, it } from 'vitest'
import { fakeProvider, type FakeProvider } from './fake-provider.ts'
import { inMemory } from './test-clients.ts'

const ask = async (provider: FakeProvider, content = 'Hello', model = 'gpt-5'): Promise<string | null | undefined> => {
  const { openai } = inMemory(provider)
  const answer = await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
  return answer.choices[0]?.message.content
}

describe('scripted answers', () => {
  it('match a model, a pattern of the last user text, or a function; the latest counts', async () => {
    const provider = fakeProvider()
      .on('gpt-5', 'by model')
      .on(/refund/gi, 'by pattern')
      .on(({ messages, call }) => messages.length === 1 && call === 4, 'by function')
    expect(await ask(provider)).toBe('by model')
    expect(await ask(provider, 'A refund, please')).toBe('by pattern')
    expect(await ask(provider, 'A refund, please')).toBe('by pattern')
    expect(await ask(provider, 'A refund, please')).toBe('by function')
    expect(await ask(provider, 'Hello', 'gpt-5-mini')).not.toBe('by model')
  })

  it('are made by functions that see the request, also asynchronously', async () => {
    const provider = fakeProvider()
      .on('gpt-5', ({ lastUserText }) => `You said ${lastUserText}`)
      .on('gpt-5-mini', async ({ model }) => ({ text: `I am ${model}` }))
    expect(await ask(provider, 'hi')).toBe('You said hi')
    expect(await ask(provider, 'hi', 'gpt-5-mini')).toBe('I am gpt-5-mini')
  })

  it('are used once each when queued, before every other', async () => {
    const provider = fakeProvider().on('gpt-5', 'always').enqueue('first', { text: 'second' })
    expect(provider.queued).toBe(2)
    expect([await ask(provider), await ask(provider), await ask(provider)]).toEqual(['first', 'second', 'always'])
    expect(provider.queued).toBe(0)
  })

  it('keep the boundaries of scripted chunks', async () => {
    const chunks = ['Hel', 'lo, ', 'wörl', '', 'd']
    const { openai } = inMemory(fakeProvider().enqueue({ chunks }, { chunks }))
    const params = { model: 'gpt-5', messages: [{ role: 'user' as const, content: 'x' }] }
    const seen: string[] = []
    for await (const chunk of await openai.chat.completions.create({ ...params, stream: true })) {
      const text = chunk.choices[0]?.delta.content
      if (text !== undefined && text !== null) seen.push(text)
    }
    // The first delta announces the role.
    expect(seen).toEqual(['', ...chunks])
    expect((await openai.chat.completions.create(params)).choices[0]?.message.content).toBe('Hello, wörld')
  })

  it('override what was counted and how the answer ends', async () => {
    const { openai } = inMemory(
      fakeProvider().enqueue({
        text: 'x',
        finish: 'length',
        usage: { inputTokens: 1000, cacheReadTokens: 900, outputTokens: 7 },
      }),
    )
    const answer = await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'x' }] })
    expect(answer).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 7,
        total_tokens: 1007,
        prompt_tokens_details: { cached_tokens: 900 },
      },
    })
  })

  it('may be a Response of any kind', async () => {
    const provider = fakeProvider()
      .enqueue(Response.json({ error: { message: 'teapot' } }, { status: 418, headers: { 'x-mine': '1' } }))
      .on('gpt-5', () => new Response('data: {"choices":[{"index":0,"delta":{"content":"raw"}}]}\n\ndata: [DONE]\n\n'))
    await expect(ask(provider)).rejects.toMatchObject({ status: 418 })
    const { openai } = inMemory(provider)
    const messages = [{ role: 'user' as const, content: 'x' }]
    const stream = await openai.chat.completions.create({ model: 'gpt-5', messages, stream: true })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk.choices[0]?.delta.content)
    expect(chunks).toEqual(['raw'])
    expect(provider.calls.map((call) => call.outcome)).toEqual(['failed', expect.stringMatching(/finished|cancelled/)])
  })

  it('turn what a script throws into an error that no SDK retries', async () => {
    const provider = fakeProvider().on('gpt-5', () => {
      throw new Error('no such fixture')
    })
    await expect(ask(provider)).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining('no such fixture'),
    })
    expect(provider.calls).toHaveLength(1)
  })

  it('do not touch embeddings, and a queued answer waits for a text call', async () => {
    const provider = fakeProvider().enqueue('text')
    await inMemory(provider).openai.embeddings.create({ model: 'text-embedding-3-small', input: 'x' })
    expect(provider.queued).toBe(1)
  })
})
