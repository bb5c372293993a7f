import { sluiceErrorOf } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { routed, type RoutedOptions, type TargetSpec } from '../testing/routed.ts'
import { voices, type Voice } from '../testing/voices.ts'

/** Long enough that half of it is more than the overlap that is looked for. */
const answer =
  'A card takes five to seven working days, because it is printed and sent by post from the plant in the north of the ' +
  'country. You will get a message when it leaves, with a number that lets you follow it on its way to your door. ' +
  'Should it not be there after ten days, tell us, and we will stop the old one and send another by courier the next day.'

const faults = ['cut', 'truncated', 'stall', 'malformed-chunk', 'late-error-in-stream'] as const

const reasons = {
  cut: 'stream_broken',
  truncated: 'stream_broken',
  stall: 'stream_stalled',
  'malformed-chunk': 'stream_broken',
  'late-error-in-stream': 'stream_error',
}

function setUp(voice: Voice, b: TargetSpec = {}, options: RoutedOptions = {}) {
  const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
  const r = routed({ places: { a: { sdk }, b: { sdk, ...b } }, midStream: 'continue', ...options })
  r.at('a').on(/./, answer)
  r.at('b').on(/./, answer)
  return r
}

const cases = voices.flatMap((voice) => faults.map((fault) => ({ voice, fault, api: voice.api })))

describe('midStream: continue', () => {
  it.each(cases)('goes on by giving the same answer again after $fault in $api', async ({ voice, fault }) => {
    for (const way of ['stream', 'helper'] as const) {
      const r = setUp(voice, { capabilities: { prefill: false } })
      r.at('a').fail(fault, { times: 1 })
      const { value, error, report } = await r.run(() => voice[way](r))
      expect(error).toBeUndefined()
      expect(value).toEqual({
        text: answer,
        model: 'model-a',
        finish: expect.stringMatching(/stop|end_turn|completed/),
      })
      expect(r.asked()).toEqual([1, 1])
      expect(report.attempts).toMatchObject([
        { target: 'a', reason: 'first', outcome: 'failed', error: expect.stringMatching(/stream_|error_in_stream/) },
        { target: 'b', reason: 'continue', outcome: 'answered' },
      ])
      expect(report.decisions).toContainEqual(
        expect.objectContaining({ action: 'continue', reason: reasons[fault], details: { from: 'a', to: 'b' } }),
      )
      expect(report.outcome).toBe('ok')
      expect([...r.at('a').pending, ...r.at('b').pending]).toEqual([])
      expect(r.routes.stats().resumed).toBe(1)
    }
  })

  it.each(cases)('goes on by prefill after $fault in $api', async ({ voice, fault }) => {
    for (const way of ['stream', 'helper'] as const) {
      const r = setUp(voice, { capabilities: { prefill: true } })
      r.at('a').fail(fault, { times: 1 })
      let sent = ''
      r.at('b').on(
        ({ messages }) => messages.at(-1)?.role === 'assistant',
        ({ messages }) => {
          sent = messages.at(-1)?.text ?? ''
          return answer.slice(sent.length)
        },
      )
      const { value, error } = await r.run(() => voice[way](r))
      expect(error).toBeUndefined()
      expect(value?.text).toBe(answer)
      expect(sent.length).toBeGreaterThan(100)
      expect(answer.startsWith(sent)).toBe(true)
      // Anthropic refuses a last message that ends in white space.
      expect(sent).toBe(sent.trimEnd())
      expect(r.asked()).toEqual([1, 1])
    }
  })

  it.each(voices)('drops what a prefilled answer says again in $api', async (voice) => {
    for (const again of [12, 30, 100, 200]) {
      const r = setUp(voice, { capabilities: { prefill: true } })
      r.at('a').fail('cut', { times: 1 })
      r.at('b').on(
        ({ messages }) => messages.at(-1)?.role === 'assistant',
        ({ messages }) => answer.slice(Math.max(0, (messages.at(-1)?.text.length ?? 0) - again)),
      )
      const { value } = await r.run(() => voice.helper(r))
      expect(value?.text).toBe(answer)
    }
  })

  it.each(voices)('falls back to giving it again when the prefill is refused in $api', async (voice) => {
    const r = setUp(voice, { capabilities: { prefill: true } })
    r.at('a').fail('cut', { times: 1 })
    r.at('b').on(
      ({ messages }) => messages.at(-1)?.role === 'assistant',
      () => new Response('{"error":{"message":"No prefill here.","type":"invalid_request_error"}}', { status: 400 }),
    )
    const { value, error } = await r.run(() => voice.helper(r))
    expect(error).toBeUndefined()
    expect(value?.text).toBe(answer)
    expect(r.asked()).toEqual([1, 2])
  })

  it.each(voices)(
    'shows the failure, typed and with the text so far, when the other says something else in $api',
    async (voice) => {
      const r = setUp(voice, { capabilities: { prefill: false } })
      r.at('a').fail('cut', { times: 2 })
      r.at('b').on(
        /./,
        `${answer.slice(0, 40)} and something else entirely, which is no continuation of the other text.`,
      )
      let text = ''
      const { error, report } = await r.run(() => voice.stream(r, {}, (piece) => (text += piece)))
      expect(sluiceErrorOf(error)).toMatchObject({ code: 'stream.incomplete', partial: { text } })
      expect(answer.startsWith(text)).toBe(true)
      expect(text.length).toBeGreaterThan(100)
      expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
      expect([...r.at('a').pending, ...r.at('b').pending]).toEqual([])
    },
  )

  it.each(voices)('asks the failed target again when it is the only one in $api', async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
    const r = routed({ places: { a: { sdk, capabilities: { prefill: false } } }, midStream: 'continue' })
    r.at('a').on(/./, answer).fail('cut', { times: 1 })
    const { value } = await r.run(() => voice.helper(r))
    expect(value?.text).toBe(answer)
    expect(r.asked()).toEqual([2])
  })

  it.each(voices)('survives a failure at any token in $api', async (voice) => {
    for (const prefill of [false, true])
      for (let afterTokens = 1; afterTokens < 24; afterTokens += 3) {
        const r = setUp(voice, { capabilities: { prefill } })
        const text = '**Yes.** It takes 5 – 7 days;\n\n- printed\n- sent.   Über “naïve” 😀 ends. '
        r.at('a').on(/./, text).fail('cut', { times: 1, afterTokens })
        r.at('b').on(/./, ({ messages }) => {
          const last = messages.at(-1)
          return last?.role === 'assistant' ? text.slice(last.text.length) : text
        })
        const { value, error } = await r.run(() => voice.helper(r))
        expect([prefill, afterTokens, error]).toEqual([prefill, afterTokens, undefined])
        expect([prefill, afterTokens, value?.text]).toEqual([prefill, afterTokens, text])
      }
  })
})
