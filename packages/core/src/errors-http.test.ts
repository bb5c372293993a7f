import Anthropic from '@anthropic-ai/sdk'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import Anthropic0 from 'anthropic-sdk-0'
import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import { describe, expect, it } from 'vitest'
import { SluiceError } from './errors.ts'
import { sluiceErrorOf } from './errors-http.ts'
import { sluiceFetch } from './fetch.ts'
import { defineMiddleware, type Middleware } from './pipeline.ts'
import { sluice } from './sluice.ts'

interface Sdk {
  readonly wrap: (middleware: readonly Middleware[], fetch?: typeof globalThis.fetch) => () => Promise<unknown>
  readonly errors: typeof OpenAI | typeof Anthropic
}

const unreachable = async (): Promise<Response> => {
  throw new Error('the wire was reached')
}
const chat = { model: 'm', messages: [{ role: 'user' as const, content: 'my secret prompt' }] }

const sdks: Record<string, Sdk> = {
  'openai 7': {
    errors: OpenAI,
    wrap: (middleware, fetch = unreachable) => {
      const client = sluice(new OpenAI({ apiKey: 'k', maxRetries: 1, fetch }), middleware)
      return () => client.chat.completions.create(chat)
    },
  },
  'openai 6': {
    errors: OpenAI6 as never,
    wrap: (middleware, fetch = unreachable) => {
      const client = sluice(new OpenAI6({ apiKey: 'k', maxRetries: 1, fetch }), middleware)
      return () => client.chat.completions.create(chat)
    },
  },
  'anthropic 1': {
    errors: Anthropic,
    wrap: (middleware, fetch = unreachable) => {
      const client = sluice(new Anthropic({ apiKey: 'k', maxRetries: 1, fetch }), middleware)
      return () => client.messages.create({ ...chat, max_tokens: 5 })
    },
  },
  'anthropic 0': {
    errors: Anthropic0 as never,
    wrap: (middleware, fetch = unreachable) => {
      const client = sluice(new Anthropic0({ apiKey: 'k', maxRetries: 1, fetch }), middleware)
      return () => client.messages.create({ ...chat, max_tokens: 5 })
    },
  },
}

async function thrownBy(run: () => Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await run()
  } catch (error) {
    return error as InstanceType<typeof OpenAI.APIError>
  }
  throw new Error('nothing was thrown')
}

