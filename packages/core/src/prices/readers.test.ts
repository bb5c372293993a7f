import { describe, expect, it } from 'vitest'
import { usageOf, type Usage } from '../usage.ts'
import { createPriceBook, readLiteLlmPrices, readModelsDevPrices, type PriceOf, type PriceTable } from './index.ts'

const checkedAt = '2026-11-01'
const atMs = Date.UTC(2026, 10, 2)

const nanoUsd = (table: PriceTable, model: string, usage: Partial<Usage>, more: Partial<PriceOf> = {}) => {
  const cost = createPriceBook({ bundled: false, sources: [table] }).costOf(usageOf(usage), { model, atMs, ...more })
  return 'unpriced' in cost ? cost.unpriced : cost.nanoUsd
}

describe('readLiteLlmPrices', () => {
  const table = readLiteLlmPrices(
    {
      sample_spec: { input_cost_per_token: 0, mode: 'one of: chat' },
      'gpt-5.5': {
        litellm_provider: 'openai',
        max_input_tokens: 1_050_000,
        input_cost_per_token: 5e-6,
        output_cost_per_token: 3e-5,
        cache_read_input_token_cost: 5e-7,
        input_cost_per_token_above_272k_tokens: 1e-5,
        output_cost_per_token_above_272k_tokens: 4.5e-5,
        cache_read_input_token_cost_above_272k_tokens: 1e-6,
        input_cost_per_token_priority: 1.25e-5,
        output_cost_per_token_priority: 7.5e-5,
        cache_read_input_token_cost_priority: 1.25e-6,
        input_cost_per_token_flex: 2.5e-6,
        output_cost_per_token_flex: 1.5e-5,
        input_cost_per_token_batches: 2.5e-6,
        output_cost_per_token_batches: 1.5e-5,
        input_cost_per_audio_token: 4e-5,
        supports_vision: true,
      },
      'claude-sonnet-4-5': {
        input_cost_per_token: 3e-6,
        output_cost_per_token: 1.5e-5,
        cache_creation_input_token_cost: 3.75e-6,
        cache_creation_input_token_cost_above_1hr: 6e-6,
        cache_creation_input_token_cost_above_1hr_above_200k_tokens: 1.2e-5,
        cache_creation_input_token_cost_above_200k_tokens: 7.5e-6,
        cache_read_input_token_cost: 3e-7,
        input_cost_per_token_above_200k_tokens: 6e-6,
        output_cost_per_token_above_200k_tokens: 2.25e-5,
      },
      'dashscope/qwen3-max': {
        output_cost_per_reasoning_token: 9e-6,
        tiered_pricing: [
          { range: [32_000, 128_000], input_cost_per_token: '2.4e-06', output_cost_per_token: 1.2e-5 },
          { range: [0, 32_000], input_cost_per_token: 1.2e-6, output_cost_per_token: 6e-6 },
        ],
      },
      'ollama/llama': { input_cost_per_token: 0, output_cost_per_token: 0 },
      'dall-e': { output_cost_per_image: 0.06 },
      broken: { input_cost_per_token: -1, output_cost_per_token: 'x' },
    },
    { checkedAt },
  )

  it.each<[string, string, Partial<Usage>, Partial<PriceOf>, number | string]>([
    ['standard', 'gpt-5.5', { fresh: 100, cacheRead: 100, output: 10 }, {}, 500_000 + 50_000 + 300_000],
    ['audio', 'gpt-5.5', { audioInput: 10 }, {}, 400_000],
    ['long', 'gpt-5.5', { fresh: 272_001, output: 10 }, {}, 2_720_010_000 + 450_000],
    ['priority', 'gpt-5.5', { fresh: 100, cacheRead: 100 }, { serviceTier: 'priority' }, 1_250_000 + 125_000],
    [
      'batch, what it does not list as standard',
      'gpt-5.5',
      { fresh: 100, cacheRead: 100 },
      { batch: true },
      250_000 + 50_000,
    ],
    ['flex', 'gpt-5.5', { fresh: 100, output: 10 }, { serviceTier: 'flex' }, 250_000 + 150_000],
    ['an hour', 'claude-sonnet-4-5', { fresh: 3, cacheWrite1h: 12_304, output: 550 }, {}, 82_083_000],
    ['an hour, long', 'claude-sonnet-4-5', { fresh: 200_000, cacheWrite1h: 100 }, {}, 1_200_000_000 + 1_200_000],
    ['five minutes, long', 'claude-sonnet-4-5', { fresh: 200_000, cacheWrite5m: 100 }, {}, 1_200_000_000 + 750_000],
    ['read, long, as otherwise', 'claude-sonnet-4-5', { fresh: 200_000, cacheRead: 100 }, {}, 1_200_000_000 + 30_000],
    ['the first range', 'dashscope/qwen3-max', { fresh: 32_000, output: 10 }, {}, 38_400_000 + 60_000],
    ['reasoning', 'dashscope/qwen3-max', { output: 10, reasoning: 10 }, {}, 90_000],
    ['the second range', 'dashscope/qwen3-max', { fresh: 32_001, output: 10 }, {}, 76_802_400 + 120_000],
    ['zeros', 'ollama/llama', { fresh: 1 }, {}, 'no price for model "ollama/llama"'],
  ])('%s', (_, model, usage, more, expected) => {
    expect(nanoUsd(table, model, usage, more)).toBe(expected)
  })

  it('names what it left out', () => {
    expect(table.skipped).toEqual([
      { model: 'ollama/llama', reason: 'lists 0 for everything: not known, or free' },
      { model: 'dall-e', reason: 'no price for tokens' },
      { model: 'broken', reason: 'no price for tokens' },
    ])
    expect(table).toMatchObject({ source: 'LiteLLM model_prices_and_context_window.json', checkedAt })
  })

  it.each([[[]], [null], ['x'], [{ a: 1 }]])('refuses %j', (data) => {
    expect(() => readLiteLlmPrices(data, { checkedAt })).toThrow(
      /readLiteLlmPrices\(\) reads an object of models by name/,
    )
  })
})

