import { describe, expect, it } from 'vitest'
import { fillers } from './phrases.ts'
import { answerText, reasoningText, topicOf } from './text.ts'

const source = {
  seed: 1,
  model: 'm',
  quality: 0.9,
  prompt: 'user: Where is my refund?',
  question: 'Where is my refund?',
  choice: 0,
}

describe('answerText', () => {
  it('depends on seed, model, prompt and choice', () => {
    const text = answerText(source)
    expect(answerText({ ...source })).toBe(text)
    const others = [{ seed: 2 }, { model: 'n' }, { prompt: 'other' }, { choice: 1 }]
    for (const other of others) expect(answerText({ ...source, ...other })).not.toBe(text)
  })

  it('speaks about what was asked', () => {
    expect(answerText(source)).toContain('your refund')
    expect(answerText({ ...source, question: 'My PIN is blocked' })).toContain('your card')
    expect(topicOf('blue whales').about).toBe('your question')
    // "app" does not occur where a word begins.
    expect(topicOf('how happy').about).toBe('your question')
  })

  it('helps more the better the model', () => {
    const useful = (quality: number): number => {
      let count = 0
      for (let seed = 0; seed < 50; seed++) {
        const text = answerText({ ...source, seed, quality })
        count += text.split(/(?<=\.) /).filter((sentence) => !fillers.includes(sentence)).length
      }
      return count
    }
    expect(useful(0.95)).toBeGreaterThan(useful(0.5) * 1.3)
  })

  it('reports what a tool found, shortened', () => {
    expect(answerText({ ...source, toolResult: '{"days": 5}' })).toContain('{"days": 5}')
    expect(answerText({ ...source, toolResult: 'x'.repeat(500) })).toContain(`${'x'.repeat(157)}...`)
  })

  it('reasons about the same topic', () => {
    expect(reasoningText(source)).toContain('their refund')
  })
})
