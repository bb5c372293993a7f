import { routes } from '../routes.ts'
import { isObject } from '../../json.ts'
import { splitTotal, usageOf, wholeTokens } from '../../usage.ts'
import type { Api, ChoiceView, Finish } from '../api.ts'
import { namedEvents } from '../named-events.ts'
import { openaiError } from '../openai-errors.ts'
import { modelOf, withModel } from '../openai-request.ts'
import { saidIn } from '../said.ts'
import { folder } from './fold.ts'
import { replay } from './replay.ts'
import { mapText, prompt } from './request.ts'
import { answerText, delta, mapAnswer, mapDelta } from './text.ts'
import { inputText } from './tool-input.ts'
import type { MessagesAnswer, MessagesDelta, MessagesUsage } from './wire.ts'

const finishes: { readonly [reason: string]: Finish } = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  pause_turn: 'pause',
  refusal: 'refusal',
}

function choiceOf(answer: MessagesAnswer): ChoiceView {
  const { content = [], stop_details: why, stop_reason: reason } = answer
  return {
    index: 0,
    ...saidIn(answerText(answer)),
    refusal: isObject(why) && typeof why['explanation'] === 'string' ? why['explanation'] : undefined,
    toolCalls: content
      .filter(({ type }) => type.endsWith('tool_use'))
      .map(({ id, name = '', input }) => ({ id, name, arguments: inputText(input) || '{}' })),
    finish: reason ? (finishes[reason] ?? 'other') : undefined,
  }
}

/**
 * Anthropic's `POST /messages`. Batches pass by, and so do the messages of OpenAI's threads; counts of tokens are asides.
 *
 * Tool input is JSON here and JSON text in its stream: the text of a tool call in an answer is compact, that of its
 * deltas as the model wrote it, which may differ in spaces and in how numbers are spelled. A `thinking` block that is
 * rewritten no longer fits its signature, so that the provider refuses it when it is sent back.
 */
export const anthropicMessages: Api<'anthropic.messages'> = {
  ...namedEvents,
  model: modelOf,
  withModel,
  id: 'anthropic.messages',
  match: routes['anthropic.messages'],
  prompt,
  mapText,
  answer: (value) => ({ id: value.id, model: value.model, choices: [choiceOf(value)] }),
  answerText,
  mapAnswer,
  usage(value) {
    const { usage } = (value['message'] ?? value) as { readonly usage?: MessagesUsage | null }
    if (!usage) return undefined
    const long = wholeTokens(usage.cache_creation?.ephemeral_1h_input_tokens)
    const short = wholeTokens(usage.cache_creation?.ephemeral_5m_input_tokens)
    const output = wholeTokens(usage.output_tokens)
    return usageOf({
      fresh: wholeTokens(usage.input_tokens),
      cacheRead: wholeTokens(usage.cache_read_input_tokens),
      ...splitTotal(usage.cache_creation_input_tokens ?? long + short, [['cacheWrite1h', long]], 'cacheWrite5m'),
      output,
      reasoning: Math.min(output, wholeTokens(usage.output_tokens_details?.thinking_tokens)),
    })
  },
  delta,
  mapDelta,
  folder,
  replay,
  // A message_delta has no type, and ends what was shown.
  isContent({ message, content_block, delta }) {
    const shown: MessagesDelta | undefined = content_block ?? delta
    const empty = [shown?.text, shown?.thinking, shown?.partial_json].includes('')
    return !!message?.content?.length || (!!shown?.type && shown.type !== 'signature_delta' && !empty)
  },
  isTerminal: ({ type }) => type === 'message_stop' || type === 'error',
  error(value) {
    const error = openaiError(value)
    if (!error || error.code !== error.type) return error
    // The finer code of newer errors.
    const { error: nested } = value as {
      readonly error?: { readonly details?: { readonly error_code?: string } | null }
    }
    return { ...error, code: nested?.details?.error_code ?? error.code }
  },
  errorBody: ({ code, message, details }) => ({
    type: 'error',
    error: { type: 'sluice_error', code, message, details },
  }),
}

export { anthropicMessages as api }
