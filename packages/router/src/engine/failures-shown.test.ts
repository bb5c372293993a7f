import Anthropic from '@anthropic-ai/sdk'
import { sluiceErrorOf } from '@sluice/core'
import OpenAI, { type APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import { isApiError } from '../testing/api-error.ts'
import { routed, type Routed } from '../testing/routed.ts'
import { anthropicMessages, chat, responses, voices, type Voice } from '../testing/voices.ts'
import { TargetTimeoutError } from './timeouts.ts'

function setUp(voice: Voice, ids: readonly string[] = ['a', 'b']): Routed {
  const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
  return routed({ places: Object.fromEntries(ids.map((id) => [id, { sdk }])), maxRetries: 0 })
}

describe('what the application sees when nobody answers', () => {
  it.each([
    ['bad-request', OpenAI.BadRequestError, Anthropic.BadRequestError, 400],
    ['unauthorized', OpenAI.AuthenticationError, Anthropic.AuthenticationError, 401],
    ['forbidden', OpenAI.PermissionDeniedError, Anthropic.PermissionDeniedError, 403],
    ['not-found', OpenAI.NotFoundError, Anthropic.NotFoundError, 404],
    ['unprocessable', OpenAI.UnprocessableEntityError, Anthropic.UnprocessableEntityError, 422],
    ['http-429', OpenAI.RateLimitError, Anthropic.RateLimitError, 429],
    ['http-500', OpenAI.InternalServerError, Anthropic.InternalServerError, 500],
    ['html', OpenAI.InternalServerError, Anthropic.InternalServerError, 502],
  ] as const)('is the first error of the SDK itself after %s', async (fault, OpenAIError, AnthropicError, status) => {
    for (const voice of voices)
      for (const way of ['whole', 'stream', 'helper'] as const) {
        const r = setUp(voice)
        r.at('a').fail(fault, { retryAfterS: 7 })
        r.at('b').fail('http-503')
        const { error } = await r.run(() => voice[way](r))
        expect(error).toBeInstanceOf(voice === anthropicMessages ? AnthropicError : OpenAIError)
        const { headers, status: shown, requestID } = error as APIError
        expect(shown).toBe(status)
        expect(requestID).toBe(r.at('a').calls[0]?.id)
        if (fault === 'http-429') expect(headers?.get('retry-after')).toBe('7')
        if (fault === 'http-429' && voice !== anthropicMessages)
          expect((error as APIError).code).toBe('rate_limit_exceeded')
      }
  })

  it('is the error of the other SDK in the words of its own, when the first target speaks another dialect', async () => {
    const chatted = routed({ places: { a: { sdk: 'anthropic' } }, maxRetries: 0 })
    chatted.at('a').fail('bad-request')
    for (const voice of [chat, responses]) {
      const { error } = await chatted.run(() => voice.whole(chatted))
      expect(error).toBeInstanceOf(OpenAI.BadRequestError)
      expect((error as APIError).message).toMatch(/Invalid request/)
    }
    const messaged = routed({ places: { a: {} }, maxRetries: 0 })
    messaged.at('a').fail('bad-request')
    const { error } = await messaged.run(() => anthropicMessages.whole(messaged))
    expect(error).toBeInstanceOf(Anthropic.BadRequestError)
    expect(String(error)).toMatch(/Invalid request/)
  })

  it.each(voices)('is a connection error where there is no connection in $api', async (voice) => {
    for (const way of ['whole', 'stream', 'helper'] as const) {
      const r = setUp(voice)
      r.at('a').fail('reset-before-headers')
      r.at('b').fail('http-500')
      const { error } = await r.run(() => voice[way](r))
      const Expected = voice === anthropicMessages ? Anthropic.APIConnectionError : OpenAI.APIConnectionError
      expect(error).toBeInstanceOf(Expected)
      expect((error as Error).cause).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
    }
  })

  it.each(voices)('is a TargetTimeoutError behind the SDK error where the target was silent in $api', async (voice) => {
    for (const [way, limit] of [
      ['whole', 'attempt'],
      ['stream', 'connect'],
      ['helper', 'connect'],
    ] as const) {
      const r = setUp(voice, ['a'])
      r.at('a').fail('silence')
      const { error } = await r.run(() => voice[way](r))
      expect(isApiError(error)).toBe(true)
      expect((error as APIError).status).toBe(504)
      const behind = sluiceErrorOf(error)
      expect(behind).toBeInstanceOf(TargetTimeoutError)
      expect(behind).toMatchObject({ code: 'route.timeout', limit, target: 'a' })
      expect(behind?.message).toContain('"a"')
    }
  })

  it.each(voices)('is never a success when the whole answer is broken everywhere in $api', async (voice) => {
    for (const fault of ['cut', 'truncated', 'empty-body', 'malformed-chunk', 'error-in-stream'] as const) {
      const r = setUp(voice)
      for (const id of ['a', 'b']) r.at(id).fail(fault)
      const { value, error, report } = await r.run(() => voice.whole(r))
      expect([fault, value]).toEqual([fault, undefined])
      expect([fault, String(error), isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([
        fault,
        String(error),
        true,
      ])
      expect(report.outcome).toBe('error')
      expect([...r.at('a').pending, ...r.at('b').pending]).toEqual([])
    }
  })

  it.each(voices)("is nothing of a bridged target's broken answer while another is there in $api", async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'openai' : 'anthropic'
    for (const way of ['whole', 'stream'] as const)
      for (const fault of ['cut', 'truncated', 'empty-body', 'malformed-chunk', 'error-in-stream', 'html'] as const) {
        const r = routed({ places: { a: { sdk }, b: {} }, maxRetries: 0 })
        r.at('a').fail(fault, { afterTokens: 0 })
        const { value, error } = await r.run(() => voice[way](r))
        expect([way, fault, error]).toEqual([way, fault, undefined])
        expect(value).toMatchObject({ model: 'model-b', text: r.at('b').lastCall?.answerText })
      }
  })

  it.each(voices)('is typed when a bridged body is cut everywhere in $api', async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'openai' : 'anthropic'
    for (const way of ['whole', 'stream'] as const)
      for (const fault of ['cut', 'truncated', 'empty-body', 'malformed-chunk', 'stall'] as const) {
        const r = routed({ places: { a: { sdk }, b: { sdk } }, maxRetries: 0 })
        for (const id of ['a', 'b']) r.at(id).fail(fault, { afterTokens: 0 })
        const { error } = await r.run(() => voice[way](r))
        expect([way, fault, isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([way, fault, true])
      }
  })

  it('is the refusal of content, not the failure before it', async () => {
    const r = setUp(chat, ['a', 'b', 'c'])
    r.at('a').fail('http-503')
    r.at('b').fail('content-filter')
    const { error } = await r.run(() => chat.whole(r))
    expect(error).toMatchObject({ status: 400, code: 'content_filter' })
    expect(r.asked()).toEqual([1, 1, 0])
  })

  it('says of each target why it cannot be asked', async () => {
    const r = routed({ places: { a: { capabilities: { tools: false } }, b: { capabilities: { tools: false } } } })
    const tools = [{ type: 'function', function: { name: 'find', parameters: {} } }]
    const { error } = await r.run(() => chat.whole(r, { body: { tools } }))
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(sluiceErrorOf(error)).toMatchObject({
      code: 'route.no_target',
      details: {
        candidates: [
          { id: 'a', excluded: 'tools' },
          { id: 'b', excluded: 'tools' },
        ],
      },
    })
    expect(r.asked()).toEqual([0, 0])
  })

  it('asks no SDK to try again', async () => {
    for (const fault of ['http-500', 'http-429', 'reset-before-headers', 'silence'] as const) {
      const r = routed({ places: { a: {} }, retry: { maxRetries: 1, jitter: 'none' }, maxRetries: 1 })
      r.at('a').fail(fault)
      await r.run(() => chat.whole(r))
      // A target that timed out is not asked again.
      expect([fault, r.asked()]).toEqual([fault, [fault === 'silence' ? 1 : 2]])
    }
  })

  it('a mistake in the program is not taken for a failed target', async () => {
    const mistake = new TypeError('undefined is not a function')
    const r = routed({
      targets: ({ a, b }) => [{ ...a!, handle: () => Promise.reject(mistake) }, b!],
    })
    const { error, report } = await r.run(() => chat.whole(r))
    expect(sluiceErrorOf(error)?.cause).toBe(mistake)
    expect(r.asked()).toEqual([0, 0, 0])
    expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
    expect(r.routes.health()['a']?.inFlight).toBe(0)
  })

  it('a target that throws before it gives a promise is the same', async () => {
    const mistake = new TypeError('undefined is not a function')
    const r = routed({
      targets: ({ a, b }) => [
        {
          ...a!,
          handle: () => {
            throw mistake
          },
        },
        b!,
      ],
    })
    const { error, report } = await r.run(() => chat.whole(r))
    expect(sluiceErrorOf(error)?.cause).toBe(mistake)
    expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
    expect(r.routes.health()['a']?.inFlight).toBe(0)
  })
})
