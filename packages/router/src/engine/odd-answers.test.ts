import { setImmediate as turn } from 'node:timers/promises'
import { defineMiddleware, sluice, sluiceFetch } from '@sluice/core'
import type { FakeFaultName } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { router } from '../router.ts'
import { routed, type TargetSpec } from '../testing/routed.ts'
import { chat, voices, type Voice } from '../testing/voices.ts'

const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]
const sse = { 'content-type': 'text/event-stream' }
const json = { 'content-type': 'application/json' }

const place = (voice: Voice): TargetSpec => ({ sdk: voice.api === 'anthropic.messages' ? 'anthropic' : 'openai' })

/** A whole answer of each dialect. */
const wholes: Record<string, object> = {
  'openai.chat': {
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'model-a',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Five days.' }, finish_reason: 'stop' }],
  },
  'openai.responses': {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'model-a',
    status: 'completed',
    output: [
      {
        id: 'm',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Five days.', annotations: [] }],
      },
    ],
  },
  'anthropic.messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'model-a',
    content: [{ type: 'text', text: 'Five days.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 2 },
  },
}

describe('a target that does not do as it was asked', () => {
  it.each(voices)('a whole answer for a stream is streamed, or another is asked, in $api', async (voice) => {
    for (const way of ['stream', 'helper'] as const) {
      const r = routed({ places: { a: place(voice), b: place(voice) }, maxRetries: 0 })
      r.at('a').on(/./, () => new Response(JSON.stringify(wholes[voice.api]), { headers: json }))
      const { value, error } = await r.run(() => voice[way](r))
      expect([way, error]).toEqual([way, undefined])
      expect(['Five days.', r.at('b').lastCall?.answerText]).toContain(value?.text)
      expect(value?.finish).toBeDefined()
    }
  })

  it.each(voices)('an error as JSON for a stream is an error, in $api', async (voice) => {
    for (const way of ['stream', 'helper'] as const) {
      const r = routed({ places: { a: place(voice), b: place(voice) }, maxRetries: 0 })
      const body = { type: 'error', error: { type: 'overloaded_error', code: 'overloaded', message: 'No.' } }
      r.at('a').on(/./, () => new Response(JSON.stringify(body), { headers: json }))
      const { value } = await r.run(() => voice[way](r))
      expect(value).toMatchObject({ model: 'model-b', text: r.at('b').lastCall?.answerText })
    }
  })

  it.each(voices)('an empty stream is no answer, in $api', async (voice) => {
    for (const body of ['', 'data: [DONE]\n\n', ': ping\n\n', 'event: ping\ndata: {"type":"ping"}\n\n']) {
      const r = routed({ places: { a: place(voice), b: place(voice) }, maxRetries: 0 })
      r.at('a').on(/./, () => new Response(body, { headers: sse }))
      const { value, error } = await r.run(() => voice.stream(r))
      expect([body, error]).toEqual([body, undefined])
      expect([body, value]).toEqual([
        body,
        { text: r.at('b').lastCall?.answerText, model: 'model-b', finish: expect.anything() },
      ])
    }
  })

  it.each(voices)('a page of HTML with status 200 is no answer, in $api', async (voice) => {
    for (const way of ['whole', 'stream'] as const) {
      const r = routed({ places: { a: place(voice), b: place(voice) }, maxRetries: 0 })
      r.at('a').on(/./, () => new Response('<html>Log in</html>', { headers: { 'content-type': 'text/html' } }))
      const { value, error } = await r.run(() => voice[way](r))
      expect([way, error]).toEqual([way, undefined])
      expect(value?.model).toBe('model-b')
    }
  })

  it.each(voices)('an answer that says null is no answer, in $api', async (voice) => {
    for (const body of ['null', '[]', '"ok"', '3']) {
      const r = routed({ places: { a: place(voice), b: place(voice) }, maxRetries: 0 })
      r.at('a').on(/./, () => new Response(body, { headers: json }))
      const { value } = await r.run(() => voice.whole(r))
      expect([body, value?.model]).toEqual([body, 'model-b'])
    }
  })

  it('a byte order mark, comments and CRLF are nothing', async () => {
    const chunk = (content: string, finish: string | null) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'model-a', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\r\n\r\n`
    const r = routed({ places: { a: {} }, maxRetries: 0 })
    r.at('a').on(
      /./,
      () =>
        new Response(
          `\uFEFF: hello\r\n\r\n${chunk('Five ', null)}: ping\r\n\r\n${chunk('days.', 'stop')}data: [DONE]\r\n\r\n`,
          { headers: sse },
        ),
    )
    expect((await r.run(() => chat.stream(r))).value).toEqual({ text: 'Five days.', model: 'model-a', finish: 'stop' })
  })
})

describe('a stream that nobody reads', () => {
  it.each(voices)('is given up when its call is aborted, in $api', async (voice) => {
    const r = routed({ places: { a: { ...place(voice), limits: { concurrency: 1 } } } })
    r.at('a').on(/./, 'word '.repeat(50))
    const abort = new AbortController()
    const options = { signal: abort.signal }
    await r.clock.run<unknown>(
      voice.api === 'anthropic.messages'
        ? r.anthropic.messages.create({ model: 'auto', max_tokens: 99, messages, stream: true }, options)
        : voice.api === 'openai.responses'
          ? r.openai.responses.create({ model: 'auto', input: 'x', stream: true }, options)
          : r.openai.chat.completions.create({ model: 'auto', messages, stream: true }, options),
    )
    expect(r.routes.health()['a']?.inFlight).toBe(1)
    abort.abort()
    await turn()
    await turn()
    await turn()
    expect(r.at('a').pending).toEqual([])
    expect(r.routes.health()['a']?.inFlight).toBe(0)
    expect(r.routes.decide({ model: 'auto', messages }).candidates[0]?.excluded).toBeUndefined()
  })

  it('is given up when middleware around the router discards it', async () => {
    const r = routed({ places: { a: {}, b: {} } })
    let calls = 0
    const twice = defineMiddleware({ name: 'twice' }, async (call, next) => {
      const reply = await next(call)
      if ((calls += 1) > 1) return reply
      await reply.discard()
      return next(call)
    })
    const openai = sluice(new OpenAI({ apiKey: 'x', fetch: r.home.fetch }), [twice, router(r.routes)], {
      clock: r.clock,
    })
    const { value } = await r.run(() => chat.stream({ ...r, openai }))
    expect(value?.text).toBe(r.at('a').lastCall?.answerText)
    expect(r.at('a').calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'finished'])
    expect(r.routes.health()['a']?.inFlight).toBe(0)
  })
})

describe('the allowance of a target', () => {
  const faults: readonly (FakeFaultName | 'none')[] = [
    'none',
    'http-503',
    'bad-request',
    'cut',
    'truncated',
    'stall',
    'silence',
    'error-in-stream',
    'late-error-in-stream',
    'malformed-chunk',
    'reset-before-headers',
  ]

  it.each(faults)('is what it was after %s, whatever was done about it', async (fault) => {
    for (const options of [
      {},
      { midStream: 'continue' as const },
      { midStream: 'restart' as const },
      { hedge: { afterMs: 5, share: 1 } },
      { timeouts: { firstTokenMs: 50, attemptMs: 50, betweenTokensMs: 50 } },
    ])
      for (const way of ['whole', 'stream'] as const) {
        const limits = { concurrency: 1 }
        const r = routed({
          places: { a: { limits }, b: { limits } },
          breaker: false,
          ejection: false,
          maxRetries: 1,
          ...options,
        })
        for (const id of ['a', 'b']) r.at(id).on(/./, { text: 'The same words of both of them.', ttftMs: 20 })
        if (fault !== 'none') r.at('a').fail(fault, { times: 1, afterTokens: 3 })
        await r.run(() => chat[way](r))
        await r.clock.advance(60_000)
        r.at('a').heal().clear()
        r.at('b').clear()
        // One goes to each, no more: neither too little nor too much was given back.
        const { value } = await r.run(() => Promise.all([chat[way](r), chat[way](r)]))
        const models = value?.map(({ model }) => model).toSorted()
        if (!('hedge' in options))
          expect([fault, way, options, models]).toEqual([fault, way, options, ['model-a', 'model-b']])
        expect(r.routes.decide({ model: 'auto', messages }).candidates.some(({ excluded }) => excluded)).toBe(false)
      }
  })
})

describe('sluiceFetch', () => {
  it('routes for whoever takes a fetch', async () => {
    const r = routed({ maxRetries: 0, retry: { maxRetries: 0 } })
    r.at('a').fail('http-503')
    const fetch = sluiceFetch([router(r.routes)], { fetch: r.home.fetch, clock: r.clock })
    const { value } = await r.run(async () => {
      const response = await fetch('https://gateway.example/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ model: 'auto', messages }),
      })
      return (await response.json()) as { model: string }
    })
    expect(value?.model).toBe('model-b')
  })

  it('refuses a body that is no JSON', async () => {
    const r = routed()
    const fetch = sluiceFetch([router(r.routes)], { fetch: r.home.fetch, clock: r.clock })
    const { value } = await r.run(async () => {
      const response = await fetch('https://gateway.example/v1/chat/completions', { method: 'POST', body: 'not json' })
      return [response.status, await response.json()]
    })
    expect(value).toEqual([400, { error: expect.objectContaining({ code: 'request.malformed' }) }])
    expect(r.asked()).toEqual([0, 0, 0])
  })
})
