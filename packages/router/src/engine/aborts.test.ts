import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { voices, type Voice } from '../testing/voices.ts'

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))

function setUp(voice: Voice, options: RoutedOptions = {}): Routed {
  const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
  return routed({ places: { a: { sdk }, b: { sdk } }, ...options })
}

const listening = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

const isAbort = (error: unknown): boolean =>
  error instanceof OpenAI.APIUserAbortError || error instanceof Anthropic.APIUserAbortError

const ways = ['whole', 'stream', 'helper'] as const

/** What a call goes through before its end; each must leave nothing on the application's signal. */
const stories: readonly (readonly [name: string, RoutedOptions, (r: Routed) => void])[] = [
  ['success', {}, () => undefined],
  ['failover', {}, (r) => r.at('a').fail('http-503')],
  ['failure of all', {}, (r) => ['a', 'b'].forEach((id) => r.at(id).fail('http-503'))],
  ['a refusal', {}, (r) => r.at('a').fail('bad-request')],
  ['a connection that breaks', {}, (r) => r.at('a').fail('reset-before-headers')],
  ['a timeout', {}, (r) => r.at('a').fail('silence')],
  ['timeouts of all', {}, (r) => ['a', 'b'].forEach((id) => r.at(id).fail('silence'))],
  ['an error in the answer', {}, (r) => r.at('a').fail('error-in-stream')],
  ['a hedge that wins', { hedge: { afterMs: 10, share: 1 } }, (r) => r.at('a').fail('slow-first-token')],
  [
    'a hedge that loses',
    { hedge: { afterMs: 10, share: 1 } },
    (r) => (r.at('a').fail('slow-first-token', { delayMs: 30 }), r.at('b').fail('slow-first-token')),
  ],
  ['a stream that is cut', {}, (r) => r.at('a').fail('cut')],
  ['a stream that stalls', {}, (r) => r.at('a').fail('stall')],
  [
    'a continuation',
    { midStream: 'continue' },
    (r) => ['a', 'b'].forEach((id) => r.at(id).on(/./, 'x y z '.repeat(20))) ?? r.at('a').fail('cut'),
  ],
  ['a restart', { midStream: 'restart' }, (r) => r.at('a').fail('late-error-in-stream')],
]

describe('a long-lived abort signal', () => {
  it.each(voices.flatMap((voice) => stories.map((story) => ({ voice, story, name: story[0], api: voice.api }))))(
    'keeps no listener after $name in $api',
    async ({ voice, story: [, options, prepare] }) => {
      for (const way of ways) {
        const r = setUp(voice, options)
        prepare(r)
        const { signal } = new AbortController()
        await r.run(() => voice[way](r, { signal }))
        await turn()
        expect([way, listening(signal)]).toEqual([way, 0])
        expect([way, r.clock.pendingSleeps]).toEqual([way, 0])
        for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
      }
      expect(unhandled).toEqual([])
    },
  )

  it.each(voices)('keeps none when the stream is left in its midst in $api', async (voice) => {
    for (const prepare of [() => undefined, (r: Routed) => r.at('a').fail('http-503')]) {
      const r = setUp(voice)
      prepare(r)
      const { signal } = new AbortController()
      await r.run(async () => {
        const options = { signal }
        const stream =
          voice.api === 'anthropic.messages'
            ? await r.anthropic.messages.create(
                { model: 'auto', max_tokens: 99, messages: [{ role: 'user', content: 'x' }], stream: true },
                options,
              )
            : voice.api === 'openai.responses'
              ? await r.openai.responses.create({ model: 'auto', input: 'x', stream: true }, options)
              : await r.openai.chat.completions.create(
                  { model: 'auto', messages: [{ role: 'user', content: 'x' }], stream: true },
                  options,
                )
        let seen = 0
        for await (const _ of stream as AsyncIterable<unknown>) if ((seen += 1) === 4) break
      })
      await turn()
      await turn()
      const answering = r.at('b').calls.length > 0 ? 'b' : 'a'
      expect(r.at(answering).lastCall?.outcome).toBe('cancelled')
      expect(listening(signal)).toBe(0)
      expect(r.clock.pendingSleeps).toBe(0)
      expect(r.routes.health()[answering]).toMatchObject({ inFlight: 0, counts: { cancelled: 1 } })
    }
  })

  it('keeps none after a hundred calls of all sorts', async () => {
    const { signal } = new AbortController()
    const r = setUp(voices[0] as Voice, { hedge: { afterMs: 10, share: 0.5 } })
    r.at('a').fail('http-503', { rate: 0.3 }).fail('slow-first-token', { rate: 0.3 })
    for (let call = 0; call < 100; call += 1)
      await r.run(() => (voices[0] as Voice)[ways[call % 3] ?? 'whole'](r, { signal }))
    expect(listening(signal)).toBe(0)
  })
})

