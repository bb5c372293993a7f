import { sluiceErrorOf } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]
const ids = (candidates: readonly { id: string; excluded?: string }[]): string[] =>
  candidates.filter(({ excluded }) => excluded === undefined).map(({ id }) => id)

describe('decide', () => {
  it('says who would be asked, in which order, with which scores, and why', () => {
    const { routes, asked } = routed({ places: { a: {}, b: { capabilities: { tools: false } }, c: {} } })
    const tools = [{ type: 'function', function: { name: 'find' } }]
    expect(routes.decide({ model: 'auto', messages, tools } as never)).toEqual({
      target: 'a',
      candidates: [
        { id: 'a', score: expect.any(Number) },
        { id: 'c', score: expect.any(Number) },
        { id: 'b', excluded: 'tools' },
      ],
      why: 'By priority, "a" is the first of 2 targets that can answer.',
    })
    expect(asked()).toEqual([0, 0, 0])
  })

  it('remembers nothing: not a turn, not a draw, not a count', async () => {
    const { routes } = routed({ strategy: 'roundRobin', random: Math.random, balance: 'none' })
    const first = routes.decide({ model: 'auto', messages }).target
    for (let time = 0; time < 5; time += 1) expect(routes.decide({ model: 'auto', messages }).target).toBe(first)
    expect(routes.stats()).toMatchObject({ calls: 0 })
  })

  it('decides as the call that follows', async () => {
    for (const strategy of ['priority', 'latency', 'roundRobin'] as const) {
      const r = routed({ strategy })
      for (let call = 0; call < 6; call += 1) {
        const { target } = r.routes.decide({ model: 'auto', messages })
        const { value } = await r.run(() => chat.whole(r))
        expect([strategy, call, value?.model]).toEqual([strategy, call, `model-${target}`])
      }
    }
  })

  it('survives a request that is nonsense', () => {
    const { routes } = routed()
    for (const request of [
      { model: 'auto' },
      { model: 'auto', messages: 'x' },
      { model: 'auto', messages: [null] },
      { model: 'auto', input: 3 },
    ])
      expect(routes.decide(request as never).target).toBe('a')
  })

  it('names the one that is left, and nobody when nobody is', () => {
    const { routes } = routed({ places: { a: { capabilities: { streaming: false } }, b: {} } })
    expect(routes.decide({ model: 'auto', messages, stream: true }).why).toBe(
      'By priority, "b" is the only target that can answer.',
    )
    const none = routed({ places: { a: { capabilities: { streaming: false } } } }).routes
    expect(none.decide({ model: 'auto', messages, stream: true })).toEqual({
      target: undefined,
      candidates: [{ id: 'a', excluded: 'streaming' }],
      why: expect.stringMatching(/None|can answer/),
    })
  })

  it('is plain data', () => {
    const { routes } = routed({ strategy: 'weighted' })
    const decision = routes.decide({ model: 'auto', messages })
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
    const health = routes.health()
    expect(JSON.parse(JSON.stringify(health))).toEqual(health)
  })
})

