import { defineMiddleware, sluice, SluiceError, sluiceErrorOf, type Handler, type Middleware } from '@sluice/core'
import { anthropicMessages as messagesApi, openaiChat } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import OpenAI from 'openai'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { RouterOptions } from './route/options.ts'
import { createRouter, fallback, router } from './router.ts'
import { openaiTarget } from './target/client-targets.ts'
import { defineTarget } from './target/define-target.ts'
import { modelTarget } from './target/model-target.ts'
import { routed } from './testing/routed.ts'
import { anthropicMessages, chat, responses, voices } from './testing/voices.ts'

const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]

describe('router', () => {
  it.each(voices)('asks the first target in $api', async (voice) => {
    for (const way of ['whole', 'stream', 'helper'] as const) {
      const r = routed()
      const { value, report } = await r.run(() => voice[way](r))
      expect(value).toEqual({ text: r.at('a').lastCall?.answerText, model: 'model-a', finish: expect.any(String) })
      expect(r.asked()).toEqual([1, 0, 0])
      r.home.expectCalls(0)
      expect(report.attempts).toMatchObject([{ target: 'a', reason: 'first', outcome: 'answered', host: 'a.example' }])
    }
  })

  it.each(voices)('asks targets of every SDK, one after the other, in $api', async (voice) => {
    for (const way of ['whole', 'stream', 'helper'] as const)
      for (const sdks of [
        ['openai', 'anthropic'],
        ['anthropic', 'openai'],
      ] as const) {
        const r = routed({ places: { a: { sdk: sdks[0] }, b: { sdk: sdks[1] } }, maxRetries: 0 })
        expect((await r.run(() => voice[way](r))).value).toMatchObject({
          model: 'model-a',
          text: r.at('a').lastCall?.answerText,
        })
        r.at('a').fail('http-503')
        expect((await r.run(() => voice[way](r))).value).toMatchObject({
          model: 'model-b',
          text: r.at('b').lastCall?.answerText,
        })
      }
  })

  it('leaves what is no call to the wrapped client', async () => {
    const r = routed()
    const { value } = await r.run(() => r.openai.models.list())
    expect(value?.data.length).toBeGreaterThan(0)
    expect(r.home.calls.length).toBe(1)
    expect(r.asked()).toEqual([0, 0, 0])
  })

  it('gives the raw response of whoever answered, with its request id', async () => {
    const r = routed({ maxRetries: 0 })
    r.at('a').fail('http-503')
    const { value } = await r.run(() => r.openai.chat.completions.create({ model: 'auto', messages }).withResponse())
    expect(value?.response.status).toBe(200)
    expect(value?.request_id).toBe(r.at('b').lastCall?.id)
    expect(value?.data.model).toBe('model-b')
    const streamed = await r.run(async () => {
      const { data, request_id } = await r.openai.chat.completions
        .create({ model: 'auto', messages, stream: true })
        .withResponse()
      for await (const _ of data);
      return request_id
    })
    expect(streamed.value).toBe(r.at('b').lastCall?.id)
  })

  it('runs what is inside it for each try of a model of the wrapped client, and for no other', async () => {
    const seen: string[] = []
    const inner = defineMiddleware({ name: 'inner' }, (call, next) => {
      seen.push(call.api.model(call.request))
      return next(call)
    })
    const r = routed({ targets: ({ a }) => ['gpt-5-nano', a!, modelTarget('gpt-5')] })
    const settings = { apiKey: 'test', fetch: r.home.fetch, maxRetries: 1 }
    const openai = sluice(new OpenAI(settings), [router(r.routes), inner], { clock: r.clock })
    r.home.fail('http-503', { times: 2 })
    r.at('a').fail('http-503')
    const { value } = await r.run(() => openai.chat.completions.create({ model: 'auto', messages }))
    expect(value?.model).toBe('gpt-5')
    expect(seen).toEqual(['gpt-5-nano', 'gpt-5-nano', 'gpt-5'])
  })

  it('takes clients that are wrapped themselves for its targets', async () => {
    const seen: string[] = []
    const noting = (name: string) =>
      defineMiddleware({ name }, (call, next) => {
        seen.push(name)
        return next(call)
      })
    const r = routed({
      maxRetries: 0,
      targets: (targets) => {
        void targets
        return [
          openaiTarget(sluice(new OpenAI({ apiKey: 'x', fetch: failing }), [noting('one')]), 'model-1'),
          openaiTarget(
            sluice(new OpenAI({ apiKey: 'x', fetch: (url, init) => r.at('b').fetch(url as string, init) }), [
              noting('two'),
            ]),
            'model-2',
          ),
        ]
      },
    })
    const {
      value,
      reports: [report],
    } = await r.run(() => chat.stream(r))
    expect(value).toMatchObject({ model: 'model-2', text: r.at('b').lastCall?.answerText })
    expect(seen).toEqual(['one', 'two'])
    expect(report?.attempts).toMatchObject([{ outcome: 'failed' }, { outcome: 'answered' }])
    expect(report?.decisions[0]).toMatchObject({ action: 'failover', reason: 'connection' })
  })

  it('is a target of another router', async () => {
    const r = routed({ places: { a: {}, b: {}, c: {} }, maxRetries: 0 })
    const inner = createRouter({
      targets: [r.targets['a']!, r.targets['b']!],
      clock: r.clock,
      retry: { maxRetries: 0 },
    })
    const outer = createRouter({
      targets: [
        defineTarget({ id: 'inner', model: 'auto', api: ['openai.chat', 'openai.responses'], handle: inner.handle }),
        r.targets['c']!,
      ],
      clock: r.clock,
      retry: { maxRetries: 0 },
    })
    const settings = { apiKey: 'x', fetch: failing, maxRetries: 0 }
    const openai = sluice(new OpenAI(settings), [router(outer)], { clock: r.clock })
    const nested = { ...r, openai }
    for (const way of ['whole', 'stream', 'helper'] as const) {
      r.at('a').fail('http-503')
      const first = await r.run(() => chat[way](nested))
      expect(first.value).toMatchObject({ model: 'model-b', text: r.at('b').lastCall?.answerText })
      expect(first.report.attempts.map(({ target }) => target)).toEqual(expect.arrayContaining(['a', 'b']))
      expect(first.report.attempts.filter(({ outcome }) => outcome === 'answered').length).toBeGreaterThanOrEqual(1)
      r.at('b').fail('http-503')
      expect((await r.run(() => chat[way](nested))).value).toMatchObject({ model: 'model-c' })
      r.at('a').heal()
      r.at('b').heal()
      await r.clock.advance(100_000)
    }
  })

  it('counts what happened', async () => {
    const r = routed({ maxRetries: 1 })
    await r.run(() => chat.whole(r))
    r.at('a').fail('http-503', { times: 2 })
    await r.run(() => chat.whole(r))
    for (const id of ['a', 'b', 'c']) r.at(id).fail('bad-request')
    await r.run(() => chat.whole(r))
    expect(r.routes.stats()).toEqual({
      calls: 3,
      answered: 2,
      failed: 1,
      retries: 1,
      failovers: 1,
      hedges: 0,
      hedgesWon: 0,
      resumed: 0,
      byTarget: { a: 1, b: 1 },
    })
    expect(JSON.parse(JSON.stringify(r.routes.stats()))).toEqual(r.routes.stats())
    expect(Object.keys(r.routes.health())).toEqual(['a', 'b', 'c'])
  })

  it('is shared by all clients that it is given to', async () => {
    const r = routed({ breaker: { consecutiveFailures: 1 }, maxRetries: 0 })
    r.at('a').fail('http-503')
    await r.run(() => chat.whole(r))
    // What the OpenAI client learned keeps the Anthropic client away.
    const { value } = await r.run(() => anthropicMessages.whole(r))
    expect(value?.model).toBe('model-b')
    expect(r.asked()).toEqual([1, 2, 0])
  })

  it('asks for the usage of streams by itself, and hides that from the application', async () => {
    const r = routed({ places: { a: {} } })
    const { value, report } = await r.run(async () => {
      const chunks: OpenAI.ChatCompletionChunk[] = []
      for await (const chunk of await r.openai.chat.completions.create({ model: 'auto', messages, stream: true }))
        chunks.push(chunk)
      return chunks
    })
    expect(report.attempts[0]?.usage?.output).toBe(r.at('a').lastCall?.usage?.outputTokens)
    expect(value?.every(({ usage, choices }) => !usage && choices.length > 0)).toBe(true)
  })
})

