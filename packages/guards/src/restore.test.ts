import Anthropic from '@anthropic-ai/sdk'
import { sluice, withContext, withReport } from '@sluice/core'
import { fakeProvider, type FakeRequest } from '@sluice/core/testing'
import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { guards, type GuardsOptions } from './guards.ts'
import { pii } from './pii/pii.ts'
import { memoryVault } from './vault/memory-vault.ts'
import type { Vault } from './vault/vault.ts'

const model = 'gpt-5-mini'
const personal = pii({ restore: true, entities: ['email', 'card'] })
const placeholder = /\[EMAIL_[a-z]{8}\]/g

function setUp(options: Partial<GuardsOptions> = {}) {
  const provider = fakeProvider()
  const middleware = [guards({ input: [personal], output: [personal], ...options })]
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), middleware)
  const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), middleware)
  const sent = (): string => JSON.stringify(provider.lastCall?.body)
  const sentPlaceholders = (): string[] => [...sent().matchAll(placeholder)].map(([text]) => text)
  return { provider, openai, anthropic, sent, sentPlaceholders }
}

const user = (content: string) => ({ role: 'user' as const, content })
const echo = ({ lastUserText }: FakeRequest): string => `You said: ${lastUserText}`

describe('reversible redaction', () => {
  it('sends placeholders and puts the values back, in every dialect, whole and streamed', async () => {
    const { provider, openai, anthropic, sent } = setUp()
    provider.on(() => true, echo)
    const text = 'I am ada@example.com and he is bob@example.com'
    const messages = [user(text)]
    const answers = [
      (await openai.chat.completions.create({ model, messages })).choices[0]?.message.content,
      (await openai.chat.completions.stream({ model, messages }).finalChatCompletion()).choices[0]?.message.content,
      (await openai.responses.create({ model, input: text })).output_text,
      (await openai.responses.stream({ model, input: text }).finalResponse()).output_text,
      ...(await anthropic.messages.create({ model, max_tokens: 99, messages })).content.map((block) =>
        block.type === 'text' ? block.text : '',
      ),
      ...(await anthropic.messages.stream({ model, max_tokens: 99, messages }).finalMessage()).content.map((block) =>
        block.type === 'text' ? block.text : '',
      ),
    ]
    expect(answers).toEqual(Array.from({ length: 6 }, () => `You said: ${text}`))
    expect(sent()).not.toMatch(/ada@|bob@/)
  })

  it('knows a placeholder however the model writes it, and however the stream cuts it', async () => {
    const { provider, openai, sentPlaceholders } = setUp()
    const forms: ((text: string) => string)[] = [
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.slice(1, -1),
      (text) => `[${text}]`,
      (text) => text.replaceAll(/([[\]_])/g, '\\$1'),
      (text) => text.replace('_', ' '),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...forms),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (form, lengths) => {
          provider.enqueue(() => {
            const said = `Write to ${form(sentPlaceholders()[0] ?? '')}, please.`
            const chunks: string[] = []
            for (let at = 0, turn = 0; at < said.length; turn += 1) {
              const length = lengths[turn % lengths.length] as number
              chunks.push(said.slice(at, at + length))
              at += length
            }
            return { chunks }
          })
          let shown = ''
          const stream = await openai.chat.completions.create({
            model,
            messages: [user('I am ada@example.com')],
            stream: true,
          })
          for await (const { choices } of stream) shown += choices[0]?.delta.content ?? ''
          expect(shown).toBe('Write to ada@example.com, please.')
        },
      ),
      { numRuns: 40 },
    )
  })

  it('gives tools the values, as JSON, and the model the same placeholders again', async () => {
    const { provider, openai, anthropic, sent, sentPlaceholders } = setUp({
      input: [pii({ restore: true, custom: [], entities: ['email'] })],
    })
    provider.enqueue(() => ({ toolCalls: [{ name: 'send', arguments: { to: sentPlaceholders()[0] ?? '', n: 1 } }] }))
    const messages: OpenAI.ChatCompletionMessageParam[] = [user('Write to ada@example.com')]
    const { choices } = await openai.chat.completions.stream({ model, messages }).finalChatCompletion()
    const call = choices[0]?.message.tool_calls?.[0]
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ to: 'ada@example.com', n: 1 })
    const [first] = sentPlaceholders()

    messages.push(choices[0]?.message as OpenAI.ChatCompletionMessage)
    messages.push({ role: 'tool', tool_call_id: call?.id ?? '', content: '{"sent":"ada\\u0040example.com"}' })
    provider.enqueue('Done.')
    await openai.chat.completions.create({ model, messages })
    expect(sent()).not.toMatch(/ada(@|\\+u0040)/)
    expect(sentPlaceholders()).toEqual([first, first, first])

    provider.enqueue(() => ({ toolCalls: [{ name: 'send', arguments: { to: sentPlaceholders()[0] ?? '' } }] }))
    const { content } = await anthropic.messages.create({
      model,
      max_tokens: 99,
      messages: [user('Write to ada@example.com')],
    })
    expect(content.find((block) => block.type === 'tool_use')?.input).toEqual({ to: 'ada@example.com' })
  })

  it('names a value alike over the turns of a conversation and differently in another', async () => {
    const { openai, sentPlaceholders } = setUp()
    const ask = async (session: string | undefined, ...contents: string[]): Promise<string[]> => {
      const run = () => openai.chat.completions.create({ model, messages: contents.map(user) })
      await (session === undefined ? run() : withContext({ tenant: 'acme', session }, run))
      return sentPlaceholders()
    }
    const [one] = await ask('s1', 'ada@example.com')
    expect(await ask('s1', 'bob@example.com', 'ada@example.com')).toEqual([expect.any(String), one])
    expect(await ask('s2', 'ada@example.com')).not.toEqual([one])
    // Without a session a conversation is told by how it begins.
    const [two] = await ask(undefined, 'Hi', 'ada@example.com')
    expect(await ask(undefined, 'Hi', 'ada@example.com', 'and ada@example.com')).toEqual([two, two])
    expect(await ask(undefined, 'Hello', 'ada@example.com')).not.toEqual([two])
    const long = 'It begins with a long story. '.repeat(100)
    expect(await ask(undefined, long, 'ada@example.com')).toEqual(await ask(undefined, long, 'ada@example.com', 'And?'))
  })

  it('puts values of earlier turns back from the vault, of the same conversation only', async () => {
    const { provider, openai, sentPlaceholders } = setUp()
    const ask = (session: string, reply: string, content = 'And now?') =>
      withReport(() =>
        withContext({ tenant: 'acme', session }, async () => {
          provider.enqueue(reply)
          const { choices } = await openai.chat.completions.create({ model, messages: [user(content)] })
          return choices[0]?.message.content
        }),
      )
    await ask('s1', 'Hello', 'I am ada@example.com')
    const [known] = sentPlaceholders()
    expect((await ask('s1', `You are ${known}.`)).value).toBe('You are ada@example.com.')
    const other = await ask('s2', `You are ${known}.`, 'I am bob@example.com')
    expect(other.value).toBe(`You are ${known}.`)
    expect(other.report?.decisions).toContainEqual({
      by: 'guards',
      action: 'restore',
      details: { sent: 1, seen: 0, restored: 0, unknown: 1 },
    })
  })

  it('counts what was sent, seen and restored', async () => {
    const { provider, openai } = setUp()
    provider.on(
      () => true,
      ({ lastUserText }) => `${lastUserText} ${lastUserText}`,
    )
    const { report } = await withReport(async () => {
      const stream = await openai.chat.completions.create({ model, messages: [user('ada@example.com')], stream: true })
      for await (const _ of stream);
    })
    expect(report?.decisions).toContainEqual({
      by: 'guards',
      action: 'restore',
      details: { sent: 1, seen: 2, restored: 2, unknown: 0 },
    })
    expect(JSON.stringify(report)).not.toMatch(/ada@/)
  })

  it('redacts what the model made up, and leaves its thoughts as they are', async () => {
    const { provider, openai, sentPlaceholders } = setUp()
    provider.enqueue(() => ({
      text: `eve@example.com is not ${sentPlaceholders()[0]}`,
      reasoning: `Who is ${sentPlaceholders()[0]}?`,
    }))
    const { choices } = await openai.chat.completions.create({ model, messages: [user('I am ada@example.com')] })
    const message = choices[0]?.message as OpenAI.ChatCompletionMessage & { reasoning_content?: string }
    expect(message.content).toBe('[EMAIL] is not ada@example.com')
    expect(message.reasoning_content).toBe(`Who is ${sentPlaceholders()[0]}?`)
  })

  it('goes on without a vault that fails, with what the request holds, and says so', async () => {
    const broken = (): never => {
      throw new Error('no connection')
    }
    const vault: Vault = { ...memoryVault(), load: broken, save: async () => broken() }
    const { provider, openai, sent } = setUp({ vault })
    provider.on(() => true, echo)
    const { value, report } = await withReport(() =>
      withContext({ session: 's1' }, () =>
        openai.chat.completions.create({ model, messages: [user('ada@example.com')] }),
      ),
    )
    expect(value.choices[0]?.message.content).toBe('You said: ada@example.com')
    expect(sent()).not.toContain('ada@')
    expect(report?.decisions.filter(({ action }) => action === 'vault_failed').map(({ reason }) => reason)).toEqual([
      'load',
      'save',
    ])
  })
})
