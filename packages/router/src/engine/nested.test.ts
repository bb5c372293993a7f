import { sluice, type CallReport, type Usage } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { createRouter, router } from '../router.ts'
import { defineTarget } from '../target/define-target.ts'
import { openaiDialects, routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { chat, responses } from '../testing/voices.ts'

const price = (factor: number) => (usage: Usage) => ({ nanoUsd: (usage.fresh + usage.output) * factor, byMeter: {} })

/** a and b behind an inner router, c beside it. */
function setUp(options: RoutedOptions = {}, inner: RoutedOptions = {}): Routed {
  const places = { a: { price: price(1) }, b: { price: price(100) }, c: { price: price(10_000) } }
  const r = routed({ places, maxRetries: 0, ...options })
  const { places: _, ...rest } = inner
  const within = createRouter({
    targets: [r.targets['a']!, r.targets['b']!],
    clock: r.clock,
    retry: { maxRetries: 0, jitter: 'none' },
    ...(rest as object),
  })
  const { maxRetries: __, places: ___, ...outer } = options
  const routes = createRouter({
    targets: [
      defineTarget({ id: 'inner', model: 'auto', api: openaiDialects, handle: within.handle }),
      r.targets['c']!,
    ],
    clock: r.clock,
    ...(outer as object),
  })
  const nowhere = (): never => {
    throw new Error('not here')
  }
  const openai = sluice(new OpenAI({ apiKey: 'x', fetch: nowhere, maxRetries: 0 }), [router(routes)], {
    clock: r.clock,
  })
  return { ...r, routes, openai }
}

const spent = (r: Routed, ids: readonly string[]): number =>
  ids.reduce((sum, id, at) => {
    const calls = r.at(id).calls.filter(({ status }) => status === 200)
    const factor = { a: 1, b: 100, c: 10_000 }[id] ?? at
    return (
      sum +
      calls.reduce((total, { usage }) => total + ((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)) * factor, 0)
    )
  }, 0)

const tries = ({ attempts }: CallReport): unknown[] => attempts.map(({ target, outcome }) => [target, outcome])

describe('a router in a router', () => {
  it('has every try of both in the report, and each token once', async () => {
    for (const voice of [chat, responses])
      for (const way of ['whole', 'stream', 'helper'] as const) {
        const r = setUp()
        r.at('a').fail('http-503')
        const { value, report } = await r.run(() => voice[way](r))
        expect([voice.api, way, value?.model]).toEqual([voice.api, way, 'model-b'])
        expect(tries(report)).toEqual(
          expect.arrayContaining([
            ['a', 'failed'],
            ['b', 'answered'],
          ]),
        )
        expect([voice.api, way, report.cost?.nanoUsd]).toEqual([voice.api, way, spent(r, ['b'])])
        expect(report.model).toBe('model-b')
      }
  })

  it('fails over from the inner to the outer, and counts neither twice', async () => {
    for (const way of ['whole', 'stream'] as const) {
      const r = setUp()
      for (const id of ['a', 'b']) r.at(id).fail('http-503')
      const { value, report } = await r.run(() => chat[way](r))
      expect(value?.model).toBe('model-c')
      expect(report.cost?.nanoUsd).toBe(spent(r, ['c']))
      expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
    }
  })

  it('gives up both when the application goes away', async () => {
    for (const way of ['whole', 'stream'] as const) {
      const r = setUp()
      r.at('a').fail('silence')
      const abort = new AbortController()
      const { report } = await r.run(() => {
        void r.clock.sleep(300).then(() => abort.abort())
        return chat[way](r, { signal: abort.signal })
      })
      await r.clock.advance(1)
      expect(r.at('a').pending).toEqual([])
      expect(r.routes.health()['inner']?.inFlight).toBe(0)
      expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
    }
  })

  it('goes on with a stream of the inner one', async () => {
    const text = 'A card takes five to seven working days, because it is printed and sent by post from the plant.'
    for (const where of ['inner', 'outer'] as const) {
      const r = setUp(
        where === 'outer' ? { midStream: 'continue' } : {},
        where === 'inner' ? { midStream: 'continue' } : {},
      )
      for (const id of ['a', 'b', 'c']) r.at(id).on(/./, text)
      r.at('a').fail('cut', { times: 1 })
      const { value, error, report } = await r.run(() => chat.helper(r))
      expect([where, error, value?.text]).toEqual([where, undefined, text])
      expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
    }
  })

  it('leaves no time limit, timer or flight behind', async () => {
    const r = setUp({ timeouts: { attemptMs: 3000, connectMs: 3000 } })
    for (const id of ['a', 'b']) r.at(id).fail('silence')
    for (const way of ['whole', 'stream'] as const) {
      const { value, tookMs } = await r.run(() => chat[way](r))
      expect([value?.model, tookMs]).toEqual(['model-c', 3000])
      expect(r.clock.pendingSleeps).toBe(0)
      for (const id of ['a', 'b']) expect(r.at(id).pending).toEqual([])
      await r.clock.advance(600_000)
    }
  })
})
