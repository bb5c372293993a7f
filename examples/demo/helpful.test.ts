import type { EstimateInput } from '@sluice/router'
import { describe, expect, it } from 'vitest'
import { helpful, helpfulFrom } from './helpful.ts'
import { loadAnswers } from './messages.ts'

async function estimate(text: string, finish = 'stop'): Promise<{ score: number; reason?: string }> {
  const input = { text, view: { choices: [{ text, finish }] } } as unknown as EstimateInput
  return (await helpful.estimate(input)) as { score: number; reason?: string }
}

describe('helpful', () => {
  it('accepts most right answers', async () => {
    const scores = await Promise.all([...(await loadAnswers()).values()].map((text) => estimate(text)))
    const accepted = scores.filter(({ score }) => score >= helpfulFrom)
    expect(accepted.length / scores.length).toBeGreaterThan(0.85)
  })

  it.each([
    'That depends on your bank, I am afraid.',
    'There are many reasons for that. Please contact our service.',
    'We are always here for you and wish you a nice day!',
    '',
  ])('turns down %j', async (text) => {
    expect(await estimate(text)).toEqual({ score: 0, reason: 'evasive' })
  })

  it('weighs what helps against what does not', async () => {
    const { score } = await estimate('It usually takes 5 days. Tap the card and choose Freeze. It costs €5. Bye!')
    expect(score).toBeCloseTo(2 / 3)
  })

  it('turns down an answer that was cut short', async () => {
    expect(await estimate('It takes 5 days.', 'length')).toEqual({ score: 0, reason: 'cut_short' })
  })
})
