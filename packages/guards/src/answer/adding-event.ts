import type { Api, ApiId, EventOf, EventText, JsonObject } from '@sluice/core'
import { isObject, objects } from './dialect-events.ts'

/** Fields of an event that tell where a text belongs: all that an added one takes from another. */
const placing = names('id object created model system_fingerprint service_tier type index item_id output_index')
const places = [...placing, ...names('content_index summary_index sequence_number delta')]
const growing = names('type content refusal reasoning reasoning_content text thinking partial_json')

/**
 * An event that adds `text` to a part and says nothing else, made after the last one that added to it: whatever else that one
 * told was shown with it, checked.
 */
export function addingEvent<A extends ApiId>(
  api: Api<A>,
  like: EventOf<A>,
  { part, channel }: Pick<EventText, 'part' | 'channel'>,
  text: string,
): EventOf<A> {
  const { content_block: begun, index } = like as JsonObject
  if (begun) {
    const delta = {
      text: { type: 'text_delta', text },
      refusal: { type: 'text_delta', text },
      reasoning: { type: 'thinking_delta', thinking: text },
      tool: { type: 'input_json_delta', partial_json: text },
    }[channel]
    return { type: 'content_block_delta', index, delta } as never
  }
  const event = api.mapDelta(like, (each) => (each.part === part ? text : '')) as JsonObject
  const { choices, delta, logprobs } = event
  if (Array.isArray(choices)) return { ...only(event, placing), choices: objects(choices).map(onlyText) } as never
  return {
    ...only(event, places),
    ...(isObject(delta) && { delta: only(delta, growing) }),
    ...(logprobs !== undefined && { logprobs: [] }),
  } as never
}

/** A choice of a chunk with its text and nothing that was told with it: a role, a name, a quotation, why it ended. */
function onlyText(choice: JsonObject): JsonObject {
  const { delta, text } = choice
  const rest = {
    ...only(choice, ['index']),
    ...(typeof text === 'string' && { text }),
    finish_reason: null,
    ...('logprobs' in choice && { logprobs: null }),
  }
  if (!isObject(delta)) return rest
  const { tool_calls: calls, function_call: call } = delta
  return {
    ...rest,
    delta: {
      ...only(delta, growing),
      ...(isObject(call) && { function_call: only(call, ['arguments']) }),
      ...(Array.isArray(calls) && { tool_calls: objects(calls).map(onlyArguments) }),
    },
  }
}

function onlyArguments(call: JsonObject): JsonObject {
  const { function: fn, custom } = call
  return {
    ...only(call, ['index']),
    ...(isObject(fn) && { function: only(fn, ['arguments']) }),
    ...(isObject(custom) && { custom: only(custom, ['input']) }),
  }
}

function only(from: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.filter((field) => field in from).map((field) => [field, from[field]]))
}

function names(list: string): readonly string[] {
  return list.split(' ')
}
