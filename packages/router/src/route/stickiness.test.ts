import { contextHeaders, type Usage } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { chat, responses } from '../testing/voices.ts'

const headers = (session: string): { headers: Record<string, string> } => ({ headers: contextHeaders({ session }) })

/** A price of `usd` per million fresh tokens, a tenth of that from the cache, and `out` per million answered. */
const price =
  (usd: number, out: number = usd * 4) =>
  (usage: Usage) => ({
    nanoUsd: Math.round(usage.fresh * usd * 1000 + usage.cacheRead * usd * 100 + usage.output * out * 1000),
    byMeter: {},
  })

async function ask(r: Routed, asking: object): Promise<string> {
  const { value } = await r.run(() => chat.whole(r, asking))
  return value?.model ?? ''
}

describe('a conversation', () => {
  const options: RoutedOptions = { strategy: 'roundRobin', places: { a: {}, b: {}, c: {} } }

  it('stays with its target while the cache is warm', async () => {
    const r = routed(options)
    const first = await ask(r, headers('one'))
    await ask(r, headers('two'))
    for (let call = 0; call < 5; call += 1) expect(await ask(r, headers('one'))).toBe(first)
    const decision = r.routes.decide({ model: 'auto', messages: [] }, { session: 'one' })
    expect(`model-${decision.target}`).toBe(first)
    expect(decision.why).toContain('prompt cache is warm')
  })

  it('is free again when the cache is cold, and stays warm with each use', async () => {
    const r = routed({ ...options, stickiness: { ttlMs: 60_000 } })
    const first = await ask(r, headers('one'))
    for (let call = 0; call < 4; call += 1) {
      await r.clock.advance(50_000)
      expect(await ask(r, headers('one'))).toBe(first)
    }
    await r.clock.advance(60_001)
    const after = await Promise.all([0, 1, 2].map((at) => ask(r, at === 0 ? headers('one') : {})))
    expect(new Set(after).size).toBeGreaterThan(1)
  })

  it('of no session is not bound to anything', async () => {
    const r = routed(options)
    expect(new Set([await ask(r, {}), await ask(r, {}), await ask(r, {})]).size).toBe(3)
  })

  it('goes by what the option says', async () => {
    const r = routed({ ...options, stickiness: { by: (call) => (call.request as { user?: string }).user } })
    const first = await ask(r, { body: { user: 'u1' } })
    for (let call = 0; call < 3; call += 1) expect(await ask(r, { body: { user: 'u1' } })).toBe(first)
    const off = routed({ ...options, stickiness: false })
    expect(
      new Set([await ask(off, headers('s')), await ask(off, headers('s')), await ask(off, headers('s'))]).size,
    ).toBe(3)
  })

  it('leaves a target that fails, and stays with the one that took over', async () => {
    const r = routed({ ...options, maxRetries: 0 })
    const first = await ask(r, headers('one'))
    r.at(first.slice(-1)).fail('http-503', { times: 1 })
    const second = await ask(r, headers('one'))
    expect(second).not.toBe(first)
    for (let call = 0; call < 3; call += 1) expect(await ask(r, headers('one'))).toBe(second)
  })

  it('leaves a warm cache only when that saves more than reading it all anew costs', async () => {
    const places = (cheap: number) => ({ dear: { price: price(10) }, cheap: { price: price(cheap) } })
    const body = { messages: [{ role: 'user', content: 'word '.repeat(4000) }], max_completion_tokens: 20 }
    for (const [cheap, stays] of [
      // A tenth of 10 for what the cache holds: nothing above 1 is worth the move.
      [4, true],
      [0.5, false],
    ] as const) {
      const r = routed({ places: places(cheap), strategy: 'cost' })
      // While the cheap one is out, the dear one answers.
      r.at('cheap').fail('http-503', { times: 3 })
      expect(await ask(r, { body, ...headers('one') })).toBe('model-dear')
      await r.clock.advance(1000)
      expect([cheap, await ask(r, { body, ...headers('one') })]).toEqual([cheap, stays ? 'model-dear' : 'model-cheap'])
      // Another conversation has nothing to lose.
      expect([cheap, await ask(r, { body, ...headers('two') })]).toEqual([cheap, 'model-cheap'])
    }
  })

  it('is bounded in number', async () => {
    const r = routed({ ...options, stickiness: { maxSessions: 2 } })
    const first = await ask(r, headers('one'))
    await ask(r, headers('two'))
    await ask(r, headers('three'))
    const seen = [await ask(r, headers('one'))]
    expect(
      seen[0] === first && r.routes.decide({ model: 'auto', messages: [] }, { session: 'two' }).why.includes('warm'),
    ).toBe(false)
  })

  it('of a stream is bound when the stream has ended', async () => {
    const r = routed(options)
    const { value } = await r.run(() => chat.stream(r, headers('one')))
    for (let call = 0; call < 3; call += 1) expect(await ask(r, headers('one'))).toBe(value?.model)
  })

  it('is not bound by a call that failed', async () => {
    const r = routed({ ...options, strategy: 'priority', maxRetries: 0 })
    for (const id of ['a', 'b', 'c']) r.at(id).fail('bad-request')
    await r.run(() => chat.whole(r, headers('one')))
    expect(r.routes.decide({ model: 'auto', messages: [] }, { session: 'one' }).why).not.toContain('warm')
  })
})

