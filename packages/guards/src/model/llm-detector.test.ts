import Anthropic from '@anthropic-ai/sdk'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { bare } from '../testing/check.ts'
import { llmDetector, type LlmDetectorOptions } from './llm-detector.ts'

const options = { model: 'gpt-5-nano', criteria: 'The text asks for legal advice.' }

/** A judge that answers with what `answer` makes of the mark in its question. */
function setUp(answer: (mark: string) => object | string) {
  const asked: string[] = []
  const provider = fakeProvider()
  provider.on(
    () => true,
    ({ api, body, messages }) => {
      const all = `${JSON.stringify(body['system'] ?? '')}\n${messages.map(({ text }) => text).join('\n')}`
      asked.push(all)
      const said = answer(/Repeat the mark ([\w-]{36}) in/.exec(all)?.[1] ?? '')
      if (typeof said === 'string') return said
      return api === 'anthropic.messages'
        ? { toolCalls: [{ name: 'answer', arguments: said as never }] }
        : JSON.stringify(said)
    },
  )
  const openai = new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 })
  const anthropic = new Anthropic({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 })
  return { provider, asked, openai, anthropic }
}

describe('llmDetector', () => {
  it.each(['openai', 'anthropic'] as const)(
    'asks through the client of %s and finds from the threshold on',
    async (client) => {
      const model = setUp((mark) => ({ mark, probability: 0.7 }))
      const detector = llmDetector(model[client], { ...options, name: 'legal', threshold: 0.7 })
      expect(await detector.check('May I sue?', bare)).toMatchObject({
        action: 'block',
        score: 0.7,
        rules: ['legal'],
        spans: [],
      })
      const other = llmDetector(model[client], { ...options, threshold: 0.71 })
      expect(await other.check('May I sue?', bare)).toMatchObject({ action: 'allow', score: 0.7, rules: [] })
    },
  )

  it('shows the text as data between marks, with a schema for the answer', async () => {
    const { openai, asked, provider } = setUp((mark) => ({ mark, probability: 0 }))
    await llmDetector(openai, { ...options, maxCharacters: 64 }).check(`Ignore this. ${'x'.repeat(200)} The end.`, bare)
    expect(asked[0]).toMatch(
      /legal advice[\s\S]*<text-([\w-]{36})>\nIgnore this\.[\s\S]*characters left out[\s\S]*The end\.\n<\/text-\1>/,
    )
    expect(provider.lastCall?.body).toMatchObject({ model: 'gpt-5-nano', response_format: { type: 'json_schema' } })
  })

  it.each<[string, (mark: string) => object | string]>([
    ['prose', () => 'It is fine.'],
    ['no object', () => '5'],
    ['another mark', () => ({ mark: 'forged', probability: 0 })],
    ['no probability', (mark) => ({ mark })],
    ['a probability that is none', (mark) => ({ mark, probability: 7 })],
  ])('fails on an answer with %s, which it does not quote', async (_, answer) => {
    const { openai } = setUp(answer)
    const error = await Promise.resolve(llmDetector(openai, options).check('May I sue Ada?', bare)).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'guard.no_verdict' })
    expect(String(error)).not.toMatch(/fine|Ada|forged/)
  })

  it('asks about the same text once, also at the same time, until the verdict is too old', async () => {
    const { openai, asked } = setUp((mark) => ({ mark, probability: 0.9 }))
    const clock = fakeClock()
    const detector = llmDetector(openai, { ...options, cache: { ttlMs: 1_000 } })
    const check = (text: string) => detector.check(text, { ...bare, clock })
    await Promise.all([check('a'), check('a'), check('b')])
    await check('a')
    expect(asked).toHaveLength(2)
    await clock.advance(1_001)
    await check('a')
    expect(asked).toHaveLength(3)
  })

  it('does not remember a failure, nor share one', async () => {
    let calls = 0
    const { openai } = setUp((mark) => ((calls += 1) === 1 ? 'no' : { mark, probability: 1 }))
    const detector = llmDetector(openai, options)
    const [first, second] = await Promise.allSettled([detector.check('a', bare), detector.check('a', bare)])
    expect(first.status).toBe('rejected')
    expect(second).toMatchObject({ status: 'fulfilled', value: { action: 'block' } })
  })

  it('keeps to its budget of calls and of money, and says what a check cost', async () => {
    const { openai } = setUp((mark) => ({ mark, probability: 0 }))
    const clock = fakeClock()
    const calls = llmDetector(openai, { ...options, budget: { maxCalls: 2 } })
    const check = async (detector: typeof calls, text: string) => detector.check(text, { ...bare, clock })
    await check(calls, 'a')
    await check(calls, 'b')
    await check(calls, 'a')
    await expect(check(calls, 'c')).rejects.toMatchObject({ code: 'guard.budget', retryAfterMs: 60_000 })
    await clock.advance(60_000)
    await check(calls, 'c')

    const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 2 }
    const money = llmDetector(openai, { ...options, price, budget: { maxNanoUsd: 1_000 } })
    const { costNanoUsd = 0 } = await check(money, 'a')
    expect(costNanoUsd).toBeGreaterThan(1_000)
    expect((await check(money, 'a')).costNanoUsd).toBeUndefined()
    await expect(check(money, 'b')).rejects.toMatchObject({ code: 'guard.budget' })
  })

  it('gives up with the call', async () => {
    const { openai, provider } = setUp(() => '')
    provider.on(() => true, { text: 'x', ttftMs: 60_000 })
    const controller = new AbortController()
    const check = Promise.resolve(llmDetector(openai, options).check('a', { ...bare, signal: controller.signal }))
    controller.abort()
    await expect(check).rejects.toThrow(OpenAI.APIUserAbortError)
  })

  it('tells the pipeline how it is to be run', () => {
    const { openai } = setUp(() => '')
    const doubt = { guard: 'injection', from: 0.3, to: 0.8 }
    expect(
      llmDetector(openai, { ...options, doubt, onError: 'open', streamMode: 'sentence', mode: 'warn' }),
    ).toMatchObject({
      name: 'llm',
      effort: 'model',
      doubt,
      onError: 'open',
      streamMode: 'sentence',
      actions: ['warn'],
    })
  })

  it.each<[unknown]>([
    [{}],
    [{ ...options, criteria: ' ' }],
    [{ ...options, model: '' }],
    [{ ...options, mode: 'redact' }],
    [{ ...options, threshold: 2 }],
    [{ ...options, doubt: { guard: 'x', from: 0.9, to: 0.1 } }],
    [{ ...options, budget: { maxNanoUsd: 5 } }],
    [{ ...options, budget: { calls: 5 } }],
    [{ ...options, price: { inputUsdPerMillion: -1, outputUsdPerMillion: 0 } }],
    [{ ...options, cache: { ttlMs: 0 } }],
    [{ ...options, prompt: 'x' }],
  ])('refuses %j', (given) => {
    const { openai } = setUp(() => '')
    expect(() => llmDetector(openai, given as LlmDetectorOptions)).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
    expect(() => llmDetector({} as never, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
