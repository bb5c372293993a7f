import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { completionsFixtures } from '../../testing/fixtures/openai-completions.ts'
import { fold } from '../api.ts'
import { openaiCompletions } from './index.ts'
import type { CompletionsAnswer, CompletionsEvent } from './wire.ts'

describe('contract', () => {
  for (const { name, run } of apiContract(openaiCompletions, completionsFixtures)) it(name, run)
})

it.each([
  ['/v1/completions', true],
  ['/openai/deployments/x/completions', true],
  ['/v1/chat/completions', false],
  ['/v1/embeddings', false],
])('matches %s: %s', (path, expected) => expect(openaiCompletions.match(path)).toBe(expected))

it('lists texts and leaves tokens alone', () => {
  const prompt = (value: unknown): string[] =>
    openaiCompletions
      .prompt({ model: 'm', prompt: value as string, suffix: 'end' })
      .map(({ path, text }) => `${path.join('.')}: ${text}`)
  expect(prompt('a')).toEqual(['prompt: a', 'suffix: end'])
  expect(prompt(['a', 'b'])).toEqual(['prompt.0: a', 'prompt.1: b', 'suffix: end'])
  expect(prompt([1, 2])).toEqual(['suffix: end'])
  expect(prompt([[1], [2]])).toEqual(['suffix: end'])
})

it('knows the events that end and show something', () => {
  const event = (text: string, finish: string | null): CompletionsEvent =>
    ({ choices: [{ index: 0, text, finish_reason: finish }] }) as never
  expect(openaiCompletions.isTerminal(event('a', null))).toBe(false)
  expect(openaiCompletions.isTerminal(event('', 'length'))).toBe(true)
  expect(openaiCompletions.isTerminal({ error: { message: 'x' } } as never)).toBe(true)
  expect(openaiCompletions.isContent(event('a', null))).toBe(true)
  expect(openaiCompletions.isContent(event('', 'stop'))).toBe(false)
  expect(openaiCompletions.isContent({} as never)).toBe(false)
})

it('finds nothing in a body of another shape', () => {
  expect(openaiCompletions.answer({ error: 'x' } as never).choices).toEqual([])
  expect(openaiCompletions.answer({ choices: [{}] } as never).choices).toMatchObject([{ text: '' }])
})

it('gives the official SDK the events it was given', async () => {
  const { whole, events = [] } = completionsFixtures[0] ?? {}
  for (const sent of [events, openaiCompletions.replay(whole as CompletionsAnswer, [['0.text', 3]])]) {
    expect(new Set(sent.map(({ object }) => object))).toEqual(new Set(['text_completion']))
    const body = sent.map((event) => openaiCompletions.encode(event)).join('') + openaiCompletions.trailer
    const client = new OpenAI({ apiKey: 'test', fetch: async () => new Response(body) })
    const seen = []
    for await (const event of await client.completions.create({ model: 'm', prompt: 'a', stream: true }))
      seen.push(event)
    expect(seen).toEqual(sent)
    expect(fold(openaiCompletions, seen as unknown as CompletionsEvent[])).toEqual(whole)
  }
})
