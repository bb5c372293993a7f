import type { Api, ApiId, EventOf, EventText, JsonObject } from '@sluice/core'

/** What is known of a tool that was called. */
export interface CalledTool {
  readonly name: string | undefined
  /** Whether it takes plain text and no JSON. */
  readonly isFreeForm: boolean
}

/** A tool call that an event tells the name of. */
export interface NamedCall {
  /** The part that its arguments grow in. */
  readonly part: string
  readonly tool: CalledTool
  readonly id: string | undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The tool calls that begin with an event. */
export function namedCalls(event: JsonObject): readonly NamedCall[] {
  const { choices, item, output_index, content_block: block, index } = event
  // Asked of every chunk of every stream, and nearly none calls a tool.
  if (Array.isArray(choices)) return choices.some(callsTools) ? chatCalls(choices) : []
  if (isObject(item)) {
    const tool = toolOfItem(item)
    const part = `output.${Number(output_index ?? 0)}.${fieldOf(item)}`
    return tool.name === undefined ? [] : [{ part, tool, id: undefined }]
  }
  if (isObject(block)) {
    const name = textOf(block['name'])
    const part = `content.${Number(index ?? 0)}.input`
    return name === undefined ? [] : [{ part, tool: { name, isFreeForm: false }, id: undefined }]
  }
  return []
}

/** What an item of a Responses answer calls: one without a name is a built-in tool. */
export function toolOfItem(item: JsonObject): CalledTool {
  const { name, type } = item
  return { name: textOf(name) ?? textOf(type), isFreeForm: fieldOf(item) !== 'arguments' }
}

/** Where an item has what was written for its tool. */
function fieldOf({ type }: JsonObject): string {
  return type === 'custom_tool_call' ? 'input' : type === 'code_interpreter_call' ? 'code' : 'arguments'
}

/** What a call in chat calls. */
export function toolOfCall(call: JsonObject): CalledTool {
  const { custom } = call
  const called = [call['function'], custom].find(isObject)
  return { name: textOf(called?.['name']), isFreeForm: isObject(custom) }
}

function callsTools(choice: unknown): boolean {
  return isObject(choice) && isObject(choice['delta']) && Array.isArray(choice['delta']['tool_calls'])
}

function chatCalls(choices: readonly unknown[]): readonly NamedCall[] {
  return objects(choices).flatMap((choice, position) => {
    const { delta } = choice
    const calls = isObject(delta) ? objects(delta['tool_calls']) : []
    return calls.flatMap((call, place) => {
      const tool = toolOfCall(call)
      const wire = typeof call['index'] === 'number' ? call['index'] : place
      const part = `${placeOf(choice, position)}.tool_calls.${wire}`
      return tool.name === undefined ? [] : { part, tool, id: textOf(call['id']) }
    })
  })
}

function placeOf({ index }: JsonObject, position: number): number {
  return typeof index === 'number' ? index : position
}

/**
 * An event without what it adds to a text that no dialect knows to grow, such as the commands of a shell. They are repeated
 * whole when they are there, and are checked then.
 */
export function withoutUnread<E extends JsonObject>(event: E): E {
  const { type, delta } = event
  if (typeof type !== 'string' || !type.endsWith('.delta') || type.includes('audio')) return event
  if (typeof delta === 'string') return delta === '' ? event : { ...event, delta: '' }
  if (!isObject(delta)) return event
  const blank = Object.entries(delta).map(([field, value]) => [field, typeof value === 'string' ? '' : value])
  return { ...event, delta: Object.fromEntries(blank) as JsonObject }
}

/** Which parts are over with an event; `undefined` for none. */
export function endedBy<A extends ApiId>(
  api: Api<A>,
  event: EventOf<A>,
): ((part: Pick<EventText, 'part' | 'choice'>) => boolean) | undefined {
  const { choices, type, index, output_index: output } = event as JsonObject
  if (Array.isArray(choices)) {
    if (!choices.some(hasEnded)) return undefined
    const ended = objects(choices).map((each, position) => (hasEnded(each) ? placeOf(each, position) : undefined))
    return ({ choice }) => ended.includes(choice)
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

function hasEnded(choice: unknown): boolean {
  return isObject(choice) && Boolean(choice['finish_reason'])
}