describe('the model of a request', () => {
  const places = { a: {}, b: {}, c: {} }

  it('"auto" stands for all, an alias for its group, in the order of the group', () => {
    const { routes } = routed({ places, groups: { cheap: ['c', 'a'], best: ['b'] } })
    expect(ids(routes.decide({ model: 'auto', messages }).candidates)).toEqual(['a', 'b', 'c'])
    expect(ids(routes.decide({ model: 'cheap', messages }).candidates)).toEqual(['c', 'a'])
    expect(ids(routes.decide({ model: 'best', messages }).candidates)).toEqual(['b'])
    const own = routed({ places, groups: { auto: ['b', 'c'] } }).routes
    expect(ids(own.decide({ model: 'auto', messages }).candidates)).toEqual(['b', 'c'])
  })

  it('that names a target or its model has that one first, the others behind it', () => {
    const { routes } = routed({ places })
    for (const model of ['b', 'model-b']) {
      const decision = routes.decide({ model, messages })
      expect(ids(decision.candidates)).toEqual(['b', 'a', 'c'])
      expect(decision.why).toContain(`names the model "${model}"`)
    }
  })

  it('that names a group is no target of that name', () => {
    const { routes } = routed({ places, groups: { b: ['c'] } })
    expect(routes.decide({ model: 'b', messages }).target).toBe('c')
  })

  it('with two targets of one model is balanced between them', () => {
    const { routes } = routed({
      places: { eu: { model: 'gpt-5-mini' }, us: { model: 'gpt-5-mini' }, other: {} },
      strategy: 'latency',
    })
    expect(
      ids(routes.decide({ model: 'gpt-5-mini', messages }).candidates)
        .slice(0, 2)
        .toSorted(),
    ).toEqual(['eu', 'us'])
  })

  it('of nobody passes by the router, untouched, by default', async () => {
    const r = routed()
    const { value, report } = await r.run(() => chat.whole(r, { model: 'gpt-4o' }))
    expect(value).toMatchObject({ model: 'gpt-4o', text: r.home.lastCall?.answerText })
    expect(r.asked()).toEqual([0, 0, 0])
    expect(report.decisions).toEqual([{ by: 'router', action: 'pass', reason: 'other_model' }])
    expect(r.routes.decide({ model: 'gpt-4o', messages })).toMatchObject({ target: undefined, candidates: [] })
    expect(r.routes.stats().calls).toBe(0)
  })

  it('of nobody is routed like auto, or refused, by option', async () => {
    const route = routed({ otherModels: 'route' })
    const { value } = await route.run(() => chat.whole(route, { model: 'gpt-4o' }))
    expect(value?.model).toBe('model-a')
    route.home.expectCalls(0)

    const refuse = routed({ otherModels: 'refuse', groups: { cheap: ['a'] } })
    const { error } = await refuse.run(() => chat.whole(refuse, { model: 'gpt-4o' }))
    expect(error).toBeInstanceOf(OpenAI.NotFoundError)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'route.unknown_model', details: { model: 'gpt-4o' } })
    expect(sluiceErrorOf(error)?.message).toMatch(/cheap.*a.*b.*c/)
    refuse.home.expectCalls(0)
    expect(() => refuse.routes.decide({ model: 'gpt-4o', messages })).toThrow(/gpt-4o/)
  })
})

describe('embeddings', () => {
  const embed = (r: ReturnType<typeof routed>, model: string) =>
    r.run(() => r.openai.embeddings.create({ model, input: 'x', encoding_format: 'float' }))

  it('never cross models: only another target of the same one stands in', async () => {
    const places = { a: { model: 'embed-1' }, b: { model: 'embed-2' }, c: { model: 'embed-1' } }
    const r = routed({ places, maxRetries: 0 })
    r.at('a').fail('http-503')
    const { value } = await embed(r, 'embed-1')
    expect(value?.model).toBe('embed-1')
    expect(r.asked()).toEqual([1, 0, 1])
    r.at('c').fail('http-503')
    expect((await embed(r, 'embed-1')).error).toMatchObject({ status: 503 })
    expect(r.asked()[1]).toBe(0)
  })

  it('of a group go to the model of its first target, of "auto" to nobody', async () => {
    const places = { a: { model: 'embed-1' }, b: { model: 'embed-2' }, c: { model: 'embed-1' } }
    const r = routed({ places, groups: { vectors: ['b', 'a'] }, otherModels: 'refuse' })
    expect((await embed(r, 'vectors')).value?.model).toBe('embed-2')
    r.at('b').fail('http-503')
    expect((await embed(r, 'vectors')).error).toMatchObject({ status: 503 })
    expect(r.asked()).toEqual([0, expect.any(Number), 0])
    expect(sluiceErrorOf((await embed(r, 'auto')).error)?.code).toBe('route.unknown_model')
  })

  it('do not go to a target that speaks no embeddings', async () => {
    const r = routed({ places: { a: { sdk: 'anthropic', model: 'embed-1' }, b: { model: 'embed-1' } } })
    expect((await embed(r, 'embed-1')).value?.data).toHaveLength(1)
    expect(r.asked()).toEqual([0, 1])
  })
})

