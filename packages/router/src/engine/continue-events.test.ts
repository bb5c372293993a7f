import { fold, openaiChat, openaiResponses, anthropicMessages as messagesApi } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { routed, type Routed } from '../testing/routed.ts'
import { voices, type Voice } from '../testing/voices.ts'

const answer =
  'A card takes five to seven working days, because it is printed and sent by post from the plant in the north of the ' +
  'country. You will get a message when it leaves, with a number that lets you follow it on its way to your door.'

const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]

type Event = Record<string, never> & { readonly type: string }

/** The raw events as the SDK gives them. */
async function eventsOf(voice: Voice, r: Routed, body: object = {}): Promise<Event[]> {
  const { value, error } = await r.run(async () => {
    const stream =
      voice.api === 'anthropic.messages'
        ? await r.anthropic.messages.create({ model: 'auto', max_tokens: 500, messages, stream: true, ...body })
        : voice.api === 'openai.responses'
          ? await r.openai.responses.create({ model: 'auto', input: 'How long?', stream: true, ...body })
          : await r.openai.chat.completions.create({ model: 'auto', messages, stream: true, ...body })
    const events: Event[] = []
    for await (const event of stream as AsyncIterable<unknown>) events.push(event as Event)
    return events
  })
  expect(error).toBeUndefined()
  return value ?? []
}

const sdkPairs = [
  ['openai', 'openai'],
  ['openai', 'anthropic'],
  ['anthropic', 'openai'],
  ['anthropic', 'anthropic'],
] as const

const cases = voices.flatMap((voice) =>
  sdkPairs.flatMap(([first, second]) =>
    [false, true].map((prefill) => ({ voice, first, second, prefill, api: voice.api })),
  ),
)

function setUp(first: 'openai' | 'anthropic', second: 'openai' | 'anthropic', prefill: boolean): Routed {
  const r = routed({
    places: { a: { sdk: first }, b: { sdk: second, capabilities: { prefill } } },
    midStream: 'continue',
  })
  r.at('a').on(/./, answer).fail('cut', { times: 1 })
  r.at('b').on(/./, ({ messages: said }) => {
    const last = said.at(-1)
    return last?.role === 'assistant' ? answer.slice(last.text.length) : answer
  })
  return r
}

