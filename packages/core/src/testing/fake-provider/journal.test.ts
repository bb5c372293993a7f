import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../fake-clock.ts'
import { fakeProvider } from './fake-provider.ts'
import { inMemory } from './test-clients.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const model = 'gpt-5-mini'

describe('the journal', () => {
  it('keeps what came and what was answered', async () => {
    const provider = fakeProvider({ clock: fakeClock(1_700_000_000_000) })
    const { openai } = inMemory(provider)
    const { data, response } = await openai.chat.completions.create({ model, messages }).withResponse()
    expect(provider.calls).toHaveLength(1)
    const call = provider.lastCall
    expect(call).toMatchObject({
      id: response.headers.get('x-request-id'),
      api: 'openai.chat',
      method: 'POST',
      path: '/v1/chat/completions',
      model,
      stream: false,
      startedAtMs: 1_700_000_000_000,
      status: 200,
      fault: undefined,
      outcome: 'finished',
      chunksSent: 1,
      body: { model, messages },
    })
    expect(call?.answerText).toBe(data.choices[0]?.message.content)
    expect(call?.usage).toMatchObject({
      inputTokens: data.usage?.prompt_tokens,
      outputTokens: data.usage?.completion_tokens,
    })
  })

  it('masks credentials and nothing else', async () => {
    const provider = fakeProvider()
    const headers = { authorization: 'Bearer sk-secret', 'x-api-key': 'k', cookie: 'a=b', 'x-tenant': 't' }
    await provider.fetch('http://test/health', { headers })
    expect(provider.lastCall?.headers).toEqual({
      authorization: 'Bearer ***',
      'x-api-key': '***',
      cookie: '***',
      'x-tenant': 't',
    })
  })

  it('counts a stream as it is read, and says when its reader stopped', async () => {
    const provider = fakeProvider()
    const { openai } = inMemory(provider)
    const stream = await openai.chat.completions.create({ model, messages, stream: true })
    expect(provider.lastCall).toMatchObject({ outcome: 'pending', chunksSent: 0, answerText: '' })
    expect(provider.pending).toHaveLength(1)
    let text = ''
    let chunks = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      if (++chunks === 5) break
    }
    await provider.settled()
    expect(provider.lastCall).toMatchObject({
      outcome: 'cancelled',
      chunksSent: 5,
      answerText: text,
      usage: { outputTokens: 4 },
    })
    expect(provider.pending).toHaveLength(0)
  })

  it('has finished a stream whose reader stops at the end mark', async () => {
    const provider = fakeProvider()
    for await (const _ of await inMemory(provider).openai.chat.completions.create({ model, messages, stream: true }));
    expect(provider.lastCall?.outcome).toBe('finished')
  })

  it('finds calls by model and asserts their number, listing them when it is wrong', async () => {
    const provider = fakeProvider().fail('http-503', { model: 'gpt-5' })
    const { openai } = inMemory(provider)
    await openai.chat.completions.create({ model, messages })
    await openai.chat.completions.create({ model: 'gpt-5', messages }).catch(() => {})
    expect(provider.callsTo('gpt-5')).toHaveLength(1)
    provider.expectCalls(2)
    provider.expectCalls(1, model)
    expect(() => provider.expectCalls(1)).toThrow(AssertionError)
    expect(() => provider.expectCalls(0, 'gpt-5')).toThrow(
      'Expected 0 call(s) to gpt-5, but there were 1:\n  1. POST /v1/chat/completions gpt-5 → status 503, failed, fault http-503',
    )
    expect(() => fakeProvider().expectCalls(1)).toThrow('(none)')
  })

  it('asserts that nothing is left over', async () => {
    const provider = fakeProvider().enqueue('unused')
    expect(() => provider.expectSettled()).toThrow(/1 queued/)
    provider.reset()
    provider.expectSettled()
    const stream = await inMemory(provider).openai.chat.completions.create({ model, messages, stream: true })
    expect(() => provider.expectSettled()).toThrow(/pending/)
    stream.controller.abort()
    await provider.settled()
    provider.expectSettled()
  })

  it('keeps everything until it is cleared', async () => {
    const provider = fakeProvider()
    const { openai } = inMemory(provider)
    for (let i = 0; i < 3; i++) await openai.models.list()
    expect(provider.calls.map((call) => call.api)).toEqual(['other', 'other', 'other'])
    provider.clear()
    expect(provider.calls).toEqual([])
    expect(provider.lastCall).toBeUndefined()
    await provider.settled()
  })
})
