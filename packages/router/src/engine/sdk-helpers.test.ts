import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { routed, type Routed } from '../testing/routed.ts'

const messages = [{ role: 'user' as const, content: 'Where is order 42?' }]
const Order = z.object({ id: z.number(), status: z.string() })
const json = '{"id":42,"status":"sent"}'

/** An OpenAI target that is down and one of Anthropic that answers, and the other way round. */
const sets: readonly (readonly ['openai' | 'anthropic', 'openai' | 'anthropic'])[] = [
  ['openai', 'openai'],
  ['openai', 'anthropic'],
  ['anthropic', 'openai'],
]

function setUp([first, second]: (typeof sets)[number], reply: Parameters<ReturnType<Routed['at']>['on']>[1]): Routed {
  const r = routed({
    places: { a: { sdk: first }, b: { sdk: second } },
    maxRetries: 0,
    breaker: false,
    ejection: false,
  })
  r.at('a').fail('error-in-stream')
  r.at('b').on(() => true, reply)
  return r
}

describe.each(sets)('a failover from %s to %s', (...set) => {
  it('works under .parse() of chat', async () => {
    const r = setUp(set, { text: json })
    const response_format = zodResponseFormat(Order, 'order')
    const { value, error } = await r.run(() =>
      r.openai.chat.completions.parse({ model: 'auto', messages, response_format }),
    )
    expect(error).toBeUndefined()
    expect(value?.choices[0]?.message.parsed).toEqual({ id: 42, status: 'sent' })
    expect(value?.model).toBe('model-b')
  })

  it('works under .stream() with a schema', async () => {
    const r = setUp(set, { text: json })
    const response_format = zodResponseFormat(Order, 'order')
    const { value, error } = await r.run(() =>
      r.openai.chat.completions.stream({ model: 'auto', messages, response_format }).finalChatCompletion(),
    )
    expect(error).toBeUndefined()
    expect(value?.choices[0]?.message.parsed).toEqual({ id: 42, status: 'sent' })
  })

  it('works under .parse() of responses', async () => {
    const r = setUp(set, { text: json })
    const { value, error } = await r.run(() =>
      r.openai.responses.parse({
        model: 'auto',
        input: 'Where is order 42?',
        text: { format: zodTextFormat(Order, 'order') },
      }),
    )
    expect(error).toBeUndefined()
    expect(value?.output_parsed).toEqual({ id: 42, status: 'sent' })
  })

  it('works under runTools of chat, in each of its calls', async () => {
    for (const stream of [false, true]) {
      const r = setUp(set, ({ messages: said }) =>
        said.at(-1)?.role === 'tool'
          ? { text: `It says: ${said.at(-1)?.text}` }
          : { toolCalls: [{ name: 'find_order', arguments: { id: 42 } }] },
      )
      const asked: unknown[] = []
      const tool = {
        type: 'function' as const,
        function: {
          name: 'find_order',
          description: 'Finds an order.',
          parameters: { type: 'object', properties: { id: { type: 'number' } } },
          parse: JSON.parse,
          function: ({ id }: { id: number }) => {
            asked.push(id)
            return 'sent yesterday'
          },
        },
      }
      const request = { model: 'auto', messages, tools: [tool] }
      const { value, error } = await r.run(() =>
        stream
          ? r.openai.chat.completions.runTools({ ...request, stream: true } as never).finalContent()
          : r.openai.chat.completions.runTools(request as never).finalContent(),
      )
      expect([stream, error]).toEqual([stream, undefined])
      expect(value).toBe('It says: sent yesterday')
      expect(asked).toEqual([42])
      expect(r.asked()).toEqual([2, 2])
    }
  })

  it('works under the tool runner of Anthropic', async () => {
    const r = setUp(set, ({ messages: said }) =>
      said.at(-1)?.role === 'tool'
        ? { text: `It says: ${said.at(-1)?.text}` }
        : { toolCalls: [{ name: 'find_order', arguments: { id: 42 } }] },
    )
    const asked: unknown[] = []
    const tool = betaZodTool({
      name: 'find_order',
      description: 'Finds an order.',
      inputSchema: z.object({ id: z.number() }),
      run: ({ id }) => {
        asked.push(id)
        return 'sent yesterday'
      },
    })
    const { value, error } = await r.run(async () =>
      r.anthropic.beta.messages.toolRunner({ model: 'auto', max_tokens: 500, messages, tools: [tool] }),
    )
    expect(error).toBeUndefined()
    expect(value?.content.at(-1)).toMatchObject({ type: 'text', text: 'It says: sent yesterday' })
    expect(asked).toEqual([42])
  })

  it('keeps several tool calls apart, with ids of their own', async () => {
    const toolCalls = [
      { name: 'find_order', arguments: { id: 1 } },
      { name: 'find_order', arguments: { id: 2 } },
    ]
    const r = setUp(set, { toolCalls })
    const tools = [{ type: 'function' as const, function: { name: 'find_order', parameters: { type: 'object' } } }]
    const { value } = await r.run(async () => {
      const whole = await r.openai.chat.completions.create({ model: 'auto', messages, tools })
      const streamed = await r.openai.chat.completions.stream({ model: 'auto', messages, tools }).finalChatCompletion()
      return [whole.choices[0]?.message.tool_calls, streamed.choices[0]?.message.tool_calls]
    })
    for (const calls of value ?? []) {
      expect(
        calls?.map((call) => (call.type === 'function' ? JSON.parse(call.function.arguments) : undefined)),
      ).toEqual([{ id: 1 }, { id: 2 }])
      expect(new Set(calls?.map(({ id }) => id)).size).toBe(2)
    }
  })
})

describe('the final object of a helper', () => {
  it('has the tool calls of one try only, when the first broke off in the midst of one', async () => {
    // Nothing of a tool call is content until its name is shown; a call that was begun commits the stream.
    const r = routed({ places: { a: {}, b: {} }, maxRetries: 0 })
    const toolCalls = [{ name: 'find_order', arguments: { id: 1 } }]
    for (const id of ['a', 'b']) r.at(id).on(/./, { toolCalls })
    r.at('a').fail('cut', { afterTokens: 0 })
    const tools = [{ type: 'function' as const, function: { name: 'find_order', parameters: { type: 'object' } } }]
    const { value, error } = await r.run(() =>
      r.openai.chat.completions.stream({ model: 'auto', messages, tools }).finalChatCompletion(),
    )
    if (error === undefined) expect(value?.choices[0]?.message.tool_calls).toHaveLength(1)
    else expect(String(error)).toMatch(/incomplete|ended/)
  })
})
