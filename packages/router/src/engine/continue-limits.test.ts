import { sluiceErrorOf } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { isApiError } from '../testing/api-error.ts'
import { routed, type RoutedOptions, type TargetSpec } from '../testing/routed.ts'
import { anthropicMessages, chat, voices, type Voice } from '../testing/voices.ts'

const answer =
  'A card takes five to seven working days, because it is printed and sent by post from the plant in the north of the ' +
  'country. You will get a message when it leaves, with a number that lets you follow it on its way to your door.'

function setUp(voice: Voice, spec: TargetSpec = {}, options: RoutedOptions = {}) {
  const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
  const each = { sdk, capabilities: { prefill: false }, ...spec } as const
  const r = routed({ places: { a: each, b: each, c: each }, midStream: 'continue', ...options })
  for (const id of ['a', 'b', 'c']) r.at(id).on(/./, answer)
  return r
}

const tools = {
  'openai.chat': [
    { type: 'function', function: { name: 'find_order', parameters: { type: 'object', properties: {} } } },
  ],
  'openai.responses': [
    { type: 'function', name: 'find_order', parameters: { type: 'object', properties: {} }, strict: false },
  ],
  'anthropic.messages': [{ name: 'find_order', input_schema: { type: 'object', properties: {} } }],
} as Record<string, object[]>