describe('fallback', () => {
  it('asks in turn, whatever model the application named', async () => {
    const r = routed({ maxRetries: 0 })
    const middleware = fallback([r.targets['a']!, 'gpt-5-nano'], { clock: r.clock })
    const openai = sluice(new OpenAI({ apiKey: 'x', fetch: r.home.fetch, maxRetries: 0 }), [middleware], {
      clock: r.clock,
    })
    expect((await r.run(() => openai.chat.completions.create({ model: 'gpt-4o', messages }))).value?.model).toBe(
      'model-a',
    )
    r.at('a').fail('http-503')
    expect((await r.run(() => openai.chat.completions.create({ model: 'gpt-4o', messages }))).value?.model).toBe(
      'gpt-5-nano',
    )
  })
})

describe('a router by itself', () => {
  it('answers a call that no client made, whole and streamed, in any dialect', async () => {
    const r = routed({ maxRetries: 0 })
    r.at('a').fail('http-503')
    const { value } = await r.run(async () => {
      const whole = await r.routes.handle(createCall(openaiChat, { model: 'auto', messages }, { clock: r.clock }))
      const stream = await r.routes.handle(
        createCall(messagesApi, { model: 'auto', max_tokens: 99, messages, stream: true }, { clock: r.clock }),
      )
      const events: unknown[] = []
      if (stream.kind === 'stream') for await (const event of stream.events()) events.push(event['type'])
      return { whole: whole.kind === 'whole' ? await whole.value() : undefined, events }
    })
    expect(value?.whole).toMatchObject({
      model: 'model-b',
      choices: [{ message: { content: r.at('b').calls[0]?.answerText } }],
    })
    expect(value?.events.at(-1)).toBe('message_stop')
  })

  it('gives refusals as replies, and throws what is no reply', async () => {
    const r = routed({ places: { a: {} }, retry: { maxRetries: 0 } })
    const call = () => createCall(openaiChat, { model: 'auto', messages }, { clock: r.clock })
    r.at('a').fail('bad-request')
    expect((await r.run(() => r.routes.handle(call()))).value).toMatchObject({ kind: 'error', status: 400 })
    r.at('a').heal().fail('reset-before-headers')
    expect((await r.run(() => r.routes.handle(call()))).error).toMatchObject({ message: 'fetch failed' })
  })

  it('knows no other models, and no models of a client', async () => {
    const r = routed({ targets: ({ a }) => ['gpt-5-nano', a!] })
    const ask = (model: string) =>
      r.run(() => r.routes.handle(createCall(openaiChat, { model, messages }, { clock: r.clock })))
    expect((await ask('gpt-4o')).error).toMatchObject({ code: 'route.unknown_model', status: 404 })
    const { error } = await ask('gpt-5-nano')
    expect(error).toSatisfy(SluiceError.isInstance)
    expect(error).toMatchObject({ code: 'route.no_client' })
  })

  it('heeds the signal and the deadline of the call', async () => {
    const r = routed({ places: { a: {} } })
    r.at('a').fail('silence')
    const abort = new AbortController()
    void r.clock.sleep(500).then(() => abort.abort())
    const aborted = await r.run(() =>
      r.routes.handle(createCall(openaiChat, { model: 'auto', messages }, { clock: r.clock, signal: abort.signal })),
    )
    expect([aborted.error, aborted.tookMs]).toEqual([abort.signal.reason, 500])
    const late = await r.run(() =>
      r.routes.handle(
        createCall(
          openaiChat,
          { model: 'auto', messages },
          { clock: r.clock, context: { deadlineAtMs: r.clock.now() + 700 } },
        ),
      ),
    )
    expect([late.error, late.tookMs]).toMatchObject([{ code: 'route.timeout', limit: 'total' }, 700])
  })

  it('decides in the dialect that it is told, or guesses', () => {
    const r = routed({ places: { a: { apis: ['openai.chat'] }, b: { apis: ['openai.responses'] } }, bridge: false })
    expect(r.routes.decide({ model: 'auto', messages }).target).toBe('a')
    expect(r.routes.decide({ model: 'auto', input: 'x' }).target).toBe('b')
    expect(
      r.routes.decide({ model: 'auto', messages, max_tokens: 1 } as never, { api: 'anthropic.messages' }).target,
    ).toBeUndefined()
  })
})

