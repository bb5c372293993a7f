import { sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { embedderContract } from '../testing/embedder-contract.ts'
import { openaiEmbedder, type OpenAIEmbedderOptions } from './openai-embedder.ts'

const model = 'text-embedding-3-small'

const clientOf = (send: typeof fetch): OpenAI => new OpenAI({ apiKey: 'test', fetch: send, maxRetries: 0 })

/** A client of a server that answers with this, and the bodies that were sent. */
function answering(answer: (input: readonly string[]) => unknown): {
  client: OpenAI
  bodies: Record<string, unknown>[]
} {
  const bodies: Record<string, unknown>[] = []
  const client = clientOf(async (_url, init) => {
    const body = JSON.parse(String(init?.body)) as { input: string[] }
    bodies.push(body)
    return Response.json(answer(body.input))
  })
  return { client, bodies }
}

const listOf = (embeddings: readonly unknown[]): object => ({
  object: 'list',
  data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
})

describe('openaiEmbedder', () => {
  for (const options of [{}, { dimensions: 64, prefix: 'query: ', maxBatch: 2 }] as const)
    describe(JSON.stringify(options), () => {
      const provider = fakeProvider()
      const make = () => openaiEmbedder(clientOf(provider.fetch), model, options)
      for (const { name, run } of embedderContract(() => ({ embedder: make(), twin: make() }))) it(name, run)
    })

  it('reads base64 and numbers as the same vectors, and puts them in the order of the texts', async () => {
    const numbers = [
      [3, 4],
      [0, -2],
    ]
    const base64 = numbers.map((vector) => Buffer.from(Float32Array.from(vector).buffer).toString('base64'))
    for (const embeddings of [numbers, base64]) {
      const { client, bodies } = answering(() => {
        const { data, ...rest } = listOf(embeddings) as { data: object[] }
        return { ...rest, data: data.toReversed() }
      })
      const [a, b] = await openaiEmbedder(client, 'bge').embed(['a', 'b'])
      expect([...(a ?? [])]).toEqual([3 / 5, 4 / 5].map(Math.fround))
      expect([...(b ?? [])]).toEqual([0, -1])
      expect(bodies).toEqual([{ model: 'bge', input: ['a', 'b'], encoding_format: 'base64' }])
    }
  })

  it('sends what its options say, in batches', async () => {
    const { client, bodies } = answering((input) => listOf(input.map(() => [1, 2, 3])))
    const embedder = openaiEmbedder(client, 'e5', { dimensions: 3, prefix: 'query: ', maxBatch: 2 })
    expect(await embedder.embed(['a', 'b', 'c'])).toHaveLength(3)
    expect(bodies.map(({ input }) => input)).toEqual([['query: a', 'query: b'], ['query: c']])
    expect(bodies.map(({ dimensions }) => dimensions)).toEqual([3, 3])
  })

  it('knows the length of what OpenAI has, and of what is asked for', () => {
    const { client } = answering(() => ({}))
    expect(openaiEmbedder(client, model).dimensions).toBe(1_536)
    expect(openaiEmbedder(client, model, { dimensions: 256 }).dimensions).toBe(256)
    expect(openaiEmbedder(client, 'bge-small').dimensions).toBeUndefined()
    expect(openaiEmbedder(client, 'toString').dimensions).toBeUndefined()
  })

  it('has another id for everything that changes its vectors, and for nothing else', () => {
    const { client } = answering(() => ({}))
    const settings: OpenAIEmbedderOptions[] = [{}, { dimensions: 8 }, { prefix: 'q' }, { version: 'q' }]
    const ids = settings.map((options) => openaiEmbedder(client, model, options).id)
    expect(new Set([...ids, openaiEmbedder(client, 'other').id]).size).toBe(5)
    expect(openaiEmbedder(client, model, { maxBatch: 7 }).id).toBe(ids[0])
  })

  it.each([
    ['an answer without data', {}],
    ['too few', listOf([[1, 2]])],
    ['too many', listOf([[1], [2], [3]])],
    ['one twice', { data: [0, 0].map((index) => ({ index, embedding: [1, 2] })) }],
    ['what is no vector', listOf([[1, 2], { a: 1 }])],
    ['cut base64', listOf([[1, 2], 'AAAA'])],
  ])('refuses %s', async (_name, answer) => {
    const { client } = answering(() => answer)
    await expect(openaiEmbedder(client, 'bge').embed(['a', 'b'])).rejects.toMatchObject({
      code: 'cache.embedding',
      status: 502,
    })
  })

  it('refuses vectors of another length than was asked for, and ones without a direction', async () => {
    const { client } = answering((input) => listOf(input.map(() => [0, 0])))
    await expect(openaiEmbedder(client, 'bge', { dimensions: 3 }).embed(['a'])).rejects.toMatchObject({
      code: 'cache.dimensions',
    })
    await expect(openaiEmbedder(client, 'bge').embed(['a'])).rejects.toMatchObject({ code: 'cache.vector' })
  })

  it('rejects with what the client rejects with, also when it is given up', async () => {
    const failing = clientOf(fakeProvider().fail('http-503').fetch)
    await expect(openaiEmbedder(failing, model).embed(['a'])).rejects.toBeInstanceOf(OpenAI.InternalServerError)
    const silent = fakeProvider().fail('silence')
    const controller = new AbortController()
    const embedding = openaiEmbedder(clientOf(silent.fetch), model).embed(['a'], { signal: controller.signal })
    setImmediate(() => controller.abort())
    await expect(embedding).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
  })

  it('works through a pipeline', async () => {
    const provider = fakeProvider()
    const embedder = openaiEmbedder(sluice(clientOf(provider.fetch), []), model)
    expect(await embedder.embed(['a'])).toEqual(await openaiEmbedder(clientOf(provider.fetch), model).embed(['a']))
  })

  it('refuses what is no client, no model, and options that are none', () => {
    const { client } = answering(() => ({}))
    const bad =
      (...args: unknown[]) =>
      () =>
        Reflect.apply(openaiEmbedder, undefined, args) as unknown
    for (const args of [
      ['sk-1', model],
      [null, model],
      [{}, model],
      [client, ''],
      [client, undefined],
      [client, model, { dimensions: 0 }],
      [client, model, { maxBatch: 2_049 }],
      [client, model, { prefix: 3 }],
      [client, model, { version: null }],
      [client, model, { batch: 3 }],
    ])
      expect(bad(...args)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
