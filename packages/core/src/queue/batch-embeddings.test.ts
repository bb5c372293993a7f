import fc from 'fast-check'
import OpenAI, { BadRequestError, RateLimitError } from 'openai'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withContext } from '../context.ts'
import { rateLimit } from '../limits/index.ts'
import { withReport } from '../report.ts'
import { sluice } from '../sluice.ts'
import { fakeClock, fakeProvider } from '../testing/index.ts'
import { batchEmbeddings, type BatchEmbeddingsOptions } from './batch-embeddings.ts'
import { sharedTokens } from './share-batch.ts'

const model = 'text-embedding-3-small'
const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )
type Params = Partial<OpenAI.EmbeddingCreateParams>

function setUp(options: BatchEmbeddingsOptions = {}, before: () => Promise<void> = async () => undefined) {
  const clock = fakeClock()
  const provider = fakeProvider()
  const fetch: typeof globalThis.fetch = async (...args) => before().then(() => provider.fetch(...args))
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch, maxRetries: 0 }), [batchEmbeddings({ ...options, clock })])
  const plain = new OpenAI({ apiKey: 'test', fetch: fakeProvider().fetch, maxRetries: 0 })
  const embed = (input: string | string[], more: Params = {}, init?: OpenAI.RequestOptions) =>
    openai.embeddings.create({ model, input, ...more }, init)
  return { clock, provider, openai, plain, embed }
}

const sizes = (provider: ReturnType<typeof fakeProvider>): unknown[] =>
  provider.calls.map(({ body }) => (Array.isArray(body?.['input']) ? body['input'].length : body?.['input']))

async function settle(): Promise<void> {
  for (let turns = 0; turns < 12; turns += 1) await turn()
}

