import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { generatedMessages } from '../../testing/fixtures/messages-generated.ts'
import { accumulated } from '../../testing/fixtures/messages-sdk.ts'
import { fold } from '../api.ts'
import { anthropicMessages } from './index.ts'

it('keeps every law on generated streams', () => {
  fc.assert(
    fc.property(generatedMessages, (fixture) => {
      for (const { run } of apiContract(anthropicMessages, [fixture])) void run()
    }),
    { numRuns: 100 },
  )
})

it('folds generated streams as the SDK does', async () => {
  await fc.assert(
    fc.asyncProperty(generatedMessages, async ({ events = [] }) => {
      expect(await accumulated(Anthropic, events)).toEqual(fold(anthropicMessages, events))
    }),
    { numRuns: 100 },
  )
})

it('replays generated answers so that the SDK reads them back', async () => {
  await fc.assert(
    fc.asyncProperty(generatedMessages, fc.array(fc.nat(5)), async ({ whole }, cuts) => {
      if (!whole) return
      const boundaries = cuts.flatMap((length) =>
        anthropicMessages.answerText(whole).map(({ part }) => [part, length] as const),
      )
      expect(await accumulated(Anthropic, anthropicMessages.replay(whole, boundaries))).toEqual(whole)
    }),
    { numRuns: 100 },
  )
})

it('folds a stream that is broken off anywhere to what it delivered', () => {
  fc.assert(
    fc.property(generatedMessages, fc.nat(40), ({ events = [] }, count) => {
      const delivered = events.slice(0, count)
      const answer = fold(anthropicMessages, delivered)
      const texts = delivered
        .flatMap((event) => anthropicMessages.delta(event))
        .filter(({ channel }) => channel === 'text')
      expect(answer ? anthropicMessages.answer(answer).choices[0]?.text : '').toBe(
        texts.map(({ text }) => text).join(''),
      )
      if (answer) expect(fold(anthropicMessages, anthropicMessages.replay(answer))).toEqual(answer)
    }),
    { numRuns: 100 },
  )
})
