import type { FakeModel } from './options.ts'

const small = { contextWindow: 128_000, maxOutput: 16_384 }
const large = { contextWindow: 200_000, maxOutput: 64_000 }

/**
 * The models a fake provider has unless told otherwise. Only the names are those of real models: every figure is made
 * up, in a plausible order of price, speed and quality.
 */
export const fakeModels: readonly FakeModel[] = [
  model('gpt-5', 1.25, 10, 620, 75, 0.92, large),
  model('gpt-5-mini', 0.25, 2, 380, 120, 0.8, large),
  model('gpt-5-nano', 0.05, 0.4, 240, 190, 0.6, small),
  model('claude-opus-4-5', 5, 25, 900, 55, 0.96, large),
  model('claude-sonnet-4-5', 3, 15, 700, 70, 0.9, large),
  model('claude-haiku-4-5', 1, 5, 350, 140, 0.78, large),
  model('text-embedding-3-small', 0.02, 0, 90, 10_000, 0, { contextWindow: 8192, maxOutput: 0 }),
]

/** The figures of a model that is not in the list. */
export function unknownModel(id: string): FakeModel {
  return model(id, 1, 4, 400, 100, 0.75, large)
}

function model(
  id: string,
  inputUsdPerMTok: number,
  outputUsdPerMTok: number,
  ttftMs: number,
  tokensPerSecond: number,
  quality: number,
  size: { contextWindow: number; maxOutput: number },
): FakeModel {
  return { id, inputUsdPerMTok, outputUsdPerMTok, ttftMs, tokensPerSecond, quality, ...size }
}
