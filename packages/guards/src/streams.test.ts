import Anthropic from '@anthropic-ai/sdk'
import { sluice, sluiceErrorOf, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { allowed, type Detector } from './detector.ts'
import { GuardBlockedError } from './errors.ts'
import { guards, type GuardsOptions } from './guards.ts'
import { wholeDetector, wordDetector } from './testing/tiny-detectors.ts'

const model = 'gpt-5-mini'
const messages = [{ role: 'user' as const, content: 'Hello' }]

function setUp(options: GuardsOptions) {
  const provider = fakeProvider()
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guards(options)])
  const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), [guards(options)])
  /** What was shown of a streamed answer, chunk by chunk, and how it ended. */
  const show = async (chunks: readonly string[]): Promise<{ shown: string[]; error: unknown }> => {
    provider.enqueue({ chunks })
    const shown: string[] = []
    try {
      for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true }))
        if (chunk.choices[0]?.delta.content) shown.push(chunk.choices[0].delta.content)
      return { shown, error: undefined }
    } catch (error) {
      return { shown, error }
    }
  }
  return { provider, openai, anthropic, show }
}

describe('a guarded stream', () => {
  it('holds back what could still turn into something, and no more', async () => {
    const { show } = setUp({ output: [wordDetector('foo')] })
    const { shown } = await show(['A f', 'ool of ', 'a fo', 'x, f', 'in'])
    expect(shown).toEqual(['A ', '[FOO] of ', 'a ', 'fox, ', 'fin'])
  })

  it('ends with the typed error when it is blocked, says how much was shown, and aborts the provider', async () => {
    const { show, provider } = setUp({ output: [wordDetector('foo', 'block')] })
    const { shown, error } = await show(['Once ', 'upon ', 'a fo', 'ol ', 'there was ', 'more ', 'and more'])
    expect(shown.join('')).toBe('Once upon a ')
    const blocked = sluiceErrorOf(error)
    expect(GuardBlockedError.isInstance(blocked)).toBe(true)
    expect(blocked?.details).toEqual({
      stage: 'output',
      guard: 'foo',
      rules: ['foo'],
      fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
      shownCharacters: 12,
    })
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('is blocked under the helpers of both SDKs', async () => {
    const { openai, anthropic, provider } = setUp({ output: [wordDetector('foo', 'block')] })
    provider.on(() => true, { chunks: ['Hi ', 'fool', ' there', ' again'] })
    const errors = await Promise.all([
      openai.chat.completions
        .stream({ model, messages })
        .finalChatCompletion()
        .catch((error: unknown) => error),
      openai.responses
        .stream({ model, input: 'Hello' })
        .finalResponse()
        .catch((error: unknown) => error),
      anthropic.messages
        .stream({ model, max_tokens: 99, messages })
        .finalMessage()
        .catch((error: unknown) => error),
    ])
    for (const error of errors) expect(sluiceErrorOf(error)).toMatchObject({ code: 'guard.blocked' })
  })

  it('checks arguments of tools before any of them is seen, and names the tool', async () => {
    const seen: unknown[] = []
    const spy: Detector = {
      ...wordDetector('foo', 'block'),
      check(text, context) {
        seen.push([context.stage, context.tool, context.channel])
        return wordDetector('foo', 'block').check(text, context)
      },
    }
    const { openai, provider } = setUp({ tools: { calls: [spy] } })
    provider.enqueue({ toolCalls: [{ name: 'send', arguments: { to: 'x', note: 'a fool' } }] })
    let written = ''
    const run = async (): Promise<void> => {
      const stream = await openai.chat.completions.create({ model, messages, stream: true })
      for await (const { choices } of stream) written += choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''
    }
    await expect(run()).rejects.toMatchObject({ code: 'guard.blocked', details: { stage: 'tool_call' } })
    expect(written).not.toContain('foo')
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(new Set(['["tool_call","send","tool"]']))
  })

  it('in mode buffer shows nothing of a part before all of it was checked', async () => {
    const passing = setUp({ output: [wholeDetector('bar')], stream: 'buffer' })
    expect(await passing.show(['Hello ', 'there', ', you'])).toEqual({ shown: ['Hello there, you'], error: undefined })
    const blocking = setUp({ output: [wholeDetector('bar')], stream: 'buffer' })
    const { shown, error } = await blocking.show(['Hello ', 'bar', ', you'])
    expect(shown).toEqual([])
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'guard.blocked', details: { shownCharacters: 0 } })
  })

  it('in mode sentence judges each sentence by itself, and redacts within it', async () => {
    const texts: string[] = []
    const { check } = wordDetector('foo')
    const bySentence: Detector = {
      name: 'sentences',
      check(text, context) {
        texts.push(text)
        return check(text, context)
      },
    }
    const { show } = setUp({ output: [bySentence], stream: 'sentence' })
    const { shown } = await show(['It costs 3', '.5. A fo', 'ol! And ', 'more', '.'])
    expect(texts).toEqual(['It costs 3.5.', ' A fool!', ' And more.'])
    expect(shown).toEqual(['It costs 3.5.', ' A [FOO]!', ' And more.'])
  })

  it('in mode after-disclosure shows everything, and ends with the error all the same', async () => {
    const { show } = setUp({ output: [wholeDetector('bar'), wordDetector('foo')], stream: 'after-disclosure' })
    const { shown, error } = await show(['A bar', ' of ', 'fools'])
    expect(shown.join('')).toBe('A bar of ')
    expect(sluiceErrorOf(error)).toMatchObject({ details: { guard: 'whole-bar', shownCharacters: 9 } })
    const redacting = setUp({ output: [wholeDetector('bar', 'redact')], stream: 'after-disclosure' })
    expect(sluiceErrorOf((await redacting.show(['A bar.'])).error)).toMatchObject({ code: 'guard.blocked' })
  })

  it('hands the whole answer to those that judge when it is over', async () => {
    const answers: unknown[] = []
    const judge: Detector = {
      name: 'judge',
      actions: ['warn'],
      check(_, { answer, choice }) {
        answers.push(answer, choice)
        return allowed
      },
    }
    const { show } = setUp({ output: [judge] })
    await show(['Hello ', 'you'])
    expect(answers).toMatchObject([{ choices: [{ message: { content: 'Hello you' } }] }, 0])
  })

  it('keeps choices apart', async () => {
    const events = [
      { index: 0, delta: { role: 'assistant', content: 'a fo' } },
      { index: 1, delta: { role: 'assistant', content: 'ol fo' } },
      { index: 0, delta: { content: 'ol' }, finish_reason: 'stop' },
      { index: 1, delta: {}, finish_reason: 'stop' },
    ].map((choice) => ({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model,
      choices: [{ finish_reason: null, ...choice }],
    }))
    const body = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
    const fetch = async (): Promise<Response> =>
      new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const openai = sluice(new OpenAI({ apiKey: 'test', fetch }), [guards({ output: [wordDetector('foo')] })])
    const said = ['', '']
    for await (const { choices } of await openai.chat.completions.create({ model, messages, n: 2, stream: true }))
      for (const { index, delta } of choices) said[index] += delta.content ?? ''
    expect(said).toEqual(['a [FOO]', 'ol fo'])
  })

  it('is one of text completions, too', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo')] })
    provider.enqueue({ chunks: ['Such a fo', 'ol, and an', 'other fo'] })
    let text = ''
    let finish: string | null = null
    for await (const { choices } of await openai.completions.create({ model, prompt: 'Hello', stream: true })) {
      text += choices[0]?.text ?? ''
      finish = choices[0]?.finish_reason ?? finish
    }
    expect({ text, finish }).toEqual({ text: 'Such a [FOO], and another fo', finish: 'stop' })
  })

  it('shows what is left when the provider breaks off, before the error', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo')] })
    provider.enqueue({ chunks: ['This is a fo', 'x and a cut', ' that', ' comes'], fault: 'cut' })
    let shown = ''
    const run = async (): Promise<void> => {
      for await (const { choices } of await openai.chat.completions.create({ model, messages, stream: true }))
        shown += choices[0]?.delta.content ?? ''
    }
    await expect(run()).rejects.toThrow()
    expect('This is a fox and a cut that comes'.startsWith(shown)).toBe(true)
    expect(shown.length).toBeGreaterThan(8)
  })

  it('gives the connection back when the application leaves', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo')] })
    provider.enqueue({ chunks: ['one ', 'two ', 'three ', 'four '] })
    const { report } = await withReport(async () => {
      for await (const { choices } of await openai.chat.completions.create({ model, messages, stream: true }))
        if (choices[0]?.delta.content) break
    })
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
    expect(report?.decisions).toMatchObject([{ action: 'check', reason: 'output' }])
  })

  it('reports what was found, what it took and how much was held', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo'), wordDetector('bar', 'warn')] })
    provider.enqueue({ chunks: ['A fo', 'ol in a ba', 'r'] })
    const { report } = await withReport(async () => {
      for await (const _ of await openai.chat.completions.create({ model, messages, stream: true }));
    })
    expect(report?.decisions).toMatchObject([
      { action: 'redact', reason: 'foo', details: { stage: 'output', rules: { foo: 1 } } },
      { action: 'warn', reason: 'bar', details: { stage: 'output', rules: { bar: 1 } } },
      { action: 'check', reason: 'output', details: { texts: 1, held: { events: 3, max: 2 } } },
    ])
  })

  it('leaves out log probabilities, which would spell what is held back', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo')] })
    provider.on(() => true, { chunks: ['A ', 'fo', 'ol.'] })
    const bare = new OpenAI({ apiKey: 'test', fetch: provider.fetch })
    const spelled = await bare.chat.completions.create({ model, messages, logprobs: true })
    expect(spelled.choices[0]?.logprobs?.content?.length).toBeGreaterThan(1)
    const chunks: unknown[] = []
    const stream = await openai.chat.completions.create({ model, messages, stream: true, logprobs: true })
    for await (const chunk of stream) chunks.push(chunk)
    expect(JSON.stringify(chunks)).not.toContain('"fo"')
    const whole = await openai.chat.completions.create({ model, messages, logprobs: true })
    expect(whole.choices[0]?.message.content).toBe('A [FOO].')
    expect(whole.choices[0]?.logprobs).toBeNull()
  })
})
