import { describe, expect, it } from 'vitest'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, transports } from '../test-clients.ts'

const model = 'text-embedding-3-small'

describe.each(transports)('embeddings, $name', ({ open }) => {
  it('are the same as numbers and as base64, which the SDK asks for by itself', async () => {
    const provider = fakeProvider()
    await using clients = await open(provider)
    const input = ['I lost my card', 'my card is lost']
    const decoded = await clients.openai.embeddings.create({ model, input })
    expect(provider.lastCall?.body).toMatchObject({ encoding_format: 'base64' })
    const floats = await clients.openai.embeddings.create({ model, input, encoding_format: 'float' })
    expect(decoded.data[0]?.embedding).toHaveLength(1536)
    expect(decoded.data[1]?.embedding).toEqual(floats.data[1]?.embedding)
    expect(decoded.usage).toEqual({ prompt_tokens: 8, total_tokens: 8 })
  })
})

describe('embeddings', () => {
  const ask = (body: object) =>
    inMemory(fakeProvider()).openai.embeddings.create({ model, input: 'x', encoding_format: 'float', ...body })

  it('have the dimensions asked for', async () => {
    expect((await ask({ dimensions: 256 })).data[0]?.embedding).toHaveLength(256)
  })

  it('count token ids as tokens', async () => {
    expect((await ask({ input: [1, 2, 3] })).usage.prompt_tokens).toBe(3)
    expect((await ask({ input: [[1, 2], [3]] })).data).toHaveLength(2)
  })

  it.each([
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['a', ''] }, 'input'],
    [{ dimensions: 0 }, 'dimensions'],
    [{ dimensions: 100_000 }, 'dimensions'],
    [{ encoding_format: 'hex' }, 'encoding_format'],
  ])('refuse %o', async (body, param) => {
    await expect(ask(body)).rejects.toMatchObject({ status: 400, param })
  })

  it('refuse an input that does not fit the model', async () => {
    await expect(ask({ input: 'word '.repeat(9000) })).rejects.toMatchObject({ code: 'context_length_exceeded' })
  })
})
