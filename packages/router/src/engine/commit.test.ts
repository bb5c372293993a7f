import { describe, expect, it } from 'vitest'
import { sluiceErrorOf } from '@sluice/core'
import { isRestart } from './restart.ts'
import { isApiError } from '../testing/api-error.ts'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { chat, question, voices, type Voice } from '../testing/voices.ts'

function setUp(voice: Voice, options: RoutedOptions = {}): Routed {
  const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
  return routed({ places: { a: { sdk }, b: { sdk } }, maxRetries: 0, ...options })
}

const early = [
  ['error-in-stream', {}],
  ['http-503', {}],
  ['http-529', {}],
  ['reset-before-headers', {}],
  ['cut', { afterTokens: 0 }],
  ['truncated', { afterTokens: 0 }],
  ['malformed-chunk', { afterTokens: 0 }],
  ['stall', { afterTokens: 0 }],
  ['late-error-in-stream', { afterTokens: 0 }],
  ['silence', {}],
  ['empty-body', {}],
] as const

describe('before the first content', () => {
  it.each(voices.flatMap((voice) => early.map(([fault, details]) => ({ voice, fault, details, api: voice.api }))))(
    '$fault is invisible in $api',
    async ({ voice, fault, details }) => {
      for (const way of ['stream', 'helper'] as const) {
        const r = setUp(voice)
        r.at('a').fail(fault, details)
        const { value, error, report } = await r.run(() => voice[way](r))
        expect(error).toBeUndefined()
        expect(value).toEqual({ text: r.at('b').lastCall?.answerText, model: 'model-b', finish: expect.any(String) })
        expect(r.asked()).toEqual([1, 1])
        expect(report.attempts).toMatchObject([{ outcome: 'failed' }, { outcome: 'answered', reason: 'failover' }])
        expect(r.at('a').pending).toEqual([])
      }
    },
  )

  it.each(voices)('shows nothing of what the failed try had sent in $api', async (voice) => {
    const r = setUp(voice)
    // Its head, its role, its reasoning of no text: all but content.
    r.at('a').fail('cut', { afterTokens: 0 })
    const ids: unknown[] = []
    await r.run(async () => {
      if (voice.api === 'anthropic.messages') {
        const messages = [{ role: 'user' as const, content: question }]
        const request = { model: 'auto', max_tokens: 99, messages, stream: true as const }
        for await (const event of await r.anthropic.messages.create(request))
          if (event.type === 'message_start') ids.push(event.message.model)
      } else if (voice.api === 'openai.responses') {
        for await (const event of await r.openai.responses.create({ model: 'auto', input: question, stream: true }))
          if ('response' in event) ids.push(event.response.model)
      } else {
        const messages = [{ role: 'user' as const, content: question }]
        for await (const chunk of await r.openai.chat.completions.create({ model: 'auto', messages, stream: true }))
          ids.push(chunk.model)
      }
    })
    expect(new Set(ids)).toEqual(new Set(['model-b']))
  })

  it.each(voices)('a failure of all shows the first, typed, in $api', async (voice) => {
    for (const [fault] of early) {
      const r = setUp(voice)
      r.at('a').fail(fault, { afterTokens: 0 })
      r.at('b').fail('http-500')
      const { value, error, report } = await r.run(() => voice.stream(r))
      expect([fault, value]).toEqual([fault, undefined])
      expect([fault, isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([fault, true])
      expect(report.attempts.every(({ outcome }) => outcome === 'failed')).toBe(true)
      expect([...r.at('a').pending, ...r.at('b').pending]).toEqual([])
      for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
    }
  })
})

describe('after the first content', () => {
  it.each(voices)('midStream: error shows a typed error with the text so far in $api', async (voice) => {
    for (const fault of ['cut', 'truncated', 'stall', 'malformed-chunk'] as const) {
      const r = setUp(voice)
      r.at('a').fail(fault, { afterTokens: 6 })
      let text = ''
      const { error, report } = await r.run(() => voice.stream(r, {}, (piece) => (text += piece)))
      const { asked } = r
      expect([fault, sluiceErrorOf(error)]).toMatchObject([fault, { code: 'stream.incomplete', partial: { text } }])
      expect(text).not.toBe('')
      expect(r.at('a').lastCall?.answerText).toBe(text)
      expect(asked()).toEqual([1, 0])
      expect(report).toMatchObject({
        outcome: 'incomplete',
        attempts: [{ target: 'a', outcome: 'failed', isEstimated: true }],
      })
      expect(report.attempts[0]?.usage?.output).toBeGreaterThan(0)
      expect(r.at('a').pending).toEqual([])
      expect(r.routes.health()['a']?.counts).toMatchObject({ [fault === 'stall' ? 'timeout' : 'failure']: 1 })
    }
  })

  it.each(voices)("a missing end mark is nobody's loss in $api", async (voice) => {
    for (const midStream of ['error', 'continue', 'restart'] as const) {
      const r = setUp(voice, { midStream })
      r.at('a').fail('missing-done')
      const { value, error, report, tookMs } = await r.run(() => voice.stream(r))
      // Anthropic's end mark is the terminal event itself: without it nobody can know.
      if (voice.api === 'anthropic.messages' && error) {
        expect(sluiceErrorOf(error)?.code).toBe('stream.incomplete')
        continue
      }
      expect(value?.text).toBe(r.at('a').lastCall?.answerText)
      expect(tookMs).toBe(0)
      expect(report.outcome).toBe('ok')
    }
  })

  it.each(voices)('a filtered end is an answer and stays one in $api', async (voice) => {
    const r = setUp(voice, { midStream: 'continue' })
    r.at('a').fail('content-filter-finish')
    const { value, error } = await r.run(() => voice.stream(r))
    expect(error).toBeUndefined()
    expect(value?.text).toBe(r.at('a').lastCall?.answerText)
    expect(r.asked()).toEqual([1, 0])
  })
})

describe('midStream: restart', () => {
  const faults = ['cut', 'truncated', 'stall', 'malformed-chunk', 'late-error-in-stream'] as const

  it.each(faults)('begins anew behind a marker after %s', async (fault) => {
    const r = setUp(chat, { midStream: 'restart' })
    r.at('a').on(/./, 'The first answer, which will not come to its end.').fail(fault)
    r.at('b').on(/./, 'Another answer.')
    const { value, report } = await r.run(async () => {
      let text = ''
      const markers: unknown[] = []
      const messages = [{ role: 'user' as const, content: question }]
      for await (const chunk of await r.openai.chat.completions.create({ model: 'auto', messages, stream: true })) {
        const restart = isRestart(chunk)
        if (restart) [text] = ['', markers.push(restart)]
        text += chunk.choices[0]?.delta.content ?? ''
      }
      return { text, markers }
    })
    expect(value).toEqual({ text: 'Another answer.', markers: [{ target: 'b' }] })
    expect(report.attempts).toMatchObject([{ outcome: 'failed' }, { reason: 'restart', outcome: 'answered' }])
    expect(report.outcome).toBe('ok')
  })

  it('marks each dialect so that the raw streams of both SDKs read on', async () => {
    for (const voice of voices) {
      const r = setUp(voice, { midStream: 'restart' })
      for (const id of ['a', 'b']) r.at(id).on(/./, `This is the answer of ${id}.`)
      r.at('a').fail('cut')
      const { value, error } = await r.run(() => voice.stream(r))
      expect([voice.api, error]).toEqual([voice.api, undefined])
      expect(value?.text).toMatch(/^This.*This is the answer of b\.$/)
    }
  })

  it('restarts in the midst of a tool call as well', async () => {
    const r = setUp(chat, { midStream: 'restart' })
    const toolCalls = [{ name: 'find_order', arguments: { number: 12345, customer: 'a customer with a long name' } }]
    for (const id of ['a', 'b']) r.at(id).on(/./, { toolCalls })
    r.at('a').fail('cut', { afterTokens: 4 })
    const tools = [{ type: 'function' as const, function: { name: 'find_order', parameters: {} } }]
    const { value } = await r.run(async () => {
      let json = ''
      const messages = [{ role: 'user' as const, content: question }]
      const request = { model: 'auto', messages, tools, stream: true as const }
      for await (const chunk of await r.openai.chat.completions.create(request)) {
        if (isRestart(chunk)) json = ''
        json += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''
      }
      return JSON.parse(json)
    })
    expect(value).toEqual(toolCalls[0]?.arguments)
  })
})

describe('isRestart', () => {
  it('knows the marker from every other event', () => {
    for (const event of [undefined, null, 1, 'x', {}, { sluice: 1 }, { sluice: null }, { sluice: { restart: true } }])
      expect(isRestart(event)).toBeUndefined()
  })
})
