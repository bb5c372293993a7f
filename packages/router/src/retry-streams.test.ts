import { sluiceFetch, withReport, type CallReport } from '@sluice/core'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { retry } from './retry.ts'
import { answered, messages, model, params, quickClock, setUp } from './testing/set-up.ts'

const eventStream = { headers: { 'content-type': 'text/event-stream' } }

/** A body that says something and then stays open until it is cancelled. */
function openBody(text: string) {
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(text)),
    cancel: () => {
      cancelled = true
    },
  })
  return { body, isCancelled: () => cancelled }
}

/** Calls of a bare fetch that is answered with `responses`, one after the other. */
function scripted(responses: readonly Response[]) {
  let calls = 0
  const send = async (): Promise<Response> => responses[calls++] ?? Response.error()
  const fetch = sluiceFetch([retry({ clock: quickClock() })], { fetch: send })
  const init = { method: 'POST', body: JSON.stringify({ ...params, stream: true }) }
  return { fetch: () => fetch('https://x.example/v1/chat/completions', init), calls: () => calls }
}

async function textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

const actions = (report: CallReport | undefined): string[] =>
  (report?.decisions ?? []).map(({ action, reason }) => `${action} ${reason}`)

describe('retry of a stream', () => {
  it.each([
    ['error-in-stream', 'error_in_answer', {}],
    ['cut', 'broken_answer', { afterTokens: 0 }],
    ['truncated', 'broken_answer', { afterTokens: 0 }],
    ['empty-body', 'broken_answer', {}],
    ['malformed-chunk', 'broken_answer', { afterTokens: 0 }],
  ] as const)('is invisible after %s before the first content', async (fault, reason, details) => {
    const { openai, provider } = setUp()
    provider.fail(fault, { times: 2, ...details })
    const { value, settled } = await withReport(async () =>
      textOf(await openai.chat.completions.create({ ...params, stream: true })),
    )
    expect(value).toBe(answered(provider))
    expect(value).not.toBe('')
    provider.expectCalls(3)
    expect(actions((await settled)[0])).toEqual([`retry ${reason}`, `retry ${reason}`])
    await provider.settled()
  })

  it('is invisible in the helpers of both SDKs', async () => {
    const { openai, anthropic, provider } = setUp()
    provider.fail('error-in-stream', { times: 1 })
    const completion = await openai.chat.completions.stream(params).finalChatCompletion()
    expect(completion.choices[0]?.message.content).toBe(answered(provider))
    provider.fail('error-in-stream', { times: 1 })
    const response = await openai.responses.stream({ model, input: 'Hi' }).finalResponse()
    expect(response.output_text).toBe(answered(provider))
    provider.fail('error-in-stream', { times: 1 })
    const message = await anthropic.messages.stream({ model, max_tokens: 99, messages }).finalMessage()
    expect(message.content).toMatchObject([{ type: 'text', text: answered(provider) }])
    provider.expectCalls(6)
  })

  it.each(['cut', 'truncated', 'late-error-in-stream'] as const)(
    "does not come after content: %s is the application's to see",
    async (fault) => {
      const { openai, provider } = setUp()
      provider.fail(fault, { times: 1, afterTokens: 3 })
      const seen: string[] = []
      const stream = await openai.chat.completions.create({ ...params, stream: true })
      const read = async (): Promise<void> => {
        for await (const chunk of stream) seen.push(chunk.choices[0]?.delta.content ?? '')
      }
      await expect(read()).rejects.toThrow(Error)
      expect(seen.join('')).toBe(answered(provider))
      expect(seen.filter(Boolean)).toHaveLength(3)
      provider.expectCalls(1)
    },
  )

  it('shows what the provider sent when it gives up', async () => {
    const { openai, provider } = setUp()
    provider.fail('error-in-stream')
    const run = async (): Promise<string> => textOf(await openai.chat.completions.create({ ...params, stream: true }))
    await expect(run()).rejects.toThrow('The server had an error')
    provider.expectCalls(3)
    provider.heal().fail('cut', { afterTokens: 0 })
    await expect(run()).rejects.toThrow(Error)
    provider.expectCalls(6)
    await provider.settled()
  })

  it('reads no further than the first content before the application does', async () => {
    const { openai, provider } = setUp()
    provider.enqueue({ chunks: ['one ', 'two ', 'three ', 'four ', 'five'] })
    const stream = await openai.chat.completions.create({ ...params, stream: true })
    expect(answered(provider)).toBe('one ')
    expect(await textOf(stream)).toBe('one two three four five')
  })

  it('passes the bytes as they came', async () => {
    const { provider, clock } = setUp()
    const body =
      'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n: ping\n\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}] }\n\ndata: [DONE]\n\n'
    provider.on(
      () => true,
      () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    )
    const fetch = sluiceFetch([retry({ clock })], { fetch: provider.fetch })
    const response = await fetch('https://x.example/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ ...params, stream: true }),
    })
    expect(await response.text()).toBe(body)
  })

  it.each(['before', 'after'])("closes the provider's stream when the consumer leaves %s reading", async (when) => {
    const { openai, provider } = setUp()
    const response = await openai.chat.completions.create({ ...params, stream: true }).asResponse()
    const reader = response.body?.getReader()
    if (when === 'after') await reader?.read()
    await reader?.cancel()
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('is committed by an answer that ends without content', async () => {
    const bodies = [openBody('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n')]
    const { fetch, calls } = scripted(bodies.map(({ body }) => new Response(body, eventStream)))
    // The server leaves the body open: waiting for its end would take for ever.
    const response = await fetch()
    await response.body?.cancel()
    expect(calls()).toBe(1)
    expect(bodies[0]?.isCancelled()).toBe(true)
  })
})

describe('retry and the connections of the tries it gives up', () => {
  it.each([
    ['an error status', { status: 503 }, '{"error":'],
    ['a stream with an error', eventStream, 'data: {"error":{"message":"no","code":"server_error"}}\n\n'],
  ])('closes that of %s', async (_, init, text) => {
    const given = openBody(text)
    const { fetch, calls } = scripted([new Response(given.body, init), Response.json({ choices: [] })])
    const response = await fetch()
    expect(response.status).toBe(200)
    expect(calls()).toBe(2)
    expect(given.isCancelled()).toBe(true)
  })
})
