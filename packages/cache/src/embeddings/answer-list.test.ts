import type { Embedding, EmbeddingCreateParams } from 'openai/resources/embeddings'
import { withContext } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { cachedClients, decisionsOf, reportsOf, type ClientWorld } from '../cache-fixture.ts'

const model = 'text-embedding-3-small'
const embed = ({ openai }: ClientWorld, input: EmbeddingCreateParams['input'], more: object = {}) =>
  openai.embeddings.create({ model, input, ...more })
const vectors = (data: readonly Embedding[]): string[] => data.map(({ embedding }) => JSON.stringify(embedding))
const inputsOf = ({ provider }: ClientWorld): unknown[] => provider.calls.map(({ body }) => body?.['input'])

describe('embeddings of a list', () => {
  it('are cached item by item: only what is not known is asked for, in order', async () => {
    const world = cachedClients()
    const bare = await embed(cachedClients(), ['a', 'b', 'c', 'd'])
    await embed(world, 'b')
    await embed(world, ['c', 'x'])
    const { data: answer, response } = await embed(world, ['a', 'b', 'c', 'd']).withResponse()
    expect(vectors(answer.data)).toEqual(vectors(bare.data))
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(response.headers.get('x-sluice-cache')).toBe('partial')
    expect(inputsOf(world)).toEqual(['b', ['c', 'x'], ['a', 'd']])
    const { data: again, response: hit } = await embed(world, ['d', 'c', 'b', 'a']).withResponse()
    expect(vectors(again.data)).toEqual(vectors(bare.data).toReversed())
    expect(hit.headers.get('x-sluice-cache')).toBe('hit')
    expect((await embed(world, 'd')).data).toEqual([{ ...bare.data[3], index: 0 }])
    world.provider.expectCalls(3)
  })

  it('count the tokens that the provider was asked for, and say what the rest saved', async () => {
    const price = (usage: { fresh: number }) => ({ nanoUsd: usage.fresh * 100, byMeter: {} })
    const world = cachedClients({ cache: { price }, sluice: { price } })
    const words = ['one', 'two words', 'three words here']
    const { usage } = await embed(world, words)
    const hit = await embed(world, words)
    expect(hit.usage).toEqual(usage)
    const [partial] = await reportsOf(() => embed(world, [...words, 'and four more words']))
    const alone = await embed(cachedClients(), ['and four more words'])
    expect(partial?.usage?.fresh).toBe(alone.usage.prompt_tokens)
    expect(partial?.decisions).toMatchObject([
      { action: 'miss', reason: 'partial', savedNanoUsd: usage.prompt_tokens * 100, details: { items: 4, missing: 1 } },
      { action: 'store', reason: 'exact' },
    ])
    expect(partial?.cost?.nanoUsd).toBe(alone.usage.prompt_tokens * 100)
    expect(world.answers.stats()).toMatchObject({ hits: 6, misses: 4, stores: 4 })
  })

  it('are asked for once where an input comes twice, or two lists are asked for at the same time', async () => {
    const world = cachedClients()
    const answer = await embed(world, ['a', 'b', 'a'])
    expect(inputsOf(world)).toEqual([['a', 'b']])
    expect(vectors(answer.data)[0]).toBe(vectors(answer.data)[2])
    const [first, second] = await Promise.all([embed(world, ['a', 'x', 'y']), embed(world, ['a', 'x', 'y'])])
    expect(second).toEqual(first)
    expect(inputsOf(world)).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ])
  })

  it('are apart by model, parameters, encoding and tenant', async () => {
    const world = cachedClients({ cache: { tenant: 'context' } })
    const asked: [string, object][] = [
      ['acme', {}],
      ['acme', { dimensions: 64 }],
      ['acme', { encoding_format: 'float' }],
      ['acme', { model: 'text-embedding-3-large' }],
      ['other', {}],
    ]
    for (const [tenant, more] of asked)
      for (const _ of [0, 1]) await withContext({ tenant }, async () => embed(world, ['a', 'b'], more))
    world.provider.expectCalls(asked.length)
    expect(await decisionsOf(() => embed(world, ['a', 'b']))).toEqual(['bypass no_tenant'])
  })

  it('may be of tokens', async () => {
    const world = cachedClients()
    await embed(world, [
      [1, 2],
      [3, 4],
    ])
    await embed(world, [[3, 4]])
    // One list of tokens is one input.
    await embed(world, [3, 4])
    world.provider.expectCalls(1)
  })

  it('that are over are asked for again, and served should that fail', async () => {
    const world = cachedClients({ cache: { ttlMs: 1_000, staleIfErrorMs: 5_000, staleWhileRevalidateMs: 500 } })
    const first = await embed(world, ['a', 'b'])
    for (const ms of [1_200, 1_000]) {
      await world.clock.advance(ms)
      for (const fault of ['http-503', 'reset-before-headers'] as const) {
        world.provider.heal().fail(fault)
        const { data, response } = await embed(world, ['b', 'a']).withResponse()
        expect(vectors(data.data)).toEqual(vectors(first.data).toReversed())
        expect(response.headers.get('x-sluice-cache')).toBe('stale')
      }
    }
    await expect(embed(world, ['a', 'c'])).rejects.toThrow('onnection')
    world.provider.heal().fail('bad-request')
    await expect(embed(world, ['a', 'b'])).rejects.toMatchObject({ status: 400 })
    world.provider.heal()
    await embed(world, ['a', 'b'])
    expect(await decisionsOf(() => embed(world, ['a', 'b']))).toEqual(['hit exact'])
  })

  it('are the provider’s where it answers something else than was asked for', async () => {
    const sent: unknown[] = []
    const vector = { object: 'embedding', index: 0, embedding: [0.5] }
    const world = cachedClients({
      fetch: async (_, init) => {
        sent.push(JSON.parse(init?.body as string).input)
        return Response.json({ object: 'list', model, data: [vector] })
      },
    })
    const float = { encoding_format: 'float' }
    await embed(world, ['a'], float)
    const { data } = await embed(world, ['a', 'b', 'c'], float)
    expect(data).toEqual([vector])
    expect(sent).toEqual([['a'], ['b', 'c'], ['a', 'b', 'c']])
    expect(world.answers.stats().stores).toBe(1)
  })

  it('share the tokens of a call among its items, to the last one', async () => {
    const world = cachedClients()
    const inputs = ['a', 'bb', 'ccc', 'dddd', 'e']
    const { usage } = await embed(world, inputs)
    let sum = 0
    for (const input of inputs) sum += (await embed(world, input)).usage.prompt_tokens
    expect(sum).toBe(usage.prompt_tokens)
    world.provider.expectCalls(1)
  })
})
