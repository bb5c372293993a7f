import { withReport } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { verify } from './estimators/verify.ts'
import { messages, says, world } from './testing/set-up.ts'

const steps = ['cheap', 'strong']
const chunks = ['The ', 'answer ', 'is ', '42', '.']

describe('streams of a cascade', () => {
  it('gives an accepted stream again as it was cut, with create and with stream()', async () => {
    const { home, openai } = world()
    home.on('cheap', { chunks })
    const client = openai({ steps, accept: verify(({ text }) => text === 'The answer is 42.') })
    const seen = await (async () => {
      const pieces: string[] = []
      for await (const chunk of await client.chat.completions.create({ model: 'auto', messages, stream: true }))
        if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content)
      return pieces
    })()
    expect(seen).toEqual(chunks)
    const whole = await client.chat.completions.stream({ model: 'auto', messages }).finalChatCompletion()
    expect([whole.model, whole.choices[0]?.message.content, whole.choices[0]?.finish_reason]).toEqual([
      'cheap',
      'The answer is 42.',
      'stop',
    ])
    home.expectCalls(0, 'strong')
  })

  it('does so for Responses and Messages, and across dialects', async () => {
    const { home, openai, anthropic, away, other } = world()
    home.on('cheap', { chunks })
    other.on('cheap', { chunks })
    const responses = openai({ steps, accept: says(1) })
    const response = await responses.responses.stream({ model: 'auto', input: 'Hi' }).finalResponse()
    expect([response.model, response.output_text]).toEqual(['cheap', 'The answer is 42.'])
    for (const client of [
      anthropic({ steps, accept: says(1) }),
      anthropic({ steps: [away('cheap'), 'strong'], accept: says(1) }),
    ]) {
      const pieces: string[] = []
      const stream = client.messages.stream({ model: 'auto', max_tokens: 99, messages })
      stream.on('text', (piece) => pieces.push(piece))
      const message = await stream.finalMessage()
      expect([message.model, pieces]).toEqual(['cheap', chunks])
    }
  })

  it('shows nothing of a stream that is not accepted; the last step streams live', async () => {
    const { home, openai } = world()
    home.on('cheap', { chunks }).on('strong', { chunks: ['Forty', '-two'] })
    const client = openai({ steps, accept: says(0.1) })
    const { value, settled } = await withReport(async () => {
      const stream = await client.chat.completions.create({ model: 'auto', messages, stream: true })
      // Live: the provider has not been read to its end when the stream begins.
      const pending = home.pending.map(({ model }) => model)
      let text = ''
      const models = new Set<string>()
      for await (const chunk of stream) {
        models.add(chunk.model)
        text += chunk.choices[0]?.delta.content ?? ''
      }
      return { pending, text, models: [...models] }
    })
    expect(value).toEqual({ pending: ['strong'], text: 'Forty-two', models: ['strong'] })
    const [report] = await settled
    expect(report?.attempts).toMatchObject([{ outcome: 'rejected' }, { outcome: 'answered' }])
    expect(report?.attempts.every(({ usage }) => (usage?.output ?? 0) > 0)).toBe(true)
  })

  it('hides token usage from callers that did not ask for it, and gives it to those that did', async () => {
    const { openai } = world()
    const client = openai({ steps, accept: says(1) })
    const usages = async (options: object): Promise<unknown[]> => {
      const found: unknown[] = []
      const stream = await client.chat.completions.create({ model: 'auto', messages, stream: true, ...options })
      for await (const chunk of stream) if (chunk.usage) found.push(chunk.usage)
      return found
    }
    expect(await usages({})).toEqual([])
    expect(await usages({ stream_options: { include_usage: true } })).toHaveLength(1)
  })

  it.each(['cut', 'truncated', 'late-error-in-stream', 'error-in-stream', 'http-503'] as const)(
    'asks the next step when a stream fails: %s',
    async (fault) => {
      const { home, openai } = world()
      home.fail(fault, { model: 'cheap' }).on('strong', 'Forty-two')
      const client = openai({ steps, accept: says(1) })
      const { value, report } = await withReport(() =>
        client.chat.completions.stream({ model: 'auto', messages }).finalChatCompletion(),
      )
      expect([value.model, value.choices[0]?.message.content]).toEqual(['strong', 'Forty-two'])
      expect(report?.attempts).toMatchObject([{ target: 'cheap', outcome: 'failed' }, { target: 'strong' }])
    },
  )

  it('gives up a cheap stream that stalls', async () => {
    const { clock, home, openai } = world()
    const client = openai({ steps, accept: says(1), timeouts: { betweenTokensMs: 2_000 } })
    // All that is loaded when it is first needed is there before time runs.
    await client.chat.completions.stream({ model: 'auto', messages }).finalChatCompletion()
    home.fail('stall', { model: 'cheap' })
    const startedAtMs = clock.now()
    const whole = await clock.run(client.chat.completions.stream({ model: 'auto', messages }).finalChatCompletion())
    expect(whole.model).toBe('strong')
    expect(clock.now() - startedAtMs).toBe(2_000)
    expect(home.pending).toEqual([])
  })

  it('stops upstream when the application leaves the last stream', async () => {
    const { home, openai } = world()
    home.on('strong', { chunks: Array.from({ length: 50 }, (_, i) => `word${i} `) })
    const client = openai({ steps, accept: says(0) })
    const { settled } = await withReport(async () => {
      for await (const chunk of await client.chat.completions.create({ model: 'auto', messages, stream: true }))
        if (chunk.choices[0]?.delta.content) break
    })
    const [report] = await settled
    expect(home.lastCall?.outcome).toBe('cancelled')
    expect(report?.attempts.at(-1)).toMatchObject({ target: 'strong', outcome: 'cancelled', isEstimated: true })
  })
})