describe('readModelsDevPrices', () => {
  const gpt = {
    id: 'gpt-5.5',
    reasoning: true,
    limit: { context: 1_050_000, output: 128_000 },
    cost: {
      input: 5,
      output: 30,
      cache_read: 0.5,
      tiers: [{ input: 10, output: 45, cache_read: 1, tier: { type: 'context', size: 272_000 } }],
      context_over_200k: { input: 10, output: 45, cache_read: 1 },
    },
    experimental: {
      modes: {
        fast: { cost: { input: 12.5, output: 75, cache_read: 1.25 }, provider: { body: { service_tier: 'priority' } } },
      },
    },
  }
  const table = readModelsDevPrices(
    {
      'a-reseller': {
        models: { 'gpt-5.5': { cost: { input: 1, output: 2 } }, sub: { cost: { input: 0, output: 0 } } },
      },
      google: {
        models: { 'gemini-3-pro': { cost: { input: 2, output: 12, context_over_200k: { input: 4, output: 18 } } } },
      },
      anthropic: {
        models: { 'claude-x': { cost: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 } }, none: {} },
      },
      openai: { id: 'openai', models: { 'gpt-5.5': gpt } },
    },
    { checkedAt, source: 'models.dev/api.json' },
  )

  it.each<[string, string, Partial<Usage>, Partial<PriceOf>, number | string]>([
    ['the maker’s price under the bare name', 'gpt-5.5', { fresh: 100, cacheRead: 100, output: 10 }, {}, 850_000],
    ['the reseller’s under its own', 'a-reseller/gpt-5.5', { fresh: 100, output: 10 }, {}, 120_000],
    ['tiers before the older form', 'gpt-5.5', { fresh: 272_000 }, {}, 1_360_000_000],
    ['tiers', 'gpt-5.5', { fresh: 272_001 }, {}, 2_720_010_000],
    ['the older form alone', 'gemini-3-pro', { fresh: 200_001 }, {}, 800_004_000],
    ['a mode', 'gpt-5.5', { fresh: 100 }, { serviceTier: 'priority' }, 1_250_000],
    ['written', 'anthropic/claude-x', { cacheWrite5m: 100 }, {}, 375_000],
    [
      'written for an hour',
      'claude-x',
      { cacheWrite1h: 1 },
      {},
      'no price for cacheWrite1h tokens of model "claude-x"',
    ],
  ])('%s', (_, model, usage, more, expected) => {
    expect(nanoUsd(table, model, usage, more)).toBe(expected)
  })

  it('names what it left out', () => {
    expect(table.skipped?.map(({ model }) => model)).toEqual(['anthropic/none', 'a-reseller/sub'])
  })

  it.each([[[]], [null], [{ openai: 1 }]])('refuses %j', (data) => {
    expect(() => readModelsDevPrices(data, { checkedAt })).toThrow(
      /readModelsDevPrices\(\) reads an object of providers/,
    )
  })
})
