import fc from 'fast-check'
import OpenAI from 'openai'
import { expect, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { generatedResponses } from '../../testing/fixtures/responses-generated.ts'
import { accumulated } from '../../testing/fixtures/responses-sdk.ts'
import { fold } from '../api.ts'
import { openaiResponses } from './index.ts'

it('keeps every law on generated streams', () => {
  fc.assert(
    fc.property(generatedResponses, (fixture) => {
      for (const { run } of apiContract(openaiResponses, [fixture])) void run()
    }),
    { numRuns: 100 },
  )
})

it('folds generated streams as the SDK does, broken off or not', async () => {
  await fc.assert(
    fc.asyncProperty(generatedResponses, async ({ events = [] }) => {
      expect(await accumulated(OpenAI, events)).toEqual(fold(openaiResponses, events))
    }),
    { numRuns: 100 },
  )
})

it('replays generated answers so that the SDK reads them back', async () => {
  await fc.assert(
    fc.asyncProperty(generatedResponses, fc.array(fc.nat(5)), async ({ whole }, cuts) => {
      if (!whole) return
      const boundaries = cuts.flatMap((length) =>
        openaiResponses.answerText(whole).map(({ part }) => [part, length] as const),
      )
      expect(await accumulated(OpenAI, openaiResponses.replay(whole, boundaries))).toEqual(whole)
    }),
    { numRuns: 100 },
  )
})
