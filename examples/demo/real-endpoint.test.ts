import { describe, expect, it } from 'vitest'
import { realEndpoint } from './real-endpoint.ts'

describe('realEndpoint', () => {
  it('knows the prices of OpenAI, and of nobody else', async () => {
    const named = { apiKey: 'none', model: 'gpt-5-mini' }
    const openai = await realEndpoint({ ...named, baseURL: 'https://api.openai.com/v1' })
    expect(openai.pricesOf).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(openai.book).toBeDefined()
    const other = await realEndpoint({ ...named, baseURL: 'http://127.0.0.1:8000/v1' })
    expect([other.book, other.pricesOf]).toEqual([undefined, undefined])
    const unlisted = await realEndpoint({ ...named, model: 'mine', baseURL: 'https://api.openai.com/v1' })
    expect([unlisted.book, unlisted.pricesOf]).toEqual([undefined, undefined])
  })

  it('asks one model, and sends it nothing of the demo', async () => {
    const { cheap, targets, model, headersOf, answerKey } = await realEndpoint({
      apiKey: 'none',
      model: 'mine',
      baseURL: 'http://127.0.0.1:8000/v1',
    })
    expect({ cheap, targets, model, headers: headersOf(1) }).toEqual({
      cheap: undefined,
      targets: ['mine'],
      model: 'mine',
      headers: {},
    })
    expect(answerKey.size).toBe(0)
  })
})
