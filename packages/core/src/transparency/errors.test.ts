import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { FakeFaultName } from '../testing/fake-provider/faults.ts'
import { forever, whenever } from './back-off.ts'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { observe } from './observe.ts'
import { once, recordItems, thrownBy } from './recording.ts'
import { passed, reported, rewritten, untouched, variants } from './variants.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const chat = { model: 'gpt-5-mini', messages }
const streamed = { ...chat, stream: true as const }
type Row = Behaviours<OpenAI, OpenAiSdk>[string]
type Rows = Record<string, Row>

/** How the request is made and what it throws, for whole and streamed calls and through a helper. */
function asked(prepare: (scene: Parameters<Row>[1]) => void): Row {
  return async (client, scene) => {
    prepare(scene)
    const whole = await thrownBy(() => client.chat.completions.create(chat))
    const stream = await thrownBy(() => client.chat.completions.create(streamed))
    const raw = await thrownBy(() => client.chat.completions.create(chat).asResponse())
    const helper = await thrownBy(() => client.chat.completions.stream(chat).finalChatCompletion())
    const response = await thrownBy(() => client.responses.create({ model: 'gpt-5-mini', input: 'Hi' }))
    const embedding = await thrownBy(() => client.embeddings.create({ model: 'text-embedding-3-small', input: 'Hi' }))
    return { whole, stream, raw, helper, response, embedding }
  }
}

const faults: readonly FakeFaultName[] = [
  'bad-request',
  'unauthorized',
  'payment-required',
  'forbidden',
  'not-found',
  'unprocessable',
  'http-429',
  'quota',
  'http-500',
  'http-503',
  'http-529',
  'context-length',
  'content-filter',
  'html',
  'reset-before-headers',
]
const behaviours: Rows = {}
for (const fault of faults) behaviours[`the fault ${fault}`] = asked(({ provider }) => void provider.fail(fault))

/** Answers to chat calls of every client here. */
const answering =
  (answer: () => Response): Row =>
  async (client, { routes }) => {
    for (const path of ['/v1/chat/completions', '/openai/deployments/gpt-5-mini/chat/completions'])
      routes[`POST ${path}`] = answer
    const outcome = async (run: () => PromiseLike<unknown>): Promise<unknown> => {
      try {
        return { value: await run() }
      } catch (thrown) {
        return { thrown }
      }
    }
    return [
      await outcome(() => client.chat.completions.create(chat)),
      await outcome(() => client.chat.completions.create(chat).withResponse()),
      await outcome(async () => (await client.chat.completions.create(chat).asResponse()).text()),
    ]
  }
const json = { 'content-type': 'application/json' }
const error = { message: 'Taken.', type: 't', code: 'c', param: 'p', more: { deep: [1] } }

Object.assign(behaviours, {
  'a conflict, with a request id and fields of its own': answering(() =>
    Response.json({ error }, { status: 409, headers: { 'x-request-id': 'r1', 'x-own': 'a, b' } }),
  ),
  'an error that is a text in JSON': answering(() => Response.json({ error: 'no' }, { status: 400 })),
  'an error that is a list': answering(() => Response.json([{ error }], { status: 400 })),
  'an error with a message alone': answering(() => Response.json({ message: 'no' }, { status: 418 })),
  'an error with a broken body': answering(() => new Response('{"error":', { status: 400, headers: json })),
  'an error with an empty body': answering(() => new Response('', { status: 500, headers: json })),
  'an error without a body': answering(() => new Response(null, { status: 403 })),
  'a redirect that nobody follows': answering(() => new Response(null, { status: 304 })),
  'plain text': answering(() => new Response('moved', { status: 410, headers: { 'content-type': 'text/plain' } })),
} satisfies Rows)

/** Answers that are no JSON: a middleware that reads them gets a typed error, the application the SDK's own. */
const unreadable: Rows = {
  'a broken body': async (client, { provider }) => {
    provider.fail('malformed-chunk')
    return thrownBy(() => client.chat.completions.create(chat))
  },
  'a body cut off': async (client, { provider }) => {
    provider.fail('truncated')
    return thrownBy(() => client.chat.completions.create(chat))
  },
  'an empty body': async (client, { provider }) => {
    provider.fail('empty-body')
    return client.chat.completions.create(chat).then(
      (value) => [value],
      (thrown: unknown) => thrown,
    )
  },
  'an empty body of known length': answering(() => new Response(null, { headers: { ...json, 'content-length': '0' } })),
  'no content': answering(() => new Response(null, { status: 204 })),
}

