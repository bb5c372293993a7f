import { describe, expect, it } from 'vitest'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, transports } from '../test-clients.ts'

describe.each(transports)('models, $name', ({ open }) => {
  it('are listed in the shape of either vendor', async () => {
    const provider = fakeProvider()
    await using clients = await open(provider)
    const ids = provider.models.map((model) => model.id)
    const openai = []
    for await (const model of clients.openai.models.list()) openai.push(model.id)
    expect(openai).toEqual(ids)
    const anthropic = []
    for await (const model of clients.anthropic.models.list({ limit: 2 })) anthropic.push(model.id)
    expect(anthropic).toEqual(ids)
    expect(await clients.openai.models.retrieve('gpt-5')).toMatchObject({ id: 'gpt-5', object: 'model' })
    expect(await clients.anthropic.models.retrieve('gpt-5')).toMatchObject({
      id: 'gpt-5',
      type: 'model',
      max_tokens: 64_000,
    })
    await expect(clients.openai.models.retrieve('none')).rejects.toMatchObject({ status: 404 })
  })

  it('are paged backwards too', async () => {
    await using clients = await open(fakeProvider())
    const page = await clients.anthropic.models.list({ limit: 2, before_id: 'claude-opus-4-5' })
    expect(page.data.map((model) => model.id)).toEqual(['gpt-5-mini', 'gpt-5-nano'])
    expect(page.has_more).toBe(true)
  })
})

describe('moderations', () => {
  it('flag by words, one result a text', async () => {
    const { openai } = inMemory(fakeProvider())
    const { results } = await openai.moderations.create({ input: ['Where is my card?', 'I will kill you'] })
    expect(results.map((result) => result.flagged)).toEqual([false, true])
    expect(results[1]?.categories.violence).toBe(true)
    expect(results[1]?.category_scores.violence).toBeGreaterThan(0.5)
    const parts = [{ type: 'text' as const, text: 'You idiot' }]
    expect((await openai.moderations.create({ input: parts })).results[0]?.categories.harassment).toBe(true)
    await expect(openai.moderations.create({ input: [] })).rejects.toMatchObject({ status: 400 })
  })
})
