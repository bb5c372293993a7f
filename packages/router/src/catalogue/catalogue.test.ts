import { describe, expect, it } from 'vitest'
import { catalogue, modelFacts } from './index.ts'

const family = (name: string): unknown => {
  const facts = catalogue.models[name]
  if (!facts) throw new Error(`${name} is not in the catalogue`)
  return facts
}

describe('modelFacts', () => {
  it.each([
    ['gpt-5-mini', 'gpt-5-mini'],
    ['gpt-5-mini-2025-08-07', 'gpt-5-mini'],
    ['openai/gpt-5-mini', 'gpt-5-mini'],
    ['openai:gpt-4.1-nano', 'gpt-4.1-nano'],
    ['GPT-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['gpt-4-0613', 'gpt-4'],
    ['gpt-4-1106-preview', 'gpt-4-turbo'],
    ['gpt-35-turbo', 'gpt-3.5-turbo'],
    ['ft:gpt-4o-mini-2024-07-18:acme::9x', 'gpt-4o-mini'],
    ['gpt-5.3-chat-latest', 'gpt-5.3-chat'],
    ['gpt-5-6-sol', 'gpt-5.6-sol'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['anthropic/claude-haiku-4.5', 'claude-haiku-4-5'],
    ['openrouter/anthropic/claude-3.5-haiku', 'claude-haiku-3-5'],
    ['claude-3-5-sonnet-20241022', 'claude-sonnet-3-5'],
    ['claude-3-opus-latest', 'claude-opus-3'],
    ['claude-sonnet-4-20250514', 'claude-sonnet-4'],
    ['claude-sonnet-4@20250514', 'claude-sonnet-4'],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['global.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
    ['arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-haiku-20241022-v1:0', 'claude-haiku-3-5'],
    ['meta-llama/Llama-3.1-8B-Instruct', 'llama-3.1'],
    ['meta-llama/Meta-Llama-3-8B-Instruct', 'llama-3'],
    ['meta-llama/Llama-3.2-11B-Vision-Instruct', 'llama-3.2-11b'],
    ['us.meta.llama3-1-70b-instruct-v1:0', 'llama-3.1'],
    ['llama3.1:8b', 'llama-3.1'],
    ['Qwen/Qwen3-8B', 'qwen3'],
    ['Qwen/Qwen3-30B-A3B-Instruct-2507-FP8', 'qwen3-30b-a3b-instruct-2507'],
    ['mistralai/Mistral-7B-Instruct-v0.3', 'mistral-7b-instruct-v0.3'],
    ['openai/gpt-oss-20b', 'gpt-oss-20b'],
  ])('%s is %s', (model, name) => {
    expect(modelFacts(model)).toBe(family(name))
  })

  it.each([
    'gpt-5.7',
    'gpt-7',
    'gpt-5-turbo',
    'claude-sonnet-6',
    'claude-opus-4-9',
    'o5',
    'qwen3.5-7b',
    'llama-5-8b',
    'x',
    '',
  ])('%j is not known, however near a relative is', (model) => {
    expect(modelFacts(model)).toBeUndefined()
  })

  it('knows which models go on with an assistant message that ends the request', () => {
    const prefill = (model: string): unknown => modelFacts(model)?.prefill
    expect([prefill('claude-opus-4-5'), prefill('claude-sonnet-4-5'), prefill('claude-haiku-4-5')]).toEqual([
      true,
      true,
      true,
    ])
    for (const later of [
      'claude-opus-4-6',
      'claude-sonnet-4-6',
      'claude-haiku-5-5',
      'claude-fable-5-1',
      'gpt-5',
      'gpt-4o',
    ])
      expect(prefill(later), later).toBe(false)
  })

  it('holds plausible facts only', () => {
    for (const [name, facts] of Object.entries(catalogue.models)) {
      expect(facts.contextTokens, name).toBeGreaterThanOrEqual(8192)
      expect(facts.maxOutputTokens ?? 1, name).toBeLessThanOrEqual(facts.contextTokens)
      expect(facts.input, name).toContain('text')
      expect(modelFacts(name), name).toBe(facts)
    }
    expect(catalogue.checkedAt).toMatch(/^\d{4}-\d\d-\d\d$/)
  })
})
