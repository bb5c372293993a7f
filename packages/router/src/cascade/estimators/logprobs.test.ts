import { withReport } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { messages, world } from '../testing/set-up.ts'
import { logprobs } from './logprobs.ts'

const steps = ['cheap', 'strong']

describe('logprobs', () => {
  it('scores by a quantile of the tokens, and hides what nobody asked for', async () => {
    const { home, openai } = world()
    const client = openai({ steps, accept: logprobs({ quantile: 0 }), floor: 0 })
    const { value, report } = await withReport(() => client.chat.completions.create({ model: 'auto', messages }))
    expect(home.lastCall?.body?.['logprobs']).toBe(true)
    expect(value.choices[0]?.logprobs).toBe(null)
    const asked = await client.chat.completions.create({ model: 'auto', messages, logprobs: true })
    const tokens = asked.choices[0]?.logprobs?.content?.map(({ logprob }) => logprob) ?? []
    expect(report?.decisions[0]?.details?.['score']).toBeCloseTo(Math.exp(Math.min(...tokens)))
  })

  it('does so for streams of chat and for Responses', async () => {
    const { home, openai } = world()
    const client = openai({ steps, accept: logprobs({ quantile: 0.5 }), floor: 0 })
    const isShown = async (more: object): Promise<boolean> => {
      let shown = false
      for await (const chunk of await client.chat.completions.create({
        model: 'auto',
        messages,
        stream: true,
        ...more,
      }))
        shown ||= chunk.choices[0]?.logprobs != null
      return shown
    }
    expect(await isShown({})).toBe(false)
    expect(home.lastCall?.body?.['logprobs']).toBe(true)
    expect(await isShown({ logprobs: true })).toBe(true)
    const response = await client.responses.create({ model: 'auto', input: 'Hi' })
    expect(home.lastCall?.body?.['include']).toEqual(['message.output_text.logprobs'])
    expect(JSON.stringify(response.output)).not.toContain('"logprob"')
    expect(response.model).toBe('cheap')
  })

  it('does not ask the last step, nor models that are known not to tell', async () => {
    const { home, openai, away, other } = world()
    const client = openai({ steps, accept: logprobs({ minLogprob: 0 }) })
    const { value, report } = await withReport(() => client.chat.completions.create({ model: 'auto', messages }))
    expect([value.model, report?.decisions[0]?.reason]).toEqual(['strong', 'unsure'])
    expect(home.lastCall?.body).not.toHaveProperty('logprobs')
    const mute = openai({ steps: [away('cheap', { capabilities: { logprobs: false } }), 'strong'], accept: logprobs() })
    const silent = await withReport(() => mute.chat.completions.create({ model: 'auto', messages }))
    expect(other.lastCall?.body).not.toHaveProperty('logprobs')
    expect(silent.report?.decisions[0]).toMatchObject({ action: 'escalate', reason: 'cascade.no_logprobs' })
  })

  it('has no opinion across dialects', async () => {
    const { anthropic, away } = world()
    const client = anthropic({ steps: [away('cheap'), 'strong'], accept: logprobs() })
    expect((await client.messages.create({ model: 'auto', max_tokens: 99, messages })).model).toBe('strong')
  })
})
