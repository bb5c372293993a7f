import { getEventListeners } from 'node:events'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { untilAborted } from './abort.ts'
import type { Middleware } from './pipeline.ts'
import { sluice } from './sluice.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('untilAborted', () => {
  it('is the work itself where nothing aborts, and leaves no listener', async () => {
    const { signal } = new AbortController()
    const late: unknown[] = []
    expect(await untilAborted(Promise.resolve(1), signal, (result) => late.push(result))).toBe(1)
    await expect(untilAborted(Promise.reject(new Error('x')), signal, (result) => late.push(result))).rejects.toThrow(
      'x',
    )
    expect(await untilAborted(Promise.resolve(2), undefined, () => late.push(2))).toBe(2)
    expect([listeners(signal), late]).toEqual([0, []])
  })

  it('rejects at once with the reason, and hands over what comes late', async () => {
    const controller = new AbortController()
    const { promise, resolve } = Promise.withResolvers<string>()
    const late: unknown[] = []
    const waiting = untilAborted(promise, controller.signal, (result) => late.push(result))
    controller.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    await expect(untilAborted(promise, controller.signal, (result) => late.push(result))).rejects.toBe('enough')
    resolve('too late')
    await new Promise((done) => setImmediate(done))
    expect(late).toEqual(['too late', 'too late'])
  })
})

describe('a middleware that does not listen to the signal', () => {
  const hangs: Middleware = () => new Promise(() => undefined)
  const answers = async (): Promise<Response> => Response.json({})

  it('does not keep a caller past its abort', async () => {
    const openai = sluice(new OpenAI({ apiKey: 'k', fetch: answers }), [hangs])
    const anthropic = sluice(new Anthropic({ apiKey: 'k', fetch: answers }), [hangs])
    const controller = new AbortController()
    const { signal } = controller
    const calls = [
      openai.chat.completions.create({ model: 'm', messages: [] }, { signal }).catch((error: unknown) => error),
      anthropic.messages
        .create({ model: 'm', max_tokens: 1, messages: [] }, { signal })
        .catch((error: unknown) => error),
    ]
    await new Promise((done) => setImmediate(done))
    controller.abort()
    const [one, two] = await Promise.all(calls)
    expect(one).toBeInstanceOf(OpenAI.APIUserAbortError)
    expect(two).toBeInstanceOf(Anthropic.APIUserAbortError)
  })

  it('does not keep a caller past its timeout', async () => {
    const openai = sluice(new OpenAI({ apiKey: 'k', fetch: answers, maxRetries: 0, timeout: 20 }), [hangs])
    await expect(openai.chat.completions.create({ model: 'm', messages: [] })).rejects.toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    )
  })

  it('gives back the connection of an answer that comes late', async () => {
    let cancelled = false
    const { promise, resolve } = Promise.withResolvers<void>()
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => void (cancelled = true) })
    const slow: Middleware = async (call, next) => {
      const reply = await next(call)
      await promise
      return reply
    }
    const fetch = async (): Promise<Response> => new Response(body, { headers: { 'content-type': 'application/json' } })
    const controller = new AbortController()
    const openai = sluice(new OpenAI({ apiKey: 'k', fetch }), [slow])
    const call = openai.chat.completions
      .create({ model: 'm', messages: [] }, { signal: controller.signal })
      .catch((error: unknown) => error)
    await new Promise((done) => setImmediate(done))
    controller.abort()
    expect(await call).toBeInstanceOf(OpenAI.APIUserAbortError)
    resolve()
    await new Promise((done) => setImmediate(done))
    expect(cancelled).toBe(true)
  })
})
