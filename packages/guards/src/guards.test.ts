import Anthropic, { BadRequestError as AnthropicBadRequest } from '@anthropic-ai/sdk'
import { onReport, sluice, sluiceErrorOf, withReport, type CallReport, type Middleware } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI, { BadRequestError, InternalServerError } from 'openai'
import { describe, expect, it } from 'vitest'
import type { Detector } from './detector.ts'
import { GuardBlockedError } from './errors.ts'
import { guards } from './guards.ts'
import { pii } from './pii/pii.ts'

const model = 'gpt-5-mini'
const secret = /ada@|4111/

function setUp(...middleware: Middleware[]) {
  const provider = fakeProvider()
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), middleware)
  const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), middleware)
  const sent = (): string => JSON.stringify(provider.lastCall?.body)
  return { provider, openai, anthropic, sent }
}

describe('guards', () => {
  it('redacts what goes to the model, in every text part of the user and of tools, and nowhere else', async () => {
    const { openai, provider } = setUp(guards({ input: [pii()] }))
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'system', content: 'Sign as desk@example.com.' },
      { role: 'user', content: 'I am ada@example.com' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'card 4111 1111 1111 1111' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'and DE89 3704 0044 0532 0130 00?' },
          { type: 'text', text: 'thanks' },
        ],
      },
    ]
    await openai.chat.completions.create({ model, messages })
    expect(provider.lastCall?.body?.['messages']).toEqual([
      messages[0],
      { role: 'user', content: 'I am [EMAIL]' },
      messages[2],
      { role: 'tool', tool_call_id: 'c1', content: 'card [CARD]' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'and [IBAN]?' },
          { type: 'text', text: 'thanks' },
        ],
      },
    ])
    expect(JSON.stringify(messages)).toMatch(secret)
  })

  it.each<[string, (clients: ReturnType<typeof setUp>) => Promise<unknown>]>([
    ['responses', ({ openai }) => openai.responses.create({ model, input: 'I am ada@example.com' })],
    ['completions', ({ openai }) => openai.completions.create({ model, prompt: ['I am ada@example.com', 'x'] })],
    [
      'embeddings',
      ({ openai }) => openai.embeddings.create({ model: 'text-embedding-3-small', input: ['ada@example.com'] }),
    ],
    [
      'messages',
      ({ anthropic }) =>
        anthropic.messages.create({
          model: 'claude-haiku-4-5',
          max_tokens: 50,
          messages: [{ role: 'user', content: [{ type: 'text', text: 'I am ada@example.com' }] }],
        }),
    ],
    [
      'a stream',
      async ({ openai }) => {
        const stream = await openai.chat.completions.create({
          model,
          stream: true,
          messages: [{ role: 'user', content: 'ada@example.com' }],
        })
        for await (const _ of stream);
      },
    ],
  ])('redacts in %s', async (_, run) => {
    const clients = setUp(guards({ input: [pii()] }))
    await run(clients)
    expect(clients.sent()).toContain('[EMAIL]')
    expect(clients.sent()).not.toMatch(secret)
  })

  it('blocks before anything is sent, as the error class of each SDK, without the text', async () => {
    const { openai, anthropic, provider } = setUp(guards({ input: [pii({ mode: 'block' })] }))
    const content = 'ada@example.com 4111111111111111'
    const errors: unknown[] = []
    await openai.chat.completions
      .create({ model, messages: [{ role: 'user', content }] })
      .catch((error) => errors.push(error))
    await openai.responses.create({ model, input: content, stream: true }).catch((error) => errors.push(error))
    await anthropic.messages
      .create({ model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user', content }] })
      .catch((error) => errors.push(error))
    expect(errors).toEqual([expect.any(BadRequestError), expect.any(BadRequestError), expect.any(AnthropicBadRequest)])
    for (const error of errors) {
      const blocked = sluiceErrorOf(error)
      expect(GuardBlockedError.isInstance(blocked)).toBe(true)
      expect(blocked).toMatchObject({
        code: 'guard.blocked',
        details: {
          stage: 'input',
          guard: 'pii',
          rules: ['email', 'card'],
          fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
        },
      })
      expect(`${String(error)} ${JSON.stringify(error)} ${blocked?.stack}`).not.toMatch(secret)
    }
    provider.expectCalls(0)
  })

  it('notes what it did by guard and rule, without the text', async () => {
    const { openai } = setUp(
      guards({ input: [pii({ entities: ['email'] }), pii({ mode: 'warn', entities: ['card'] })] }),
    )
    const { report } = await withReport(() =>
      openai.chat.completions.create({
        model,
        messages: [
          { role: 'user', content: 'ada@example.com, bob@example.com' },
          { role: 'user', content: 'cy@example.com 4111111111111111' },
        ],
      }),
    )
    const finding = { rule: 'email', preview: 'a••@e••••••.•••', fingerprint: expect.any(String) }
    expect(report?.decisions).toMatchObject([
      {
        by: 'guards',
        action: 'redact',
        reason: 'pii',
        details: { stage: 'input', rules: { email: 3 }, score: 1, findings: [finding, {}, {}] },
      },
      { by: 'guards', action: 'warn', reason: 'pii', details: { stage: 'input', rules: { card: 1 } } },
      {
        action: 'check',
        reason: 'input',
        details: { texts: 2, guards: { pii: { checks: 4, ms: expect.any(Number) } } },
      },
    ])
    expect(JSON.stringify(report)).not.toMatch(secret)
  })

  it('sends a request that has nothing in it as it is', async () => {
    const { openai, provider } = setUp(guards({ input: [pii()] }))
    const { report } = await withReport(() =>
      openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] }),
    )
    expect(provider.lastCall?.body).toEqual({ model, messages: [{ role: 'user', content: 'Hi' }] })
    expect(report?.decisions).toMatchObject([{ by: 'guards', action: 'check', reason: 'input' }])
    expect(report?.decisions).toHaveLength(1)
  })

  it('checks the roles that it is told to', async () => {
    const { openai, sent } = setUp(guards({ input: [pii()], roles: ['assistant'] }))
    await openai.chat.completions.create({
      model,
      messages: [
        { role: 'assistant', content: 'You are eve@example.com' },
        { role: 'user', content: 'No, ada@example.com' },
      ],
    })
    expect(sent()).toMatch(/You are \[EMAIL\].*ada@/)
  })

  it('fails closed, once, unless told otherwise', async () => {
    const broken: Detector = {
      name: 'broken',
      check(text) {
        throw new RangeError(`cannot read ${text}`)
      },
    }
    const params = { model, messages: [{ role: 'user' as const, content: 'ada@example.com' }] }
    const closed = setUp(guards({ input: [broken] }))
    const error = await closed.openai.chat.completions.create(params).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InternalServerError)
    expect(sluiceErrorOf(error)).toMatchObject({
      code: 'guard.failed',
      details: { stage: 'input', guard: 'broken' },
      cause: expect.objectContaining({ name: 'RangeError' }),
    })
    expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(secret)
    closed.provider.expectCalls(0)

    const open = setUp(guards({ input: [broken, pii()], onError: 'open' }))
    const { report } = await withReport(() => open.openai.chat.completions.create(params))
    expect(open.sent()).toContain('[EMAIL]')
    expect(report?.decisions).toMatchObject([
      { action: 'allow', reason: 'failed', details: { guard: 'broken' } },
      { action: 'redact' },
      { action: 'check' },
    ])
  })

  it('lets an aborted call be an aborted call, and no failure of the guard', async () => {
    const controller = new AbortController()
    const slow: Detector = {
      name: 'slow',
      check: (_, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          controller.abort()
        }),
    }
    const { openai, provider } = setUp(guards({ input: [slow], onError: 'open' }))
    const reports: CallReport[] = []
    const stop = onReport((report) => reports.push(report))
    const { signal } = controller
    const call = openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }] }, { signal })
    await expect(call).rejects.toThrow(OpenAI.APIUserAbortError)
    stop()
    expect(reports).toMatchObject([{ outcome: 'cancelled', decisions: [] }])
    provider.expectCalls(0)
  })
})
