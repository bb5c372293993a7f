import { describe, expect, it } from 'vitest'
import { pii } from '../pii/pii.ts'
import { chatAnswer, recorded } from '../testing/recorded.ts'

const model = 'gpt-5-mini'
const record = {
  note: 'Wrote:\n4539578763621486\n\tDE89370400440532013000\nada\u0040example.com',
  card: 4539578763621486,
}
const clean = { note: 'Wrote:\n[CARD]\n\t[IBAN]\n[EMAIL]', card: '[CARD]' }

describe('texts of a request that are JSON', () => {
  it.each(['user', 'system', 'assistant'] as const)('are read with their escapes undone: %s', async (role) => {
    const roles = ['user', 'system', 'assistant'] as const
    const { openai, sent } = recorded({ input: [pii()], roles }, () => chatAnswer({ content: 'x' }))
    const content = JSON.stringify(record).replaceAll('@', String.raw`\u0040`)
    await openai.chat.completions.create({ model, messages: [{ role, content }] })
    const { messages } = sent[0] as { messages?: { content: string }[] }
    expect(JSON.parse(messages?.[0]?.content ?? '')).toEqual(clean)
  })

  it('are read so as documents and inputs of embeddings', async () => {
    const { anthropic, openai, sent } = recorded({ input: [pii()] }, () => ({ data: [], model, usage: {} }))
    const data = JSON.stringify(record)
    await openai.embeddings.create({ model, input: data, encoding_format: 'float' })
    const source = { type: 'text' as const, media_type: 'text/plain' as const, data }
    const content = [{ type: 'document' as const, source }]
    await anthropic.messages.create({ model, max_tokens: 9, messages: [{ role: 'user', content }] })
    for (const body of sent) expect(JSON.stringify(body)).toContain(JSON.stringify(JSON.stringify(clean)).slice(1, -1))
  })

  it('that only begin like it stay as they are but for what is found', async () => {
    const { openai, sent } = recorded({ input: [pii()] }, () => chatAnswer({ content: 'x' }))
    const content = String.raw`[note] C:\new ada@example.com {"a": 1`
    await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    expect(sent[0]).toMatchObject({ messages: [{ content: content.replace('ada@example.com', '[EMAIL]') }] })
  })
})
