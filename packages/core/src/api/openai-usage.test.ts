import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inputTokens, outputTokens, usageOf } from '../usage.ts'
import { openaiUsage } from './openai-usage.ts'

it('splits OpenAI chat usage into disjoint meters', () => {
  expect(
    openaiUsage({
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, cache_write_tokens: 40, audio_tokens: 6, image_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 128, audio_tokens: 50, accepted_prediction_tokens: 9 },
    }),
  ).toEqual(
    usageOf({
      fresh: 30,
      cacheRead: 1920,
      cacheWrite5m: 40,
      audioInput: 6,
      imageInput: 10,
      output: 250,
      audioOutput: 50,
      reasoning: 128,
    }),
  )
})

it('reads DeepSeek cache hits', () => {
  expect(openaiUsage({ prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 8 })).toEqual(
    usageOf({ fresh: 2, cacheRead: 8, output: 1 }),
  )
})

it('counts as output what only the total has', () => {
  const usage = {
    prompt_tokens: 32,
    completion_tokens: 9,
    total_tokens: 135,
    completion_tokens_details: { reasoning_tokens: 94 },
  }
  expect(openaiUsage(usage)).toEqual(usageOf({ fresh: 32, output: 103, reasoning: 94 }))
})

it('counts images and sound among the output', () => {
  const details = { image_tokens: 5, audio_tokens: 2, reasoning_tokens: 9 }
  expect(openaiUsage({ prompt_tokens: 1, completion_tokens: 10, completion_tokens_details: details })).toEqual(
    usageOf({ fresh: 1, output: 3, imageOutput: 5, audioOutput: 2, reasoning: 3 }),
  )
})

it('reads the names of responses', () => {
  const usage = { input_tokens: 9, output_tokens: 4, total_tokens: 13, input_tokens_details: { cached_tokens: 5 } }
  expect(openaiUsage(usage, 'input', 'output')).toEqual(usageOf({ fresh: 4, cacheRead: 5, output: 4 }))
})

it.each([[null], [undefined], [3], ['x']])('finds no usage in %j', (value) =>
  expect(openaiUsage(value)).toBe(undefined),
)

it('sums to the totals whatever the details say', () => {
  const count = fc.oneof(fc.nat(1000), fc.constantFrom(null, -5, NaN, 'x', 2.6))
  const total = fc.nat(500)
  fc.assert(
    fc.property(
      total,
      total,
      fc.array(count, { minLength: 7, maxLength: 7 }),
      (prompt, completion, [a, b, c, d, e, f, g]) => {
        const usage = openaiUsage({
          prompt_tokens: prompt,
          completion_tokens: completion,
          total_tokens: prompt + completion,
          prompt_tokens_details: { cached_tokens: a, cache_write_tokens: b, audio_tokens: c, image_tokens: d },
          completion_tokens_details: { audio_tokens: e, reasoning_tokens: f, image_tokens: g },
        })
        expect(usage && [inputTokens(usage), outputTokens(usage)]).toEqual([prompt, completion])
        expect(usage?.reasoning).toBeLessThanOrEqual(usage?.output ?? -1)
        expect(Object.values(usage ?? {}).every((meter) => Number.isSafeInteger(meter) && meter >= 0)).toBe(true)
      },
    ),
  )
})
