import { isObject, type JsonObject } from '../../../json.ts'
import { badRequest, errorObject } from '../failure.ts'
import type { PromptBlock } from '../model/prompt-cache.ts'
import type { Ask, FakeMessage, FakeTool } from '../request.ts'
import { sse } from '../wire.ts'
import { contentOf, countOf, formatOf, stopsOf, toolChoiceOf, type Dialect, type RawCall } from './dialect.ts'
import { responseFrames } from './responses-frames.ts'
import { itemsOf, responseObject, type EarlierItems } from './responses-object.ts'

/** OpenAI Responses. */
export function responses(earlier: EarlierItems): Dialect {
  return {
    vendor: 'openai',
    ask: (call) => askOf(call, earlier),
    whole: responseObject,
    frames: responseFrames,
    errorFrame: (init) => {
      const { message, code, param } = errorObject('openai', init)
      return sse({ type: 'error', sequence_number: 0, code: code ?? 'server_error', message, param }, 'error')
    },
    // The dialect ends with an event that carries the whole response: nothing after it could be missing.
    isEndMark: () => false,
  }
}

function askOf(call: RawCall, earlier: EarlierItems): Ask {
  const { body } = call
  if (body.input !== undefined && typeof body.input !== 'string' && !Array.isArray(body.input)) {
    throw badRequest("Invalid type for 'input': expected a string or an array of items.", 'input')
  }
  const items = itemsOf(body, earlier)
  const messages = items.flatMap(messageOf)
  const lastUserText = messages.findLast((message) => message.role === 'user')?.text ?? ''
  const lastOther = items.findLastIndex((item) => item.type !== 'function_call_output')
  const results = items.slice(lastOther + 1).map((item) => contentOf(item.output).text)
  const tools = toolsOf(body.tools)
  const system: PromptBlock[] =
    typeof body.instructions === 'string' ? [{ role: 'system', text: body.instructions }] : []
  const logprobs = Array.isArray(body.include) && body.include.includes('message.output_text.logprobs')
  return {
    ...call,
    api: 'openai.responses',
    stream: body.stream === true,
    messages: [...system.map(({ text }): FakeMessage => ({ role: 'system', text })), ...messages],
    lastUserText,
    blocks: [...(tools.length > 0 ? [{ text: JSON.stringify(body.tools) }] : []), ...system, ...items.map(blockOf)],
    questions: [lastUserText],
    toolResult: results.length > 0 ? results.join(' ') : undefined,
    tools,
    toolChoice: toolChoiceOf(body.tool_choice),
    format: formatOf(isObject(body.text) ? body.text.format : undefined),
    maxTokens: countOf(body, 'max_output_tokens'),
    stop: stopsOf(body.stop),
    reasoning: isObject(body.reasoning) && Boolean(body.reasoning.summary),
    topLogprobs: logprobs ? (countOf(body, 'top_logprobs') ?? 0) : undefined,
    caching: 'automatic',
  }
}

function messageOf(item: JsonObject): FakeMessage[] {
  if (item.type === 'function_call_output') return [{ role: 'tool', text: contentOf(item.output).text }]
  const role = item.role === 'developer' ? 'system' : item.role
  if (role !== 'system' && role !== 'user' && role !== 'assistant') return []
  return [{ role, text: contentOf(item.content).text }]
}

function blockOf(item: JsonObject): PromptBlock {
  if (item.content === undefined && item.role === undefined) {
    return {
      role: String(item.type ?? 'item'),
      text: JSON.stringify(item.output ?? item.arguments ?? item.summary ?? ''),
    }
  }
  return { role: String(item.role ?? 'user'), ...contentOf(item.content) }
}

function toolsOf(tools: unknown): FakeTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool: unknown) =>
    isObject(tool) && tool.type === 'function' && typeof tool.name === 'string'
      ? [{ name: tool.name, schema: tool.parameters }]
      : [],
  )
}
