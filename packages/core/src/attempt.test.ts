import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { anthropicMessages } from './api/index.ts'
import { sluiceFetch } from './fetch.ts'
import { sluice } from './sluice.ts'
import { withReport, type Pricer } from './report.ts'
import type { Middleware } from './pipeline.ts'
import { approximateTokenizer, fakeClock, fakeProvider } from './testing/index.ts'
import { deriveCall } from './transport/index.ts'
import { usageOf } from './usage.ts'

const params = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'How long does a card take?' }] }
const price: Pricer = ({ output }, { model }) =>
  model === 'unlisted' ? { unpriced: 'not listed' } : { nanoUsd: output * 10, byMeter: { output: output * 10 } }

function setUp(middleware: Middleware) {
  const clock = fakeClock()
  const provider = fakeProvider({ clock, tokenizer: approximateTokenizer })
  const openai = sluice(new OpenAI({ apiKey: 'k', fetch: provider.fetch }), [middleware], { clock, price })
  return { provider, openai, reported: () => withReport(() => openai.chat.completions.create(params)) }
}

describe('attempts', () => {
  it('are listed with what middleware says of them', async () => {
    const { provider, reported } = setUp(async (call, next) => {
      const { call: tried, record } = call.attempt({ target: 'first', reason: 'hedge' })
      const reply = await next(tried)
      record.end({ outcome: 'answered' })
      expect(call.attempts).toEqual([record])
      return reply
    })
    const { report } = await reported()
    expect(report?.attempts).toMatchObject([
      {
        target: 'first',
        reason: 'hedge',
        outcome: 'answered',
        status: 200,
        host: 'api.openai.com',
        model: 'gpt-5-mini',
      },
    ])
    provider.expectCalls(1)
  })

  it('are tries of their own when the same copy is sent again', async () => {
    const { reported } = setUp(async (call, next) => {
      const { call: tried } = call.attempt({ target: 'first', reason: 'retry' })
      await (await next(tried)).discard()
      return next(tried)
    })
    const { report } = await reported()
    expect(report?.attempts.map(({ target, reason, status }) => [target, reason, status])).toEqual([
      ['first', 'retry', 200],
      ['first', 'retry', 200],
    ])
  })

  it('add up to the cost of the call, those that did not answer included', async () => {
    const { provider, reported } = setUp(async (call, next) => {
      const lost = call.attempt({ target: 'slow', model: 'slow' })
      lost.record.end({ outcome: 'cancelled', usage: usageOf({ output: 7 }), isEstimated: true })
      return next(call)
    })
    const { report } = await reported()
    const output = report?.usage?.output ?? 0
    expect(output).toBeGreaterThan(0)
    expect(report?.cost).toEqual({ nanoUsd: 70 + 10 * output, byMeter: { output: 70 + 10 * output } })
    expect(report?.attempts[0]).toMatchObject({ host: '', isEstimated: true, cost: { nanoUsd: 70 } })
    provider.expectCalls(1)
  })

  it('count the answer once when its try says what it took, at its own price', async () => {
    const { reported } = setUp(async (call, next) => {
      const { call: tried, record } = call.attempt({ target: 'first' })
      const reply = await next(tried)
      const own: Pricer = () => ({ nanoUsd: 5, byMeter: { output: 5 } })
      record.end({ outcome: 'answered', usage: () => usageOf({ output: 3 }), price: own })
      return reply
    })
    const { report } = await reported()
    expect(report?.cost).toEqual({ nanoUsd: 5, byMeter: { output: 5 } })
  })

  it('leave the call without a cost when one of them has no price', async () => {
    const { reported } = setUp(async (call, next) => {
      const { record } = call.attempt({ model: 'unlisted' })
      record.end({ outcome: 'failed', usage: usageOf({ output: 1 }) })
      return next(call)
    })
    const { report } = await reported()
    expect(report).toMatchObject({ cost: undefined, unpriced: 'not listed' })
  })

  it('cannot be sent in another dialect through the client that was asked', async () => {
    const { openai, provider } = setUp((call, next) => {
      const request = { model: 'm', max_tokens: 1, messages: [] }
      return next(deriveCall(call, anthropicMessages, request) as never)
    })
    await expect(openai.chat.completions.create(params)).rejects.toThrow(
      'passed on to a client that was asked in openai.chat',
    )
    provider.expectCalls(0)
  })
})

describe('a request for another model', () => {
  const send = async (body: object, change: (body: never) => object): Promise<string> => {
    let sent = ''
    const fetch = sluiceFetch(
      [
        (call, next) => {
          void call.requestLength
          return next(call.with({ request: change(call.request as never) as never }))
        },
      ],
      {
        fetch: async (_, init) => {
          sent = init?.body as string
          return Response.json({ choices: [] })
        },
      },
    )
    await fetch('https://x.example/v1/chat/completions', { method: 'POST', body: JSON.stringify(body) })
    return sent
  }

  it('is written as if it were written anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.string({ unit: 'grapheme' }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.boolean(),
        async (from, to, rest, first) => {
          const { model: _, ...others } = rest as Record<string, unknown>
          const body = first ? { model: from, ...others } : { ...others, model: from }
          const parsed = JSON.parse(JSON.stringify(body)) as Record<string, unknown>
          expect(await send(body, (request: object) => ({ ...request, model: to }))).toBe(
            JSON.stringify({ ...parsed, model: to }),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each<[string, (body: { messages: object[] }) => object]>([
    ['more', (body) => ({ ...body, model: 'b', n: 1 })],
    ['less', ({ messages }) => ({ model: 'b', messages })],
    ['others', (body) => ({ ...body, model: 'b', messages: [...body.messages, {}] })],
    ['no model', ({ messages }) => ({ messages, seed: 1 })],
  ])('is written anew where %s differs', async (_, change) => {
    const body = { model: 'a', messages: [{ role: 'user', content: '"model":"a"' }], seed: 1 }
    expect(JSON.parse(await send(body, change as never))).toEqual(change(body))
  })
})
