import { describe, expect, it } from 'vitest'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, transports } from '../test-clients.ts'

const model = 'gpt-3.5-turbo-instruct'

describe.each(transports)('completions, $name', ({ open }) => {
  it('answers whole and streamed alike', async () => {
    await using clients = await open(fakeProvider())
    const params = { model, prompt: 'Where is my parcel?', max_tokens: 500 }
    const whole = await clients.openai.completions.create(params)
    let text = ''
    let last
    const stream_options = { include_usage: true }
    for await (const chunk of await clients.openai.completions.create({ ...params, stream: true, stream_options })) {
      text += chunk.choices[0]?.text ?? ''
      last = chunk
    }
    expect(text).toBe(whole.choices[0]?.text)
    expect(last).toMatchObject({ choices: [], usage: whole.usage })
    expect(whole.object).toBe('text_completion')
  })
})

describe('completions', () => {
  const ask = (body: object) => inMemory(fakeProvider()).openai.completions.create({ model, prompt: 'Hello', ...body })

  it('ends after 16 tokens unless told otherwise', async () => {
    const { choices, usage } = await ask({})
    expect(choices[0]?.finish_reason).toBe('length')
    expect(usage).toMatchObject({ prompt_tokens: 1, completion_tokens: 16 })
  })

  it('answers every prompt n times', async () => {
    const { choices } = await ask({ prompt: ['my card', 'my refund'], n: 2, max_tokens: 200 })
    expect(choices.map((choice) => choice.index)).toEqual([0, 1, 2, 3])
    expect(choices[0]?.text).toContain('card')
    expect(choices[3]?.text).toContain('refund')
  })

  it('repeats the prompt with echo, and lists log probabilities', async () => {
    const { choices } = await ask({ echo: true, logprobs: 2, max_tokens: 4 })
    expect(choices[0]?.text.startsWith('Hello')).toBe(true)
    expect(choices[0]?.logprobs?.tokens).toHaveLength(4)
    expect(Object.keys(choices[0]?.logprobs?.top_logprobs?.[0] ?? {})).toHaveLength(2)
  })

  it('reads prompts of token ids', async () => {
    expect((await ask({ prompt: [1, 2, 3] })).choices).toHaveLength(1)
    expect((await ask({ prompt: [[1], [2]] })).choices).toHaveLength(2)
    await expect(ask({ prompt: [] })).rejects.toMatchObject({ status: 400, param: 'prompt' })
  })
})