describe('midStream: continue', () => {
  it.each(voices)('never goes on inside a tool call in $api', async (voice) => {
    const r = setUp(voice)
    const toolCalls = [{ name: 'find_order', arguments: { number: 12345, customer: 'a customer with a long name' } }]
    r.at('a').on(/./, { text: 'Let me look.', toolCalls }).fail('cut', { times: 1, afterTokens: 9 })
    const { error, report } = await r.run(() => voice.helper(r, { body: { tools: tools[voice.api] } }))
    expect(sluiceErrorOf(error)?.code).toBe('stream.incomplete')
    expect(r.asked()).toEqual([1, 0, 0])
    expect(report.outcome).not.toBe('ok')
  })

  it.each(voices)('goes on in the text before a tool call in $api, and the call comes whole, once', async (voice) => {
    const r = setUp(voice)
    const toolCalls = [{ name: 'find_order', arguments: { number: 12345 } }]
    for (const id of ['a', 'b']) r.at(id).on(/./, { text: answer, toolCalls })
    r.at('a').fail('cut', { times: 1, afterTokens: 10 })
    const body = { tools: tools[voice.api] as never }
    const { value, error } = await r.run(async () => {
      if (voice.api === 'anthropic.messages') {
        const messages = [{ role: 'user' as const, content: 'Where is it?' }]
        const request = { model: 'auto', max_tokens: 500, messages, ...body }
        const { content, stop_reason } = await r.anthropic.messages.stream(request).finalMessage()
        return {
          content: content.map((block) => (block.type === 'tool_use' ? block.input : 'text' in block && block.text)),
          stop_reason,
        }
      }
      if (voice.api === 'openai.responses') {
        const { output, output_text, status } = await r.openai.responses
          .stream({ model: 'auto', input: 'Where is it?', ...body })
          .finalResponse()
        const calls = output.filter(({ type }) => type === 'function_call') as { arguments: string }[]
        return { content: [output_text, ...calls.map((call) => JSON.parse(call.arguments))], stop_reason: status }
      }
      const messages = [{ role: 'user' as const, content: 'Where is it?' }]
      const final = await r.openai.chat.completions.stream({ model: 'auto', messages, ...body }).finalChatCompletion()
      const { message, finish_reason } = final.choices[0]!
      const calls = (message.tool_calls ?? []) as unknown as { function: { arguments: string } }[]
      return {
        content: [message.content, ...calls.map((call) => JSON.parse(call.function.arguments))],
        stop_reason: finish_reason,
      }
    })
    expect(error).toBeUndefined()
    expect(value).toEqual({
      content: [answer, { number: 12345 }],
      stop_reason: expect.stringMatching(/tool|completed/),
    })
  })

  it('never goes on with a refusal, or with several answers at once', async () => {
    for (const [reply, body] of [
      [{ refusal: 'I am sorry, but I cannot help with that request at all today.' }, {}],
      [answer, { n: 2 }],
    ] as const) {
      const r = setUp(chat)
      r.at('a').on(/./, reply).fail('cut', { times: 1 })
      const { error } = await r.run(() => chat.stream(r, { body }))
      expect(sluiceErrorOf(error)?.code).toBe('stream.incomplete')
      expect(r.asked()).toEqual([1, 0, 0])
    }
  })

  it.each(voices)('tries the others in turn in $api, and shows the failure in the end', async (voice) => {
    const r = setUp(voice)
    r.at('a').fail('cut', { times: 1 })
    r.at('b').fail('http-503')
    const { value, report } = await r.run(() => voice.helper(r))
    expect(value?.text).toBe(answer)
    expect(r.asked()).toEqual([1, 1, 1])
    expect(report.attempts.map(({ target, outcome }) => [target, outcome])).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['c', 'answered'],
    ])

    const all = setUp(voice)
    for (const id of ['b', 'c']) all.at(id).fail('http-503')
    all.at('a').fail('http-503').fail('cut', { times: 1 })
    const failed = await all.run(() => voice.stream(all))
    expect(sluiceErrorOf(failed.error)).toMatchObject({ code: 'stream.incomplete' })
    expect(failed.report.attempts.every(({ outcome }) => outcome === 'failed')).toBe(true)
    for (const id of ['a', 'b', 'c']) expect(all.routes.health()[id]?.inFlight).toBe(0)
  })

  it.each(voices)('shows a failure of the continuation itself, typed, in $api', async (voice) => {
    const r = setUp(voice)
    r.at('a').fail('cut', { times: 1, afterTokens: 5 })
    for (const id of ['b', 'c']) r.at(id).fail('cut', { afterTokens: 20 })
    r.at('a').fail('cut')
    let text = ''
    const { error, report } = await r.run(() => voice.stream(r, {}, (piece) => (text += piece)))
    expect(error === undefined ? undefined : (sluiceErrorOf(error)?.code ?? isApiError(error))).toBe(
      'stream.incomplete',
    )
    expect(answer.startsWith(text)).toBe(true)
    // What the application has is all that was shown, by whomever.
    expect((sluiceErrorOf(error) as { partial?: { text: string } } | undefined)?.partial?.text).toBe(text)
    expect(report.outcome).toBe('incomplete')
  })

  it.each(voices)('a continuation that fails as it repeats leaves the stream to the next in $api', async (voice) => {
    for (const fault of ['late-error-in-stream', 'cut', 'truncated', 'malformed-chunk', 'stall'] as const)
      for (const afterTokens of [1, 4, 6]) {
        const r = setUp(voice)
        r.at('a').fail('cut', { times: 1, afterTokens: 6 })
        r.at('b').fail(fault, { afterTokens })
        const { value, error } = await r.run(() => voice.helper(r))
        expect([fault, afterTokens, error]).toEqual([fault, afterTokens, undefined])
        expect(value).toEqual({
          text: answer,
          model: 'model-a',
          finish: expect.stringMatching(/stop|end_turn|completed/),
        })
      }
  })

  it.each(voices)(
    'an answer that is over before it has said all that was shown is not this one in $api',
    async (voice) => {
      const r = setUp(voice)
      r.at('a').fail('cut', { times: 1, afterTokens: 20 })
      r.at('b').on(/./, answer.slice(0, 30))
      const { value, error } = await r.run(() => voice.helper(r))
      expect(error).toBeUndefined()
      expect(value?.text).toBe(answer)
    },
  )

  it.each(voices)('shows a late error as it came when nobody can go on in $api', async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
    const r = routed({ places: { a: { sdk } } })
    r.at('a').on(/./, answer).fail('late-error-in-stream')
    const { error } = await r.run(() => voice.stream(r))
    expect(isApiError(error)).toBe(true)
    expect(String(error)).toMatch(/error|Overloaded/i)
  })

  it.each(voices)(
    'leaves no request open when the application goes away while another goes on in $api',
    async (voice) => {
      const r = setUp(voice)
      r.at('a').fail('cut', { times: 1, afterTokens: 5 })
      const gone = new AbortController()
      let text = ''
      const { error } = await r.run(() =>
        voice.stream(r, { signal: gone.signal }, (piece) => {
          text += piece
          if (text.length > 150) gone.abort()
        }),
      )
      void error
      await r.clock.advance(1)
      expect(r.asked()).toEqual([1, 1, 0])
      expect([...r.at('a').pending, ...r.at('b').pending]).toEqual([])
      expect(r.at('b').lastCall?.outcome).toBe('cancelled')
      for (const id of ['a', 'b', 'c']) expect(r.routes.health()[id]?.inFlight).toBe(0)
    },
  )

  it('does not send an empty assistant message, which Anthropic refuses', async () => {
    const r = setUp(anthropicMessages, { capabilities: { prefill: true } })
    r.at('a').on(/./, '\n\n  Hello there, how are you?').fail('cut', { times: 1, afterTokens: 1 })
    r.at('b').on(/./, '\n\n  Hello there, how are you?')
    const { value } = await r.run(() => anthropicMessages.helper(r))
    expect(value?.text).toBe('\n\n  Hello there, how are you?')
    for (const { body } of r.at('b').calls) {
      const sent = body?.['messages'] as { content: string }[] | undefined
      expect(sent?.at(-1)?.content).not.toBe('')
    }
  })

  it('reports the tokens and the price of each part, and the sum', async () => {
    const price = (usd: number) => (usage: { fresh: number; output: number }) => ({
      nanoUsd: usage.fresh + usage.output * usd,
      byMeter: {},
    })
    const r = routed({
      places: {
        a: { price: price(10), capabilities: { prefill: false } },
        b: { price: price(1000), capabilities: { prefill: false } },
      },
      midStream: 'continue',
    })
    for (const id of ['a', 'b']) r.at(id).on(/./, answer)
    r.at('a').fail('cut', { times: 1 })
    const { report } = await r.run(() => chat.stream(r))
    const [first, second] = report.attempts
    expect(first).toMatchObject({ target: 'a', model: 'model-a', isEstimated: true, outcome: 'failed' })
    expect(first?.usage?.output).toBeGreaterThan(10)
    expect(second).toMatchObject({ target: 'b', model: 'model-b', outcome: 'answered' })
    expect(second?.usage?.output).toBe(r.at('b').lastCall?.usage?.outputTokens)
    expect(report.cost?.nanoUsd).toBe((first?.cost?.nanoUsd ?? 0) + (second?.cost?.nanoUsd ?? 0))
    expect(report.cost?.nanoUsd).toBeGreaterThan(0)
  })

  it('goes on over a strict bridge, which loses nothing of a prefill', async () => {
    const r = routed({
      places: { a: {}, b: { sdk: 'anthropic', model: 'claude-haiku-4-5', capabilities: { prefill: true } } },
      midStream: 'continue',
      bridge: { strict: true },
    })
    const shown = 'A card takes five to seven working days'
    r.at('a').on(/./, answer).fail('cut', { times: 1, afterTokens: 12 })
    r.at('b').on(/./, ({ body }) => {
      const last = (body as { messages: { content: string }[] }).messages.at(-1)
      return answer.slice(last?.content.length)
    })
    const { value, error, report } = await r.run(() => chat.stream(r))
    expect(error).toBeUndefined()
    expect(value?.text).toBe(answer)
    expect(value?.text).toContain(shown)
    expect(report.decisions.map(({ by, action }) => `${by} ${action}`)).toEqual(['router route', 'router continue'])
  })
})
