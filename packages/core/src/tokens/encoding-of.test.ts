import { describe, expect, it } from 'vitest'
import { encodingOf } from './encoding-of.ts'

describe('encodingOf', () => {
  it.each([
    ['gpt-5', 'o200k_base'],
    ['gpt-5-mini-2025-08-07', 'o200k_base'],
    ['gpt-5.4-nano', 'o200k_base'],
    ['gpt-4.1', 'o200k_base'],
    ['gpt-4o', 'o200k_base'],
    ['gpt-4o-mini', 'o200k_base'],
    ['chatgpt-4o-latest', 'o200k_base'],
    ['gpt-oss-120b', 'o200k_base'],
    ['o1', 'o200k_base'],
    ['o3-mini', 'o200k_base'],
    ['o4-mini-high', 'o200k_base'],
    ['openai/gpt-4.1', 'o200k_base'],
    ['ft:gpt-4o-mini:acme::abc', 'o200k_base'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-turbo', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['gpt-35-turbo', 'cl100k_base'],
    ['text-embedding-3-small', 'cl100k_base'],
    ['cl100k_base', 'cl100k_base'],
  ])('%s is counted in %s', (model, encoding) => {
    expect(encodingOf(model)).toEqual({ encoding, isExact: true })
  })

  it.each(['claude-haiku-4-5', 'gemini-3-pro', 'meta-llama/Llama-3.3-70B', 'o100', 'gpt-40', '', '__proto__'])(
    '%j is not known, so it counts in o200k_base and says so',
    (model) => {
      expect(encodingOf(model)).toEqual({ encoding: 'o200k_base', isExact: false })
    },
  )

  it('keeps its answers however many names it is asked for', () => {
    for (let index = 0; index < 2_000; index += 1) encodingOf(`model-${index}`)
    expect(encodingOf('gpt-4').encoding).toBe('cl100k_base')
  })
})
