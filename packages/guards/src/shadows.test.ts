import { sluice, withReport, type Decision } from '@sluice/core'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { createGuard } from './create-guard.ts'
import type { Detector } from './detector.ts'
import { guards, type GuardsOptions } from './guards.ts'
import { wordDetector } from './testing/tiny-detectors.ts'

function setUp(options: GuardsOptions) {
  const provider = fakeProvider()
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guards(options)])
  const ask = (content = 'a fool') =>
    openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] })
  const stream = async (leaveAfter = Infinity): Promise<void> => {
    let chunks = 0
    const messages = [{ role: 'user' as const, content: 'a fool' }]
    for await (const _ of await openai.chat.completions.create({ model: 'm', messages, stream: true }))
      if (++chunks === leaveAfter) break
  }
  return { provider, ask, stream }
}

type Clients = ReturnType<typeof setUp>

/** One that answers when it is told to. */
function gated(name: string): Detector & { readonly answer: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    name,
    answer: resolve,
    check: async () => {
      await promise
      return { action: 'block', score: 1, spans: [], rules: [name], explanation: name, costNanoUsd: 70 }
    },
  }
}

const failing: Detector = {
  name: 'failing',
  onError: 'closed',
  check() {
    throw new RangeError('a fool')
  },
}
/** One that never answers, and tells when it was asked. */
function hanging(): Detector & { readonly asked: Promise<void> } {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const check = (): Promise<never> => {
    resolve()
    return new Promise(() => undefined)
  }
  return { name: 'hanging', asked, check }
}

const shadowsOf = (decisions: readonly Decision[] = []): unknown =>
  decisions.filter(({ action }) => action === 'shadow').map(({ reason, details }) => [reason, details?.['stage']])
const costsOf = (decisions: readonly Decision[] = []): unknown =>
  decisions.find(({ action, reason }) => action === 'check' && reason === 'shadow')?.details?.['guards']

describe('detectors that only watch', () => {
  it('are each noted, however slow or broken another one is, with what they took', async () => {
    const slow = gated('slow')
    const { ask, provider } = setUp({ shadow: { input: [failing, slow, wordDetector('foo')] } })
    provider.enqueue('Hello')
    const call = withReport(async () => {
      const answer = ask()
      await provider.settled()
      slow.answer()
      return answer
    })
    const { report } = await call
    expect(shadowsOf(report?.decisions)).toEqual([
      ['foo', 'input'],
      ['slow', 'input'],
    ])
    expect(costsOf(report?.decisions)).toMatchObject({ slow: { checks: 1, costNanoUsd: 70 }, foo: { checks: 1 } })
    expect(report?.decisions).toContainEqual({
      by: 'guards',
      action: 'allow',
      reason: 'failed',
      details: { side: 'shadow', guard: 'failing', times: 1 },
    })
  })

  it('are noted of answers, whole and streamed', async () => {
    const watching: Detector = {
      name: 'watching',
      check: async () => ({ action: 'block', score: 1, spans: [], rules: ['x'], explanation: '' }),
    }
    const { ask, stream, provider } = setUp({ output: [watching, wordDetector('bar')], shadow: true })
    provider.enqueue('a bar', { chunks: ['a b', 'ar'] })
    const whole = await withReport(() => ask())
    expect(whole.value.choices[0]?.message.content).toBe('a bar')
    const both = [
      ['bar', 'output'],
      ['watching', 'output'],
    ]
    expect(shadowsOf(whole.report?.decisions)).toEqual(both)
    const streamed = await withReport(() => stream())
    expect(shadowsOf(streamed.report?.decisions)).toEqual(both)
  })

  it('have as long as the guards have, and only the report waits for them', async () => {
    const runs = [
      async ({ ask }: Clients): Promise<unknown> => ask(),
      async ({ stream }: Clients): Promise<unknown> => stream(),
    ]
    for (const run of runs) {
      const clock = fakeClock()
      const never = hanging()
      const shadow = { input: [never], output: [wordDetector('foo')] }
      const { settled } = await withReport(() => run(setUp({ shadow, budgetMs: 100, clock })))
      await never.asked
      await clock.advance(100)
      const [report] = await settled
      expect(report?.decisions).toContainEqual(
        expect.objectContaining({ reason: 'failed', details: { side: 'shadow', guard: 'hanging', times: 1 } }),
      )
    }
  })

  it('are noted of calls that are refused, and of streams that are left', async () => {
    const refused = setUp({ input: [wordDetector('foo', 'block')], shadow: { input: [wordDetector('fool')] } })
    const { report } = await withReport(() => refused.ask().catch(() => undefined))
    expect(shadowsOf(report?.decisions)).toEqual([['fool', 'input']])

    const { stream, provider } = setUp({ shadow: { input: [hanging(), wordDetector('foo')] } })
    provider.enqueue({ chunks: ['a', 'b', 'c', 'd'] })
    const [left] = await (await withReport(() => stream(1))).settled
    expect(shadowsOf(left?.decisions)).toEqual([['foo', 'input']])
    expect(left?.outcome).toBe('cancelled')
  })

  it('are noted in sessions as they end', async () => {
    const slow = gated('slow')
    const session = await createGuard({ shadow: { input: [slow, wordDetector('foo')] } }).session()
    expect(await session.input('a fool')).toEqual({ action: 'allow', text: 'a fool' })
    expect(shadowsOf(session.notes())).toEqual([['foo', 'input']])
    slow.answer()
    await new Promise((resolve) => setImmediate(resolve))
    expect(shadowsOf(session.notes())).toEqual([
      ['foo', 'input'],
      ['slow', 'input'],
    ])
  })
})
