import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embedderContract } from '../testing/embedder-contract.ts'
import { localEmbedder } from './local-embedder.ts'
import { tinyDimensions, writeTinyModel } from './tiny-model.ts'

let directory: string
const path = (name: string): string => join(directory, name)

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-model-'))
  for (const [at, name] of ['tiny', 'other', 'changed', 'broken', 'wordless'].entries()) writeTinyModel(path(name), at)
  // Loaded once here, since that takes a second.
  await localEmbedder(path('tiny')).embed(['a'])
})
afterAll(() => rmSync(directory, { recursive: true }))

const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  (a as Float32Array).reduce((sum, value, at) => sum + value * ((b as Float32Array)[at] as number), 0)

describe('localEmbedder', () => {
  for (const options of [{}, { prefix: 'query: ' }])
    describe(JSON.stringify(options), () => {
      const make = () => localEmbedder(path('tiny'), options)
      for (const { name, run } of embedderContract(() => ({ embedder: make(), twin: make() }))) it(name, run)
    })

  it('pools as it is told', async () => {
    const vectorOf = async (text: string, pooling: 'mean' | 'cls' | 'last_token'): Promise<Float32Array | undefined> =>
      (await localEmbedder(path('tiny'), { pooling }).embed([text]))[0]
    // First and last are [CLS] and [SEP], whatever the text, and have nothing to do with each other.
    for (const pooling of ['cls', 'last_token'] as const)
      expect(cosine(await vectorOf('a', pooling), await vectorOf('bc', pooling))).toBeCloseTo(1, 6)
    expect(cosine(await vectorOf('a', 'cls'), await vectorOf('a', 'last_token'))).toBeLessThan(0.9)
    expect(cosine(await vectorOf('a', 'mean'), await vectorOf('bc', 'mean'))).toBeLessThan(0.99)
  })

  it('tells the length of its vectors before there are any', async () => {
    const embedder = localEmbedder(path('tiny'))
    expect(embedder.dimensions).toBe(tinyDimensions)
    expect((await embedder.embed(['a']))[0]).toHaveLength(tinyDimensions)
  })

  it('cuts what is longer than the model takes', async () => {
    const [long, longer] = await localEmbedder(path('tiny')).embed(['a '.repeat(100), 'a '.repeat(200)])
    expect(long).toEqual(longer)
  })

  it('has another id for another model, another pooling, another prefix, and other weights in the same place', () => {
    const before = localEmbedder(path('changed')).id
    const file = path('changed/onnx/model.onnx')
    const weights = readFileSync(file)
    weights.writeFloatLE(0.25, weights.length - 200)
    writeFileSync(file, weights)
    const ids = [
      before,
      localEmbedder(path('changed')).id,
      localEmbedder(path('other')).id,
      localEmbedder(path('tiny')).id,
      localEmbedder(path('tiny'), { pooling: 'cls' }).id,
      localEmbedder(path('tiny'), { prefix: 'query: ' }).id,
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('names the file that is missing, at construction', () => {
    rmSync(path('wordless/tokenizer.json'))
    for (const [name, options, file] of [
      ['nowhere', {}, 'nowhere/config.json'],
      ['wordless', {}, 'wordless/tokenizer.json'],
      ['tiny', { weights: 'q8' }, 'tiny/onnx/model_quantized.onnx'],
    ] as const) {
      expect(() => localEmbedder(path(name), options)).toThrow(`cannot read ${path(file)}`)
      expect(() => localEmbedder(path(name), options)).toThrow(expect.objectContaining({ code: 'config.model' }))
    }
  })

  it('says so when a model does not load', async () => {
    writeFileSync(path('broken/onnx/model.onnx'), 'no model')
    await expect(localEmbedder(path('broken')).embed(['a'])).rejects.toMatchObject({ code: 'cache.model', status: 500 })
  })

  it('stops between texts when it is given up', async () => {
    const controller = new AbortController()
    const embedder = localEmbedder(path('tiny'))
    const all = embedder.embed(
      Array.from({ length: 50 }, (_, at) => `text ${at}`),
      { signal: controller.signal },
    )
    const alone = embedder.embed(['alone'])
    controller.abort(new Error('left'))
    await expect(all).rejects.toThrow('left')
    expect(await alone).toHaveLength(1)
  })

  it.each([
    ['', {}],
    [undefined, {}],
    ['models', { pooling: 'max' }],
    ['models', { weights: 'q2' }],
    ['models', { prefix: 1 }],
    ['models', { dtype: 'q8' }],
  ])('refuses %j, %j', (...args) => {
    expect(() => Reflect.apply(localEmbedder, undefined, args) as unknown).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
  })
})
