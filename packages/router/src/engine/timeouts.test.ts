import { contextHeaders, sluiceErrorOf } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { chat, voices, type Voice } from '../testing/voices.ts'
import { TargetTimeoutError } from './timeouts.ts'

function setUp(voice: Voice, options: RoutedOptions = {}): Routed {
  const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
  return routed({ places: { a: { sdk }, b: { sdk } }, ...options })
}

describe('time limits', () => {
  it.each(voices)('move on from a stream whose head does not come in $api', async (voice) => {
    const r = setUp(voice, { timeouts: { connectMs: 700 } })
    r.at('a').fail('silence')
    const { value, tookMs, report } = await r.run(() => voice.stream(r))
    expect([value?.model, tookMs]).toEqual(['model-b', 700])
    expect(report.attempts[0]).toMatchObject({ outcome: 'failed', totalMs: 700 })
    expect(report.decisions[0]).toMatchObject({ action: 'failover', reason: 'timeout' })
    expect(r.at('a').lastCall?.outcome).toBe('cancelled')
  })

  it.each(voices)('move on from a stream whose first content does not come in $api', async (voice) => {
    for (const fault of ['slow-first-token', 'stall'] as const) {
      const r = setUp(voice, { timeouts: { connectMs: 5000, firstTokenMs: 1200 } })
      r.at('a').fail(fault, { delayMs: 50_000, afterTokens: 0 })
      const { value, tookMs } = await r.run(() => voice.stream(r))
      expect([fault, value?.model, tookMs]).toEqual([fault, 'model-b', 1200])
      expect(r.at('a').lastCall?.outcome).toBe('cancelled')
    }
  })

  it.each(voices)('leave the first content its own time, from the start of the try, in $api', async (voice) => {
    const r = setUp(voice, { timeouts: { connectMs: 100, firstTokenMs: 10_000 } })
    r.at('a').fail('slow-first-token', { delayMs: 9_000 })
    const { value, tookMs } = await r.run(() => voice.stream(r))
    expect([value?.model, tookMs]).toEqual(['model-a', 9000])
  })

  it.each(voices)('move on from a whole answer that does not come in $api', async (voice) => {
    for (const fault of ['silence', 'stall'] as const) {
      const r = setUp(voice, { timeouts: { attemptMs: 3000 } })
      r.at('a').fail(fault)
      const { value, tookMs } = await r.run(() => voice.whole(r))
      expect([fault, value?.model, tookMs]).toEqual([fault, 'model-b', 3000])
      expect(r.at('a').lastCall?.outcome).toBe('cancelled')
    }
  })

  it('do not cut a long stream short, nor one that its reader is slow with', async () => {
    const r = setUp(chat, { timeouts: { connectMs: 100, firstTokenMs: 200, betweenTokensMs: 1000, attemptMs: 300 } })
    r.at('a').on(/./, { text: 'word '.repeat(60), tokensPerSecond: 2, ttftMs: 10 })
    const { value, tookMs } = await r.run(() => chat.stream(r))
    expect(value?.text).toBe('word '.repeat(60))
    expect(tookMs).toBeGreaterThan(25_000)

    r.at('a').on(/./, 'word '.repeat(5))
    const slow = await r.run(async () => {
      let text = ''
      const messages = [{ role: 'user' as const, content: 'x' }]
      for await (const chunk of await r.openai.chat.completions.create({ model: 'auto', messages, stream: true })) {
        await r.clock.sleep(10_000)
        text += chunk.choices[0]?.delta.content ?? ''
      }
      return text
    })
    expect([slow.value, slow.error]).toEqual(['word '.repeat(5), undefined])
  })

  it.each(voices)('end a stream that goes silent, with the text so far, in $api', async (voice) => {
    const r = setUp(voice, { timeouts: { betweenTokensMs: 900 } })
    r.at('a').fail('stall', { afterTokens: 5 })
    let text = ''
    const { error, tookMs } = await r.run(() => voice.stream(r, {}, (piece) => (text += piece)))
    expect(tookMs).toBe(900)
    expect(sluiceErrorOf(error)).toMatchObject({
      code: 'stream.incomplete',
      partial: { text },
      cause: { code: 'route.stalled' },
    })
    expect(r.at('a').lastCall?.outcome).toBe('cancelled')
  })

  it('hold over all tries together, by the option, the deadline of the call, or the timeout of the SDK', async () => {
    for (const how of ['option', 'deadline', 'sdk', 'request'] as const) {
      const r = routed({
        retry: { jitter: 'none' },
        ...(how === 'option' && { timeouts: { totalMs: 2500 } }),
        ...(how === 'sdk' && { timeoutMs: 2500 }),
      })
      for (const id of ['a', 'b', 'c'])
        r.at(id).on(/./, async () => {
          await r.clock.sleep(1000)
          return new Response('{"error":{"message":"No."}}', { status: 500 })
        })
      const deadlineAtMs = r.clock.now() + 2500
      const { error, tookMs } = await r.run(() =>
        chat.whole(r, {
          ...(how === 'deadline' && { headers: contextHeaders({ deadlineAtMs }) }),
          ...(how === 'request' && { timeout: 2500 }),
        }),
      )
      expect([how, error instanceof OpenAI.APIError]).toEqual([how, true])
      // 1000 of the first, 500 of backoff, and a second try that may go on until 2500.
      expect(tookMs).toBeLessThanOrEqual(2500)
      for (const id of ['a', 'b', 'c']) expect(r.at(id).pending).toEqual([])
    }
  })

  it('name what was gone over', async () => {
    const named: unknown[] = []
    for (const [way, timeouts] of [
      ['stream', { connectMs: 100 }],
      ['stream', { connectMs: 500, firstTokenMs: 200 }],
      ['whole', { attemptMs: 300 }],
      ['whole', { totalMs: 400 }],
      ['stream', { totalMs: 500, connectMs: 1e6, firstTokenMs: 1e6 }],
    ] as const) {
      const r = routed({ places: { a: {} }, timeouts })
      r.at('a').fail('silence')
      const { error } = await r.run(() => chat[way](r))
      const behind = sluiceErrorOf(error)
      expect(behind).toBeInstanceOf(TargetTimeoutError)
      named.push([(behind as TargetTimeoutError).limit, behind?.details['ms']])
    }
    expect(named).toEqual([
      ['connect', 100],
      ['first_token', 200],
      ['attempt', 300],
      ['total', 400],
      ['total', 500],
    ])
  })

  it('may be switched off', async () => {
    const timeouts = { connectMs: Infinity, firstTokenMs: Infinity, betweenTokensMs: Infinity, attemptMs: Infinity }
    const r = routed({ places: { a: {} }, timeouts, timeoutMs: 1e9 })
    r.at('a').on(/./, { text: 'late', ttftMs: 5e8 })
    for (const way of ['whole', 'stream'] as const) {
      const { value } = await r.run(() => chat[way](r, { timeout: 1e9 }))
      expect(value?.text).toBe('late')
      expect(r.clock.pendingSleeps).toBe(0)
    }
  })

  it('hold for a target that does not listen to its signal', async () => {
    for (const way of ['whole', 'stream'] as const) {
      const r = routed({
        timeouts: { attemptMs: 1000, connectMs: 1000 },
        targets: ({ a, b }) => [{ ...a!, handle: () => new Promise(() => undefined) }, b!],
      })
      const { value, tookMs, report } = await r.run(() => chat[way](r))
      expect([value?.model, tookMs]).toEqual(['model-b', 1000])
      expect(report.attempts[0]).toMatchObject({ outcome: 'failed' })
      expect(r.routes.health()['a']?.inFlight).toBe(0)
    }
  })

  it('give back what a deaf target brings too late', async () => {
    const r = routed({
      timeouts: { attemptMs: 1000, connectMs: 1000 },
      targets: ({ a, b }) => [
        {
          ...a!,
          // It answers after 5 s, whatever its signal says.
          handle: async (call, next) => {
            await r.clock.sleep(5000)
            return a!.handle(call.with({ signal: new AbortController().signal }), next)
          },
        },
        b!,
      ],
    })
    const { value } = await r.run(() => chat.stream(r))
    expect(value?.model).toBe('model-b')
    await r.clock.advance(10_000)
    await r.clock.advance(1)
    // The late stream was cancelled, not left open.
    expect(r.at('a').calls.length).toBe(1)
    expect(r.at('a').pending).toEqual([])
  })

  it('leave no timer behind when the answer has come', async () => {
    for (const voice of voices)
      for (const way of ['whole', 'stream', 'helper'] as const) {
        const r = setUp(voice, { hedge: { afterMs: 50, share: 1 } })
        await r.run(() => voice[way](r))
        expect([voice.api, way, r.clock.pendingSleeps]).toEqual([voice.api, way, 0])
      }
  })
})
