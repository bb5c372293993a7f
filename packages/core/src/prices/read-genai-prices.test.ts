import { calcPrice, updatePrices, waitForUpdate, type Provider } from '@pydantic/genai-prices'
import { beforeAll, describe, expect, it } from 'vitest'
import { inputTokens, outputTokens, usageOf, type Usage } from '../usage.ts'
import { createPriceBook, readGenaiPrices, type PriceBook } from './index.ts'

const checkedAt = '2026-09-23'
let providers: readonly Provider[]
let book: PriceBook

beforeAll(async () => {
  // Registering a source that sets nothing leaves the packaged data active, and lets us have it.
  updatePrices(() => undefined)
  providers = (await waitForUpdate())!
  book = createPriceBook({ bundled: false, sources: [readGenaiPrices(providers, { checkedAt })] })
})

/** Numbers from 0 to 1, the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Case {
  readonly name: string
  readonly provider: string
  readonly model: string
  readonly usage: Usage
  readonly atMs: number
}

function* cases(seed: number): Generator<Case> {
  const random = randomFrom(seed)
  const upTo = (most: number): number =>
    random() < 0.3 ? 0 : Math.floor(random() * 10 ** (random() * Math.log10(most)))
  const rows = providers.flatMap((provider) => provider.models.map((model) => ({ provider: provider.id, model })))
  for (;;) {
    const { provider, model } = rows[Math.floor(random() * rows.length)]!
    const keys = new Set(
      Array.isArray(model.prices)
        ? model.prices.flatMap(({ prices }) => Object.keys(prices))
        : Object.keys(model.prices),
    )
    if (!keys.has('input_mtok') || !keys.has('output_mtok')) continue
    const usage = usageOf({
      fresh: upTo(1e6),
      cacheRead: upTo(1e6),
      cacheWrite5m: upTo(1e5),
      // Without a price for the long lifetime beside one for the short, we give none where genai-prices takes the short one.
      cacheWrite1h: keys.has('cache_write_1h_mtok') || !keys.has('cache_write_mtok') ? upTo(1e5) : 0,
      audioInput: keys.has('input_audio_mtok') ? upTo(1e4) : 0,
      imageInput: upTo(1e4),
      output: upTo(1e5),
      audioOutput: keys.has('output_audio_mtok') ? upTo(1e4) : 0,
      imageOutput: keys.has('output_image_mtok') ? upTo(1e4) : 0,
    })
    const reasoning = Math.floor(random() * usage.output)
    const atMs = Date.UTC(2025, 0, 1) + Math.floor(random() * 700 * 86_400_000)
    yield { name: `${provider}/${model.id}`, provider, model: model.id, usage: { ...usage, reasoning }, atMs }
  }
}

/** What genai-prices says, in nano-dollars; `undefined` where it takes the name for another model's. */
function theirs({ provider, model, usage, atMs }: Case): number | undefined {
  const { cacheRead, cacheWrite5m, cacheWrite1h, audioInput, imageInput, audioOutput, imageOutput, reasoning } = usage
  const counts = {
    input_tokens: inputTokens(usage),
    cache_read_tokens: cacheRead,
    cache_write_tokens: cacheWrite5m + cacheWrite1h,
    cache_write_1h_tokens: cacheWrite1h,
    input_audio_tokens: audioInput,
    input_image_tokens: imageInput,
    cache_audio_read_tokens: 0,
    cache_image_read_tokens: 0,
    output_tokens: outputTokens(usage),
    output_audio_tokens: audioOutput,
    output_image_tokens: imageOutput,
    output_reasoning_tokens: reasoning,
    output_citation_tokens: 0,
    input_video_tokens: 0,
    output_video_tokens: 0,
  }
  const result = calcPrice(counts, model, { providerId: provider, timestamp: new Date(atMs) })
  return result && result.provider.id === provider && result.model.id === model ? result.total_price * 1e9 : undefined
}

/** Prices with more digits than a pico-dollar a token (all are 1/12 or 0.18 spoilt by floating point). */
const finerThanPico = new Set([
  'huggingface_together/Qwen/Qwen3-VL-8B-Instruct',
  'openrouter/google/gemini-2.5-flash-image',
  'openrouter/google/gemini-2.5-flash-lite',
  'openrouter/google/gemini-3-flash-preview',
  'openrouter/google/gemini-3.1-flash-lite',
  'openrouter/google/gemini-3.5-flash',
  'openrouter/~google/gemini-flash-latest',
])

