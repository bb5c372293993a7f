import Anthropic from '@anthropic-ai/sdk'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { finishedBy, maxCost, maxLatency, maxTimeToFirstToken, maxTokens } from './limit-scorers.ts'

describe('limits', () => {
  it('pass up to the limit and say what they saw', async () => {
    expect(await scoreBy(maxLatency(100), 'x', { measures: { latencyMs: 100 } })).toEqual({
      status: 'scored',
      score: 1,
      evidence: { value: 100, most: 100 },
    })
    expect(await valueBy(maxLatency(100), 'x', { measures: { latencyMs: 100.1 } })).toBe(0)
    expect(await valueBy(maxTimeToFirstToken(100), 'x', { measures: { ttftMs: 99 } })).toBe(1)
    expect(await valueBy(maxCost(0.01), 'x', { measures: { costNanoUsd: 10_000_000 } })).toBe(1)
    expect(await valueBy(maxCost(0.01), 'x', { measures: { costNanoUsd: 10_000_001 } })).toBe(0)
    expect(await valueBy(maxTokens(10), 'x', { measures: { inputTokens: 4, outputTokens: 6 } })).toBe(1)
    expect(await valueBy(maxTokens(9), 'x', { measures: { inputTokens: 4, outputTokens: 6 } })).toBe(0)
  })

  it('leave unscored what was not measured', async () => {
    expect(await valueBy(maxLatency(100), 'x', { measures: { isCached: true } })).toBe('cached')
    expect(await valueBy(maxTimeToFirstToken(100), 'x', { measures: { isCached: true, ttftMs: 1 } })).toBe('cached')
    expect(await valueBy(maxTimeToFirstToken(100), 'x')).toBe('not_streamed')
    expect(await valueBy(maxCost(1), 'x')).toBe('unpriced')
    expect(await valueBy(maxTokens(1), 'x', { measures: { inputTokens: 4 } })).toBe('no_usage')
  })

  it('have the limit in their version', () => {
    expect(maxLatency(100).version).not.toBe(maxLatency(200).version)
    expect(maxLatency(100, { name: 'fast' }).name).toBe('fast')
  })
})

describe('finishedBy', () => {
  it('reads why an answer ended, whoever gave it', async () => {
    const provider = fakeProvider().enqueue('done', { text: 'cut', finish: 'length' })
    const init = { apiKey: 'none', maxRetries: 0, fetch: provider.fetch }
    const chat = await new OpenAI(init).chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'x' }],
    })
    const message = await new Anthropic(init).messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'x' }],
    })
    expect(await scoreBy(finishedBy(['stop']), chat)).toEqual({ status: 'scored', score: 1, label: 'stop' })
    expect(await scoreBy(finishedBy(['stop']), message)).toEqual({ status: 'scored', score: 0, label: 'length' })
    expect(await valueBy(finishedBy(['stop', 'length']), message)).toBe(1)
    expect(await valueBy(finishedBy(['stop']), 'plain text')).toBe('no_finish')
  })
})
