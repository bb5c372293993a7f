import { routes } from '../routes.ts'
import { wholeTokens } from '../../usage.ts'
import type { Api } from '../api.ts'
import { namedEvents } from '../named-events.ts'
import { openaiErrorBody } from '../openai-errors.ts'
import { openaiUsage } from '../openai-usage.ts'
import { choiceOf, error, isTerminal } from './ending.ts'
import { folder } from './fold.ts'
import { replay } from './replay.ts'
import { mapText, prompt } from './request.ts'
import { answerText, delta, mapAnswer, mapDelta } from './text.ts'
import type { ResponsesItem, ResponsesPart, ResponsesUsage } from './wire.ts'

const isEmptyPart = ({ text, refusal, type }: ResponsesPart): boolean => !text && !refusal && /text|refusal/.test(type)

/** A message or a train of thought that was only announced; any other item is something to see. */
const isEmptyItem = ({ type, role, content, summary }: ResponsesItem): boolean =>
  (type === 'message' || type === 'reasoning' || role !== undefined) &&
  [...(typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])), ...(summary ?? [])].every(
    isEmptyPart,
  )

/**
 * OpenAI's `POST /responses`. Retrieving and cancelling pass by; compacting and counting the input are asides.
 *
 * Every text stands in several events (`*.delta`, `*.done`, parts, items, the terminal event): `mapDelta` rewrites it
 * in each. Annotations and log probabilities that describe a text are kept as they are when it is rewritten.
 */
export const openaiResponses: Api<'openai.responses'> = {
  ...namedEvents,
  id: 'openai.responses',
  match: routes['openai.responses'],
  model: ({ model = '' }) => model,
  withModel: (request, model) => ((request.model ?? '') === model ? request : { ...request, model }),
  prompt,
  mapText,
  answer: (value) => ({ id: value.id, model: value.model, choices: [choiceOf(value)] }),
  answerText,
  mapAnswer,
  usage(value) {
    const { usage } = (value.response ?? value) as { readonly usage?: ResponsesUsage | null }
    const meters = openaiUsage(usage, 'input', 'output')
    const long = wholeTokens(usage?.input_tokens_details?.cache_write_tokens_details?.ttl_12h_tokens)
    const cacheWrite1h = Math.min(long, meters?.cacheWrite5m ?? 0)
    return meters && { ...meters, cacheWrite1h, cacheWrite5m: meters.cacheWrite5m - cacheWrite1h }
  },
  delta,
  mapDelta,
  folder,
  replay,
  isContent({ delta: added, item, part, response, output_index: index }) {
    if (item) return !isEmptyItem(item)
    if (part) return !isEmptyPart(part)
    if (response) return response.output?.some((each) => !isEmptyItem(each)) === true
    return added === undefined ? index !== undefined : added !== ''
  },
  isTerminal,
  error,
  errorBody: openaiErrorBody,
}

export { openaiResponses as api }