describe('limits', () => {
  it('keep to the requests a minute, and fill up again', async () => {
    const r = routed({ places: { a: { limits: { requestsPerMinute: 3 } }, b: {} } })
    for (let call = 0; call < 5; call += 1) await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([3, 2])
    expect(r.routes.decide({ model: 'auto', messages }).candidates).toContainEqual({ id: 'a', excluded: 'limit' })
    await r.clock.advance(20_000)
    for (let call = 0; call < 2; call += 1) await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([4, 3])
  })

  it('keep to the calls at the same time, retries and hedges counted', async () => {
    const r = routed({ places: { a: { limits: { concurrency: 2 } }, b: {} } })
    r.at('a').on(/./, { text: 'x', ttftMs: 1000 })
    await r.run(() => Promise.all(Array.from({ length: 6 }, () => chat.stream(r))))
    expect(r.asked()).toEqual([2, 4])
    await r.run(() => Promise.all(Array.from({ length: 6 }, () => chat.stream(r))))
    expect(r.asked()).toEqual([4, 8])
  })

  it('keep to the tokens a minute, by estimate and then as told', async () => {
    const r = routed({ places: { a: { limits: { tokensPerMinute: 3000 } }, b: {} } })
    r.at('a').on(/./, { text: 'x', usage: { inputTokens: 1000, outputTokens: 1500 } })
    const body = { messages: [{ role: 'user', content: 'word '.repeat(900) }] }
    for (let call = 0; call < 3; call += 1) await r.run(() => chat.whole(r, { body }))
    expect(r.asked()).toEqual([1, 2])
    await r.clock.advance(60_000)
    await r.run(() => chat.whole(r, { body }))
    expect(r.asked()).toEqual([2, 2])
  })

  it('are given back by every call, however it ends', async () => {
    for (const fault of [
      'http-503',
      'cut',
      'silence',
      'bad-request',
      'reset-before-headers',
      'error-in-stream',
    ] as const) {
      const r = routed({
        places: { a: { limits: { concurrency: 1 } }, b: {} },
        breaker: false,
        ejection: false,
        maxRetries: 0,
      })
      r.at('a').fail(fault, { times: 1 })
      await r.run(() => chat.stream(r))
      const { value } = await r.run(() => chat.stream(r))
      expect([fault, value?.model]).toEqual([fault, 'model-a'])
    }
    const r = routed({ places: { a: { limits: { concurrency: 1 } }, b: {} } })
    await r.run(async () => {
      const stream = await r.openai.chat.completions.create({ model: 'auto', messages, stream: true })
      for await (const _ of stream) break
    })
    expect((await r.run(() => chat.stream(r))).value?.model).toBe('model-a')
  })

  it('exclude nobody when nobody has room', async () => {
    const r = routed({ places: { a: { limits: { requestsPerMinute: 1 } }, b: { limits: { requestsPerMinute: 1 } } } })
    for (let call = 0; call < 4; call += 1) expect((await r.run(() => chat.whole(r))).error).toBeUndefined()
    expect(r.asked().reduce((sum, each) => sum + each, 0)).toBe(4)
  })

  it('hold for failovers too', async () => {
    const r = routed({
      places: { a: {}, b: { limits: { requestsPerMinute: 1 } }, c: {} },
      maxRetries: 0,
      breaker: false,
      ejection: false,
    })
    r.at('a').fail('http-503')
    const { value } = await r.run(() => Promise.all([0, 1, 2].map(() => chat.whole(r))))
    expect(value?.map((each) => each.model).toSorted()).toEqual(['model-b', 'model-c', 'model-c'])
  })
})
