import { describe, expect, it } from 'vitest'
import { parallelCalls } from '../../testing/fixtures/responses-reasoning.ts'
import { message, response, usage } from '../../testing/fixtures/responses-base.ts'
import { endings, refusal, text } from '../../testing/fixtures/responses-text.ts'
import { everyTool } from '../../testing/fixtures/responses-tools.ts'
import { openaiResponses as api } from './index.ts'
import type { ResponsesAnswer, ResponsesEvent } from './wire.ts'

const choiceOf = (answer: ResponsesAnswer | undefined): object => (answer && api.answer(answer).choices[0]) ?? {}

describe('answer', () => {
  it('joins messages, thoughts and refusals, and lists calls', () => {
    expect(choiceOf(parallelCalls.whole)).toEqual({
      index: 0,
      text: '',
      refusal: undefined,
      reasoning: '**Comparing cities**\n\nBoth are needed.\n\n**Calling the tool** twice',
      toolCalls: [
        { id: 'call_1', name: 'get_weather', arguments: '{"city": "Paris", "days": 1}' },
        { id: 'call_2', name: 'get_weather', arguments: '{"city": "Oslo", "days": 2}' },
      ],
      finish: 'tool_calls',
    })
    expect(choiceOf(refusal.whole)).toMatchObject({ text: '', refusal: "I can't help with that.", finish: 'stop' })
    expect(choiceOf(everyTool.whole)).toMatchObject({
      text: 'Donereally.',
      toolCalls: [
        { id: 'mcp_1' },
        { id: 'mcp_2' },
        { id: 'call_1', name: 'run_sql', arguments: 'select *\nfrom gates' },
      ],
    })
  })

  it.each([
    [{ status: 'completed' }, 'stop'],
    [{}, 'stop'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
    [{ status: 'incomplete', incomplete_details: { reason: 'steered' } }, 'other'],
    [{ status: 'failed' }, 'error'],
    [{ status: 'cancelled' }, 'other'],
    [{ status: 'in_progress' }, undefined],
    [{ status: 'queued' }, undefined],
  ])('finish of %o is %s', (fields, finish) => {
    expect(choiceOf({ ...response({ output: [message('m')] }), ...fields })).toMatchObject({ finish })
  })

  it('does not wait for a tool that the provider runs', () => {
    const output = (everyTool.whole?.output ?? []).slice(0, 7)
    expect(choiceOf(response({ output }))).toMatchObject({ finish: 'stop' })
  })
})

describe('usage', () => {
  const meters = (fields: object): unknown => api.usage(response({ usage: { ...usage(1000, 50, 600, 40), ...fields } }))

  it('is disjoint', () => {
    expect(meters({})).toMatchObject({ fresh: 400, cacheRead: 600, cacheWrite5m: 0, output: 50, reasoning: 40 })
  })

  it('tells cache writes by lifetime where the provider does', () => {
    const details = { cached_tokens: 600, cache_write_tokens: 300 }
    expect(meters({ input_tokens_details: details })).toMatchObject({ fresh: 100, cacheWrite5m: 300, cacheWrite1h: 0 })
    const split = { ...details, cache_write_tokens_details: { ttl_30m_tokens: 100, ttl_12h_tokens: 200 } }
    expect(meters({ input_tokens_details: split })).toMatchObject({ fresh: 100, cacheWrite5m: 100, cacheWrite1h: 200 })
  })

  it('comes with the terminal event', () => {
    const events = text.events ?? []
    expect(events.map((event) => api.usage(event)?.output).filter((output) => output !== undefined)).toEqual([9])
  })
})

describe('events', () => {
  it('names one part alike in deltas, snapshots and the answer', () => {
    const events = text.events ?? []
    const parts = events.flatMap((event) => api.delta(event)).map(({ part, mode }) => `${part} ${mode}`)
    expect([...new Set(parts)]).toEqual(['output.0.content.0.text delta', 'output.0.content.0.text snapshot'])
    // Done events of text, part and item, and the terminal event.
    expect(parts.filter((part) => part.endsWith('snapshot'))).toHaveLength(4)
  })

  it('shows content with the first text, not with the opening nor with the message that it announces', () => {
    const first = text.events?.findIndex((event) => api.isContent(event)) ?? -1
    expect(text.events?.[first]?.type).toBe('response.output_text.delta')
  })

  it.each<[object, boolean]>([
    [
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { type: 'message', role: 'assistant', content: [] },
      },
      false,
    ],
    [{ type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', summary: [] } }, false],
    [{ type: 'response.output_item.added', output_index: 0, item: { type: 'function_call', name: 'f' } }, true],
    [{ type: 'response.output_item.added', output_index: 0, item: { type: 'web_search_call' } }, true],
    [{ type: 'response.content_part.added', output_index: 0, part: { type: 'output_text', text: '' } }, false],
    [{ type: 'response.content_part.added', output_index: 0, part: { type: 'refusal', refusal: 'no' } }, true],
    [{ type: 'response.output_text.delta', output_index: 0, delta: '' }, false],
    [{ type: 'response.web_search_call.searching', output_index: 0 }, true],
    [{ type: 'response.in_progress', response: { output: [] } }, false],
    [
      {
        type: 'response.completed',
        response: { output: [{ type: 'message', content: [{ type: 'output_text', text: 'a' }] }] },
      },
      true,
    ],
  ])('%j is content: %j', (event, expected) => {
    expect(api.isContent(event as never)).toBe(expected)
  })

  it.each(['completed', 'incomplete', 'failed', 'cancelled'])('is over with response.%s', (word) => {
    expect(api.isTerminal({ type: `response.${word}` })).toBe(true)
  })

  it('is not over with an item', () => {
    expect(api.isTerminal({ type: 'response.web_search_call.completed' })).toBe(false)
  })
})

describe('error', () => {
  const failure = endings.find(({ name }) => name === 'failed')?.whole
  const expected = { code: 'server_error', type: undefined, message: 'The model failed to generate a response.' }

  it('is read from failed answers and their event', () => {
    expect(api.error(failure)).toEqual(expected)
    expect(api.error({ type: 'response.failed', response: failure })).toEqual(expected)
    expect(api.error({ ...failure, error: null })).toMatchObject({ code: 'error' })
  })

  it('is in a stream that an error event ended, as folded', () => {
    const folder = api.folder()
    const { events = [] } = endings.find(({ name }) => name === 'error event') ?? {}
    for (const event of events) folder.push(event)
    const answer = folder.answer()
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'rate_limit_exceeded' } })
    expect(choiceOf(answer)).toMatchObject({ text: 'Once upon a time', finish: 'error' })
  })
})

