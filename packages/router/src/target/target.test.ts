import Anthropic from '@anthropic-ai/sdk'
import { SluiceError } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { modelFacts } from '../catalogue/index.ts'
import { routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'
import { anthropicTarget, openaiTarget, vllmPrefill } from './client-targets.ts'
import { defineTarget } from './define-target.ts'
import { isTarget } from './is-target.ts'
import { modelTarget } from './model-target.ts'

const openai = new OpenAI({ apiKey: 'test' })
const anthropic = new Anthropic({ apiKey: 'test' })
const handle = (): never => {
  throw new Error('not here')
}

describe('defineTarget', () => {
  it.each<readonly [string, object, RegExp]>([
    ['no id', { id: '' }, /id/],
    ['an id that is no text', { id: 3 }, /id.*3/],
    ['an empty model', { model: '' }, /model.*"x"/],
    ['no api', { api: [] }, /api/],
    ['an api that is no text', { api: [3] }, /api/],
    ['no handle', { handle: 'x' }, /handle/],
    ['a price that is no function', { price: 3 }, /price/],
    ['a quality above 1', { quality: 1.1 }, /quality.*1\.1/],
    ['a quality that is no number', { quality: '0.5' }, /quality/],
    ['a quality of NaN', { quality: Number.NaN }, /quality.*NaN/],
    ['a weight of 0', { weight: 0 }, /weight.*0/],
    ['a weight without end', { weight: Infinity }, /weight/],
    ['a weight as text', { weight: '2' }, /weight/],
    ['limits of 0', { limits: { requestsPerMinute: 0 } }, /requestsPerMinute.*0/],
    ['limits of NaN', { limits: { concurrency: Number.NaN } }, /concurrency/],
    ['unknown limits', { limits: { rpm: 3 } }, /rpm.*requestsPerMinute/],
    ['limits that are no object', { limits: 5 }, /limits/],
    ['half a token', { capabilities: { contextTokens: 0.5 } }, /contextTokens.*0\.5/],
    ['no tokens', { capabilities: { maxOutputTokens: 0 } }, /maxOutputTokens.*0/],
    ['input that is no list', { capabilities: { input: 'text' } }, /input/],
    ['input that there is not', { capabilities: { input: ['smell'] } }, /smell/],
    ['unknown capabilities', { capabilities: { context: 5 } }, /context.*contextTokens/],
    ['a capability that is neither yes nor no', { capabilities: { tools: 'yes' } }, /tools/],
    ['a region that is no text', { capabilities: { region: 3 } }, /region/],
    ['an unknown option', { wait: 3 }, /wait/],
  ])('refuses %s', (_, part, message) => {
    expect(() => defineTarget({ id: 'x', api: 'openai.chat', handle, ...part } as never)).toThrow(
      expect.objectContaining({ code: 'config.target', message: expect.stringMatching(message) }),
    )
  })

  it('takes the id for the model, and fills in what is known of it', () => {
    const target = defineTarget({ id: 'gpt-5-mini', api: 'openai.chat', handle })
    expect(target).toMatchObject({ id: 'gpt-5-mini', model: 'gpt-5-mini', apis: ['openai.chat'], weight: 1 })
    expect(target.capabilities).toEqual(modelFacts('gpt-5-mini'))
    expect(isTarget(target)).toBe(true)
  })

  it('lets what is given win over what is known', () => {
    const capabilities = { contextTokens: 1000, tools: false }
    const target = defineTarget({ id: 'x', model: 'gpt-5-mini', api: ['openai.chat'], handle, capabilities })
    expect(target.capabilities).toEqual({ ...modelFacts('gpt-5-mini'), ...capabilities })
    const unknown = defineTarget({ id: 'x', api: 'openai.chat', handle, prefillBody: vllmPrefill })
    expect(unknown.capabilities).toEqual({ prefill: true })
    const no = defineTarget({ id: 'x', api: 'openai.chat', handle, prefillBody: {}, capabilities: { prefill: false } })
    expect(no.capabilities.prefill).toBe(false)
  })

  it('takes undefined for what is left out', () => {
    const target = defineTarget({
      id: 'gpt-5-mini',
      api: 'openai.chat',
      handle,
      capabilities: { contextTokens: undefined },
      quality: undefined,
      weight: undefined,
    } as never)
    expect(target.capabilities.contextTokens).toBe(modelFacts('gpt-5-mini')?.contextTokens)
    expect(target.weight).toBe(1)
  })
})

describe('openaiTarget and anthropicTarget', () => {
  it('refuse what is no client, and bad parts', () => {
    for (const [make, client] of [
      [openaiTarget, openai],
      [anthropicTarget, anthropic],
    ] as const) {
      const made =
        (...parts: unknown[]): (() => unknown) =>
        () =>
          (make as (...given: unknown[]) => unknown)(...parts)
      expect(made(undefined, 'm')).toThrow(expect.objectContaining({ code: 'config.client' }))
      expect(made({}, 'm')).toThrow(SluiceError)
      expect(made(client, '')).toThrow(expect.objectContaining({ code: 'config.target' }))
      expect(made(client, undefined)).toThrow(expect.objectContaining({ code: 'config.target' }))
      expect(made(client, 'm', { weight: -1 })).toThrow(/weight/)
      expect(made(client, 'm', { wait: 1 })).toThrow(/wait/)
      expect(made(client, 'm', { forwardHeaders: 'x' })).toThrow(SluiceError)
    }
  })

  it('know the dialects of their servers', () => {
    const all = ['openai.chat', 'openai.responses', 'openai.completions', 'openai.embeddings']
    expect(openaiTarget(openai, 'm').apis).toEqual(all)
    const at = (baseURL: string) => openaiTarget(new OpenAI({ apiKey: 'x', baseURL }), 'm').apis
    expect(at('https://eu.api.openai.com/v1')).toEqual(all)
    expect(at('https://mine.openai.azure.com/openai/v1')).toEqual(all)
    expect(at('http://localhost:8000/v1')).not.toContain('openai.responses')
    expect(at('https://api.openai.com.evil.example/v1')).not.toContain('openai.responses')
    expect(openaiTarget(openai, 'm', { apis: ['openai.responses'] }).apis).toEqual(['openai.responses'])
    expect(anthropicTarget(anthropic, 'm').apis).toEqual(['anthropic.messages'])
  })

  it('are not fooled by each other', () => {
    expect(() => anthropicTarget(openai, 'm')).toThrow(expect.objectContaining({ code: 'config.client' }))
    expect(() => openaiTarget(anthropic as never, 'm')).toThrow(expect.objectContaining({ code: 'config.client' }))
  })

  it('send with the credentials, headers and model of their own, and none of the caller', async () => {
    const r = routed({ places: { a: {}, b: { sdk: 'anthropic' } }, maxRetries: 0 })
    r.at('a').fail('http-503')
    await r.run(() =>
      chat.whole(r, {
        headers: { 'x-secret': '1', authorization: 'Bearer mine', 'openai-beta': 'x=1', traceparent: '00-1-1-00' },
      }),
    )
    for (const id of ['a', 'b']) {
      const [call] = r.at(id).calls
      expect(call?.headers).not.toHaveProperty('x-secret')
      expect(call?.headers).toMatchObject({ traceparent: '00-1-1-00' })
      expect(call?.body?.['model']).toBe(`model-${id}`)
    }
    expect(r.at('a').lastCall?.headers['openai-beta']).toBe('x=1')
  })

  it('forward the headers that they are told to', async () => {
    const r = routed({ places: { a: { forwardHeaders: ['x-team'] } } })
    await r.run(() => chat.whole(r, { headers: { 'x-team': 'red', traceparent: 'x' } }))
    expect(r.at('a').lastCall?.headers).toMatchObject({ 'x-team': 'red' })
    expect(r.at('a').lastCall?.headers).not.toHaveProperty('traceparent')
  })

  it('send their request once, whatever the retries of their own client', async () => {
    const r = routed({ places: { a: {} }, maxRetries: 0 })
    r.at('a').fail('http-503')
    await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([1])
  })
})

describe('modelTarget', () => {
  it('is a model of the wrapped client, as a text is', async () => {
    for (const other of ['gpt-5-nano', modelTarget('gpt-5-nano')]) {
      const r = routed({ targets: ({ a }) => [a!, other], maxRetries: 0 })
      r.at('a').fail('http-503')
      const { value, report } = await r.run(() => chat.stream(r))
      expect(value).toMatchObject({ model: 'gpt-5-nano', text: r.home.lastCall?.answerText })
      expect(report.attempts[1]).toMatchObject({ target: 'gpt-5-nano', host: 'api.openai.com', outcome: 'answered' })
    }
  })

  it('may be under two ids', async () => {
    const r = routed({ targets: () => [modelTarget('gpt-5-nano', { id: 'small' })] })
    const { value } = await r.run(() => chat.whole(r, { model: 'small' }))
    expect(value?.model).toBe('gpt-5-nano')
  })
})

describe('isTarget', () => {
  it('knows a target from anything else', () => {
    for (const value of [undefined, null, 1, 'x', {}, [], openai, { id: 'x', model: 'x', apis: [], handle: 1 }])
      expect(isTarget(value)).toBe(false)
  })
})
