import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embedderContract } from '../testing/embedder-contract.ts'
import { lexicalEmbedder, type LexicalEmbedderOptions } from './lexical-embedder.ts'

async function similarity(a: string, b: string): Promise<number> {
  const [one, other] = (await lexicalEmbedder().embed([a, b])) as [Float32Array, Float32Array]
  return one.reduce((sum, value, at) => sum + value * (other[at] as number), 0)
}

describe('lexicalEmbedder', () => {
  for (const dimensions of [384, 64])
    describe(`${dimensions} dimensions`, () => {
      const make = () => lexicalEmbedder({ dimensions })
      for (const { name, run } of embedderContract(() => ({ embedder: make(), twin: make() }))) it(name, run)
    })

  it('says what it is', () => {
    expect(lexicalEmbedder()).toMatchObject({ id: 'lexical-v1-384', dimensions: 384 })
    expect(lexicalEmbedder({ dimensions: 1_024 })).toMatchObject({ id: 'lexical-v1-1024', dimensions: 1_024 })
  })

  it('gives the same vectors for ever: whoever changes them must change the id', async () => {
    const texts = ['How long does a new card take?', 'Straße № 5: 3.14 €', '私のカードは?', '']
    const vectors = await lexicalEmbedder({ dimensions: 8 }).embed(texts)
    expect(vectors.map((vector) => Array.from(vector, (value) => Math.round(value * 1_000)).join(' '))).toEqual([
      '621 769 0 43 0 -148 0 0',
      '-396 528 396 93 396 -396 132 -264',
      '715 0 -357 -484 179 179 -179 -179',
      '0 0 0 0 -1000 0 0 0',
    ])
  })

  it.each([
    ['case and punctuation', 'How do I reset my password?', 'how do i reset my password', 0.999],
    ['apostrophes', "I can't log in", 'I cant log in', 0.999],
    ['full width and ligatures', 'Ｈｅｌｌｏ ﬁle', 'hello file', 0.999],
    ['spaces', 'a   b\n\nc', 'a b c', 0.999],
    ['politeness', 'How do I reset my password?', 'Hello, please tell me how do I reset my password, thanks', 0.7],
    ['a typo', 'How do I reset my password?', 'How do I reset my pasword?', 0.7],
    ['words that changed places', 'reset the password of my account', 'of my account reset the password', 0.8],
  ])('holds for alike what differs in %s', async (_what, a, b, least) => {
    expect(await similarity(a, b)).toBeGreaterThanOrEqual(least)
  })

  it.each([
    ['other words for the same', 'How do I reset my password?', 'I cannot log in any more', 0.4],
    ['nothing in common', 'How do I reset my password?', 'Where is the nearest cash machine?', 0.3],
    ['Greek and Latin', 'αβγ δεζ', 'abg dez', 0.2],
    ['numbers with other separators', '3.14', '314', 0.5],
    ['symbols', 'a < b', 'a > b', 0.9],
  ])('does not hold for alike: %s', async (_what, a, b, most) => {
    expect(await similarity(a, b)).toBeLessThan(most)
  })

  it('does not know opposites, as it says', async () => {
    expect(await similarity('turn the lights on', 'turn the lights off')).toBeGreaterThan(0.6)
  })

  it('gives a direction to any text, also to none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        const [vector, again] = await lexicalEmbedder({ dimensions: 32 }).embed([text, text])
        expect(vector).toEqual(again)
        const length = Math.sqrt((vector as Float32Array).reduce((sum, value) => sum + value * value, 0))
        expect(Math.abs(length - 1)).toBeLessThan(1e-6)
      }),
      { numRuns: 300 },
    )
  })

  it.each<[LexicalEmbedderOptions | object, string]>([
    [{ dimensions: 7 }, 'dimensions'],
    [{ dimensions: 65_537 }, 'dimensions'],
    [{ dimensions: 100.5 }, 'dimensions'],
    [{ dimensions: '384' }, 'dimensions'],
    [{ size: 384 }, '"size"'],
  ])('refuses %j', (options, named) => {
    expect(() => lexicalEmbedder(options)).toThrow(named)
    expect(() => lexicalEmbedder(options)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
