import { describe, expect, it } from 'vitest'
import { fakeProvider } from './fake-provider.ts'

const body = JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hello' }] })

describe('listen', () => {
  it('serves on loopback until it is closed', async () => {
    const provider = fakeProvider()
    const server = await provider.listen()
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok' })
    await server.close()
    await server.close()
    await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
  })

  it('closes at the end of its block, whatever is still open', async () => {
    const provider = fakeProvider().fail('stall', { afterTokens: 1 })
    let reading: Promise<string>
    {
      await using server = await provider.listen()
      const response = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body })
      reading = response.text()
      reading.catch(() => {})
    }
    await expect(reading).rejects.toThrow('terminated')
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('leaves no handle behind', async () => {
    const open = (): string[] => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))
    const before = open()
    const provider = fakeProvider()
    const server = await provider.listen()
    for (const fault of ['http-503', 'cut', 'reset-before-headers', 'truncated'] as const) {
      const post = { method: 'POST', body, headers: { 'x-fake-fault': fault } }
      await fetch(`${server.url}/v1/chat/completions`, post)
        .then((response) => response.text(), String)
        .catch(String)
    }
    await server.close()
    // The client's end of a closed connection goes a little later.
    await expect.poll(open).toEqual(before)
    expect(provider.pending).toEqual([])
  })

  it('takes the port asked for, and says when it is taken', async () => {
    const provider = fakeProvider()
    await using first = await provider.listen()
    const port = Number(new URL(first.url).port)
    await expect(fakeProvider().listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('holds back what the reader does not take', async () => {
    const chunks = Array.from({ length: 400 }, () => 'x'.repeat(100_000))
    const provider = fakeProvider({ tokenizer: { name: 'one a text', encode: (text) => [text] } }).enqueue({ chunks })
    await using server = await provider.listen()
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body })
    const reader = response.body!.getReader()
    await reader.read()
    let sent = -1
    while (sent !== provider.lastCall?.chunksSent) {
      sent = provider.lastCall?.chunksSent ?? 0
      for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    }
    expect(sent).toBeLessThan(300)
    await reader.cancel()
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('puts the calls of both ways into one journal', async () => {
    const provider = fakeProvider()
    await using server = await provider.listen()
    await fetch(`${server.url}/v1/models`)
    await provider.fetch('http://test/v1/models')
    expect(provider.calls.map((call) => call.path)).toEqual(['/v1/models', '/v1/models'])
  })
})