/**
 * Where genai-prices is wrong: its hours of high prices have no date of their own, so that it charges them from always,
 * not from the change of 17 August 2026 that brought them.
 */
const hoursWithoutDate = new Set(['deepseek/deepseek-v4-flash', 'deepseek/deepseek-v4-pro'])
const deepSeekChangeMs = Date.UTC(2026, 7, 17)

describe('readGenaiPrices', () => {
  it('gives the prices that genai-prices gives, on 10,000 random usages', () => {
    let compared = 0
    const different = new Set<string>()
    for (const one of cases(1)) {
      if (compared === 10_000) break
      const expected = theirs(one)
      if (expected === undefined) continue
      const cost = book.costOf(one.usage, { model: one.name, atMs: one.atMs })
      const got = 'unpriced' in cost ? NaN : cost.nanoUsd
      const rounding = finerThanPico.has(one.name) ? inputTokens(one.usage) * 0.0005 : 0
      compared += 1
      // Ours is rounded to a whole nano-dollar; theirs is off by a few units in the last place.
      if (!(Math.abs(got - expected) <= 0.5 + expected * 1e-12 + rounding)) {
        if (hoursWithoutDate.has(one.name) && one.atMs < deepSeekChangeMs) different.add(one.name)
        else expect.fail(`${JSON.stringify(one)}: ${JSON.stringify(cost)}, genai-prices ${expected}`)
      }
    }
    expect(different).toEqual(hoursWithoutDate)
  })

  it('begins the high hours of DeepSeek with the change that brought them', () => {
    const of = { model: 'deepseek/deepseek-v4-pro', atMs: Date.parse('2026-08-01T02:00:00Z') }
    expect(book.costOf(usageOf({ fresh: 1000 }), of)).toMatchObject({ nanoUsd: 435_000 })
    expect(book.costOf(usageOf({ fresh: 1000 }), { ...of, atMs: Date.parse('2026-08-18T02:00:00Z') })).toMatchObject({
      nanoUsd: 1_320_000,
    })
    expect(
      calcPrice({ input_tokens: 1000 }, 'deepseek-v4-pro', { providerId: 'deepseek', timestamp: new Date(of.atMs) })
        ?.total_price,
    ).toBeCloseTo(0.001_32, 9)
  })

  it('finds the same model by the same name', () => {
    const wrong: string[] = []
    let found = 0
    for (const provider of providers)
      for (const model of provider.models) {
        const entry = book.entry(`${provider.id}/${model.id}`)
        const match = calcPrice({ input_tokens: 1 }, model.id, { providerId: provider.id })
        if (!entry || !match) continue
        found += 1
        if (entry.name !== `${match.provider.id}/${match.model.id}`) wrong.push(`${entry.name}: ${match.model.id}`)
      }
    expect(found).toBeGreaterThan(1400)
    expect(wrong).toEqual([])
  })

  it('finds bare names with the provider that claims them', () => {
    expect(book.entry('gpt-5-mini-2025-08-07')?.name).toBe('openai/gpt-5-mini')
    expect(book.entry('claude-haiku-4-5-20251001')?.name).toBe('anthropic/claude-haiku-4-5')
    expect(book.entry('gemini-2.5-flash')?.name).toBe('google/gemini-2.5-flash')
    expect(book.entry('llama-3.1-8b-instant')).toBeUndefined()
  })

  it('takes an empty price list for free only where the name says so', () => {
    expect(book.costOf(usageOf({ fresh: 10 }), { model: 'mistral/devstral-small:free', atMs: 0 })).toMatchObject({
      nanoUsd: 0,
    })
    expect(book.entry('openai/omni-moderation')).toBeUndefined()
  })

  it('names what it left out', () => {
    const { skipped = [], models } = readGenaiPrices(providers, { checkedAt })
    expect(skipped).toContainEqual({ model: 'openai/moderation', reason: 'no price for tokens' })
    expect(models['openai/moderation']).toBeUndefined()
    expect(Object.keys(models).length).toBeGreaterThan(1400)
  })

  it.each([[{}], [null], [[1]], [[{ id: 'x' }]]])('refuses %j', (data) => {
    expect(() => readGenaiPrices(data, { checkedAt })).toThrow(/readGenaiPrices\(\) reads a list of providers/)
  })
})
