import { sluiceErrorOf } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { GuardsOptions } from '../guards.ts'
import { pii } from '../pii/pii.ts'
import { recorded, responsesAnswer, responsesEvents } from '../testing/recorded.ts'

const ask = { model: 'gpt-5-mini', input: 'q', background: true } as const
const setUp = (options: GuardsOptions) =>
  recorded(options, (body) => (body['stream'] ? responsesEvents([]) : responsesAnswer([], 'queued')))

describe('a response in the background', () => {
  it.each<[string, GuardsOptions]>([
    ['redacted', { output: [pii()] }],
    ['blocked', { output: [pii({ mode: 'block' })] }],
    ['checked when it calls tools', { tools: { calls: [pii()] } }],
  ])('is refused where its answer is to be %s', async (_, options) => {
    const { openai, sent } = setUp(options)
    const error: unknown = await openai.responses.create(ask).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(sluiceErrorOf(error)?.code).toBe('guard.background')
    expect(sent).toHaveLength(0)
  })

  it.each<[string, GuardsOptions]>([
    ['only of the input', { input: [pii()] }],
    ['that only warn', { output: [pii({ mode: 'warn' })] }],
  ])('is made with guards %s', async (_, options) => {
    const { openai, sent } = setUp(options)
    expect((await openai.responses.create(ask)).status).toBe('queued')
    expect(sent).toHaveLength(1)
  })

  it('is made where it is streamed, and so checked', async () => {
    const { openai } = setUp({ output: [pii()] })
    for await (const event of await openai.responses.create({ ...ask, stream: true })) expect(event.type).toBeTruthy()
  })
})