describe('the events of a stream that another target goes on with', () => {
  it.each(cases)(
    'are those of one answer: $api, $first then $second, prefill $prefill',
    async ({ voice, first, second, prefill }) => {
      const r = setUp(first, second, prefill)
      const body = voice.api === 'openai.chat' ? { stream_options: { include_usage: true } } : {}
      const events = (await eventsOf(voice, r, body)) as never[]
      expect(r.asked()).toEqual([1, 1])

      if (voice.api === 'openai.chat') {
        const chunks = events as unknown as {
          id: string
          model: string
          choices: { finish_reason: string | null; delta: { role?: string } }[]
          usage?: object
        }[]
        expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
        expect(new Set(chunks.map(({ model }) => model))).toEqual(new Set(['model-a']))
        expect(chunks.flatMap(({ choices }) => choices.filter(({ finish_reason }) => finish_reason))).toHaveLength(1)
        expect(chunks.filter(({ usage }) => usage)).toHaveLength(1)
        expect(chunks.flatMap(({ choices }) => choices.filter(({ delta }) => delta.role))).toHaveLength(1)
        expect(fold(openaiChat, events)).toMatchObject({
          choices: [{ message: { content: answer }, finish_reason: 'stop' }],
        })
      } else if (voice.api === 'openai.responses') {
        const seen = events as unknown as {
          type: string
          sequence_number: number
          item_id?: string
          response?: { id: string; model: string }
        }[]
        const numbers = seen.map(({ sequence_number }) => sequence_number)
        expect(numbers).toEqual(numbers.map((_, at) => at))
        expect(new Set(seen.flatMap(({ response }) => (response ? [response.id] : []))).size).toBe(1)
        const items = new Set(seen.flatMap(({ item_id }) => (item_id === undefined ? [] : [item_id])))
        expect(items.size).toBe(1)
        for (const type of [
          'response.created',
          'response.output_item.added',
          'response.content_part.added',
          'response.output_text.done',
          'response.content_part.done',
          'response.output_item.done',
          'response.completed',
        ])
          expect([type, seen.filter((event) => event.type === type).length]).toEqual([type, 1])
        expect(seen.find(({ type }) => type === 'response.output_text.done')).toMatchObject({ text: answer })
        const whole = fold(openaiResponses, events)
        expect(whole?.output).toMatchObject([{ type: 'message', content: [{ type: 'output_text', text: answer }] }])
        expect(whole?.usage).toBeTruthy()
      } else {
        const types = (events as unknown as { type: string }[])
          .map(({ type }) => type)
          .filter((type) => type !== 'ping')
        expect(types.filter((type) => type !== 'content_block_delta')).toEqual([
          'message_start',
          'content_block_start',
          'content_block_stop',
          'message_delta',
          'message_stop',
        ])
        expect(fold(messagesApi, events)).toMatchObject({
          content: [{ type: 'text', text: answer }],
          stop_reason: 'end_turn',
        })
      }
    },
  )

  it.each(voices)('leave out the thinking of the second in $api', async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
    const r = setUp(sdk, sdk, false)
    for (const id of ['a', 'b']) r.at(id).on(/./, { text: answer, reasoning: `thoughts of ${id} before it speaks` })
    const body =
      voice.api === 'anthropic.messages'
        ? { max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 1024 } }
        : voice.api === 'openai.responses'
          ? { reasoning: { effort: 'low', summary: 'auto' } }
          : { reasoning_effort: 'low' }
    r.at('a').heal().fail('cut', { times: 1, afterTokens: 40 })
    const text = JSON.stringify(await eventsOf(voice, r, body))
    expect(text).not.toContain('of b')
    const { value } = await r.run(() => voice.helper(r, { body }))
    expect(value?.text).toBe(answer)
  })

  it('keep a limit that is cut at its end: the finish of the second is that of the whole', async () => {
    for (const voice of voices) {
      const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
      const r = setUp(sdk, sdk, false)
      for (const id of ['a', 'b']) r.at(id).on(/./, { text: answer, finish: 'length' })
      const { value } = await r.run(() => voice.stream(r))
      expect([voice.api, value?.text, value?.finish]).toEqual([
        voice.api,
        answer,
        expect.stringMatching(/length|max_tokens|incomplete/),
      ])
    }
  })

  it('go on with prefillBody where a server wants one', async () => {
    const r = routed({
      places: { a: {}, b: { prefillBody: { continue_final_message: true, add_generation_prompt: false } } },
      midStream: 'continue',
    })
    r.at('a').on(/./, answer).fail('cut', { times: 1 })
    r.at('b').on(/./, ({ messages: said }) => answer.slice(said.at(-1)?.text.length))
    const { value } = await r.run(() => voices[0]!.stream(r))
    expect(value?.text).toBe(answer)
    expect(r.at('b').lastCall?.body).toMatchObject({ continue_final_message: true, add_generation_prompt: false })
    const sent = r.at('b').lastCall?.body?.['messages'] as { role: string }[] | undefined
    expect(sent?.at(-1)?.role).toBe('assistant')
  })

  it('ask for no more than what was left of the limit of output tokens', async () => {
    for (const voice of voices) {
      const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
      const r = setUp(sdk, sdk, true)
      const name =
        { 'openai.chat': 'max_completion_tokens', 'openai.responses': 'max_output_tokens' }[voice.api as string] ??
        'max_tokens'
      await r.run(() => voice.stream(r, { body: { [name]: 200 } }))
      const limit = r.at('b').lastCall?.body?.[name] as number
      expect([voice.api, limit < 200, limit > 100]).toEqual([voice.api, true, true])
    }
  })
})
