import type { Usage } from '@sluice/core'
import { createPriceBook } from '@sluice/core/prices'
import { describe, expect, it } from 'vitest'
import { routed, type Routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'
import type { Strategy } from './strategy.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]

/** How often each model answered of so many calls. */
async function tally(r: Routed, calls: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let call = 0; call < calls; call += 1) {
    const { value } = await r.run(() => chat.whole(r))
    const model = value?.model ?? 'none'
    counts[model] = (counts[model] ?? 0) + 1
  }
  return counts
}

function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
}

const price = (input: number, output: number) => (usage: Usage) => ({
  nanoUsd: Math.round((usage.fresh + usage.cacheRead) * input * 1000 + usage.output * output * 1000),
  byMeter: {},
})

describe('the strategy', () => {
  it('priority asks in the order of the list', async () => {
    const r = routed({ random: seeded(1) })
    expect(await tally(r, 10)).toEqual({ 'model-a': 10 })
    expect(r.routes.decide({ model: 'auto', messages }).candidates.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('roundRobin asks each in turn, and leaves the turn of who cannot to the next', async () => {
    const r = routed({ strategy: 'roundRobin', random: seeded(1) })
    expect(await tally(r, 9)).toEqual({ 'model-a': 3, 'model-b': 3, 'model-c': 3 })
    const without = routed({
      strategy: 'roundRobin',
      places: { a: {}, b: { capabilities: { streaming: false } }, c: {} },
    })
    const models: (string | undefined)[] = []
    for (let call = 0; call < 6; call += 1) models.push((await without.run(() => chat.stream(without))).value?.model)
    expect(models.filter((model) => model === 'model-a').length).toBe(3)
    expect(models.filter((model) => model === 'model-c').length).toBe(3)
  })

  it('weighted shares by weight, and the share of who is out by the weights of the rest', async () => {
    const places = { a: { weight: 6 }, b: { weight: 3 }, c: { weight: 1 } }
    const r = routed({ places, strategy: 'weighted', random: seeded(42) })
    const counts = await tally(r, 1000)
    expect(counts['model-a']).toBeGreaterThan(540)
    expect(counts['model-a']).toBeLessThan(660)
    expect(counts['model-c']).toBeGreaterThan(65)
    expect(counts['model-c']).toBeLessThan(140)
    r.at('a').fail('unauthorized')
    await tally(r, 1)
    const rest = await tally(r, 400)
    expect(rest['model-b']).toBeGreaterThan(265)
    expect(rest['model-b']).toBeLessThan(335)
  })

  it('quality asks the best, of equal ones the less loaded', async () => {
    const places = { a: { quality: 0.5 }, b: { quality: 0.9 }, c: { quality: 0.7 } }
    const r = routed({ places, strategy: 'quality' })
    expect(r.routes.decide({ model: 'auto', messages }).candidates).toEqual([
      { id: 'b', score: 0.9 },
      { id: 'c', score: 0.7 },
      { id: 'a', score: 0.5 },
    ])
    const equal = routed({ places: { a: { quality: 1 }, b: { quality: 1 } }, strategy: 'quality', random: seeded(3) })
    for (const id of ['a', 'b']) equal.at(id).on(/./, { text: 'x', ttftMs: 300 })
    const counts = await tally(equal, 100)
    expect(Math.min(counts['model-a'] ?? 0, counts['model-b'] ?? 0)).toBeGreaterThan(20)
  })

  it('cost asks whoever is cheapest for this very request', () => {
    // Dear to read and cheap to write, and the other way round.
    const places = { reads: { price: price(1, 20) }, writes: { price: price(5, 2) } }
    const { routes } = routed({ places, strategy: 'cost' })
    const long = [{ role: 'user' as const, content: 'word '.repeat(5000) }]
    expect(routes.decide({ model: 'auto', messages: long, max_tokens: 10 }).target).toBe('reads')
    expect(routes.decide({ model: 'auto', messages, max_tokens: 5000 }).target).toBe('writes')
    const { candidates } = routes.decide({ model: 'auto', messages, max_tokens: 100 })
    // Nano-dollars, below zero because higher is better.
    expect(candidates[0]?.score).toBeLessThan(0)
    expect(candidates[0]?.score).toBeGreaterThan(candidates[1]?.score ?? 0)
  })

  it('cost learns how long the answers of each target are', async () => {
    const places = { terse: { price: price(0, 3) }, wordy: { price: price(0, 1) } }
    const r = routed({ places, strategy: 'cost' })
    expect(r.routes.decide({ model: 'auto', messages }).target).toBe('wordy')
    r.at('wordy').on(/./, { text: 'x', usage: { outputTokens: 4000 } })
    r.at('terse').on(/./, { text: 'x', usage: { outputTokens: 10 } })
    for (let call = 0; call < 30; call += 1) await r.run(() => chat.whole(r))
    expect(r.routes.decide({ model: 'auto', messages }).target).toBe('terse')
  })

  it("cost takes the router's price where a target has none, and puts what has no price last", () => {
    const book = createPriceBook()
    const { routes } = routed({
      places: { x: { model: 'nobody-knows-this' }, dear: { model: 'gpt-5' }, cheap: { model: 'gpt-5-nano' } },
      strategy: 'cost',
      price: book.price,
    })
    expect(routes.decide({ model: 'auto', messages }).candidates.map(({ id }) => id)).toEqual(['cheap', 'dear', 'x'])
  })

  it('latency spreads by load: a slow target gets the lesser part', async () => {
    const r = routed({ places: { a: {}, b: {}, c: {} }, strategy: 'latency', random: seeded(9) })
    r.at('a').on(/./, { text: 'x', ttftMs: 2000 })
    for (const id of ['b', 'c']) r.at(id).on(/./, { text: 'x', ttftMs: 100 })
    const counts = await tally(r, 200)
    expect(counts['model-a'] ?? 0).toBeLessThan(40)
    expect(Math.abs((counts['model-b'] ?? 0) - (counts['model-c'] ?? 0))).toBeLessThan(80)
  })

  it('latency counts what is in flight', async () => {
    const r = routed({ places: { a: {}, b: {} }, strategy: 'latency', random: seeded(5) })
    for (const id of ['a', 'b']) r.at(id).on(/./, { text: 'x', ttftMs: 1000 })
    await r.run(() => Promise.all(Array.from({ length: 100 }, () => chat.whole(r))))
    const [a = 0, b = 0] = r.asked()
    expect(Math.abs(a - b)).toBeLessThanOrEqual(4)
  })

  it('balance: none keeps equals in their order', async () => {
    const r = routed({ strategy: 'latency', balance: 'none', random: seeded(5) })
    expect(await tally(r, 10)).toEqual({ 'model-a': 10 })
  })

  it('of your own gets the candidates, the request, and is named in the report', async () => {
    const seen: unknown[] = []
    const strategy: Strategy = {
      name: 'by-length',
      score(candidates, query) {
        seen.push([candidates.map(({ target }) => target.id), query.prompt, query.isStream, query.inputTokens > 0])
        return candidates.map(({ target }) => (target.id === 'b' ? 1 : 0))
      },
    }
    const r = routed({ strategy, places: { a: {}, b: {}, c: { capabilities: { streaming: false } } } })
    const { value, report } = await r.run(() => chat.stream(r))
    expect(value?.model).toBe('model-b')
    expect(seen).toEqual([[['a', 'b'], 'How long does a card take?', true, true]])
    expect(report.decisions.at(-1)).toMatchObject({ action: 'route', reason: 'by-length' })
  })

  it('of your own may be short, NaN or wrong: the targets are asked all the same', async () => {
    for (const scores of [[], [Number.NaN, Number.NaN, Number.NaN], [1], [Infinity, -Infinity, 0]]) {
      const r = routed({ strategy: { name: 'odd', score: () => scores } })
      const { error, value } = await r.run(() => chat.whole(r))
      expect([scores, error]).toEqual([scores, undefined])
      expect(value?.text).not.toBe('')
      expect(r.routes.decide({ model: 'auto', messages }).candidates.length).toBe(3)
    }
  })

  it('of your own that throws fails the call with what it threw', async () => {
    const mistake = new Error('no map')
    const r = routed({
      strategy: {
        name: 'odd',
        score: () => {
          throw mistake
        },
      },
    })
    const { error } = await r.run(() => chat.whole(r))
    expect(String(error)).toContain('no map')
    expect(r.asked()).toEqual([0, 0, 0])
  })
})
