import { describe, expect, it } from 'vitest'
import { anthropicMessages, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses } from '../api/index.ts'
import { outputLimitOf, withOutputLimit } from './output-limit.ts'

const messages = [{ role: 'user' as const, content: 'Hi' }]

describe('the output limit of a request', () => {
  it('is found in every dialect, with the answers that are paid for', () => {
    const chat = { model: 'm', messages }
    expect(outputLimitOf(openaiChat, chat)).toEqual({ maxTokens: undefined, choices: 1, hasOutput: true })
    expect(outputLimitOf(openaiChat, { ...chat, max_tokens: 9, n: 3 })).toMatchObject({ maxTokens: 9, choices: 3 })
    expect(outputLimitOf(openaiChat, { ...chat, max_tokens: 9, max_completion_tokens: 5 }).maxTokens).toBe(5)
    expect(outputLimitOf(openaiChat, { ...chat, max_completion_tokens: null }).maxTokens).toBeUndefined()
    expect(outputLimitOf(openaiResponses, { model: 'm', input: 'Hi', max_output_tokens: 40 }).maxTokens).toBe(40)
    expect(outputLimitOf(openaiCompletions, { model: 'm', prompt: ['a', 'b'], best_of: 3 })).toMatchObject({
      maxTokens: 16,
      choices: 6,
    })
    expect(outputLimitOf(openaiCompletions, { model: 'm', prompt: [1, 2] })).toMatchObject({ choices: 1 })
    expect(outputLimitOf(openaiEmbeddings, { model: 'm', input: 'Hi' })).toMatchObject({
      maxTokens: 0,
      hasOutput: false,
    })
    expect(outputLimitOf(anthropicMessages, { model: 'm', messages, max_tokens: 7 }).maxTokens).toBe(7)
  })

  it('is lowered in the field that the request, or the dialect, has', () => {
    const chat = { model: 'm', messages }
    expect(withOutputLimit(openaiChat, chat, 20)).toEqual({ ...chat, max_completion_tokens: 20 })
    expect(withOutputLimit(openaiChat, { ...chat, max_tokens: 90 }, 20)).toEqual({ ...chat, max_tokens: 20 })
    const both = { ...chat, max_tokens: 90, max_completion_tokens: 90 }
    expect(withOutputLimit(openaiChat, both, 20)).toEqual({ ...chat, max_tokens: 20, max_completion_tokens: 20 })
    expect(withOutputLimit(openaiResponses, { model: 'm', input: 'Hi' }, 20)).toMatchObject({ max_output_tokens: 20 })
    expect(withOutputLimit(openaiResponses, { model: 'm', input: 'Hi' }, 15)).toBeUndefined()
    expect(withOutputLimit(openaiCompletions, { model: 'm', prompt: 'Hi' }, 3)).toMatchObject({ max_tokens: 3 })
    expect(withOutputLimit(openaiEmbeddings, { model: 'm', input: 'Hi' }, 20)).toBeUndefined()
    expect(withOutputLimit(openaiChat, chat, 0)).toBeUndefined()
  })

  it('leaves room for an answer behind the thinking', () => {
    const request = { model: 'm', messages, max_tokens: 9_000, thinking: { type: 'enabled', budget_tokens: 4_000 } }
    expect(withOutputLimit(anthropicMessages, request, 5_000)).toEqual({ ...request, max_tokens: 5_000 })
    expect(withOutputLimit(anthropicMessages, request, 3_000)).toEqual({
      ...request,
      max_tokens: 3_000,
      thinking: { type: 'enabled', budget_tokens: 2_999 },
    })
    expect(withOutputLimit(anthropicMessages, request, 1_024)).toBeUndefined()
  })
})