describe('an abort', () => {
  const phases: readonly (readonly [name: string, RoutedOptions, (r: Routed) => void])[] = [
    ['before the head', {}, (r) => r.at('a').fail('silence')],
    ['before the first content', {}, (r) => r.at('a').fail('slow-first-token', { delayMs: 1e6 })],
    ['in the backoff', { retry: { initialDelayMs: 5000, jitter: 'none' } }, (r) => r.at('a').fail('http-503')],
    [
      'in the wait for Retry-After',
      {},
      (r) => ['a', 'b'].forEach((id) => r.at(id).fail('http-429', { retryAfterS: 100 })),
    ],
    ['in the second target', {}, (r) => (r.at('a').fail('unauthorized'), r.at('b').fail('silence'))],
    ['in a hedge', { hedge: { afterMs: 10, share: 1 } }, (r) => ['a', 'b'].forEach((id) => r.at(id).fail('silence'))],
  ]

  it.each(voices.flatMap((voice) => phases.map((phase) => ({ voice, phase, name: phase[0], api: voice.api }))))(
    'ends the call at once $name in $api',
    async ({ voice, phase: [, options, prepare] }) => {
      // The helpers begin in a timer of their own, for which virtual time does not wait.
      for (const way of ['whole', 'stream'] as const) {
        const r = setUp(voice, options)
        prepare(r)
        const abort = new AbortController()
        const { error, tookMs, report } = await r.run(() => {
          void r.clock.sleep(300).then(() => abort.abort())
          return voice[way](r, { signal: abort.signal })
        })
        expect([way, isAbort(error), tookMs]).toEqual([way, true, 300])
        const requests = r.asked()
        await turn()
        await r.clock.advance(1000)
        expect([...r.at('a').pending, ...r.at('b').pending]).toEqual([])
        // Nothing goes on behind its back.
        expect(r.asked()).toEqual(requests)
        expect(r.clock.pendingSleeps).toBe(0)
        expect(listening(abort.signal)).toBe(0)
        for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
        expect(report.outcome).toBe('cancelled')
        expect(report.attempts.map(({ outcome }) => outcome)).not.toContain(undefined)
      }
      expect(unhandled).toEqual([])
    },
  )

  it.each(voices)('before the call sends nothing in $api', async (voice) => {
    const r = setUp(voice)
    const { error } = await r.run(() => voice.whole(r, { signal: AbortSignal.abort() }))
    expect(error).toSatisfy(isAbort)
    expect(r.asked()).toEqual([0, 0])
  })

  it.each(voices)('in the midst of the answer cancels it at the provider in $api', async (voice) => {
    for (const midStream of ['error', 'continue', 'restart'] as const) {
      const r = setUp(voice, { midStream })
      const abort = new AbortController()
      r.at('a').on(/./, { text: 'word '.repeat(50), tokensPerSecond: 10 })
      const { report } = await r.run(() =>
        voice
          .stream(r, { signal: abort.signal }, () => {
            if (r.clock.now() % 86_400_000 > 1000) abort.abort()
          })
          .catch(() => undefined),
      )
      await turn()
      expect(r.at('a').lastCall?.outcome).toBe('cancelled')
      expect(r.asked()).toEqual([1, 0])
      expect(report.outcome).toBe('cancelled')
      // What it took until then is known or estimated, and paid for.
      expect(report.attempts).toMatchObject([{ outcome: 'cancelled', isEstimated: true }])
      expect(report.attempts[0]?.usage?.output).toBeGreaterThan(3)
      expect(report.attempts[0]?.usage?.fresh).toBeGreaterThan(3)
      expect(r.routes.health()['a']).toMatchObject({ inFlight: 0, counts: { cancelled: 1, failure: 0 } })
      expect(listening(abort.signal)).toBe(0)
    }
  })
})
