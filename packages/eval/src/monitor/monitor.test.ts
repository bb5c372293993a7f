import { setImmediate as turn } from 'node:timers/promises'
import { currentContext, sluice, withContext, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { monitored, scorerOf } from '../../fixtures/monitored.ts'
import { monitor, type MonitorResult } from './monitor.ts'

const request = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'How long is a refund?' }] }

describe('monitor and the calls that pass', () => {
  it('gives whole and streamed answers as they came, byte for byte', async () => {
    const { openai, bare, provider, watch } = monitored({ scorers: [scorerOf(() => 1)] })
    provider.on(/refund/, {
      text: 'Thirty days, – ünd möre.',
      toolCalls: [{ name: 'look_up', arguments: { a: [1, 2] } }],
    })
    const texts = async (client: typeof bare): Promise<readonly string[]> => {
      const found: string[] = []
      for (const more of [{}, { stream: true }, { stream: true, stream_options: { include_usage: true } }]) {
        const response = await client.chat.completions.create({ ...request, ...more }).asResponse()
        // Ids and times are each call's own.
        found.push((await response.text()).replaceAll(/"(id|created|system_fingerprint)":\s*("[^"]*"|\d+)/g, '"$1"'))
      }
      return found
    }
    const [wrapped, plain] = [await texts(openai), await texts(bare)]
    expect(wrapped).toEqual(plain)
    await watch.idle()
    expect(watch.stats()).toMatchObject({ seen: 3, evaluated: 3, listenerFailures: 0 })
  })

  it('does not wait for scoring: neither the answer, nor the first piece of a stream', async () => {
    let release = (): void => undefined
    const held = new Promise<number>((resolve) => (release = () => resolve(1)))
    const { openai, watch, ask, provider } = monitored({ scorers: [scorerOf(() => held)] })
    provider.on(/refund/, { chunks: ['one ', 'two ', 'three'] })
    expect(await ask('a refund')).toBe('one two three')
    const pieces: string[] = []
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) {
      pieces.push(chunk.choices[0]?.delta.content ?? '')
      // It is scored when it is whole, not while it passes.
      expect(watch.stats().seen).toBe(1)
    }
    expect(pieces.join('')).toBe('one two three')
    await ask('a refund')
    expect(watch.stats()).toMatchObject({ seen: 3, evaluated: 0 })
    release()
    await watch.idle()
    expect(watch.stats()).toMatchObject({ seen: 3, evaluated: 3 })
  })

  it('shows scorers the call as it was: texts, tools, tokens, latency, tags', async () => {
    const results: MonitorResult[] = []
    const { openai, provider, watch, clock } = monitored({
      scorers: [scorerOf(({ text }) => (text.includes('days') ? 1 : 0))],
      onResult: (result) => void results.push(result),
      price: () => ({ nanoUsd: 7, byMeter: {} }),
    })
    provider.on(/refund/, async () => {
      await clock.advance(250)
      return { text: 'Thirty days.', usage: { inputTokens: 11, outputTokens: 3 } }
    })
    await withContext({ tenant: 'acme', session: 's1', tags: ['support'] }, async () => {
      for await (const _ of await openai.chat.completions.create({ ...request, stream: true }));
    })
    await watch.idle()
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject({
      probability: 1,
      stratum: '',
      scores: { good: { status: 'scored', score: 1 } },
      call: {
        text: 'Thirty days.',
        input: 'How long is a refund?',
        model: 'gpt-5-mini',
        inputTokens: 11,
        outputTokens: 3,
        latencyMs: 250,
        cost: { nanoUsd: 7 },
        context: { tenant: 'acme', session: 's1', tags: ['support'] },
      },
    })
  })

  it('watches Anthropic clients too', async () => {
    const provider = fakeProvider()
    provider.on(/refund/, 'Thirty days.')
    const watch = monitor({ scorers: [scorerOf(({ text }) => Number(text === 'Thirty days.'))], sample: { rate: 1 } })
    const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), [watch])
    const body = {
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user' as const, content: 'a refund' }],
    }
    await anthropic.messages.create(body)
    await anthropic.messages.stream(body).finalMessage()
    await watch.idle()
    expect(watch.stats().scorers).toMatchObject([{ mean: 1, n: 2 }])
  })

  it('never fails a call for a scorer, a listener or an option of the application that throws', async () => {
    const broken = (): never => {
      throw new Error('mine')
    }
    const { ask, watch } = monitored({
      scorers: [scorerOf(broken), scorerOf(() => 7, { name: 'too much' }), scorerOf(() => 1, { name: 'fine' })],
      onResult: broken,
      onAlarm: broken,
      alarm: { targets: { fine: 0.5 } },
    })
    expect(await ask('Hello')).not.toBe('')
    await watch.idle()
    expect(watch.stats()).toMatchObject({
      evaluated: 1,
      listenerFailures: 1,
      scorers: [
        { scorer: 'good', n: 0, errored: 1, mean: undefined },
        { scorer: 'too much', n: 0, errored: 1 },
        { scorer: 'fine', n: 1, errored: 0, mean: 1 },
      ],
    })
    for (const sample of [{ rate: 1, always: broken }, { strata: { by: broken, minimum: 1 } }]) {
      const of = monitored({ scorers: [scorerOf(() => 1)], sample, price: broken })
      expect(await of.ask('Hello')).not.toBe('')
      await of.watch.idle()
      expect(of.watch.stats()).toMatchObject({ evaluated: 0, listenerFailures: 1 })
    }
  })

  it('leaves refusals, broken streams and calls that were left alone', async () => {
    const { ask, openai, provider, watch } = monitored({ scorers: [scorerOf(() => 1)] })
    provider.fail('http-503', { times: 1 })
    await expect(ask('Hello')).rejects.toMatchObject({ status: 503 })
    provider.fail('cut', { times: 1 })
    await expect(
      (async () => {
        for await (const _ of await openai.chat.completions.create({ ...request, stream: true }));
      })(),
    ).rejects.toThrow()
    for await (const _ of await openai.chat.completions.create({ ...request, stream: true })) break
    await watch.idle()
    expect(watch.stats()).toMatchObject({ seen: 0, evaluated: 0 })
  })

  it('scores outside the request: no context, no report of it, and no score of the scoring', async () => {
    const contexts: unknown[] = []
    const { openai, ask, watch, provider } = monitored({
      scorers: [
        scorerOf(async () => {
          contexts.push(currentContext())
          await openai.chat.completions.create({ model: 'judge', messages: [{ role: 'user', content: 'Is it good?' }] })
          return 1
        }),
      ],
    })
    const { settled } = await withContext({ tenant: 'acme' }, () =>
      withReport(async () => {
        await ask('Hello')
        await watch.idle()
      }),
    )
    expect((await settled).map(({ requestedModel }) => requestedModel)).toEqual(['gpt-5-mini'])
    expect(contexts).toEqual([{}])
    provider.expectCalls(2)
    expect(watch.stats().evaluated).toBe(1)
  })

  it('gives up a scorer that does not come to an end', async () => {
    let isTold = false
    const { ask, watch, clock } = monitored({
      scorers: [
        scorerOf(({ signal }) => {
          signal.addEventListener('abort', () => void (isTold = true))
          return new Promise(() => undefined)
        }),
        scorerOf(() => 1, { name: 'next' }),
      ],
    })
    await ask('Hello')
    const idle = watch.idle()
    await clock.run(idle)
    expect(isTold).toBe(true)
    expect(watch.stats().scorers).toMatchObject([{ errored: 1 }, { scorer: 'next', mean: 1 }])
  })

  it('drops what it cannot keep up with, and counts it', async () => {
    let release = (): void => undefined
    const held = new Promise<number>((resolve) => (release = () => resolve(1)))
    const { ask, watch } = monitored({ scorers: [scorerOf(() => held)], queue: { size: 3, concurrency: 1 } })
    for (let index = 0; index < 10; index += 1) {
      await ask(`Question ${index}`)
      await turn()
    }
    expect(watch.stats()).toMatchObject({ seen: 10, waiting: 3, dropped: 6, evaluated: 0 })
    release()
    await watch.idle()
    expect(watch.stats()).toMatchObject({ waiting: 0, dropped: 6, evaluated: 4 })
    expect(watch.prometheus()).toContain('\neval_dropped_total 6\n')
  })

  it('spends on judges what a day may cost, and again the next day', async () => {
    const judged = scorerOf(() => ({ status: 'scored', score: 1, costNanoUsd: 400_000_000 }), {
      name: 'tone',
      isJudge: true,
    })
    const { ask, watch, clock } = monitored({ scorers: [judged, scorerOf(() => 1)], judgeUsdPerDay: 1 })
    const day = async (): Promise<void> => {
      for (let index = 0; index < 5; index += 1) {
        await ask(`Question ${index}`)
        await watch.idle()
      }
    }
    await day()
    // The third judgement is begun below a dollar.
    expect(watch.stats().scorers).toMatchObject([{ scorer: 'tone', n: 3, unscored: { judge_budget: 2 } }, { n: 5 }])
    await clock.advance(86_400_000)
    await day()
    expect(watch.stats().scorers).toMatchObject([{ scorer: 'tone', n: 6, unscored: { judge_budget: 4 } }, { n: 10 }])
    expect(watch.stats().judgeNanoUsd).toBe(2_400_000_000)
  })

  it.each([
    [{ scorers: [] }, '"scorers" must be a list of at least one'],
    [{ sample: { rate: 1.5 } }, '"rate" must be a number from 0 to 1, got 1.5'],
    [{ sample: { share: 0.5 } }, '"share" must be left out'],
    [{ sample: { reservoir: { size: 0, windowMs: 1 } } }, '"reservoir.size" must be a whole number of at least 1'],
    [
      { sample: { reservoir: { size: 5, windowMs: 1 }, bySession: true } },
      '"bySession" must be left out with a reservoir',
    ],
    [
      { sample: { reservoir: { size: 5, windowMs: 1 }, strata: { by: String, minimum: 1 } } },
      '"strata" must be left out',
    ],
    [{ sample: { strata: { by: String, minimum: 0 } } }, '"strata.minimum"'],
    [{ alarm: { targets: { good: 1 } } }, 'target'],
    [{ alarm: { targets: { good: 0.9 }, pageEvery: 1 } }, '"pageEvery" must be a number above 1'],
    [{ judgeUsdPerDay: -1 }, '"judgeUsdPerDay"'],
    [{ queue: { size: 0 } }, '"queue.size"'],
    [{ feedback: { remember: 0 } }, '"feedback.remember"'],
    [{ smaple: {} }, '"smaple" must be left out'],
  ])('refuses %j', (options, why) => {
    expect(() => monitor({ scorers: [scorerOf(() => 1)], ...(options as object) })).toThrow(why)
  })
})
