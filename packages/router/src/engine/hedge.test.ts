import { describe, expect, it } from 'vitest'
import { sluiceErrorOf, type Usage } from '@sluice/core'
import OpenAI from 'openai'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { chat, voices } from '../testing/voices.ts'

const ways = ['whole', 'stream', 'helper'] as const

/** Two targets and a hedge after 100 ms, as often as it likes. */
function setUp(options: RoutedOptions = {}, sdk: 'openai' | 'anthropic' = 'openai'): Routed {
  return routed({ places: { a: { sdk }, b: { sdk } }, hedge: { afterMs: 100, share: 1 }, ...options })
}

const cases = voices.flatMap((voice) => ways.map((way) => ({ voice, way, api: voice.api })))

describe('a hedge', () => {
  it.each(cases)('wins over a slow target: $way in $api', async ({ voice, way }) => {
    const r = setUp({}, voice.api === 'anthropic.messages' ? 'anthropic' : 'openai')
    r.at('a').on(/./, { text: 'late', ttftMs: 5000 })
    r.at('b').on(/./, { text: 'early', ttftMs: 50 })
    const { value, report, tookMs } = await r.run(() => voice[way](r))
    expect(value).toMatchObject({ text: 'early', model: 'model-b' })
    expect(tookMs).toBe(150)
    expect(r.at('a').lastCall?.outcome).toBe('cancelled')
    expect(report.attempts).toMatchObject([
      { target: 'a', reason: 'first', outcome: 'cancelled', isEstimated: true, totalMs: 150 },
      { target: 'b', reason: 'hedge', outcome: 'answered' },
    ])
    expect(report.attempts[0]?.usage?.fresh).toBeGreaterThan(5)
    expect(report.decisions).toContainEqual(
      expect.objectContaining({ action: 'hedge', details: { target: 'b', over: 'a' } }),
    )
    expect(r.routes.stats()).toMatchObject({ hedges: 1, hedgesWon: 1, byTarget: { b: 1 } })
    for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
    expect(r.at('a').pending).toEqual([])
  })

  it.each(cases)('loses to the target it hedges and is cancelled: $way in $api', async ({ voice, way }) => {
    const r = setUp({}, voice.api === 'anthropic.messages' ? 'anthropic' : 'openai')
    r.at('a').on(/./, { text: 'first after all', ttftMs: 200 })
    r.at('b').on(/./, { text: 'late', ttftMs: 5000 })
    const { value, report, tookMs } = await r.run(() => voice[way](r))
    expect(value).toMatchObject({ text: 'first after all', model: 'model-a' })
    expect(tookMs).toBe(200)
    expect(r.at('b').lastCall?.outcome).toBe('cancelled')
    expect(report.attempts.map(({ target, outcome }) => [target, outcome])).toEqual([
      ['a', 'answered'],
      ['b', 'cancelled'],
    ])
    expect(r.routes.stats()).toMatchObject({ hedges: 1, hedgesWon: 0 })
    for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
  })

  it('is not sent when the answer comes in time, nor after the first content of a stream', async () => {
    for (const way of ways) {
      const r = setUp()
      r.at('a').on(/./, {
        text: 'A long answer that comes slowly, word by word.',
        ttftMs: 90,
        tokensPerSecond: way === 'whole' ? 1e6 : 5,
      })
      const { value } = await r.run(() => chat[way](r))
      expect(value?.model).toBe('model-a')
      expect([way, r.asked()]).toEqual([way, [1, 0]])
    }
  })

  it('answers when the first fails, and the first answers when it fails', async () => {
    for (const [failing, answering] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const r = setUp()
      r.at(failing).on(/./, { ttftMs: 150, text: '…', fault: 'cut' })
      r.at(failing).fail('slow-first-token', { delayMs: 150 })
      r.at(failing).on(/./, async () => {
        await r.clock.sleep(150)
        return new Response('{"error":{"message":"No."}}', { status: 503 })
      })
      r.at(answering).on(/./, { text: 'it', ttftMs: 1000 })
      const { value, report } = await r.run(() => chat.stream(r))
      expect(value).toMatchObject({ text: 'it', model: `model-${answering}` })
      expect(r.asked()).toEqual([1, 1])
      expect(report.attempts.map(({ target, outcome }) => [target, outcome]).toSorted()).toEqual(
        [
          [failing, 'failed'],
          [answering, 'answered'],
        ].toSorted(),
      )
    }
  })

  it('that fails with the first leaves the call to the rest, and the first failure is shown in the end', async () => {
    const r = setUp({ places: { a: {}, b: {}, c: {} }, maxRetries: 0 })
    for (const [id, ms] of [
      ['a', 200],
      ['b', 50],
    ] as const)
      r.at(id).on(/./, async () => {
        await r.clock.sleep(ms)
        return new Response(`{"error":{"message":"No from ${id}."}}`, { status: 503 })
      })
    const { value } = await r.run(() => chat.whole(r))
    expect(value?.model).toBe('model-c')
    expect(r.asked()).toEqual([1, 1, 1])

    r.at('c').fail('http-500')
    const { error } = await r.run(() => chat.whole(r))
    expect(String(error)).toMatch(/No from/)
  })

  it('is cancelled with the first when the application goes away', async () => {
    // The helpers begin in a timer of their own, for which virtual time does not wait.
    for (const way of ['whole', 'stream'] as const) {
      const r = setUp()
      for (const id of ['a', 'b']) r.at(id).on(/./, { text: 'late', ttftMs: 5000 })
      const gone = new AbortController()
      const { error, tookMs, report } = await r.run(() => {
        void r.clock.sleep(150).then(() => gone.abort())
        return chat[way](r, { signal: gone.signal })
      })
      expect(error).toBeInstanceOf(OpenAI.APIUserAbortError)
      expect(tookMs).toBe(150)
      expect(r.asked()).toEqual([1, 1])
      for (const id of ['a', 'b']) {
        expect(r.at(id).lastCall?.outcome).toBe('cancelled')
        expect(r.routes.health()[id]?.inFlight).toBe(0)
      }
      expect(report.attempts.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled'])
      expect(r.clock.pendingSleeps).toBe(0)
    }
  })

  it('goes after the live 95th percentile of the target, once that is known', async () => {
    for (const [way, field] of [
      ['stream', 'ttftMs'],
      ['whole', 'totalMs'],
    ] as const) {
      const r = setUp({ hedge: { share: 1 } })
      let slow = false
      let calls = 0
      r.at('a').on(/./, () => ({ text: 'x', ttftMs: slow ? 60_000 : 100 + (calls++ % 10) * 10 }))
      slow = true
      const early = await r.run(() => chat[way](r, { timeout: 5000, maxRetries: 0 }).catch(() => undefined))
      expect(early.report.attempts.some(({ reason }) => reason === 'hedge')).toBe(false)
      slow = false
      for (let call = 0; call < 30; call += 1) await r.run(() => chat[way](r))
      slow = true
      r.at('b').on(/./, { text: 'hedge', ttftMs: 10 })
      const p95 = r.routes.health()['a']?.[field]?.p95 ?? Number.NaN
      const { value, tookMs } = await r.run(() => chat[way](r))
      expect(value?.model).toBe('model-b')
      expect(tookMs).toBeCloseTo(p95 + 10, 0)
      expect(p95).toBeGreaterThan(150)
    }
  })

  it('is sent for no more than its share of the calls', async () => {
    const r = setUp({ hedge: { afterMs: 100 }, breaker: false, ejection: false })
    for (const id of ['a', 'b']) r.at(id).on(/./, { text: 'x', ttftMs: 200 })
    await r.run(async () => {
      for (let call = 0; call < 400; call += 1) await chat.stream(r)
    })
    const { hedges, calls } = r.routes.stats()
    expect(calls).toBe(400)
    expect(hedges).toBeLessThanOrEqual(20)
    expect(hedges).toBeGreaterThanOrEqual(10)
  })

  it('is not sent without the option, or to a target that cannot answer', async () => {
    const off = routed({ places: { a: {}, b: {} } })
    const cannot = setUp({ places: { a: {}, b: { capabilities: { tools: false } } } })
    const tools = [{ type: 'function', function: { name: 'find', parameters: {} } }]
    for (const r of [off, cannot]) {
      r.at('a').on(/./, { text: 'x', ttftMs: 10_000 })
      await r.run(() => chat.whole(r, { body: { tools } }))
      expect(r.asked()).toEqual([1, 0])
    }
  })

  it('is paid for: the cost of the call is that of both', async () => {
    const price = (usage: Usage) => ({
      nanoUsd: usage.fresh * 10 + usage.output,
      byMeter: { fresh: usage.fresh * 10, output: usage.output },
    })
    const r = setUp({ price })
    r.at('a').on(/./, { text: 'late', ttftMs: 5000 })
    const { report } = await r.run(() => chat.whole(r))
    const [lost, won] = report.attempts
    expect(lost?.cost?.nanoUsd).toBeGreaterThan(0)
    expect(report.cost?.nanoUsd).toBe((lost?.cost?.nanoUsd ?? 0) + (won?.cost?.nanoUsd ?? 0))
    // The answer's own tokens are those of the answer alone.
    expect(report.usage).toEqual(won?.usage)
  })

  it('gives up on both when time is up', async () => {
    const r = setUp({ timeouts: { attemptMs: 1000 } })
    for (const id of ['a', 'b']) r.at(id).fail('silence')
    const { error, report, tookMs } = await r.run(() => chat.whole(r))
    expect(sluiceErrorOf(error)?.code).toBe('route.timeout')
    expect(tookMs).toBe(1100)
    expect(report.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
    for (const id of ['a', 'b']) expect(r.at(id).pending).toEqual([])
  })
})