/** The SDK hands such a text on, so a middleware that had to read it fails the call instead. */
const foreign: Rows = {
  'text where JSON was expected': answering(
    () => new Response('<p>Hello</p>', { headers: { 'content-type': 'text/html' } }),
  ),
}

/** A body that breaks while it is read, after a good head. */
const breaking: Rows = {
  'a whole answer whose connection breaks': async (client, { provider }) => {
    provider.fail('cut')
    return thrownBy(() => client.chat.completions.create(chat))
  },
  'a whole answer whose connection breaks, where retries are left': async (client, { provider }) => {
    provider.fail('cut')
    return thrownBy(() => client.chat.completions.create(chat, { maxRetries: 2 }))
  },
}

/** A whole answer that does not come to its end. */
const stalling: Rows = {
  'a whole answer that stalls and is given up': async (client, { provider }) => {
    provider.fail('stall')
    const caller = new AbortController()
    once(
      () => provider.calls[0]?.chunksSent === 1,
      () => setTimeout(() => caller.abort(), 10),
    )
    return thrownBy(() => client.chat.completions.create(chat, { signal: caller.signal }))
  },
  'a whole answer that stalls past the timeout, where that covers bodies': async (
    _client,
    { fetch, open, provider, sdk },
  ) => {
    if (sdk !== openaiCases[0]?.sdk) return 'no such timeout'
    provider.fail('stall')
    let headed = 0
    const heading: typeof fetch = async (...request) => {
      const response = await fetch(...request)
      headed += 1
      return response
    }
    const client = open({ fetch: heading, maxRetries: 0 })
    return whenever(
      // A few looks after the head has come, the client is at the body.
      () => headed > 0 && (headed += 1) > 20,
      () => thrownBy(() => client.chat.completions.create(chat, { timeout: forever })),
    )
  },
}

const brokenFrame: Rows = {
  'a frame that is no JSON': async (client, { provider }) => {
    provider.fail('malformed-chunk', { afterTokens: 3 })
    return recordItems(await client.chat.completions.create(streamed))
  },
}

itIsTransparent([...openaiCases, ...azureCases.slice(0, 1)], ['in memory'], { ...behaviours, ...breaking })
itIsTransparent(openaiCases, ['over HTTP'], { ...behaviours, ...breaking })
const unreading = [untouched, passed, reported]
itIsTransparent([...openaiCases, ...azureCases.slice(0, 1)], ['in memory'], unreadable)
itIsTransparent(openaiCases, ['in memory'], foreign, unreading)
itIsTransparent(openaiCases.slice(0, 1), ['in memory', 'over HTTP'], brokenFrame)
// openai 6 tells where in the frame its parser stopped, which only the frame itself would give.
itIsTransparent(openaiCases, ['in memory', 'over HTTP'], stalling, unreading)
itIsTransparent(openaiCases.slice(1), ['in memory', 'over HTTP'], brokenFrame, [untouched, passed])

describe.each(openaiCases)('$name through one that reads', (made) => {
  it.each<[string, string, number, Row | undefined]>([
    // Asked for in three ways.
    ['text where JSON was expected', 'reply.malformed', 3, foreign['text where JSON was expected']],
    ['a body given up', 'APIUserAbortError', 1, stalling['a whole answer that stalls and is given up']],
  ])('%s is a typed error, and no call is repeated', async (_name, code, calls, behaviour) => {
    const { observation } = await observe(made, 'in memory', behaviour as Row, rewritten)
    expect(JSON.stringify(observation.result)).toContain(code)
    expect(observation.sent).toHaveLength(calls)
  })

  it('a body that outlasts the timeout is the timeout error of the SDK', async () => {
    const timedOut: Row = async (client, { provider }) => {
      provider.fail('stall')
      return whenever(
        () => provider.calls[0]?.chunksSent === 1,
        () => thrownBy(() => client.chat.completions.create(chat, { timeout: forever })),
      )
    }
    const { observation } = await observe(made, 'in memory', timedOut, rewritten)
    expect(observation.result).toMatchObject({ '[class]': 'APIConnectionTimeoutError' })
  })
})

const lenient = variants.map((variant) => ({ ...variant, options: { incompleteStreams: 'pass' as const } }))
itIsTransparent(
  openaiCases,
  ['in memory', 'over HTTP'],
  {
    'a stream that ends early, where that was chosen': async (client, { provider }) => {
      provider.fail('truncated', { afterTokens: 3 })
      return recordItems(await client.chat.completions.create(streamed))
    },
    'a stream without a body, where that was chosen': async (client, { provider }) => {
      provider.fail('empty-body')
      return recordItems(await client.chat.completions.create(streamed))
    },
  },
  lenient,
)
