import type { ChatMessage, ChatRequest } from '../../api/openai-chat/wire.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { notCountable } from './not-countable.ts'

/**
 * A chat request as the Responses API would be sent it, for counting only: OpenAI counts input tokens at that endpoint
 * alone, and both APIs put the same prompt before the model.
 */
export function chatAsInput(request: ChatRequest): JsonObject {
  const {
    model,
    messages,
    tools,
    tool_choice: choice,
    response_format: format,
    parallel_tool_calls: parallel,
  } = request
  if (!Array.isArray(messages)) throw notCountable('it has no list of messages')
  if (request.functions) throw notCountable('its functions are of a kind that the Responses API does not know')
  const named = isObject(choice) && isObject(choice['function'] ?? choice['custom'])
  return {
    model,
    input: (messages as readonly ChatMessage[]).flatMap(itemsOf),
    ...(tools && { tools: tools.map((tool) => flat(tool, tool.function ?? tool.custom)) }),
    ...(choice !== undefined && {
      tool_choice: named ? flat(choice, (choice['function'] ?? choice['custom']) as JsonObject) : choice,
    }),
    ...(format && { text: { format: format.json_schema ? flat(format, format.json_schema) : format } }),
    ...(typeof request['reasoning_effort'] === 'string' && { reasoning: { effort: request['reasoning_effort'] } }),
    ...(parallel !== undefined && { parallel_tool_calls: parallel }),
  }
}

/** `{ type, function: { name … } }` as `{ type, name … }`. */
function flat(outer: JsonObject, inner: JsonObject | undefined): JsonObject {
  return inner ? { type: outer['type'], ...inner } : outer
}

function itemsOf(message: ChatMessage): JsonObject[] {
  const { role, content, tool_calls: calls, tool_call_id: id } = message
  if (role === 'tool') return [{ type: 'function_call_output', call_id: id, output: textOf(content) }]
  if (role === 'function' || message.function_call) throw notCountable('it has calls of functions, not of tools')
  const items: JsonObject[] = []
  if (typeof content === 'string') items.push({ role, content })
  else if (Array.isArray(content)) items.push({ role, content: content.map((part) => partOf(part, role)) })
  if (message.refusal) items.push({ role, content: [{ type: 'refusal', refusal: message.refusal }] })
  for (const call of calls ?? []) {
    const { function: called, custom } = call
    if (called) items.push({ type: 'function_call', call_id: call.id, name: called.name, arguments: called.arguments })
    if (custom) items.push({ type: 'custom_tool_call', call_id: call.id, name: custom.name, input: custom.input })
  }
  return items
}

function partOf(part: JsonObject, role: string): JsonObject {
  const { type, text, refusal, image_url: image, file } = part
  if (type === 'text') return { type: role === 'assistant' ? 'output_text' : 'input_text', text }
  if (type === 'refusal') return { type: 'refusal', refusal }
  if (type === 'image_url' && isObject(image))
    return { type: 'input_image', image_url: image['url'], detail: image['detail'] ?? 'auto' }
  if (type === 'file' && isObject(file)) return { type: 'input_file', ...file }
  throw notCountable(`it has content of type ${JSON.stringify(type)}`)
}

function textOf(content: ChatMessage['content']): unknown {
  if (!Array.isArray(content)) return content ?? ''
  return content.map((part: JsonObject) => partOf(part, 'tool'))
}
