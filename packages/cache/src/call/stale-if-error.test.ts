import { SluiceError, type Middleware } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { cachedClients, chat, decisionsOf, eventsOf, type ClientWorld } from '../cache-fixture.ts'

const options = { ttlMs: 1_000, staleIfErrorMs: 60_000 }

async function expired(more: Parameters<typeof cachedClients>[0] = {}): Promise<ClientWorld> {
  const world = cachedClients({ ...more, cache: { ...options, ...more.cache } })
  world.provider.enqueue('old')
  await world.openai.chat.completions.create(chat)
  await world.clock.advance(2_000)
  return world
}

describe('staleIfError', () => {
  it.each(['http-500', 'http-503', 'http-529', 'http-429', 'reset-before-headers'] as const)(
    'serves what is over when the provider fails: %s',
    async (fault) => {
      const { openai, provider } = await expired()
      provider.fail(fault)
      const { data, response } = await openai.chat.completions.create(chat).withResponse()
      expect(data.choices[0]?.message.content).toBe('old')
      expect(response.headers.get('x-sluice-cache')).toBe('stale')
      const chunks = await eventsOf(openai.chat.completions.create({ ...chat, stream: true }))
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('old')
      expect(await decisionsOf(() => openai.chat.completions.create(chat))).toEqual([
        'miss expired',
        'hit stale_if_error',
      ])
      provider.expectCalls(4)
    },
  )

  it('leaves errors that are the request’s own, and whatever comes after its time', async () => {
    const { openai, provider, clock } = await expired()
    for (const fault of ['bad-request', 'unauthorized', 'context-length'] as const) {
      provider.heal().fail(fault)
      await expect(openai.chat.completions.create(chat)).rejects.toMatchObject({
        status: fault === 'unauthorized' ? 401 : 400,
      })
    }
    provider.heal().fail('http-503')
    await clock.advance(60_000)
    await expect(openai.chat.completions.create(chat)).rejects.toMatchObject({ status: 503 })
  })

  it('does not hide mistakes of the program, nor an abort', async () => {
    const thrown: unknown[] = [new TypeError('a mistake'), new SluiceError({ code: 'budget.exceeded', message: 'No.' })]
    let isOn = false
    const inner: Middleware = async (call, next) => {
      if (isOn) throw thrown[0]
      return next(call)
    }
    const { openai, provider } = await expired({ inner: [inner] })
    isOn = true
    await expect(openai.chat.completions.create(chat)).rejects.toThrow(/a mistake|middleware/)
    thrown.shift()
    await expect(openai.chat.completions.create(chat)).rejects.toThrow('No.')
    thrown[0] = new SluiceError({ code: 'router.no_target', message: 'None is up.', status: 503 })
    expect((await openai.chat.completions.create(chat)).choices[0]?.message.content).toBe('old')
    isOn = false
    provider.fail('silence')
    const controller = new AbortController()
    const asked = openai.chat.completions.create(chat, { signal: controller.signal })
    setTimeout(() => controller.abort(), 5)
    await expect(asked).rejects.toThrow('aborted')
  })

  it('keeps a good answer when there is one again', async () => {
    const { openai, provider } = await expired()
    provider.enqueue('new')
    expect((await openai.chat.completions.create(chat)).choices[0]?.message.content).toBe('new')
    expect(await decisionsOf(() => openai.chat.completions.create(chat))).toEqual(['hit exact'])
  })
})
