import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../fake-clock.ts'
import { fakeProvider } from './fake-provider.ts'

const url = 'http://test/v1/chat/completions'
const request = (extra: object = {}): { method: string; body: string } => ({
  method: 'POST',
  body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }], ...extra }),
})

describe('fetch in memory', () => {
  it('produces a frame only when one is asked for', async () => {
    const provider = fakeProvider()
    const reader = (await provider.fetch(url, request({ stream: true }))).body!.getReader()
    await new Promise(setImmediate)
    expect(provider.lastCall?.chunksSent).toBe(0)
    await reader.read()
    await reader.read()
    await new Promise(setImmediate)
    expect(provider.lastCall?.chunksSent).toBe(2)
  })

  it('is cancelled with its body', async () => {
    const provider = fakeProvider()
    const { body } = await provider.fetch(url, request({ stream: true }))
    await body!.cancel()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it.each(['a reason', new Error('mine'), undefined])(
    'rejects and errs with the reason of the signal: %s',
    async (reason) => {
      const provider = fakeProvider({ clock: fakeClock(), pace: 'realistic' })
      const before = AbortSignal.abort(reason)
      await expect(provider.fetch(url, { ...request(), signal: before })).rejects.toBe(before.reason)
      expect(provider.calls).toHaveLength(0)

      const waiting = new AbortController()
      const answer = provider.fetch(url, { ...request(), signal: waiting.signal })
      await new Promise(setImmediate)
      waiting.abort(reason)
      await expect(answer).rejects.toBe(waiting.signal.reason)
      expect(provider.lastCall?.outcome).toBe('cancelled')

      const reading = new AbortController()
      const { body } = await provider.fetch(url, { ...request({ stream: true }), signal: reading.signal })
      const read = body!.getReader().read()
      reading.abort(reason)
      await expect(read).rejects.toBe(reading.signal.reason)
      expect(provider.lastCall?.outcome).toBe('cancelled')
    },
  )

  it('leaves no listener on the signal of the caller, however the call ends', async () => {
    const provider = fakeProvider()
    const { signal } = new AbortController()
    const listeners = (): number => getEventListeners(signal, 'abort').length
    await (await provider.fetch(url, { ...request(), signal })).text()
    expect(listeners()).toBe(0)
    const stream = await provider.fetch(url, { ...request({ stream: true }), signal })
    expect(listeners()).toBe(1)
    await stream.text()
    expect(listeners()).toBe(0)
    await (await provider.fetch(url, { ...request({ stream: true }), signal })).body!.cancel()
    expect(listeners()).toBe(0)
    // A reader that has the last frame may leave it at that.
    const reader = (await provider.fetch(url, { ...request({ stream: true }), signal })).body!.getReader()
    for (let text = ''; !text.includes('[DONE]');) text = new TextDecoder().decode((await reader.read()).value)
    expect(listeners()).toBe(0)
    provider.fail('cut')
    await (await provider.fetch(url, { ...request({ stream: true }), signal })).text().catch(() => {})
    provider.fail('reset-before-headers')
    await provider.fetch(url, { ...request(), signal }).catch(() => {})
    expect(listeners()).toBe(0)
    // Of the Response and of a Request with a signal as well.
    provider.heal()
    await (await provider.fetch(new Request(url, { ...request(), signal }))).text()
    expect(listeners()).toBeLessThanOrEqual(1)
  })

  it('takes a Request, a URL and a string, and shows the address', async () => {
    const { fetch } = fakeProvider()
    for (const input of [url, new URL(url), new Request(url, request())]) {
      const response = await fetch(input, input instanceof Request ? undefined : request())
      expect(response.url).toBe(url)
      expect(response.status).toBe(200)
    }
  })

  it('leaves data: addresses to the real fetch', async () => {
    const provider = fakeProvider()
    expect(await (await provider.fetch('data:,hello')).text()).toBe('hello')
    expect(provider.calls).toHaveLength(0)
  })

  it('survives a thousand abandoned streams without a pending call', async () => {
    const provider = fakeProvider()
    const { signal } = new AbortController()
    for (let i = 0; i < 1000; i++) {
      const reader = (await provider.fetch(url, { ...request({ stream: true }), signal })).body!.getReader()
      await reader.read()
      await reader.cancel()
    }
    expect(provider.pending).toHaveLength(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
