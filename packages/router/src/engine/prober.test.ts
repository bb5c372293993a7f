import { openaiChat } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import { describe, expect, it } from 'vitest'
import { routed, type Routed } from '../testing/routed.ts'

const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]
const ask = (r: Routed): Promise<{ model: string }> => r.openai.chat.completions.create({ model: 'auto', messages })

/** Two targets, the first of which fails until its breaker is open; no retries, so that each call is one request. */
async function withOneDown(options: Parameters<typeof routed>[0] = {}): Promise<Routed> {
  const r = routed({ places: { a: {}, b: {} }, maxRetries: 0, ejection: false, ...options })
  r.at('a').fail('http-503')
  await r.run(async () => {
    for (let call = 0; call < 6; call += 1) await ask(r)
  })
  expect(r.routes.health()['a']?.state).toBe('open')
  r.at('a').heal().clear()
  return r
}

describe('probe: true', () => {
  it('sees with one token of its own whether a target is back, and lets no call of the application find out', async () => {
    const r = await withOneDown({ probe: true })
    await r.clock.advance(5_001)
    r.at('a').fail('http-503', { times: 1 })
    // The probe fails: calls stay with the other.
    expect((await r.run(() => ask(r))).value?.model).toBe('model-b')
    expect(r.at('a').calls).toHaveLength(1)
    expect(r.at('a').calls[0]?.body).toMatchObject({ model: 'model-a', max_completion_tokens: 1 })
    await r.run(() => ask(r))
    expect(r.at('a').calls).toHaveLength(1)
    // The next one, after a longer time, goes well: from then on calls go back.
    await r.clock.advance(10_001)
    expect((await r.run(() => ask(r))).value?.model).toBe('model-b')
    await r.clock.advance(1)
    expect((await r.run(() => ask(r))).value?.model).toBe('model-a')
    expect(
      r.at('a').calls.map(({ body }) => (body as { max_completion_tokens?: number }).max_completion_tokens),
    ).toEqual([1, 1, undefined])
    expect(r.routes.health()['a']).toMatchObject({ state: 'healthy', inFlight: 0 })
  })

  it('asks a target of Anthropic in its own dialect', async () => {
    const r = await withOneDown({ places: { a: { sdk: 'anthropic' }, b: {} }, probe: true })
    await r.clock.advance(5_001)
    await r.run(() => ask(r))
    expect(r.at('a').calls[0]).toMatchObject({ api: 'anthropic.messages', body: { max_tokens: 1 } })
  })

  it('asks what the target says, where it says', async () => {
    const probe = () =>
      createCall(openaiChat, { model: 'model-a', messages: [{ role: 'user', content: 'Are you there?' }] })
    const r = await withOneDown({ places: { a: { probe }, b: {} }, probe: true })
    await r.clock.advance(5_001)
    await r.run(() => ask(r))
    expect(r.at('a').calls[0]?.body).toMatchObject({ messages: [{ content: 'Are you there?' }] })
  })

  it('gives a probe up that takes too long', async () => {
    const r = await withOneDown({ probe: { timeoutMs: 2_000 } })
    await r.clock.advance(5_001)
    r.at('a').fail('silence')
    await r.run(() => ask(r))
    await r.clock.advance(2_001)
    expect(r.routes.health()['a']).toMatchObject({ state: 'open', inFlight: 0, counts: { timeout: 1 } })
    expect(r.at('a').lastCall?.outcome).toBe('cancelled')
    expect(r.clock.pendingSleeps).toBe(0)
  })

  it('leaves healthy targets alone, unless nobody has asked them for long', async () => {
    const r = routed({ places: { a: {}, b: {} }, probe: { idleMs: 60_000 } })
    await r.run(() => ask(r))
    await r.clock.advance(30_000)
    await r.run(() => ask(r))
    expect(r.asked()).toEqual([2, 0])
    await r.clock.advance(60_001)
    await r.run(() => ask(r))
    expect(
      r.at('b').calls.map(({ body }) => (body as { max_completion_tokens?: number }).max_completion_tokens),
    ).toEqual([1])
    expect(r.routes.health()['b']?.counts.ok).toBe(1)
  })
})

describe('without probes', () => {
  it('a call of the application is the one that finds out', async () => {
    const r = await withOneDown()
    await r.clock.advance(5_001)
    expect((await r.run(() => ask(r))).value?.model).toBe('model-a')
    expect(r.at('a').calls[0]?.body).not.toHaveProperty('max_completion_tokens')
  })
})
