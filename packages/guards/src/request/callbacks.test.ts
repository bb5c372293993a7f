import { sluice, sluiceErrorOf } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { guards, type GuardsOptions } from '../guards.ts'
import { pii } from '../pii/pii.ts'

describe("the application's own functions", () => {
  const throwing = (): never => {
    throw new RangeError('cannot place ada@example.com')
  }

  it.each<[string, Partial<GuardsOptions>, string]>([
    ['a conversation that is no text', { conversation: () => 5 as never }, 'conversation'],
    ['an empty conversation', { conversation: () => '' }, 'conversation'],
    ['a source that is none', { provenance: () => 'web' as never }, 'provenance'],
    ['a function that throws', { conversation: throwing }, 'RangeError'],
    ['another one that throws', { provenance: throwing }, 'RangeError'],
  ])('fail the call with a typed error: %s', async (_, options, told) => {
    const provider = fakeProvider()
    const guard = guards({ input: [pii({ restore: true })], ...options })
    const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guard])
    const error = await openai.chat.completions
      .create({ model: 'm', messages: [{ role: 'user', content: 'I am ada@example.com' }] })
      .catch((reason: unknown) => sluiceErrorOf(reason))
    expect(error).toMatchObject({ code: 'guard.callback', message: expect.stringContaining(told) })
    expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('ada@')
    provider.expectCalls(0)
  })
})
