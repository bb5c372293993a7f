import { describe, expect, it } from 'vitest'
import { anthropicImageTokens, openAiImageTokens } from './image-tokens.ts'

const size = (widthPx: number, heightPx: number) => ({ size: { widthPx, heightPx }, detail: undefined })

describe('image tokens', () => {
  // The first two are the provider's own worked examples.
  it.each([
    ['gpt-4o', 1024, 1024, 765],
    ['gpt-4o', 2048, 4096, 1105],
    ['gpt-4o', 400, 300, 255],
    ['gpt-4o-mini', 1024, 1024, 2833 + 4 * 5667],
    ['gpt-5', 1024, 1024, 70 + 4 * 140],
    ['o3', 1024, 1024, 75 + 4 * 150],
    ['openai/gpt-4o', 1024, 1024, 765],
    ['some-other-model', 1024, 1024, 765],
  ])('%s by tiles: %d × %d', (model, width, height, tokens) => {
    expect(openAiImageTokens(size(width, height), model)).toBe(tokens)
  })

  it.each([
    ['gpt-4.1-mini', 1024, 1024, Math.ceil(1024 * 1.62)],
    // The provider's worked example: 1,452 patches.
    ['gpt-4.1-mini', 1800, 2400, Math.ceil(1452 * 1.62)],
    ['o4-mini', 32, 32, 2],
    ['gpt-5-nano', 10_000, 10_000, Math.ceil(1521 * 2.46)],
  ])('%s by patches: %d × %d', (model, width, height, tokens) => {
    expect(openAiImageTokens(size(width, height), model)).toBe(tokens)
  })

  it('never exceeds the patches there are', () => {
    for (let width = 1; width < 20_000; width = Math.ceil(width * 1.7))
      for (let height = 1; height < 20_000; height = Math.ceil(height * 1.7))
        expect(openAiImageTokens(size(width, height), 'gpt-4.1-mini')).toBeLessThanOrEqual(Math.ceil(1536 * 1.62))
  })

  it('costs the base alone in low detail', () => {
    expect(openAiImageTokens({ ...size(4000, 4000), detail: 'low' }, 'gpt-4o')).toBe(85)
  })

  it.each([
    ['claude-sonnet-4-5', 200, 200, 54],
    ['claude-sonnet-4-5', 1000, 1000, 1334],
    ['claude-sonnet-4-5', 1092, 1092, 1590],
    ['claude-sonnet-4-5', 4000, 4000, 1600],
    ['claude-opus-4-7', 2000, 1500, 4000],
    ['claude-opus-4-7', 8000, 8000, 4784],
    ['claude-opus-4-20250514', 4000, 4000, 1600],
    ['claude-sonnet-5', 2000, 1500, 4000],
  ])('%s: %d × %d', (model, width, height, tokens) => {
    expect(anthropicImageTokens(size(width, height), model)).toBe(tokens)
  })

  it('takes an image it cannot see for 1024 × 1024', () => {
    const unseen = { size: undefined, detail: undefined }
    expect(openAiImageTokens(unseen, 'gpt-4o')).toBe(765)
    expect(anthropicImageTokens(unseen, 'claude-haiku-4-5')).toBe(1399)
  })
})
