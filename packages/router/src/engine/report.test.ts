import type { CallReport, Usage } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { routed, type RoutedOptions } from '../testing/routed.ts'
import { chat, responses, voices } from '../testing/voices.ts'

const price = (factor: number) => (usage: Usage) => ({
  nanoUsd: (usage.fresh + usage.output) * factor,
  byMeter: { fresh: usage.fresh * factor, output: usage.output * factor },
})

const sum = (report: CallReport): number => report.attempts.reduce((total, { cost }) => total + (cost?.nanoUsd ?? 0), 0)

describe('the report of a routed call', () => {
  it.each(voices)(
    'has every try with its target, reason, outcome, status, times, tokens and cost in $api',
    async (voice) => {
      for (const way of ['whole', 'stream', 'helper'] as const) {
        const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
        const r = routed({ places: { a: { sdk, price: price(1) }, b: { sdk, price: price(100) } }, maxRetries: 1 })
        r.at('a').fail('http-503')
        r.at('b').on(/./, { text: 'five days', ttftMs: 70, tokensPerSecond: 10 })
        const { report, tookMs } = await r.run(() => voice[way](r))
        const startedAtMs = r.at('a').calls[0]?.startedAtMs ?? 0
        expect(report.attempts).toMatchObject([
          {
            target: 'a',
            model: 'model-a',
            host: 'a.example',
            reason: 'first',
            status: 503,
            outcome: 'failed',
            startedAtMs,
            totalMs: 0,
          },
          { target: 'a', reason: 'retry', status: 503, outcome: 'failed', startedAtMs: startedAtMs + 500 },
          { target: 'b', model: 'model-b', host: 'b.example', reason: 'failover', status: 200, outcome: 'answered' },
        ])
        const last = report.attempts[2]
        expect(last?.usage).toMatchObject({
          fresh: r.at('b').lastCall?.usage?.inputTokens,
          output: r.at('b').lastCall?.usage?.outputTokens,
        })
        expect(last?.isEstimated).toBeFalsy()
        expect(last?.totalMs).toBe(tookMs - 500)
        if (way !== 'whole') expect(last?.ttftMs).toBe(70)
        // A refusal costs nothing.
        expect(report.attempts.slice(0, 2).every(({ usage, cost }) => usage === undefined && cost === undefined)).toBe(
          true,
        )
        expect(report.cost?.nanoUsd).toBe(sum(report))
        expect(report.cost?.nanoUsd).toBe(last?.cost?.nanoUsd)
        expect(report).toMatchObject({ outcome: 'ok', requestedModel: 'auto', model: 'model-b', usage: last?.usage })
        expect(report.decisions).toMatchObject([
          { by: 'router', action: 'retry', reason: 'http_503', details: { target: 'a', retry: 1, delayMs: 500 } },
          { by: 'router', action: 'failover', reason: 'http_503', details: { from: 'a', to: 'b' } },
          { by: 'router', action: 'route', reason: 'priority', details: { target: 'b', model: 'model-b' } },
        ])
      }
    },
  )

  it('has the price of a bridged target, and what the bridge lost', async () => {
    const r = routed({ places: { a: { sdk: 'anthropic', price: price(7) } } })
    for (const way of ['whole', 'stream'] as const) {
      const { report } = await r.run(() => chat[way](r, { body: { seed: 1, logit_bias: { 1: 1 } } }))
      expect(report.decisions).toContainEqual(expect.objectContaining({ by: 'bridge', action: 'lossy' }))
      expect(report.attempts).toMatchObject([
        { target: 'a', outcome: 'answered', usage: { output: r.at('a').lastCall?.usage?.outputTokens } },
      ])
      expect(report.cost?.nanoUsd).toBe(sum(report))
      expect(report.cost?.nanoUsd).toBeGreaterThan(0)
    }
  })

  it.each<readonly [string, RoutedOptions]>([
    ["the targets' own prices", { places: { a: { price: price(3) } } }],
    ["the router's price", { places: { a: {} }, price: price(3) }],
    ["the pipeline's price", { places: { a: {} }, pipelinePrice: price(3) }],
    [
      'the price of the target before all others',
      { places: { a: { price: price(3) } }, price: price(50), pipelinePrice: price(99) },
    ],
    ["the router's before the pipeline's", { places: { a: {} }, price: price(3), pipelinePrice: price(99) }],
  ])('goes by %s', async (_, options) => {
    const r = routed(options)
    for (const voice of [chat, responses])
      for (const way of ['whole', 'stream'] as const) {
        const { report } = await r.run(() => voice[way](r))
        const { inputTokens = 0, outputTokens = 0 } = r.at('a').lastCall?.usage ?? {}
        expect([voice.api, way, report.cost?.nanoUsd]).toEqual([voice.api, way, (inputTokens + outputTokens) * 3])
      }
  })

  it('has no sum where a part has no price, and says so', async () => {
    const r = routed({ places: { a: { price: () => ({ unpriced: 'nobody knows model-a' }) } } })
    const { report } = await r.run(() => chat.whole(r))
    expect([report.cost, report.unpriced]).toEqual([undefined, 'nobody knows model-a'])
  })

  it('has no text of prompts, answers or errors in it', async () => {
    const secret = 'the-secret-prompt'
    const r = routed({ maxRetries: 0, hedge: { afterMs: 10, share: 1 }, midStream: 'continue' })
    r.at('a').fail('bad-request', { message: secret })
    r.at('b').fail('late-error-in-stream', { message: secret })
    r.at('c').on(/./, () => new Response(`{"error":{"message":"${secret}"}}`, { status: 503 }))
    for (const model of ['a', 'b', 'c'])
      for (const way of ['whole', 'stream'] as const) {
        const { report } = await r.run(() =>
          chat[way](r, { model, body: { messages: [{ role: 'user', content: secret }] } }),
        )
        expect(JSON.stringify(report)).not.toContain(secret)
      }
  })

  it('survives JSON', async () => {
    const r = routed({ maxRetries: 1, hedge: { afterMs: 10, share: 1 }, midStream: 'continue' })
    r.at('a').fail('cut', { times: 1 })
    const { report } = await r.run(() => chat.stream(r))
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ attempts: JSON.parse(JSON.stringify(report.attempts)) })
  })

  it('of a stream that is left has what it took until then', async () => {
    for (const voice of voices) {
      const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
      const r = routed({ places: { a: { sdk, price: price(2) } } })
      r.at('a').on(/./, 'word '.repeat(100))
      const { report } = await r.run(async () => {
        let seen = 0
        class Enough extends Error {}
        await voice
          .stream(r, {}, () => {
            if ((seen += 1) === 20) throw new Enough()
          })
          .catch((error: unknown) => {
            if (!(error instanceof Enough)) throw error
          })
      })
      expect([voice.api, report.outcome]).toEqual([voice.api, 'cancelled'])
      expect(report.attempts).toMatchObject([{ outcome: 'cancelled', isEstimated: true }])
      expect(report.attempts[0]?.usage?.output).toBeGreaterThan(10)
      expect(report.attempts[0]?.usage?.output).toBeLessThan(60)
      expect(report.cost?.nanoUsd).toBe(sum(report))
      expect(report.cost?.nanoUsd).toBeGreaterThan(0)
      expect(r.at('a').lastCall?.outcome).toBe('cancelled')
    }
  })
})

describe('the model of an answer', () => {
  it.each(voices)('is that of the target that gave it in $api', async (voice) => {
    for (const way of ['whole', 'stream', 'helper'] as const)
      for (const sdk of ['openai', 'anthropic'] as const) {
        const r = routed({ places: { a: { sdk, model: 'the-real-one' } } })
        const { value, report } = await r.run(() => voice[way](r, { model: 'auto' }))
        expect([value?.model, report.model]).toEqual(['the-real-one', 'the-real-one'])
      }
  })
})
