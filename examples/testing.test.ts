// How to test code that calls a model: the real SDK over a fake provider, with scripted answers and faults. No network, no
// mocks of the SDK, no waiting.
import { sluice, sluiceErrorOf } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { guards, pii } from '@sluice/guards'
import { retry } from '@sluice/router'
import OpenAI from 'openai'
import { expect, it } from 'vitest'

/** The code under test: answers a customer, or says that a person will. */
async function reply(openai: OpenAI, question: string): Promise<string> {
  try {
    const stream = await openai.chat.completions.create({
      model: 'gpt-5-mini',
      stream: true,
      messages: [{ role: 'user', content: question }],
    })
    let answer = ''
    for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''
    return answer
  } catch (error) {
    if (sluiceErrorOf(error)?.code === 'guard.blocked') return 'Please leave out card numbers.'
    return 'A colleague will write to you.'
  }
}

function setUp() {
  const provider = fakeProvider()
  const bare = new OpenAI({ apiKey: 'test', fetch: provider.fetch })
  return {
    provider,
    openai: sluice(bare, [
      guards({ input: [pii({ mode: 'block', entities: ['card'] })] }),
      retry({ initialDelayMs: 1 }),
    ]),
  }
}

it('answers', async () => {
  const { provider, openai } = setUp()
  provider.on(/refund/i, 'Refunds take five days.')
  expect(await reply(openai, 'When is my refund?')).toBe('Refunds take five days.')
  expect(provider.lastCall).toMatchObject({ model: 'gpt-5-mini', stream: true, outcome: 'finished' })
})

it.each(['http-503', 'reset-before-headers', 'error-in-stream'] as const)(
  'answers although the provider fails once: %s',
  async (fault) => {
    const { provider, openai } = setUp()
    provider.on(/long/, 'Five days.').fail(fault, { times: 1 })
    expect(await reply(openai, 'How long?')).toBe('Five days.')
    provider.expectCalls(2)
  },
)

it.each(['cut', 'truncated', 'late-error-in-stream'] as const)('never shows half an answer: %s', async (fault) => {
  const { provider, openai } = setUp()
  provider.fail(fault)
  expect(await reply(openai, 'How long?')).toBe('A colleague will write to you.')
})

it('sends no card number anywhere', async () => {
  const { provider, openai } = setUp()
  expect(await reply(openai, 'My card is 4111 1111 1111 1111')).toBe('Please leave out card numbers.')
  provider.expectCalls(0)
})
