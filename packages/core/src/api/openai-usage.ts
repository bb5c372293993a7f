import { isObject, type JsonObject } from '../json.ts'
import { splitTotal, usageOf, wholeTokens, type Usage } from '../usage.ts'

/**
 * OpenAI's token counts as disjoint meters. `input` and `output` are the words in the field names: `prompt_tokens`,
 * `prompt_tokens_details`, `completion_tokens`… in chat, `input_tokens`, `output_tokens`… in responses.
 */
export function openaiUsage(usage: unknown, input = 'prompt', output = 'completion'): Usage | undefined {
  if (!isObject(usage)) return undefined
  const inputTotal = wholeTokens(usage[`${input}_tokens`])
  // Some servers (xAI, Gemini) count reasoning in the total alone; it is billed as output.
  const outputTotal = Math.max(wholeTokens(usage[`${output}_tokens`]), wholeTokens(usage['total_tokens']) - inputTotal)
  const read = detailsOf(usage, input)
  const written = detailsOf(usage, output)
  const split = splitTotal(
    outputTotal,
    [
      ['audioOutput', written['audio_tokens']],
      ['imageOutput', written['image_tokens']],
    ],
    'output',
  )
  return usageOf({
    ...splitTotal(
      inputTotal,
      [
        ['cacheRead', read['cached_tokens'] ?? usage['prompt_cache_hit_tokens']],
        ['cacheWrite5m', read['cache_write_tokens']],
        ['audioInput', read['audio_tokens']],
        ['imageInput', read['image_tokens']],
      ],
      'fresh',
    ),
    ...split,
    reasoning: Math.min(wholeTokens(written['reasoning_tokens']), split.output ?? 0),
  })
}

function detailsOf(usage: JsonObject, side: string): JsonObject {
  const details = usage[`${side}_tokens_details`]
  return isObject(details) ? details : {}
}
