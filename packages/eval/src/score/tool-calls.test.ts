import Anthropic from '@anthropic-ai/sdk'
import { fakeProvider } from '@sluice/core/testing'
import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { toolCalls, type ToolCallsOptions } from './tool-calls.ts'

type Order = NonNullable<ToolCallsOptions['order']>

const search = { name: 'search', arguments: { query: 'refund', limit: 5 } }
const refund = { name: 'refund', arguments: { orderId: 'A-1', reason: '👍 “late”' } }
const notify = { name: 'notify' }

/** What each client of an SDK gives for these calls. */
const clients: Readonly<Record<string, (calls: readonly (typeof search | typeof refund)[]) => Promise<unknown>>> = {
  async 'openai chat'(toolCallsMade) {
    const { openai } = answering(toolCallsMade)
    return await openai.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'Go on.' }],
    })
  },
  async 'openai responses'(toolCallsMade) {
    const { openai } = answering(toolCallsMade)
    return await openai.responses.create({ model: 'gpt-5-mini', input: 'Go on.' })
  },
  async anthropic(toolCallsMade) {
    const { anthropic } = answering(toolCallsMade)
    return await anthropic.messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Go on.' }],
    })
  },
}

function answering(made: readonly (typeof search | typeof refund)[]): { openai: OpenAI; anthropic: Anthropic } {
  const provider = fakeProvider().enqueue(made.length > 0 ? { toolCalls: made } : 'No call.')
  const init = { apiKey: 'none', maxRetries: 0, fetch: provider.fetch }
  return { openai: new OpenAI(init), anthropic: new Anthropic(init) }
}

const table: readonly (readonly [readonly ('s' | 'r')[], readonly ('s' | 'r')[], Readonly<Record<Order, number>>])[] = [
  [['s', 'r'], ['s', 'r'], { any: 1, inOrder: 1, strict: 1, subset: 1, superset: 1 }],
  [['r', 's'], ['s', 'r'], { any: 1, inOrder: 0.5, strict: 0, subset: 1, superset: 1 }],
  [['s'], ['s', 'r'], { any: 2 / 3, inOrder: 0.5, strict: 0, subset: 1, superset: 0 }],
  [['s', 's', 'r'], ['s', 'r'], { any: 0.8, inOrder: 1, strict: 0, subset: 0, superset: 1 }],
  [[], ['s'], { any: 0, inOrder: 0, strict: 0, subset: 1, superset: 0 }],
  [['s'], [], { any: 0, inOrder: 1, strict: 0, subset: 0, superset: 1 }],
  [[], [], { any: 1, inOrder: 1, strict: 1, subset: 1, superset: 1 }],
]

describe.each(Object.entries(clients))('toolCalls of %s', (_, answerWith) => {
  it.each(table)('made %j, expected %j', async (made, wanted, scores) => {
    const of = (letters: readonly string[]) => letters.map((letter) => (letter === 's' ? search : refund))
    const output = await answerWith(of(made))
    for (const [order, score] of Object.entries(scores))
      expect([order, await valueBy(toolCalls({ order: order as Order }), output, { expected: of(wanted) })]).toEqual([
        order,
        expect.closeTo(score, 12),
      ])
  })

  it('compares arguments exactly, by likeness or not at all', async () => {
    const output = await answerWith([search])
    const near = { expected: [{ name: 'search', arguments: { limit: 5, query: 'refunds' } }] }
    expect(await valueBy(toolCalls(), output, near)).toBe(0)
    expect(await valueBy(toolCalls({ arguments: 'similar' }), output, near)).toBeCloseTo((1 + 6 / 7) / 2, 12)
    expect(await valueBy(toolCalls({ arguments: 'similar', order: 'strict' }), output, near)).toBeCloseTo(13 / 14, 12)
    expect(await valueBy(toolCalls({ arguments: 'ignore' }), output, near)).toBe(1)
    expect(await scoreBy(toolCalls(), output, { expected: ['search'] })).toEqual({
      status: 'scored',
      score: 1,
      evidence: { made: ['search'] },
    })
  })
})

describe('toolCalls', () => {
  it.each([
    [['search']],
    [[{ name: 'search', arguments: '{"limit":5,"query":"refund"}' }]],
    [[{ id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"limit":5,"query":"refund"}' } }]],
    [[{ type: 'tool_use', id: 'toolu_1', name: 'search', input: { limit: 5, query: 'refund' } }]],
    [[{ toolName: 'search', toolCallId: '1', input: { limit: 5, query: 'refund' } }]],
    [[{ toolName: 'search', args: { limit: 5, query: 'refund' } }]],
  ])('reads the calls %j', async (output) => {
    const how = { arguments: typeof output[0] === 'string' ? 'ignore' : 'exact' } as const
    expect(await valueBy(toolCalls(how), output, { expected: [search] })).toBe(1)
  })

  it('takes arguments that are no JSON for the text that they are', async () => {
    const provider = fakeProvider().enqueue({ toolCalls: [{ name: 'search', arguments: '{"query": refund' }] })
    const openai = new OpenAI({ apiKey: 'none', maxRetries: 0, fetch: provider.fetch })
    const output = await openai.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'x' }],
    })
    expect(await valueBy(toolCalls(), output, { expected: [search] })).toBe(0)
    expect(await valueBy(toolCalls(), output, { expected: ['search'] })).toBe(1)
  })

  it('picks calls by a function, and is unscored where there are none to read', async () => {
    const calls = toolCalls({ calls: ({ output }) => (output as { steps: string[] }).steps.map((name) => ({ name })) })
    expect(await valueBy(calls, { steps: ['search'] }, { expected: ['search'] })).toBe(1)
    expect(await valueBy(toolCalls(), 'text', { expected: ['search'] })).toBe('output_no_calls')
    expect(await valueBy(toolCalls(), [{ nameless: 1 }], { expected: ['search'] })).toBe('output_no_calls')
    expect(await valueBy(toolCalls(), [search], { expected: 'search' })).toBe('expected_no_calls')
    expect(await valueBy(toolCalls(), [search])).toBe('no_expected')
  })

  it('pairs calls so that they fit best: "any" does not depend on the order', async () => {
    const call = fc.record({
      name: fc.constantFrom('a', 'b'),
      arguments: fc.record({ at: fc.integer({ min: 0, max: 3 }) }),
    })
    const list = fc.array(call, { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        list,
        list,
        fc.constantFrom('exact', 'similar', 'ignore' as const),
        async (made, wanted, how) => {
          const scorer = toolCalls({ arguments: how })
          const score = (await valueBy(scorer, made, { expected: wanted })) as number
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
          expect(await valueBy(scorer, made.toReversed(), { expected: wanted })).toBeCloseTo(score, 9)
          for (const order of ['inOrder', 'strict', 'subset', 'superset'] as const)
            expect(await valueBy(toolCalls({ arguments: how, order }), made, { expected: made })).toBe(1)
        },
      ),
    )
  })

  it('ignores what is expected with no arguments', async () => {
    expect(await valueBy(toolCalls(), [{ name: 'notify', arguments: { by: 'mail' } }], { expected: [notify] })).toBe(1)
  })
})
