import { describe, expect, it } from 'vitest'
import { fold } from '../api.ts'
import { openaiChat } from './index.ts'
import type { ChatAnswer, ChatEvent } from './wire.ts'

const content = [
  { type: 'thinking', thinking: [{ type: 'text', text: 'Paris or Lyon?' }] },
  { type: 'text', text: 'It is ' },
  { type: 'reference', reference_ids: [1] },
  { type: 'text', text: 'Paris.' },
]
const answer = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'magistral',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
} as unknown as ChatAnswer

describe('an answer whose content is a list of parts', () => {
  it('has their texts, and the thoughts among them', () => {
    expect(openaiChat.answerText(answer).map(({ part, channel, text }) => `${part} ${channel}: ${text}`)).toEqual([
      '0.content.0.0 reasoning: Paris or Lyon?',
      '0.content.1 text: It is ',
      '0.content.3 text: Paris.',
    ])
    expect(openaiChat.answer(answer).choices[0]?.text).toBe('It is Paris.')
    const changed = openaiChat.mapAnswer(answer, ({ text }) => text.toUpperCase())
    expect(changed.choices[0]?.message.content).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'PARIS OR LYON?' }] },
      { type: 'text', text: 'IT IS ' },
      content[2],
      { type: 'text', text: 'PARIS.' },
    ])
  })

  it('is streamed whole, and folds back', () => {
    expect(fold(openaiChat, openaiChat.replay(answer))).toEqual(answer)
  })

  it('grows part by part where a server streams it so', () => {
    const event = {
      choices: [{ index: 0, delta: { content: [{ type: 'text', text: 'It is ' }] } }],
    } as unknown as ChatEvent
    expect(openaiChat.delta(event)).toEqual([
      { part: '0.content.0', choice: 0, channel: 'text', text: 'It is ', mode: 'delta' },
    ])
    const said = openaiChat.mapDelta(event, ({ text }) => text.toUpperCase())
    expect(said.choices[0]?.delta.content).toEqual([{ type: 'text', text: 'IT IS ' }])
  })
})
