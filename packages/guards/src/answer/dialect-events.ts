import type { Api, ApiId, EventOf, EventText, JsonObject } from '@sluice/core'

/** A tool call that an event tells the name of. */
export interface NamedCall {
  /** The part that its arguments grow in. */
  readonly part: string
  readonly name: string
  readonly id: string | undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The tool calls that begin with an event. */
export function namedCalls(event: JsonObject): readonly NamedCall[] {
  const { choices, item, output_index, content_block: block, index } = event
  if (Array.isArray(choices)) {
    return objects(choices).flatMap((choice, position) => {
      const { delta } = choice
      const at = typeof choice['index'] === 'number' ? choice['index'] : position
      const calls = isObject(delta) ? objects(delta['tool_calls']) : []
      return calls.flatMap((call, place) => {
        const of = [call['function'], call['custom']].find(isObject)
        const name = textOf(of?.['name'])
        const wire = typeof call['index'] === 'number' ? call['index'] : place
        return name === undefined ? [] : { part: `${at}.tool_calls.${wire}`, name, id: textOf(call['id']) }
      })
    })
  }
  if (isObject(item)) {
    const name = textOf(item['name'])
    const field = item['type'] === 'custom_tool_call' ? 'input' : 'arguments'
    return name === undefined ? [] : [{ part: `output.${Number(output_index ?? 0)}.${field}`, name, id: undefined }]
  }
  if (isObject(block)) {
    const name = textOf(block['name'])
    return name === undefined ? [] : [{ part: `content.${Number(index ?? 0)}.input`, name, id: undefined }]
  }
  return []
}

/** Which parts are over with an event; `undefined` for none. */
export function endedBy<A extends ApiId>(
  api: Api<A>,
  event: EventOf<A>,
): ((part: Pick<EventText, 'part' | 'choice'>) => boolean) | undefined {
  const { choices, type, index, output_index: output } = event as JsonObject
  if (Array.isArray(choices)) {
    const ended = new Set(
      objects(choices).flatMap((choice, position) =>
        choice['finish_reason'] ? (typeof choice['index'] === 'number' ? choice['index'] : position) : [],
      ),
    )
    return ended.size > 0 ? ({ choice }) => ended.has(choice) : undefined
  }
  if (api.isTerminal(event)) return () => true
  if (type === 'content_block_stop') return ({ part }) => part.startsWith(`content.${Number(index)}.`)
  if (type === 'response.output_item.done') return ({ part }) => part.startsWith(`output.${Number(output)}.`)
  if (typeof type === 'string' && type.endsWith('.done')) {
    const told = new Set(api.delta(event).map(({ part }) => part))
    return told.size > 0 ? ({ part }) => told.has(part) : undefined
  }
  return undefined
}

/** An event that adds `text` to a part and says nothing else, made after the last one that added to it. */
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
  if (!Array.isArray(event['choices'])) return event as EventOf<A>
  const { usage: _, ...head } = event
  return { ...head, choices: objects(event['choices']).map(onlyText) } as never
}

/** A choice of a chunk with its text and nothing that was told with it: a role, a name, why it ended. */
function onlyText(choice: JsonObject): JsonObject {
  const { delta } = choice
  const only = { ...choice, finish_reason: null, ...('logprobs' in choice && { logprobs: null }) }
  if (!isObject(delta)) return only
  const { role: _, tool_calls: calls, ...rest } = delta
  if (!Array.isArray(calls)) return { ...only, delta: rest }
  const growing = objects(calls).map(({ index, function: fn, custom }) => ({
    ...(index !== undefined && { index }),
    ...(isObject(fn) && { function: { arguments: fn['arguments'] } }),
    ...(isObject(custom) && { custom: { input: custom['input'] } }),
  }))
  return { ...only, delta: { ...rest, tool_calls: growing } }
}
