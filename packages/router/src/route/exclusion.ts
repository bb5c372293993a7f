import type { Modality, Target } from '../target/target.ts'
import type { RouteQuery } from './query.ts'

function lackingOf(
  given: readonly Modality[] | undefined,
  wanted: ReadonlySet<Modality>,
  way: 'input' | 'output',
): string | undefined {
  // Text alone needs no looking up where text is given at all.
  if (!given || (wanted.size === 1 && wanted.has('text') && given[0] === 'text')) return undefined
  for (const each of wanted) if (!given.includes(each)) return `${way}:${each}`
  return undefined
}

/** Answer tokens to leave room for when the request names no limit. */
const usualAnswerTokens = 1_000

/**
 * Why a target cannot answer a call, whatever its health: the first of its capabilities that does not suffice, by name;
 * `undefined` when all do. What is not known of a target does not exclude it, but for its region.
 */
export function exclusionOf(
  target: Target,
  query: RouteQuery,
  regions: ReadonlySet<string> | undefined,
): string | undefined {
  const can = target.capabilities
  const { contextTokens, maxOutputTokens, input, output, region } = can
  const { needs, isStream } = query
  if (regions && !(region !== undefined && regions.has(region))) return 'region'
  if (can.streaming === false && isStream) return 'streaming'
  if (can.tools === false && needs.tools) return 'tools'
  if (can.jsonSchema === false && needs.jsonSchema) return 'json_schema'
  if (can.logprobs === false && needs.logprobs) return 'logprobs'
  if (can.prefill === false && needs.prefill) return 'prefill'
  const lacking = lackingOf(input, needs.input, 'input') ?? lackingOf(output, needs.output, 'output')
  if (lacking) return lacking
  if (maxOutputTokens !== undefined && (needs.maxOutputTokens ?? 0) > maxOutputTokens) return 'max_output'
  if (contextTokens !== undefined) {
    const room = contextTokens - (needs.maxOutputTokens ?? Math.min(usualAnswerTokens, contextTokens / 4))
    if (!query.fits(room)) return 'context_length'
  }
  return undefined
}