describe('batchEmbeddings', () => {
  it('sends texts that come together as one, and gives each the vector it would have got alone', async () => {
    const { clock, provider, embed, plain } = setUp()
    const texts = ['a cat', 'a much longer sentence about dogs and their owners', 'x']
    const { value: answers, reports } = await clock.run(withReport(() => Promise.all(texts.map((text) => embed(text)))))
    provider.expectCalls(1)
    expect(sizes(provider)).toEqual([3])
    let tokens = 0
    for (const [at, answer] of answers.entries()) {
      const own = await plain.embeddings.create({ model, input: texts[at] as string })
      expect(answer.data).toHaveLength(1)
      expect(answer.data[0]).toEqual(own.data[0])
      tokens += answer.usage.total_tokens
      expect(reports[at]?.usage?.fresh).toBe(answer.usage.prompt_tokens)
      expect(reports[at]?.decisions).toMatchObject([
        { by: 'batchEmbeddings', action: 'batched', details: { items: 3 } },
      ])
      expect(reports[at]?.attempts).toHaveLength(1)
    }
    expect(tokens).toBe(provider.lastCall?.usage?.inputTokens)
    expect(answers[1]?.usage.prompt_tokens).toBeGreaterThan(answers[2]?.usage.prompt_tokens ?? 0)
  })

  it('sends as soon as it is full, and lets one alone pass as it came', async () => {
    const { clock, provider, embed } = setUp({ maxItems: 2, maxWaitMs: 50 })
    const five = Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => embed(text)))
    await settle()
    expect(sizes(provider)).toEqual([2, 2])
    await clock.run(five)
    expect(sizes(provider)).toEqual([2, 2, 'e'])
    const wide = setUp({ maxCharacters: 10 })
    await wide.clock.run(Promise.all(['12345', '1234', '1234567', '12'].map((text) => wide.embed(text))))
    expect(sizes(wide.provider)).toEqual([2, 2])
  })

  it('keeps apart what differs, and leaves alone what is no single text', async () => {
    const { clock, provider, embed, openai } = setUp()
    await clock.run(
      Promise.all([
        embed('a'),
        embed('b', { dimensions: 8 }),
        embed('c', { encoding_format: 'float' }),
        embed(['d']),
        embed(['e', 'f']),
        withContext({ tenant: 't' }, () => embed('g')),
        openai.withOptions({ apiKey: 'other' }).embeddings.create({ model, input: 'h' }),
        openai.embeddings.create({ model, input: [1, 2, 3] }),
      ]),
    )
    expect(sizes(provider).filter((size) => size === 2)).toHaveLength(2)
    provider.expectCalls(7)
  })

  it('makes a bad text fail by itself, and any other failure everybody’s', async () => {
    const { clock, provider, embed } = setUp()
    provider.fail('bad-request', { times: 1 })
    await clock.run(Promise.all(['a', 'b', 'c'].map((text) => embed(text))))
    expect(sizes(provider)).toEqual([3, 'a', 'b', 'c'])
    provider.clear()
    provider.fail('bad-request', { times: 2 })
    const mixed = await clock.run(Promise.all(['a', 'b', 'c'].map((text) => caught(embed(text)))))
    expect(mixed.filter((error) => error instanceof BadRequestError)).toHaveLength(1)
    provider.clear()
    provider.fail('http-429', { times: 1 })
    const refused = await clock.run(Promise.all(['a', 'b'].map((text) => caught(embed(text)))))
    expect(refused.every((error) => error instanceof RateLimitError)).toBe(true)
    expect((refused[1] as RateLimitError).message).toBe((refused[0] as RateLimitError).message)
    provider.fail('reset-before-headers', { times: 1 })
    const broken = await clock.run(Promise.all(['a', 'b'].map((text) => caught(embed(text)))))
    expect(broken.every((error) => error instanceof OpenAI.APIConnectionError)).toBe(true)
    provider.expectCalls(2)
  })

  it('goes on for the others when one is aborted, and ends when all are', async () => {
    const gate = Promise.withResolvers<void>()
    const { clock, provider, embed } = setUp({ maxWaitMs: 10 }, () => gate.promise)
    const [a, b, c] = [new AbortController(), new AbortController(), new AbortController()]
    const early = caught(embed('early', {}, { signal: a.signal }))
    const carrier = caught(embed('carrier', {}, { signal: b.signal }))
    const other = embed('other', {}, { signal: c.signal })
    await settle()
    a.abort()
    expect(await early).toBeInstanceOf(OpenAI.APIUserAbortError)
    await clock.advance(10)
    await settle()
    b.abort()
    expect(await carrier).toBeInstanceOf(OpenAI.APIUserAbortError)
    gate.resolve()
    expect((await other).data).toHaveLength(1)
    expect(sizes(provider)).toEqual([2])

    provider.fail('silence')
    const [d, e] = [new AbortController(), new AbortController()]
    const both = [d, e].map(({ signal }, at) => caught(embed(`${at}`, {}, { signal })))
    await settle()
    await clock.advance(10)
    await settle()
    d.abort()
    await settle()
    expect(provider.pending).toHaveLength(1)
    e.abort()
    for (const error of await Promise.all(both)) expect(error).toBeInstanceOf(OpenAI.APIUserAbortError)
    await provider.settled()
    expect(clock.pendingSleeps).toBe(0)

    const alone = new AbortController()
    const gone = caught(embed('x', {}, { signal: alone.signal }))
    await settle()
    alone.abort()
    await gone
    expect(clock.pendingSleeps).toBe(0)
  })

  it('counts for limits as what each took', async () => {
    const clock = fakeClock()
    const provider = fakeProvider()
    const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 }), [
      rateLimit({ by: 'all', requestsPerMinute: 3, tokensPerMinute: 10_000, clock }),
      batchEmbeddings({ clock }),
    ])
    const embed = () => caught(openai.embeddings.create({ model, input: 'some text' }))
    const results = await clock.run(Promise.all([embed(), embed(), embed(), embed()]))
    expect(results.filter((error) => error instanceof RateLimitError)).toHaveLength(1)
    expect(sizes(provider)).toEqual([3])
    expect(await clock.run(embed())).toBeInstanceOf(RateLimitError)
  })

  it('shares tokens so that they sum to the total', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(fc.nat(5_000), { minLength: 1, maxLength: 50 }), (total, weights) => {
        const shares = sharedTokens(total, weights)
        expect(shares.reduce((sum, one) => sum + one, 0)).toBe(total)
        const sum = weights.reduce((all, one) => all + one, 0)
        for (const [at, share] of shares.entries())
          if (sum > 0) expect(Math.abs(share - (total * (weights[at] ?? 0)) / sum)).toBeLessThan(1)
      }),
    )
  })

  it.each([
    [{ maxItems: 1 }, 'maxItems'],
    [{ maxItems: 5_000 }, 'at most 2048'],
    [{ maxWaitMs: -1 }, 'maxWaitMs'],
    [{ maxWaitMs: Number.NaN }, 'got NaN'],
    [{ maxCharacters: 0 }, 'maxCharacters'],
    [{ clock: {} }, 'clock'],
    [{ size: 3 }, 'no option "size"'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => batchEmbeddings(options as BatchEmbeddingsOptions)).toThrow(message)
  })
})