describe('fold', () => {
  it('keeps what comes without the opening events', () => {
    const folder = api.folder()
    const events = (text.events ?? []).slice(2, 5) as ResponsesEvent[]
    for (const event of events) folder.push(event)
    expect(choiceOf(folder.answer())).toMatchObject({ text: 'Paris, ', finish: undefined })
    folder.push({ type: 'error', message: 'Overloaded.' })
    expect(folder.answer()).toMatchObject({ id: '', model: '', status: 'failed', error: { message: 'Overloaded.' } })
  })

  it('takes items of an interim answer, and nothing after the end', () => {
    const folder = api.folder()
    const output = [message('m', { type: 'output_text', text: 'Hi', annotations: [] })]
    folder.push({ type: 'response.in_progress', response: response({ status: 'in_progress', output }) })
    folder.push({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: '!' })
    expect(choiceOf(folder.answer())).toMatchObject({ text: 'Hi!' })
    folder.push({ type: 'response.completed', response: response({ output }) })
    folder.push({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: '?' })
    expect(choiceOf(folder.answer())).toMatchObject({ text: 'Hi', finish: 'stop' })
    expect(folder.boundaries()).toEqual([['output.0.content.0.text', 1]])
  })
})

describe('replay', () => {
  it('is the documented sequence', () => {
    const types = api.replay(text.whole as ResponsesAnswer).map(({ type }) => type.replace('response.', ''))
    expect(types).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.annotation.added',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
    const events = api.replay(everyTool.whole as ResponsesAnswer)
    const recorded = (everyTool.events ?? []).map(({ type }) => type)
    // What is not in an answer: how text was cut, and partial images.
    expect([...new Set(events.map(({ type }) => type))].toSorted()).toEqual(
      [...new Set(recorded)].filter((type) => !type.endsWith('partial_image')).toSorted(),
    )
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at))
  })

  it('announces items and parts before their text', () => {
    const announced = (events: readonly ResponsesEvent[]): unknown[] =>
      events.filter(({ type }) => type.endsWith('.added')).map(({ item, part }) => item ?? part)
    const events = api.replay(parallelCalls.whole as ResponsesAnswer)
    const recorded = announced(parallelCalls.events ?? []) as readonly object[]
    // The provider changes the encrypted thought as it grows.
    expect(announced(events)).toEqual(
      recorded.map((one) => ('summary' in one ? { ...one, encrypted_content: expect.any(String) } : one)),
    )
    expect(announced(api.replay(text.whole as ResponsesAnswer)).slice(0, 2)).toMatchObject([
      { status: 'in_progress', content: [] },
      { text: '', logprobs: [] },
    ])
  })

  it('sends the log probabilities of a text once', () => {
    const whole = text.whole as ResponsesAnswer
    const deltas = api.replay(whole, [['output.0.content.0.text', 3]]).filter(({ delta }) => delta)
    const again = api
      .replay(whole, [
        ['output.0.content.0.text', 3],
        ['output.0.content.0.text', 5],
      ])
      .filter(({ delta }) => delta)
    for (const events of [deltas, again]) expect(events.flatMap(({ logprobs }) => logprobs)).toHaveLength(3)
    expect(again).toHaveLength(2)
  })

  it('leaves open what is in progress, so that nobody acts on half a call', () => {
    const half = {
      id: 'fc_1',
      type: 'function_call',
      status: 'in_progress',
      call_id: 'c',
      name: 'pay',
      arguments: '{"am',
    }
    const types = api.replay(response({ status: 'in_progress', output: [half] })).map(({ type }) => type)
    expect(types.slice(2)).toEqual([
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.in_progress',
    ])
  })
})
