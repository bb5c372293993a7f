import type { JsonObject } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import type { GuardsOptions } from '../guards.ts'
import { pii } from '../pii/pii.ts'
import { chatAnswer, chatEvents, recorded, responsesEvents } from '../testing/recorded.ts'

const options: GuardsOptions = { output: [pii()] }
const model = 'gpt-5-mini'
const messages = [{ role: 'user' as const, content: 'q' }]
const address = 'ada@example.com'

async function chunks(...deltas: readonly JsonObject[]): Promise<JsonObject[]> {
  const { openai } = recorded(options, () => chatEvents(...deltas))
  const shown: JsonObject[] = []
  for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true }))
    shown.push(...chunk.choices.map(({ delta }) => delta as JsonObject))
  return shown
}

const cited = { type: 'url_citation', url_citation: { title: address, url: `https://x/${address}` } }

describe('an event that is added for what was held back', () => {
  it('says nothing in chat but the text', async () => {
    const shown = await chunks({ role: 'assistant', content: 'mail Ada', annotations: [cited], citations: [address] })
    expect(shown.map(({ content }) => content ?? '').join('')).toBe('mail Ada')
    expect(shown.filter((delta) => 'role' in delta)).toHaveLength(1)
    expect(shown.filter((delta) => 'annotations' in delta)).toHaveLength(1)
    expect(JSON.stringify(shown[0]?.['annotations'])).not.toContain(address)
    expect(Object.keys(shown[1] ?? {})).toEqual(['content'])
  })

  it('names a function once', async () => {
    const shown = await chunks({ function_call: { name: 'send', arguments: '{"to": "ada@exa' } })
    const calls = shown.flatMap((delta) => (delta['function_call'] ? [delta['function_call'] as JsonObject] : []))
    expect(calls.filter((call) => 'name' in call)).toHaveLength(1)
    expect(calls.map((call) => call['arguments']).join('')).toBe('{"to": "ada@exa')
  })

  it.each(['reasoning_details', 'thinking_blocks'])('does not spell a thought again in %s', async (field) => {
    const parts = [{ type: 'reasoning.text', text: address, thinking: address }]
    const shown = await chunks({ reasoning_content: `mail ${address}`, [field]: parts })
    expect(JSON.stringify(shown)).not.toContain(address)
    expect(JSON.stringify(shown)).toContain('[EMAIL]')
  })

  it('spells no token of a response', async () => {
    const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const delta = (text: string): JsonObject => ({
      type: 'response.output_text.delta',
      ...place,
      delta: text,
      logprobs: [{ token: text, logprob: -1 }],
      obfuscation: 'xyz',
    })
    const part = { type: 'output_text', text: `mail ${address}`, annotations: [], logprobs: [] }
    const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] }
    const { openai } = recorded(options, () => responsesEvents([item], [delta('mail '), delta(address)]))
    const shown: JsonObject[] = []
    for await (const event of await openai.responses.create({ model, input: 'q', stream: true }))
      shown.push(event as unknown as JsonObject)
    expect(JSON.stringify(shown)).not.toContain(address)
    const added = shown.filter((event) => event['delta'] === '[EMAIL]')
    expect(added).toEqual([
      {
        type: 'response.output_text.delta',
        ...place,
        delta: '[EMAIL]',
        logprobs: [],
        sequence_number: expect.any(Number),
      },
    ])
  })
})

describe('thoughts that a gateway spells in parts alone', () => {
  it.each([
    ['reasoning_details', 'text'],
    ['reasoning_details', 'summary'],
    ['thinking_blocks', 'thinking'],
  ])('are checked: %s, %s', async (list, field) => {
    const parts = [{ type: 'reasoning.x', [field]: `mail ${address}`, signature: 'c2ln', data: 'b3BhcXVl' }]
    const { openai } = recorded(options, () => chatAnswer({ content: 'x', [list]: parts }))
    const answer = await openai.chat.completions.create({ model, messages })
    expect(answer.choices[0]?.message).toMatchObject({
      content: 'x',
      [list]: [{ ...parts[0], [field]: 'mail [EMAIL]' }],
    })
  })

  it('go back as they are', async () => {
    const { openai, sent } = recorded({ input: [pii()] }, () => chatAnswer({ content: 'x' }))
    const said = { role: 'assistant' as const, content: 'x', reasoning_details: [{ text: `mail ${address}` }] }
    await openai.chat.completions.create({ model, messages: [...messages, said, ...messages] })
    expect(JSON.stringify(sent[0])).toContain(address)
  })
})
