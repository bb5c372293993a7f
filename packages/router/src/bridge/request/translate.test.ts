import { isSluiceError, type ApiId } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { translatable, translateRequest } from './index.ts'

const ids: ApiId[] = [
  'openai.chat',
  'openai.responses',
  'anthropic.messages',
  'openai.completions',
  'openai.embeddings',
]
const chat = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hello' }] }

describe('translatable', () => {
  it.each(ids.flatMap((from) => ids.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const bridged = ids.slice(0, 3)
    expect(translatable(from, to)).toBe(from === to || (bridged.includes(from) && bridged.includes(to)))
  })
})

describe('translateRequest', () => {
  it.each(ids)('gives a request of %s back as it is for the same dialect', (api) => {
    const request = { model: 'm', messages: [], x_unknown: 1 } as never
    expect(translateRequest(api, api, request)).toEqual({ request, lossy: [] })
    expect(translateRequest(api, api, request).request).toBe(request)
  })

  it('names the model that it is told', () => {
    const named = { model: 'claude-haiku-4-5' }
    expect(translateRequest('openai.chat', 'openai.chat', chat, named).request).toEqual({ ...chat, ...named })
    expect(translateRequest('openai.chat', 'anthropic.messages', chat, named).request).toMatchObject(named)
    expect(translateRequest('openai.chat', 'anthropic.messages', chat).request.model).toBe('gpt-5-mini')
  })

  it('leaves the model to others where the original names none', () => {
    const { request } = translateRequest('openai.responses', 'openai.chat', { input: 'Hello' })
    expect(request).toEqual({ messages: [{ role: 'user', content: 'Hello' }] })
  })

  it.each(['openai.chat', 'anthropic.messages'] as const)('has words for %s where none could be carried', (to) => {
    const input = [{ type: 'reasoning', summary: [] }]
    const { request, lossy } = translateRequest('openai.responses', to, { model: 'm', input })
    expect(request.messages).toEqual([{ role: 'user', content: '…' }])
    expect(lossy.map(({ path, fatal }) => [path, fatal])).toEqual([
      ['input[0]', undefined],
      ['', true],
    ])
  })

  it.each([
    [undefined, 4096],
    [900, 900],
  ])('gives Anthropic a limit where the original has none: option %s', (maxOutputTokens, expected) => {
    const options = maxOutputTokens === undefined ? {} : { maxOutputTokens }
    expect(translateRequest('openai.chat', 'anthropic.messages', chat, options).request.max_tokens).toBe(expected)
    const limited = { ...chat, max_completion_tokens: 70 }
    expect(translateRequest('openai.chat', 'anthropic.messages', limited, options).request.max_tokens).toBe(70)
  })

  it('lets the caller say what the model takes', () => {
    const hot = { ...chat, temperature: 0.3 }
    const { request, lossy } = translateRequest('openai.chat', 'anthropic.messages', hot, {
      traits: { sampling: 'none' },
    })
    expect('temperature' in request).toBe(false)
    expect(lossy.map(({ path }) => path)).toEqual(['temperature'])
  })

  it.each([
    ['bridge.dialect', () => translateRequest('openai.chat', 'openai.embeddings', chat)],
    ['config.option', () => translateRequest('openai.chat', 'openai.responses', chat, { maxOutputTokens: 0 })],
    ['config.option', () => translateRequest('openai.chat', 'openai.responses', chat, { maxTokens: 5 } as never)],
  ])('refuses with %s', (code, run) => {
    let thrown: unknown
    try {
      run()
    } catch (error) {
      thrown = error
    }
    expect(isSluiceError(thrown) && thrown.code).toBe(code)
  })
})
