import { describe, expect, it } from 'vitest'
import { contextHeaders } from './context.ts'
import { sluiceFetch } from './fetch.ts'
import type { Middleware } from './pipeline.ts'

const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [] }
const params = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] }
const passes: Middleware = (call, next) => next(call)

describe('every spelling of a call is a call', () => {
  const text = JSON.stringify(params)
  const url = 'https://x.test/v1/chat/completions'
  const json = { 'content-type': 'application/json' }
  it.each<[string, Parameters<typeof fetch>]>([
    ['a slash at the end', [`${url}/`, { method: 'POST', body: text }]],
    ['an escaped letter', ['https://x.test/v1/chat/completion%73', { method: 'POST', body: text }]],
    ['capitals', ['https://x.test/v1/chat/Completions?x=1', { method: 'post', body: text }]],
    ['bytes', [url, { method: 'POST', body: new TextEncoder().encode(text) }]],
    ['a blob', [url, { method: 'POST', body: new Blob([text]) }]],
    ['a stream', [url, { method: 'POST', body: new Blob([text]).stream(), duplex: 'half' } as RequestInit]],
    ['a request', [new Request(url, { method: 'POST', body: text, headers: json })]],
    [
      'a request of another content type',
      [new Request(url, { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } })],
    ],
    ['a request and more', [new Request(url, { method: 'PUT', body: 'x' }), { method: 'POST', body: text }]],
    ['a URL object', [new URL(url), { method: 'POST', body: text }]],
  ])('%s', async (_name, args) => {
    const models: string[] = []
    const bodies: unknown[] = []
    const looks: Middleware = (call, next) => {
      models.push(call.api.model(call.request))
      return next(call)
    }
    const gateway = sluiceFetch([looks], {
      fetch: async (_url, init) => {
        bodies.push(init?.body)
        return Response.json(answer)
      },
    })
    expect(await (await gateway(...args)).json()).toEqual(answer)
    expect(models).toEqual(['m'])
    expect(bodies).toEqual([text])
  })

  it('and what is none goes on as it came', async () => {
    const seen: unknown[] = []
    const gateway = sluiceFetch([passes], { fetch: async (...args) => Response.json(seen.push(args)) })
    const upload = new Request('https://x.test/v1/files', { method: 'POST', body: new FormData() })
    const controller = new AbortController()
    const init = { method: 'GET', signal: controller.signal, headers: contextHeaders({ tenant: 'acme' }) }
    await gateway(upload)
    await gateway('https://x.test/v1/models', init)
    expect(seen[0]).toEqual([upload, {}])
    expect((seen[0] as unknown[])[0]).toBe(upload)
    expect([...((seen[1] as [string, RequestInit])[1].headers as Headers)]).toEqual([])
  })

  it('keeps the signal of a request', async () => {
    let signal: AbortSignal | null | undefined
    const controller = new AbortController()
    const gateway = sluiceFetch([passes], {
      fetch: async (_url, init) => {
        signal = init?.signal
        return Response.json(answer)
      },
    })
    await gateway(new Request(url, { method: 'POST', body: text, signal: controller.signal }))
    expect(signal?.aborted).toBe(false)
    controller.abort()
    expect(signal?.aborted).toBe(true)
  })
})
