import { defineMiddleware } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { cachedClients, chat, decisionsOf } from '../cache-fixture.ts'

interface Try {
  readonly target: string
  readonly reason: string
  readonly model?: string
  readonly outcome: 'answered' | 'failed' | 'rejected' | 'cancelled'
}

/** Stands in for a router: records these tries, and sends the last of them. */
const tries = (...all: Try[]) =>
  defineMiddleware({ name: 'tries' }, async (call, next) => {
    let sent = call
    for (const { outcome, ...init } of all) {
      const { call: tried, record } = call.attempt(init)
      record.end({ outcome })
      sent = tried
    }
    return next(sent)
  })

const failed: Try = { target: 'one', reason: 'first', outcome: 'failed' }

describe('an answer of another model', () => {
  it.each<[string, Try[]]>([
    ['another model after a failure', [failed, { target: 'two', reason: 'failover', model: 'b', outcome: 'answered' }]],
    [
      'a hedge that was faster',
      [
        { ...failed, outcome: 'cancelled' },
        { target: 'two', reason: 'hedge', model: 'b', outcome: 'answered' },
      ],
    ],
    [
      'what a stream was gone on with',
      [failed, { target: 'two', reason: 'continue', model: 'b', outcome: 'answered' }],
    ],
  ])('is not kept: %s', async (_, all) => {
    const { openai, provider } = cachedClients({ inner: [tries(...all)] })
    const ask = (): Promise<unknown> => openai.chat.completions.create(chat)
    expect(await decisionsOf(ask)).toEqual(['miss absent', 'skip fallback'])
    expect(await decisionsOf(ask)).toEqual(['miss absent', 'skip fallback'])
    provider.expectCalls(2)
    const wanted = cachedClients({ inner: [tries(...all)], cache: { keepFallbacks: true } })
    expect(await decisionsOf(() => wanted.openai.chat.completions.create(chat))).toEqual(['miss absent', 'store exact'])
  })

  it.each<[string, Try[]]>([
    ['the same model elsewhere', [failed, { target: 'two', reason: 'failover', outcome: 'answered' }]],
    ['a retry', [failed, { target: 'one', reason: 'retry', outcome: 'answered' }]],
    [
      'a step of a cascade',
      [
        { target: 'small', reason: 'cascade', model: 's', outcome: 'rejected' },
        { target: 'big', reason: 'cascade', model: 'b', outcome: 'answered' },
      ],
    ],
    [
      'a target that was only probed',
      [
        { target: 'two', reason: 'probe', model: 'b', outcome: 'failed' },
        { target: 'one', reason: 'first', outcome: 'answered' },
      ],
    ],
  ])('or of the one that was meant is kept: %s', async (_, all) => {
    const { openai } = cachedClients({ inner: [tries(...all)] })
    const ask = (): Promise<unknown> => openai.chat.completions.create(chat)
    expect(await decisionsOf(ask)).toEqual(['miss absent', 'store exact'])
    expect(await decisionsOf(ask)).toEqual(['hit exact'])
  })
})