describe.each(Object.entries(sdks))('an error raised by middleware under %s', (_name, { wrap, errors }) => {
  it.each([
    [400, 'BadRequestError'],
    [403, 'PermissionDeniedError'],
    [429, 'RateLimitError'],
    [500, 'InternalServerError'],
    [502, 'InternalServerError'],
  ] as const)('with status %i is %s of the SDK, once, and gives our error back', async (status, name) => {
    let runs = 0
    const raised = new SluiceError({
      code: 'guard.blocked',
      message: 'Blocked by rule 7.',
      status,
      details: { rule: 7 },
      cause: new Error('inner'),
    })
    const thrown = await thrownBy(
      wrap([
        async () => {
          runs += 1
          throw raised
        },
      ]),
    )
    expect(runs).toBe(1)
    expect(thrown).toBeInstanceOf(errors[name])
    expect(thrown.status).toBe(status)
    expect(thrown.message).toContain('Blocked by rule 7.')
    expect(thrown.headers?.get('x-sluice-error')).toBe('guard.blocked')
    expect(sluiceErrorOf(thrown)).toBe(raised)
    expect(thrown.cause).toBe(raised)
    expect(Object.keys(thrown)).not.toContain('cause')
    expect(JSON.stringify(thrown)).not.toContain('secret')
  })

  it('carries a wait', async () => {
    const thrown = await thrownBy(
      wrap([
        async () => {
          throw new SluiceError({ code: 'limit.requests', message: 'Too many.', status: 429, retryAfterMs: 1_500 })
        },
      ]),
    )
    expect([thrown.headers?.get('retry-after-ms'), thrown.headers?.get('retry-after')]).toEqual(['1500', '2'])
  })

  it('that is no error of ours reaches the caller with its message, once', async () => {
    let runs = 0
    const bug = new TypeError('cannot read x of undefined')
    const thrown = await thrownBy(
      wrap([
        async () => {
          runs += 1
          throw bug
        },
      ]),
    )
    expect(runs).toBe(1)
    expect(thrown).toBeInstanceOf(errors.APIError)
    expect(thrown.message).toContain('cannot read x of undefined')
    expect(sluiceErrorOf(thrown)).toMatchObject({ code: 'middleware.failed', cause: bug })
  })

  it('leaves the SDK its own retries and its own connection errors', async () => {
    let tries = 0
    const fetch = async (): Promise<Response> => {
      tries += 1
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      })
    }
    const thrown = await thrownBy(wrap([(call, next) => next(call)], fetch))
    expect(thrown).toBeInstanceOf(errors.APIConnectionError)
    expect(tries).toBe(2)
    expect(sluiceErrorOf(thrown)).toBeUndefined()
  })

  it('connection errors are not retried by the SDK when a middleware owns the retries', async () => {
    let tries = 0
    const reset = Object.assign(new TypeError('fetch failed'), { cause: new Error('reset') })
    const fetch = async (): Promise<Response> => {
      tries += 1
      throw reset
    }
    const owner = defineMiddleware({ name: 'retry', ownsRetries: true }, (call, next) => next(call))
    const thrown = await thrownBy(wrap([owner], fetch))
    expect(thrown).toBeInstanceOf(errors.APIConnectionError)
    expect(thrown.cause).toBe(reset)
    expect(tries).toBe(1)
  })

  it('provider errors keep body, headers object and class', async () => {
    const body = {
      error: { message: 'No such model', type: 'invalid_request_error', code: 'model_not_found', param: null },
    }
    let sent: Headers | undefined
    const fetch = async (): Promise<Response> => {
      const response = Response.json(body, { status: 404, headers: { 'x-request-id': 'r1', 'request-id': 'r1' } })
      sent = response.headers
      return response
    }
    const reads: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind === 'error') expect((await reply.error()).code).toBe('model_not_found')
      return reply
    }
    for (const middleware of [[], [reads]]) {
      const thrown = await thrownBy(wrap(middleware, fetch))
      expect(thrown).toBeInstanceOf(errors.NotFoundError)
      expect(thrown.headers).toBe(sent)
      expect(thrown.requestID).toBe('r1')
      expect(JSON.stringify(thrown.error)).toContain('model_not_found')
      expect(sluiceErrorOf(thrown)).toBeUndefined()
    }
  })
})

describe('sluiceErrorOf', () => {
  const raised = new SluiceError({
    code: 'budget.exceeded',
    message: 'No money left.',
    status: 402,
    details: { left: 0 },
  })
  const refuse: Middleware = async () => {
    throw raised
  }

  it('finds our error in what the AI SDK throws, and it is not retried there', async () => {
    const model = createOpenAI({ apiKey: 'k', fetch: sluiceFetch([refuse], { fetch: unreachable }) }).chat('m')
    const thrown = await thrownBy(() => generateText({ model, prompt: 'hi' }))
    expect(sluiceErrorOf(thrown)).toMatchObject({ code: 'budget.exceeded', details: { left: 0 } })
  })

  it('rebuilds our error from the body that crossed a network', async () => {
    const gateway = sluiceFetch([refuse])
    const overTheWire = async (url: unknown, init?: RequestInit): Promise<Response> => {
      const response = await gateway(String(url), init)
      return new Response(await response.text(), { status: response.status, headers: [...response.headers] })
    }
    const openai = new OpenAI({ apiKey: 'k', fetch: overTheWire })
    const anthropic = new Anthropic({ apiKey: 'k', fetch: overTheWire })
    for (const ask of [
      () => openai.chat.completions.create(chat),
      () => anthropic.messages.create({ ...chat, max_tokens: 5 }),
    ]) {
      const found = sluiceErrorOf(await thrownBy(ask))
      expect(found).not.toBe(raised)
      expect(found).toMatchObject({
        code: 'budget.exceeded',
        message: 'No money left.',
        details: { left: 0 },
        status: 402,
      })
    }
  })

  it.each([[undefined], [null], ['text'], [new Error('x')], [{ error: { type: 'server_error', code: 'x' } }]])(
    'is undefined for %j',
    (value) => {
      expect(sluiceErrorOf(value)).toBeUndefined()
    },
  )

  it('survives a circular cause', () => {
    const error = new Error('a')
    error.cause = error
    expect(sluiceErrorOf(error)).toBeUndefined()
  })
})
