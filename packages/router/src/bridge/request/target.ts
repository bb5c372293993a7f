import type { Losses } from '../lossy.ts'
import type { ModelTraits } from './model-traits.ts'
import type { NeutralChoice, NeutralRequest, NeutralTool, Placed, Settings } from './neutral.ts'

/** What an encoder is told beside the request. */
export interface TargetModel {
  readonly model: string | undefined
  readonly traits: ModelTraits
  /** The limit of an answer where the request names none, tokens; `undefined` leaves it to the encoder. */
  readonly maxOutputTokens: number | undefined
}

export type Encode = (request: NeutralRequest, target: TargetModel, losses: Losses) => Record<string, unknown>

/** The tool choice, unless there is nothing to choose from: no dialect takes one without tools. */
export function takeChoice(
  settings: Settings,
  tools: readonly NeutralTool[],
  losses: Losses,
): Placed<NeutralChoice> | undefined {
  const placed = settings.take('toolChoice')
  if (!placed) return undefined
  const { value, path } = placed
  const has = (name: string): boolean => tools.some((tool) => tool.name === name)
  if (value.mode === 'tool' ? has(value.name) : tools.length > 0) return placed
  if (value.mode !== 'auto' && value.mode !== 'none')
    losses.drop(path, 'Left out: the tools that it chooses from could not be carried.')
  return undefined
}

/** Names every setting that the encoder did not take. */
export function dropRest(settings: Settings, losses: Losses, dialect: string): void {
  for (const path of settings.rest()) losses.drop(path, `Left out: ${dialect} has no such field.`)
}

/** The parameters of a function that takes none. */
export const noParameters: { readonly type: 'object'; readonly properties: Record<string, never> } = {
  type: 'object',
  properties: {},
}
