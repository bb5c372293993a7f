import type { ImageSize } from './image-size.ts'

/** What is known of one image. */
export interface ImageInput {
  /** `undefined` for links, uploaded files and formats whose header is not read. */
  readonly size: ImageSize | undefined
  /** OpenAI's `detail`. @default 'auto' */
  readonly detail: string | undefined
}

/** What an image of unknown size is taken for. */
export const assumedImage: ImageSize = { widthPx: 1024, heightPx: 1024 }

/** OpenAI's recipes. `tile`: a base and so many tokens a tile of 512 px. `patch`: tokens a patch of 32 px. */
type OpenAiRecipe =
  | { readonly base: number; readonly tile: number }
  | { readonly patch: number; readonly maxPatches: number }

const recipes: readonly (readonly [RegExp, OpenAiRecipe])[] = [
  [/^gpt-4\.1-mini/, { patch: 1.62, maxPatches: 1536 }],
  [/^gpt-4\.1-nano/, { patch: 2.46, maxPatches: 1536 }],
  [/^gpt-5(\.\d+)?-mini/, { patch: 1.62, maxPatches: 1536 }],
  [/^gpt-5(\.\d+)?-nano/, { patch: 2.46, maxPatches: 1536 }],
  [/^(o4-mini|codex-mini)/, { patch: 1.72, maxPatches: 1536 }],
  [/^gpt-5\.[23]/, { patch: 1.2, maxPatches: 1536 }],
  [/^gpt-5\.[4-9]/, { patch: 1.2, maxPatches: 2500 }],
  [/^gpt-5/, { base: 70, tile: 140 }],
  [/^gpt-4o-mini/, { base: 2833, tile: 5667 }],
  [/^(o1|o3)/, { base: 75, tile: 150 }],
  [/^computer-use-preview/, { base: 65, tile: 129 }],
]
const olderRecipe: OpenAiRecipe = { base: 85, tile: 170 }

/**
 * Tokens of one image by OpenAI's published recipes; a model that is not in them counts like gpt-4o.
 *
 * @see https://platform.openai.com/docs/guides/images-vision#calculating-costs (2026-10)
 */
export function openAiImageTokens(image: ImageInput, model: string): number {
  const name = model.slice(model.lastIndexOf('/') + 1)
  const recipe = recipes.find(([pattern]) => pattern.test(name))?.[1] ?? olderRecipe
  const { widthPx, heightPx } = image.size ?? assumedImage
  if ('patch' in recipe) return Math.ceil(patches(widthPx, heightPx, recipe.maxPatches) * recipe.patch)
  if (image.detail === 'low') return recipe.base
  // Shrunk to fit a square of 2048 px, then until the shorter side is 768 px; never enlarged.
  const fit = Math.min(1, 2048 / Math.max(widthPx, heightPx))
  const scale = fit * Math.min(1, 768 / (Math.min(widthPx, heightPx) * fit))
  return recipe.base + recipe.tile * Math.ceil((widthPx * scale) / 512) * Math.ceil((heightPx * scale) / 512)
}

/** Patches of 32 px that cover the image, shrunk to need no more than `max`. */
function patches(widthPx: number, heightPx: number, max: number): number {
  const across = widthPx / 32
  const down = heightPx / 32
  const covered = Math.ceil(across) * Math.ceil(down)
  if (covered <= max) return covered
  const scale = Math.sqrt(max / (across * down))
  // The side that is shrunk to whole patches decides for both.
  const whole = Math.min(
    Math.floor(across * scale) / (across * scale) || 1,
    Math.floor(down * scale) / (down * scale) || 1,
  )
  return Math.min(max, Math.ceil(across * scale * whole) * Math.ceil(down * scale * whole))
}

/**
 * Tokens of one image by Anthropic's published recipe, width × height / 750, after the shrinking that the API does first:
 * to 1,568 px on the longer side and 1,600 tokens; to 2,576 px and 4,784 tokens from Claude Opus 4.7 on.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/vision (2026-10), which now counts patches of 28 px: within
 * 5 % of this for images of more than 300 px.
 */
export function anthropicImageTokens(image: ImageInput, model: string): number {
  const { widthPx, heightPx } = image.size ?? assumedImage
  const [longestPx, most] = seesFinely(model) ? [2576, 4784] : [1568, 1600]
  const scale = Math.min(1, longestPx / Math.max(widthPx, heightPx))
  return Math.min(most, Math.ceil((widthPx * scale * heightPx * scale) / 750))
}

/** Whether the model takes images of 2,576 px: Opus 4.7 and what came after it. */
function seesFinely(model: string): boolean {
  const [, major = 0, minor = 0] = /claude-(?:opus|sonnet|haiku)-(\d+)(?:[-.](\d{1,2})(?!\d))?/.exec(model) ?? []
  const version = Number(major) + Number(minor) / 100
  return version >= 5 || (model.includes('opus') && version >= 4.07)
}
