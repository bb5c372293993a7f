import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anthropicMessages, openaiChat } from '../../api/index.ts'
import { countRequest, countTokens } from '../count.ts'
import { estimateTokens } from '../estimate.ts'
import { chinese, emoji } from '../fixtures/sample-texts.ts'
import { trimMessages } from './trim-messages.ts'

const model = 'gpt-5-mini'
const words = (count: number): string => 'word '.repeat(count).trim()
const system = { role: 'system', content: 'Answer briefly.' }
const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })
const call = (id: string, size = 4) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'look', arguments: JSON.stringify({ at: words(size) }) } }],
})
const result = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })
const tokensOf = (messages: readonly object[]): number =>
  countRequest({ api: openaiChat, request: { model, messages: messages as never } }).inputTokens

/** Exchanges of 100 words each way. */
const chat = (turns: number) =>
  Array.from({ length: turns }, (_, turn) => [user(`${turn} ${words(100)}`), assistant(`${turn} ${words(100)}`)]).flat()

describe('trimMessages', () => {
  it('gives back the list itself when it fits', async () => {
    const messages = [system, ...chat(2)]
    const trimmed = await trimMessages(messages, { maxTokens: 5_000, model })
    expect(trimmed.messages).toBe(messages)
    expect(trimmed).toMatchObject({ tokens: tokensOf(messages), dropped: [], isCut: false })
  })

  it('drops the oldest exchanges whole, and keeps system messages', async () => {
    const messages = [system, ...chat(5).slice(0, 4), { role: 'developer', content: 'Be kind.' }, ...chat(5).slice(4)]
    const trimmed = await trimMessages(messages, { maxTokens: 900, model })
    expect(trimmed.tokens).toBe(tokensOf(trimmed.messages))
    expect(trimmed.tokens).toBeLessThanOrEqual(900 * 0.7)
    expect(trimmed.messages[0]).toBe(system)
    expect(trimmed.messages[1]).toEqual({ role: 'developer', content: 'Be kind.' })
    expect(trimmed.messages[2]?.content).toMatch(/^3 word/)
    expect([...trimmed.messages, ...trimmed.dropped]).toHaveLength(messages.length)
    expect(trimmed.dropped[0]).toBe(messages[1])
  })

  it('leaves a beginning that stays the same for several turns', async () => {
    let messages: readonly object[] = [system]
    let trims = 0
    for (const exchange of Array.from({ length: 60 }, (_, turn) => chat(turn + 1).slice(-2))) {
      const grown = [...messages, ...exchange]
      const trimmed = await trimMessages(grown, { maxTokens: 3_000, model })
      if (trimmed.dropped.length > 0) trims += 1
      messages = trimmed.messages
    }
    // 60 turns of 210 tokens through a window of 3,000: every fourth or fifth turn trims, not every one.
    expect(trims).toBeLessThan(14)
    expect(trims).toBeGreaterThan(5)
  })

  it('counts what is sent beside the messages', async () => {
    const messages = chat(4)
    const maxTokens = tokensOf(messages) + 50
    expect((await trimMessages(messages, { maxTokens, model, reservedTokens: 50 })).dropped).toHaveLength(0)
    const trimmed = await trimMessages(messages, { maxTokens, model, reservedTokens: 51, keepShare: 1 })
    expect(trimmed.dropped).toHaveLength(2)
    expect(trimmed.tokens).toBe(tokensOf(trimmed.messages) + 51)
  })

  it('keeps the first exchange too where that is asked for', async () => {
    const trimmed = await trimMessages(chat(6), { maxTokens: 1_000, model, strategy: 'middle' })
    expect(trimmed.messages.map(({ content }) => content[0])).toEqual(
      ['0', '0', '4', '4', '5', '5'].slice(-trimmed.messages.length),
    )
    expect(trimmed.messages[0]?.content).toMatch(/^0/)
    const tight = await trimMessages(chat(6), { maxTokens: 300, model, strategy: 'middle' })
    expect(tight.messages.map(({ content }) => content[0])).toEqual(['5', '5'])
  })

  it('keeps calls of tools with their results, and drops the older of them at last', async () => {
    const messages = [
      user(`0 ${words(100)}`),
      call('a'),
      result('a', words(200)),
      user('1'),
      call('b'),
      result('b', words(300)),
      call('c'),
      result('c', words(100)),
      assistant('Done'),
    ]
    const first = await trimMessages(messages, { maxTokens: 600, model, keepShare: 1 })
    expect(first.messages).toEqual(messages.slice(3))
    const second = await trimMessages(messages, { maxTokens: 300, model })
    expect(second.messages).toEqual([messages[3], ...messages.slice(6)])
    expect(second.isCut).toBe(false)
  })

  it('cuts text out of the middle when nothing else is left', async () => {
    const text = `Begin. ${words(1_000)} ${emoji.repeat(20)} ${words(1_000)} Why?`
    const messages = [system, user(text)]
    const trimmed = await trimMessages(messages, { maxTokens: 400, model })
    const [, last] = trimmed.messages
    expect(trimmed).toMatchObject({ isCut: true, dropped: [] })
    expect(last?.content).toMatch(/^Begin\.[^]*\[…\][^]*Why\?$/)
    expect(tokensOf(trimmed.messages)).toBe(trimmed.tokens)
    expect(trimmed.tokens).toBeLessThanOrEqual(400)
    expect(trimmed.tokens).toBeGreaterThan(390)
    expect(messages[1]?.content).toBe(text)
  })

  it('never splits a character, wherever the cut falls', async () => {
    for (let maxTokens = 30; maxTokens < 90; maxTokens += 1)
      for (const count of [undefined, (text: string) => estimateTokens(text, { bound: 'upper' })]) {
        const { messages } = await trimMessages([user(`${emoji}${chinese}${emoji}`.repeat(2))], {
          maxTokens,
          model,
          ...(count && { count }),
        })
        expect(messages[0]?.content.isWellFormed()).toBe(true)
      }
  })

  it('cuts text of tools but never their JSON', async () => {
    const json = JSON.stringify({ rows: Array.from({ length: 60 }, (_, id) => ({ id, name: 'x' })) })
    const messages = [user('Look'), call('a', 20), result('a', json), result('b', words(600))]
    const trimmed = await trimMessages(messages, { maxTokens: 800, model })
    expect(trimmed.messages[2]).toBe(messages[2])
    expect(trimmed.messages[1]).toBe(messages[1])
    expect((trimmed.messages[3] as { content: string }).content).toContain('[…]')
    await expect(trimMessages(messages.slice(0, 3), { maxTokens: 200, model })).rejects.toMatchObject({
      code: 'tokens.over_limit',
      details: { maxTokens: 200 },
    })
  })

  it('puts a summary in the place of what is gone', async () => {
    const messages = [system, ...chat(6)]
    const seen: unknown[] = []
    const trimmed = await trimMessages(messages, {
      maxTokens: 1_000,
      model,
      summarise: async ({ messages: dropped, maxTokens }) => {
        seen.push(dropped.length, maxTokens)
        return 'They talked about words.'
      },
    })
    expect(trimmed.messages[1]).toEqual({ role: 'user', content: 'They talked about words.' })
    expect(trimmed.messages[2]).toBe(messages[messages.length - trimmed.messages.length + 2])
    expect(trimmed.tokens).toBe(tokensOf(trimmed.messages))
    expect(seen).toEqual([trimmed.dropped.length, expect.any(Number)])
    expect(seen[1]).toBeGreaterThanOrEqual(100)
    expect(trimmed.tokens).toBeLessThanOrEqual(700)
  })

  it('cuts a summary that is too long, and leaves out an empty one', async () => {
    const options = { maxTokens: 1_000, model }
    const long = await trimMessages(chat(6), { ...options, summarise: () => words(5_000) })
    expect(long.tokens).toBeLessThanOrEqual(700)
    expect(long.messages[0]?.content).toContain('[…]')
    const none = await trimMessages(chat(6), { ...options, summarise: () => '' })
    expect(none.messages[0]?.content).toMatch(/^\d word/)
    const broken = trimMessages(chat(6), { ...options, summarise: () => Promise.reject(new Error('no model')) })
    await expect(broken).rejects.toThrow('no model')
  })

  it('knows the messages of Anthropic, whose tool results come from the user', async () => {
    const use = (id: string) => ({
      role: 'assistant',
      content: [{ type: 'tool_use', id, name: 'look', input: { at: words(20) } }],
    })
    const answer = (id: string, text: string) => ({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text }] }],
    })
    const messages = [
      user(`0 ${words(50)}`),
      use('a'),
      answer('a', words(100)),
      assistant('So.'),
      user('1'),
      use('b'),
      answer('b', words(500)),
      use('c'),
      answer('c', words(200)),
    ]
    const whole = countRequest({
      api: anthropicMessages,
      request: { model: 'claude-haiku-4-5', max_tokens: 1, messages: messages as never },
    }).inputTokens
    const fit = await trimMessages<object>(messages, { maxTokens: whole, model: 'claude-haiku-4-5' })
    expect(fit).toMatchObject({ tokens: whole, dropped: [] })
    const first = await trimMessages<object>(messages, {
      maxTokens: whole - 1,
      model: 'claude-haiku-4-5',
      keepShare: 0.99,
    })
    expect(first.messages).toEqual(messages.slice(4))
    const second = await trimMessages<object>(messages, { maxTokens: 400, model: 'claude-haiku-4-5' })
    expect(second.messages).toEqual([messages[4], ...messages.slice(7)])
    const third = await trimMessages<object>(messages, { maxTokens: 120, model: 'claude-haiku-4-5' })
    expect(third.isCut).toBe(true)
    expect(JSON.stringify(third.messages.at(-1))).toMatch(/"tool_use_id":"c"[^]*\[…\]/)
  })

  it('keeps its promises for any conversation', async () => {
    const message = fc.oneof(
      fc.integer({ min: 0, max: 60 }).map((size) => [user(words(size))]),
      fc.integer({ min: 0, max: 60 }).map((size) => [assistant(words(size))]),
      fc.tuple(fc.uuid(), fc.integer({ min: 0, max: 60 })).map(([id, size]) => [call(id), result(id, words(size))]),
      fc.constant([system]),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 20 }),
        fc.integer({ min: 60, max: 900 }),
        async (parts, maxTokens) => {
          const messages: object[] = parts.flat()
          let trimmed: Awaited<ReturnType<typeof trimMessages>>
          try {
            trimmed = await trimMessages(messages, { maxTokens, model })
          } catch (error) {
            expect(error).toMatchObject({ code: 'tokens.over_limit' })
            return
          }
          expect(trimmed.tokens).toBeLessThanOrEqual(maxTokens)
          expect(trimmed.tokens).toBe(tokensOf(trimmed.messages) || 3)
          const kept = JSON.stringify(trimmed.messages)
          for (const one of messages as { role: string; tool_calls?: { id: string }[] }[]) {
            const id = one.tool_calls?.[0]?.id
            if (id) expect(kept.split(id).length - 1, 'a call and its result').not.toBe(1)
            if (one.role === 'system') expect(trimmed.messages).toContain(one)
          }
          const lastUser = messages.findLastIndex((one) => (one as { role: string }).role === 'user')
          if (lastUser >= 0 && !trimmed.isCut) expect(trimmed.messages).toContain(messages[lastUser])
        },
      ),
      { numRuns: 150 },
    )
  })

  it('refuses what cannot be', async () => {
    const config = { code: 'config.option' }
    for (const options of [
      { strategy: 'newest' },
      { keepShare: 0 },
      { keepShare: Number.NaN },
      { count: 7 },
      { summarise: 'yes' },
      { model: undefined },
      { max: 1 },
    ])
      await expect(trimMessages([], { maxTokens: 10, model, ...options } as never)).rejects.toMatchObject(config)
    for (const options of [{ maxTokens: -1 }, { maxTokens: undefined }, { reservedTokens: 0.5 }])
      await expect(trimMessages([], { maxTokens: 10, model, ...options } as never)).rejects.toMatchObject({
        code: 'tokens.limit',
      })
    for (const messages of ['text', [7], [{ content: 'no role' }], undefined])
      await expect(trimMessages(messages as never, { maxTokens: 10, model })).rejects.toMatchObject({
        code: 'tokens.input',
      })
    expect(countTokens(system.content, model)).toBeGreaterThan(0)
  })
})
