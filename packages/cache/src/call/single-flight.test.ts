import { withContext } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { cachedClients, chat, decisionsOf, eventsOf, reportsOf } from '../cache-fixture.ts'

const model = 'gpt-5-mini'
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('identical calls that are under way at the same time', () => {
  it('make one upstream call, a thousand streams byte for byte alike, whoever leaves meanwhile', async () => {
    const { openai, provider, answers } = cachedClients()
    const chunks = Array.from({ length: 24 }, (_, at) => `word ${at}, `)
    // The answer begins when nobody comes any more; some have gone before they asked.
    provider.enqueue(async () => {
      for (let calm = 0, misses = 0; calm < 20; calm = misses === answers.stats().misses ? calm + 1 : 0) {
        misses = answers.stats().misses
        await nextTurn()
      }
      return { chunks }
    })
    let seed = 42
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
    const callers = Array.from({ length: 1_000 }, async (_, at) => {
      // The leader is among those who leave.
      const leavesAfter = at === 0 || random() < 0.3 ? Math.floor(random() * 12) : Infinity
      const controller = new AbortController()
      if (random() < 0.05) setImmediate(() => controller.abort())
      for (let turns = Math.floor(random() * 3); at > 0 && turns > 0; turns -= 1) await nextTurn()
      const bytes: Buffer[] = []
      try {
        const sent = openai.chat.completions.create({ ...chat, stream: true }, { signal: controller.signal })
        const body = (await sent.asResponse()).body as ReadableStream<Uint8Array>
        const reader = body.getReader()
        for (let count = 0; ; count += 1) {
          if (count >= leavesAfter) {
            await reader.cancel()
            return undefined
          }
          const { done, value } = await reader.read()
          if (done) return Buffer.concat(bytes).toString()
          bytes.push(Buffer.from(value))
        }
      } catch {
        return undefined
      }
    })
    const bodies = (await Promise.all(callers)).filter((body) => body !== undefined)
    expect(bodies.length).toBeGreaterThan(500)
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('word 23')
    provider.expectCalls(1)
    expect(provider.lastCall?.outcome).toBe('finished')
    await answers.idle()
    expect(answers.stats()).toMatchObject({ hits: 0, stores: 1 })
    // And what they got is what is stored.
    const { choices } = await openai.chat.completions.create(chat)
    expect(choices[0]?.message.content).toBe(chunks.join(''))
    provider.expectCalls(1)
  })

  it.each(['whole', 'streamed'])('is noted by each of those who joined, with what it saved: %s', async (delivery) => {
    const price = (usage: { output: number }) => ({ nanoUsd: usage.output * 1_000, byMeter: {} })
    const { openai, provider, answers } = cachedClients({ cache: { price }, sluice: { price } })
    provider.enqueue({ text: 'Five days.', usage: { outputTokens: 3 } })
    const ask = (): Promise<unknown> =>
      delivery === 'whole'
        ? openai.chat.completions.create(chat)
        : eventsOf(openai.chat.completions.create({ ...chat, stream: true }))
    const reports = await reportsOf(() => Promise.all([ask(), ask(), ask()]))
    const told = reports.map(({ decisions, cost, attempts }) => ({
      did: decisions.map(({ action, reason }) => `${action} ${reason}`),
      saved: decisions.map(({ savedNanoUsd }) => savedNanoUsd ?? 0).reduce((sum, each) => sum + each, 0),
      cost: cost?.nanoUsd,
      attempts: attempts.length,
    }))
    expect(told).toEqual([
      { did: ['miss absent', 'store exact'], saved: 0, cost: 3_000, attempts: 1 },
      { did: ['miss absent', 'join in_flight'], saved: 3_000, cost: 0, attempts: 0 },
      { did: ['miss absent', 'join in_flight'], saved: 3_000, cost: 0, attempts: 0 },
    ])
    expect(answers.stats().savedNanoUsd).toBe(6_000)
    provider.expectCalls(1)
  })

  it('are not those of another tenant, nor such as the answer repeats something else for', async () => {
    const { openai, provider } = cachedClients({ cache: { tenant: 'context' } })
    const ask = (tenant: string, more: object = {}): Promise<unknown> =>
      withContext({ tenant }, async () => openai.responses.create({ model, input: 'Hi', ...more }))
    await Promise.all([ask('a'), ask('a'), ask('b'), ask('a', { metadata: { order: '1' } })])
    provider.expectCalls(3)
  })

  it('share what failed, and each tries anew', async () => {
    const { openai, provider } = cachedClients()
    provider.fail('http-503')
    const asked = Array.from({ length: 5 }, () => openai.chat.completions.create(chat).catch((error: Error) => error))
    for (const error of await Promise.all(asked)) expect(error).toMatchObject({ status: 503 })
    // As many callers try in turn as flights let, and the others take the failure for their own.
    expect(provider.calls.length).toBeLessThanOrEqual(5)
    provider.heal()
    expect(await decisionsOf(() => openai.chat.completions.create(chat))).toEqual(['miss absent', 'store exact'])
  })

  it('cancel the upstream call when the last of them leaves', async () => {
    const { openai, provider, answers } = cachedClients()
    const streams = await Promise.all([0, 1].map(() => openai.chat.completions.create({ ...chat, stream: true })))
    for (const stream of streams) for await (const _ of stream) break
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
    await nextTurn()
    expect(answers.stats().stores).toBe(0)
  })
})
