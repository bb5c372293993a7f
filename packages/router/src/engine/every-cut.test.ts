import { sluiceErrorOf } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { isApiError } from '../testing/api-error.ts'
import { routed, type TargetSpec } from '../testing/routed.ts'
import { voices, type Voice } from '../testing/voices.ts'

const answer = 'It takes **5 – 7 days**: “printed”, then sent. 😀 Über'

const paths = {
  'openai.chat': '/v1/chat/completions',
  'openai.responses': '/v1/responses',
  'anthropic.messages': '/v1/messages',
}

const place = (voice: Voice, prefill: boolean): TargetSpec => ({
  sdk: voice.api === 'anthropic.messages' ? 'anthropic' : 'openai',
  capabilities: { prefill },
})

/** The bytes of a whole streamed answer. */
async function bytesOf(voice: Voice): Promise<Uint8Array> {
  const r = routed({ places: { a: place(voice, false) } })
  r.at('a').on(/./, answer)
  const messages = [{ role: 'user', content: 'x' }]
  const body = {
    model: 'model-a',
    stream: true,
    ...(voice.api === 'openai.responses' ? { input: 'x' } : { messages, max_tokens: 500 }),
  }
  const response = await r.at('a').fetch(`http://a.example${paths[voice.api as keyof typeof paths]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return new Uint8Array(await response.arrayBuffer())
}

/** A response whose body is over after some bytes: by a broken connection, or as if it were whole. */
function cutResponse(bytes: Uint8Array, at: number, how: 'reset' | 'close'): Response {
  let isSent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!isSent && at > 0) {
        isSent = true
        return controller.enqueue(bytes.slice(0, at))
      }
      if (how === 'close') return controller.close()
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

const cases = voices.flatMap((voice) =>
  (['reset', 'close'] as const).flatMap((how) =>
    (['error', 'continue', 'prefill'] as const).map((mode) => ({ voice, how, mode, api: voice.api })),
  ),
)

describe('a stream that ends at any byte', () => {
  it.each(cases)('$how, $mode, $api', async ({ voice, how, mode }) => {
    const bytes = await bytesOf(voice)
    for (let at = 0; at <= bytes.length; at += 127) {
      const r = routed({
        places: { a: place(voice, false), b: place(voice, mode === 'prefill') },
        midStream: mode === 'error' ? 'error' : 'continue',
        maxRetries: 0,
      })
      let calls = 0
      r.at('a').on(/./, () => ((calls += 1) === 1 ? cutResponse(bytes, at, how) : answer))
      r.at('b').on(/./, ({ messages }) => {
        const last = messages.at(-1)
        return last?.role === 'assistant' ? answer.slice(last.text.length) : answer
      })
      let seen = ''
      const { value, error } = await r.run(() => voice.stream(r, {}, (piece) => (seen += piece)))
      const where = `${at} of ${bytes.length}`
      if (mode !== 'error' || error === undefined) {
        expect([where, error]).toEqual([where, undefined])
        expect([where, value?.text, value?.finish]).toEqual([
          where,
          answer,
          expect.stringMatching(/stop|completed|end_turn/),
        ])
      } else {
        expect([where, isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([where, true])
        expect([where, answer.startsWith(seen)]).toEqual([where, true])
        // Nothing was shown: nothing needed to be lost.
        expect([where, seen]).not.toEqual([where, ''])
      }
      for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
    }
  })
})
