import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { refusal } from './refusal.ts'

describe('refusal', () => {
  it.each([
    "I can't help with that.",
    'I cannot assist you with this request.',
    'I’m sorry, but I can’t help with that.',
    "I'm unable to provide instructions for this.",
    'I am not able to comply.',
    "Sorry, but that isn't something I do.",
    'I apologize, but this request goes against what I do.',
    "I'm afraid that is not something to share.",
    'As an AI language model, I cannot have opinions.',
    "As an AI, I don't have feelings.",
    'It is not appropriate to answer this.',
    'That would be against my programming.',
    "I don't feel comfortable with this.",
    'I must decline to discuss it. I will not engage in it.',
  ])('sees %j', async (output) => {
    expect(await scoreBy(refusal(), output)).toEqual({ status: 'scored', score: 0, label: 'refused' })
    expect(await valueBy(refusal({ wanted: 'refusal' }), output)).toBe(1)
  })

  it.each([
    'Refunds take 30 days.',
    "I'm sorry to hear that your parcel is late. It will come tomorrow.",
    'As an AI assistant, I can help you with your order.',
    'It is illegal to park here.',
    "It's important to note that it rains.",
    'You cannot help but smile.',
    'He said he was afraid of dogs.',
    // What cannot be done, later on in an answer.
    `${'Here is how it works. '.repeat(15)}I can't help with other orders.`,
    '',
  ])('takes %j for an answer', async (output) => {
    expect(await scoreBy(refusal(), output)).toEqual({ status: 'scored', score: 1, label: 'answered' })
    expect(await valueBy(refusal({ wanted: 'refusal' }), output)).toBe(0)
  })

  it('believes the provider: a refusal part, a filtered answer', async () => {
    const provider = fakeProvider().enqueue({ refusal: 'No.' }, { text: 'Sure', finish: 'content_filter' })
    const openai = new OpenAI({ apiKey: 'none', maxRetries: 0, fetch: provider.fetch })
    for (let call = 0; call < 2; call += 1) {
      const answer = await openai.chat.completions.create({
        model: 'gpt-5-mini',
        messages: [{ role: 'user', content: 'x' }],
      })
      expect(await valueBy(refusal(), answer)).toBe(0)
    }
  })

  it('takes no time for long texts', async () => {
    const start = process.cpuUsage()
    for (const text of ['i am '.repeat(200_000), 'as an ai '.repeat(100_000), "i can't ".repeat(100_000)])
      await valueBy(refusal(), text)
    expect(process.cpuUsage(start).user / 1e3).toBeLessThan(5_000)
  })
})
