import { NotFoundError } from 'openai'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../fake-clock.ts'
import { fakeProvider } from './fake-provider.ts'
import { inMemory, transports } from './test-clients.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]

describe('routes', () => {
  it('answer an unknown address with a 404 in the shape of the vendor', async () => {
    const provider = fakeProvider()
    const { openai, anthropic } = inMemory(provider)
    await expect(openai.get('/no/such/path')).rejects.toThrow(NotFoundError)
    await expect(anthropic.get('/v1/no')).rejects.toMatchObject({ status: 404, type: 'not_found_error' })
    expect(provider.lastCall).toMatchObject({ status: 404, outcome: 'failed', api: 'other' })
  })

  it('answer in the shape of their own vendor, whatever headers the request has', async () => {
    const { fetch } = fakeProvider()
    const refused = await fetch('http://test/v1/messages', { method: 'POST', body: '{}' })
    expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
    const headers = { 'anthropic-version': '2026-10-21' }
    const other = await fetch('http://test/v1/chat/completions', { method: 'POST', body: '{}', headers })
    expect(await other.json()).toMatchObject({ error: { param: 'model' } })
  })

  it('are found whatever comes before them', async () => {
    const { fetch } = fakeProvider()
    const body = JSON.stringify({ model: 'm', messages })
    for (const path of [
      '/chat/completions',
      '/v1/chat/completions',
      '/openai/v1/chat/completions',
      '/api/x/chat/completions',
    ]) {
      expect((await fetch(`http://test${path}?api-version=1`, { method: 'POST', body })).status).toBe(200)
    }
    // The messages of another API are not Anthropic's.
    expect((await fetch('http://test/v1/threads/t1/messages', { method: 'POST', body })).status).toBe(404)
  })

  it('can be added and replaced', async () => {
    const provider = fakeProvider({
      routes: {
        'POST /v1/moderations': async (request) => Response.json({ id: 'mine', echo: await request.json() }),
        'GET /v1/custom/*': (request) => new Response(new URL(request.url).pathname),
      },
    })
    const { openai } = inMemory(provider)
    expect(await openai.moderations.create({ input: 'x' })).toMatchObject({ id: 'mine', echo: { input: 'x' } })
    expect(await (await provider.fetch('http://test/v1/custom/deep/path')).text()).toBe('/v1/custom/deep/path')
    await using server = await provider.listen()
    const post = { method: 'POST', body: '{"input":"y"}' }
    expect(await (await fetch(`${server.url}/v1/moderations`, post)).json()).toMatchObject({ echo: { input: 'y' } })
  })

  it('ask for the key when there is one', async () => {
    const provider = fakeProvider({ apiKey: 'sk-test-0123456789' })
    const { openai, anthropic } = inMemory(provider)
    await openai.models.list()
    await expect(openai.withOptions({ apiKey: 'wrong' }).models.list()).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    })
    await expect(anthropic.models.list()).rejects.toMatchObject({ status: 401, type: 'authentication_error' })
  })

  it('refuse a body that is no JSON object', async () => {
    const { fetch } = fakeProvider()
    for (const body of ['{', '[]', '']) {
      expect((await fetch('http://test/v1/chat/completions', { method: 'POST', body })).status).toBe(400)
    }
  })
})

describe.each(transports)('headers, $name', ({ open }) => {
  it('are those of the providers', async () => {
    const provider = fakeProvider({ clock: fakeClock(60_000 * 7 + 15_000) })
    await using clients = await open(provider)
    const openai = await clients.openai.chat.completions.create({ model: 'gpt-5', messages }).asResponse()
    expect(Object.fromEntries(openai.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': provider.lastCall?.id,
      'openai-processing-ms': '0',
      'x-ratelimit-limit-requests': '10000',
      'x-ratelimit-remaining-requests': '9999',
      'x-ratelimit-reset-requests': '45s',
    })
    const params = { model: 'claude-haiku-4-5', max_tokens: 5, messages, stream: true as const }
    const anthropic = await clients.anthropic.messages.create(params).asResponse()
    expect(Object.fromEntries(anthropic.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'request-id': provider.lastCall?.id,
      'anthropic-ratelimit-requests-remaining': '9998',
      'anthropic-ratelimit-requests-reset': new Date(60_000 * 8).toISOString(),
    })
    await anthropic.body?.cancel()
  })
})

describe('models', () => {
  it('may refuse those that are not listed', async () => {
    const { openai } = inMemory(fakeProvider({ unknownModels: 'reject' }))
    await openai.chat.completions.create({ model: 'gpt-5', messages })
    await expect(openai.chat.completions.create({ model: 'gpt-9', messages })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
    const { openai: lenient } = inMemory(fakeProvider())
    expect((await lenient.chat.completions.create({ model: 'gpt-9', messages })).model).toBe('gpt-9')
  })

  it('must have different ids', () => {
    const [first] = fakeProvider().models
    expect(() => fakeProvider({ models: [first!, first!] })).toThrow(/same id/)
  })
})