describe('a response that its provider keeps', () => {
  it('is gone on with there, whatever the strategy says, whole or streamed', async () => {
    for (const way of ['whole', 'stream', 'helper'] as const) {
      const r = routed({ strategy: 'roundRobin', maxRetries: 0 })
      const ids = new Map<string, string>()
      for (let call = 0; call < 3; call += 1) await r.run(() => responses[way](r))
      for (const id of ['a', 'b', 'c']) {
        // The ids are the providers' own.
        const [call] = r.at(id).calls
        expect(call?.status).toBe(200)
        const { value } = await r.run(() => r.openai.responses.create({ model: id, input: 'Hello' }))
        ids.set(id, value?.id ?? '')
      }
      for (const [id, previous] of ids)
        for (let time = 0; time < 3; time += 1) {
          const body = { previous_response_id: previous }
          const { value } = await r.run(() => responses[way](r, { body }))
          expect([way, value?.model]).toEqual([way, `model-${id}`])
          expect(r.routes.decide({ model: 'auto', input: 'x', ...body } as never)).toMatchObject({
            target: id,
            why: expect.stringContaining('holds the conversation'),
          })
        }
    }
  })

  it('a stream holds its response as well', async () => {
    const r = routed({ strategy: 'roundRobin' })
    const { value } = await r.run(async () => {
      let id = ''
      let model = ''
      for await (const event of await r.openai.responses.create({ model: 'b', input: 'Hello', stream: true }))
        if (event.type === 'response.completed') [id, model] = [event.response.id, event.response.model]
      return { id, model }
    })
    expect(value?.model).toBe('model-b')
    for (let time = 0; time < 3; time += 1) {
      const next = await r.run(() => responses.whole(r, { body: { previous_response_id: value?.id } }))
      expect(next.value?.model).toBe('model-b')
    }
  })

  it('is never asked for elsewhere, even if its holder is down', async () => {
    const r = routed({ maxRetries: 1 })
    const { value } = await r.run(() => r.openai.responses.create({ model: 'b', input: 'Hello' }))
    r.at('b').fail('http-503')
    const { error } = await r.run(() => responses.whole(r, { body: { previous_response_id: value?.id } }))
    expect(error).toMatchObject({ status: 503 })
    expect(r.asked()).toEqual([0, 3, 0])
  })

  it('of a conversation the same', async () => {
    const r = routed({ strategy: 'roundRobin' })
    r.at('b').on(/./, () =>
      Response.json({
        id: 'resp_1',
        object: 'response',
        model: 'model-b',
        status: 'completed',
        output: [],
        conversation: { id: 'conv_1' },
      }),
    )
    await r.run(() => r.openai.responses.create({ model: 'b', input: 'Hello' }))
    for (const conversation of ['conv_1', { id: 'conv_1' }])
      expect(r.routes.decide({ model: 'auto', input: 'x', conversation } as never).target).toBe('b')
  })

  it('that nobody here has seen goes to any that speaks the dialect itself', () => {
    const r = routed({ places: { a: { sdk: 'anthropic' }, b: { apis: ['openai.chat'] }, c: {} } })
    const { target, candidates } = r.routes.decide({
      model: 'auto',
      input: 'x',
      previous_response_id: 'resp_x',
    } as never)
    expect(target).toBe('c')
    expect(candidates.filter(({ excluded }) => excluded)).toEqual([
      { id: 'a', excluded: 'held_elsewhere' },
      { id: 'b', excluded: 'held_elsewhere' },
    ])
  })

  it('is found although conversations are not sticky', async () => {
    const r = routed({ strategy: 'roundRobin', stickiness: false })
    const { value } = await r.run(() => r.openai.responses.create({ model: 'b', input: 'Hello' }))
    for (let time = 0; time < 3; time += 1) {
      const next = await r.run(() => responses.whole(r, { body: { previous_response_id: value?.id } }))
      expect(next.value?.model).toBe('model-b')
    }
  })
})
