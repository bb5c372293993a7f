import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { anthropicMessages, openaiChat, openaiResponses } from '../../api/index.ts'
import { sluice } from '../../sluice.ts'
import { fakeProvider } from '../../testing/index.ts'
import { usageOf } from '../../usage.ts'
import { encoderOf } from '../bpe/encoders.ts'
import { chinese, code, english, japanese, russian } from '../fixtures/sample-texts.ts'
import { calibrate } from './calibrate.ts'
import { createTokenEstimator, type TokenEstimator } from './estimator.ts'

/** Tokenizers that are not ours: tokens of o200k_base times a ratio by script, and an overhead a message. */
interface Simulated {
  readonly latin: number
  readonly code: number
  readonly cjk: number
  readonly overhead: number
}

const claude: Simulated = { latin: 1.35, code: 1.2, cjk: 1.02, overhead: 7 }
const gemini: Simulated = { latin: 0.96, code: 1.1, cjk: 0.78, overhead: 1 }
const llama: Simulated = { latin: 1.05, code: 1.02, cjk: 1.6, overhead: 5 }

const encoder = encoderOf('o200k_base')

function random(seed: number) {
  let state = seed
  return (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below
}

function pieceOf(text: string, next: (below: number) => number, length: number): string {
  const at = next(Math.max(1, text.length - length))
  return text.slice(at, at + length)
}

type Kind = 'latin' | 'code' | 'cjk'

/** A call and what the simulated tokenizer makes of it. */
function callOf(model: string, kinds: readonly Kind[], of: Simulated, next: (below: number) => number) {
  const corpora = { latin: english(), code: code(), cjk: chinese + japanese }
  const texts = kinds.map((kind) => [kind, pieceOf(corpora[kind], next, 300 + next(1500))] as const)
  const messages = texts.map(([, content]) => ({ role: 'user' as const, content }))
  const text = texts.reduce((sum, [kind, content]) => sum + encoder.count(content) * of[kind], 0)
  // No two calls are quite alike: what the system adds, a cached prefix counted anew.
  const noise = 1 + (next(100) - 50) / 2_500
  const real = Math.round((text + of.overhead * texts.length + 3) * noise)
  return { call: { api: openaiChat, request: { model, messages } }, real }
}

function meanError(estimator: TokenEstimator, model: string, kinds: readonly Kind[], of: Simulated): number {
  const next = random(99)
  let error = 0
  for (let run = 0; run < 40; run += 1) {
    const { call, real } = callOf(model, kinds, of, next)
    error += Math.abs(estimator.estimate(call).inputTokens / real - 1)
  }
  return error / 40
}

describe('createTokenEstimator', () => {
  it.each([
    ['claude', claude],
    ['gemini', gemini],
    ['llama', llama],
  ])('is within a few percent of %s after 20 calls, whatever they hold', (model, of) => {
    for (const kinds of [['latin'], ['code'], ['cjk'], ['latin', 'cjk'], ['code', 'latin']] as const) {
      const estimator = createTokenEstimator()
      const next = random(5)
      for (let calls = 0; calls < 20; calls += 1) {
        const { call, real } = callOf(model, kinds, of, next)
        estimator.learn(call, real)
      }
      expect(meanError(estimator, model, kinds, of), kinds.join()).toBeLessThan(0.03)
    }
  })

  it('learns every script of mixed traffic by itself', () => {
    const estimator = createTokenEstimator()
    const next = random(11)
    for (let calls = 0; calls < 60; calls += 1) {
      const kinds = ([['latin'], ['cjk'], ['latin', 'cjk']] as const)[next(3)] ?? []
      const { call, real } = callOf('claude', kinds, claude, next)
      estimator.learn(call, real)
    }
    expect(meanError(estimator, 'claude', ['latin'], claude)).toBeLessThan(0.03)
    expect(meanError(estimator, 'claude', ['cjk'], claude)).toBeLessThan(0.05)
    const learnt = estimator.learnt('claude')
    expect(learnt?.ratios.latin).toBeGreaterThan(1.15)
    expect(learnt?.ratios.cjk).toBeLessThan(1.15)
    expect(learnt?.calls).toBe(60)
  })

  it('follows a tokenizer that changes', () => {
    const estimator = createTokenEstimator()
    const next = random(2)
    for (const of of [claude, llama])
      for (let calls = 0; calls < 120; calls += 1) {
        const { call, real } = callOf('m', ['latin'], of, next)
        estimator.learn(call, real)
      }
    expect(meanError(estimator, 'm', ['latin'], llama)).toBeLessThan(0.06)
  })

  it('gives an upper figure that 19 of 20 calls stay under', () => {
    const estimator = createTokenEstimator()
    const next = random(8)
    let under = 0
    for (let calls = 0; calls < 220; calls += 1) {
      const { call, real } = callOf('claude', ['latin', 'code'], claude, next)
      const { upperTokens, inputTokens } = estimator.estimate(call)
      expect(upperTokens).toBeGreaterThanOrEqual(inputTokens)
      if (calls >= 20 && real <= upperTokens) under += 1
      estimator.learn(call, real)
    }
    expect(under / 200).toBeGreaterThanOrEqual(0.93)
    expect(estimator.learnt('claude')?.errorP95).toBeLessThan(1.12)
  })

  it('keeps models apart, and forgets the oldest', () => {
    const estimator = createTokenEstimator({ maxModels: 2 })
    const next = random(4)
    for (const [model, of] of [
      ['a', claude],
      ['b', gemini],
    ] as const)
      for (let calls = 0; calls < 20; calls += 1) {
        const { call, real } = callOf(model, ['latin'], of, next)
        estimator.learn(call, real)
      }
    const text = english().slice(0, 2_000)
    expect(estimator.estimateText(text, 'a')).toBeGreaterThan(estimator.estimateText(text, 'b') * 1.25)
    const { call } = callOf('c', ['latin'], claude, next)
    expect(estimator.estimate(call).calls).toBe(0)
    estimator.learn(call, 100)
    expect([estimator.learnt('a'), estimator.learnt('b')?.calls]).toEqual([undefined, 20])
  })

  it('is not thrown off by one absurd figure', () => {
    const estimator = createTokenEstimator()
    const next = random(6)
    for (let calls = 0; calls < 30; calls += 1) {
      const { call, real } = callOf('m', ['latin'], claude, next)
      estimator.learn(call, calls === 20 ? real * 1_000 : real)
    }
    expect(meanError(estimator, 'm', ['latin'], claude)).toBeLessThan(0.08)
  })

  it('learns nothing from input it cannot see, and from none', () => {
    const estimator = createTokenEstimator()
    const request = { model: 'm', input: russian, previous_response_id: 'resp_1' }
    estimator.learn({ api: openaiResponses, request }, 50_000)
    estimator.learn({ api: openaiResponses, request: { model: 'm', input: russian } }, usageOf({ output: 10 }))
    expect(estimator.learnt('m')).toBeUndefined()
    expect(estimator.estimate({ api: openaiResponses, request }).unseen).toEqual(['previous_response_id'])
  })

  it('refuses what cannot be', () => {
    const estimator = createTokenEstimator()
    const call = { api: openaiChat, request: { model: 'm', messages: [] } }
    for (const real of [Number.NaN, -1, Infinity])
      expect(() => estimator.learn(call, real)).toThrow(expect.objectContaining({ code: 'tokens.input' }))
    expect(() => estimator.estimate({ ...call, request: null as never })).toThrow(
      expect.objectContaining({ code: 'tokens.input' }),
    )
    expect(() => estimator.estimateText(7 as never, 'm')).toThrow(expect.objectContaining({ code: 'tokens.input' }))
    for (const options of [{ maxModels: 0 }, { alpha: 1 }])
      expect(() => createTokenEstimator(options as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
    expect(() => calibrate(undefined as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})

describe('calibrate', () => {
  it('learns from whole and streamed answers of real clients, and changes neither', async () => {
    const provider = fakeProvider()
    const estimator = createTokenEstimator()
    const openai = sluice(new OpenAI({ apiKey: 'sk', fetch: provider.fetch }), [calibrate(estimator)])
    const messages = [{ role: 'user' as const, content: english().slice(0, 900) }]
    const whole = await openai.chat.completions.create({ model: 'gpt-5-mini', messages })
    expect(whole.choices[0]?.message.content).toBeTruthy()
    let text = ''
    for await (const chunk of await openai.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true }))
      text += chunk.choices[0]?.delta.content ?? ''
    expect(text.length).toBeGreaterThan(0)
    expect(estimator.learnt('gpt-5-mini')?.calls).toBe(2)

    const anthropic = sluice(new Anthropic({ apiKey: 'sk', fetch: provider.fetch }), [calibrate(estimator)])
    await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 50, messages })
    const request = { model: 'claude-haiku-4-5', max_tokens: 50, messages }
    expect(estimator.estimate({ api: anthropicMessages, request }).calls).toBe(1)
  })

  it('lets failures pass', async () => {
    const fetch = async (): Promise<Response> =>
      new Response('not JSON', { headers: { 'content-type': 'application/json' } })
    const estimator = createTokenEstimator()
    const openai = sluice(new OpenAI({ apiKey: 'sk', fetch, maxRetries: 0 }), [calibrate(estimator)])
    await expect(openai.chat.completions.create({ model: 'm', messages: [] })).rejects.toThrow()
    expect(estimator.learnt('m')).toBeUndefined()
  })
})
