import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import type { FakeRequest } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'

const messages = [{ role: 'user' as const, content: 'Where is order 42?' }]

/** Asks for the tool three times before it says what it knows. */
function thrice({ body }: FakeRequest): object {
  const rounds = (JSON.stringify(body).match(/round \d/g) ?? []).length
  const last =
    JSON.stringify(body)
      .match(/round (\d)/g)
      ?.at(-1) ?? 'round 0'
  const round = Number(last.slice(6))
  return round < 3
    ? { toolCalls: [{ name: 'find_order', arguments: { id: 42 } }] }
    : { text: `done after ${last} of ${rounds}` }
}

function setUp(options: RoutedOptions = {}): Routed {
  const r = routed({ places: { a: { sdk: 'anthropic' }, b: { sdk: 'anthropic' }, c: {} }, maxRetries: 0, ...options })
  for (const id of Object.keys(r.targets)) r.at(id).on(() => true, thrice)
  return r
}

/** The last text of an agent that runs to its end; `between` is called in each round of the tool. */
function agent(r: Routed, stream: boolean, between: (round: number) => void = () => undefined) {
  let round = 0
  const tool = betaZodTool({
    name: 'find_order',
    description: 'Finds an order.',
    inputSchema: z.object({ id: z.number() }),
    run: () => {
      round += 1
      between(round)
      return `round ${round}`
    },
  })
  return r.run(async () => {
    const runner = r.anthropic.beta.messages.toolRunner({
      model: 'auto',
      max_tokens: 500,
      messages,
      tools: [tool],
      stream: stream as false,
    })
    const final = await runner.runUntilDone()
    const [block] = final.content
    return block?.type === 'text' ? block.text : block?.type
  })
}

const threadOf = (call: { readonly body: Record<string, unknown> | undefined }): string =>
  String((call.body?.['thread'] as { type?: string } | undefined)?.type)

describe.each([false, true])('an agent whose conversation lies at Anthropic, streamed: %s', (stream) => {
  it('stays with the target that has it, whatever the strategy says', async () => {
    const r = setUp({ strategy: 'roundRobin', places: { a: { sdk: 'anthropic' }, b: { sdk: 'anthropic' } } })
    const { value, error } = await agent(r, stream)
    expect(error).toBeUndefined()
    expect(value).toMatch(/^done after round 3/)
    expect(r.asked().toSorted()).toEqual([0, 4])
    const asked = r.at(r.asked()[0] === 4 ? 'a' : 'b').calls
    expect(asked.map(threadOf)).toEqual(['create', 'continue', 'continue', 'continue'])
  })

  it('begins anew elsewhere, with all that was said, when that target is gone', async () => {
    const r = setUp({ places: { a: { sdk: 'anthropic' }, b: { sdk: 'anthropic' } } })
    const { value, error } = await agent(r, stream, (round) => {
      if (round === 2) r.at('a').fail('http-503')
    })
    expect(error).toBeUndefined()
    expect(value).toMatch(/^done after round 3/)
    const begun = r.at('b').calls.find((call) => threadOf(call) === 'create')
    expect(JSON.stringify(begun?.body)).toContain('Where is order 42?')
    expect(JSON.stringify(begun?.body)).toContain('round 1')
  })

  it('goes on by a bridge, all that was said sent each time', async () => {
    const r = setUp({ places: { c: {} } })
    const { value, error } = await agent(r, stream)
    expect(error).toBeUndefined()
    expect(value).toMatch(/^done after round 3/)
    for (const { body } of r.at('c').calls) expect(JSON.stringify(body)).toContain('Where is order 42?')
  })

  it('goes over to a bridge in its midst', async () => {
    const r = setUp({ places: { a: { sdk: 'anthropic' }, c: {} } })
    const { value, error } = await agent(r, stream, (round) => {
      if (round === 1) r.at('a').fail('unauthorized')
    })
    expect(error).toBeUndefined()
    expect(value).toMatch(/^done after round 3/)
  })
})

describe('a thread that nobody here has seen', () => {
  it('is asked for at no target: the SDK is told to send it whole', async () => {
    const r = setUp()
    const thread = { type: 'continue', previous_message_id: 'msg_unknown' } as never
    const { error } = await r.run(() =>
      r.anthropic.beta.messages.create({ model: 'auto', max_tokens: 9, messages, thread }),
    )
    expect(error).toMatchObject({ status: 404, error: { error: { details: { error_code: 'thread_not_found' } } } })
    expect(r.asked()).toEqual([0, 0, 0])
  })
})