describe('the error of a strict bridge', () => {
  it('is typed when no other target takes the call without loss', async () => {
    const r = routed({ places: { a: { sdk: 'anthropic' }, b: { sdk: 'anthropic' } }, bridge: { strict: true } })
    const { error } = await r.run(() =>
      responses.whole(r, { body: { top_logprobs: 3, include: ['message.output_text.logprobs'] } }),
    )
    expect(sluiceErrorOf(error)?.code).toBe('bridge.lossy')
  })
})

describe('types', () => {
  it('are those of the pipeline', () => {
    expectTypeOf(router).returns.toEqualTypeOf<Middleware>()
    expectTypeOf(fallback).returns.toEqualTypeOf<Middleware>()
    // A router is a handler: of a pipeline, and of a target of another router.
    expectTypeOf<ReturnType<typeof createRouter>['handle']>().toExtend<Handler>()
    expectTypeOf<Parameters<typeof router>[0]>().toExtend<
      Parameters<typeof createRouter>[0] | ReturnType<typeof createRouter>
    >()
    expectTypeOf<RouterOptions['strategy']>()
      .extract<string>()
      .toEqualTypeOf<'priority' | 'cost' | 'latency' | 'quality' | 'weighted' | 'roundRobin'>()
  })
})

const failing = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'))
