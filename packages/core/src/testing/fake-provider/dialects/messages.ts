import { isObject, type JsonObject } from '../../../json.ts'
import { joined, type Choice } from '../answer.ts'
import { badRequest, errorObject } from '../failure.ts'
import type { PromptBlock } from '../model/prompt-cache.ts'
import { hexId } from '../model/random.ts'
import type { AnswerFormat, Ask, FakeMessage, FakeTool } from '../request.ts'
import type { FakeUsage } from '../script.ts'
import { sse, type Frame } from '../wire.ts'
import { contentOf, countOf, stopsOf, type Dialect, type RawCall, type Stamp } from './dialect.ts'

/** Anthropic Messages. */
export const messages: Dialect = {
  vendor: 'anthropic',

  ask(call) {
    const maxTokens = countOf(call.body, 'max_tokens')
    if (maxTokens === undefined) throw badRequest('max_tokens: Field required')
    return { ...readMessages(call), maxTokens }
  },

  whole: (ask, answer, stamp) => {
    const [choice] = answer.choices
    return {
      ...head(ask, stamp),
      content: choice ? blocks(choice, stamp) : [],
      stop_reason: choice ? stopReason(choice) : 'end_turn',
      stop_sequence: choice?.stopSequence ?? null,
      usage: inputUsage(answer.usage, answer.usage.outputTokens, answer.usage.reasoningTokens),
    }
  },

  *frames(ask, answer, stamp) {
    const [choice] = answer.choices
    const event = (type: string, fields: JsonObject, more?: Omit<Frame, 'data'>): Frame => ({
      ...more,
      data: sse({ type, ...fields }, type),
    })
    const begun = { ...head(ask, stamp), content: [], stop_reason: null, stop_sequence: null }
    yield event('message_start', { message: { ...begun, usage: inputUsage(answer.usage, 1, 0) } })
    yield event('ping', {})
    if (choice) {
      for (const [index, block] of blocks(choice, stamp).entries()) {
        const delta = (fields: JsonObject, more?: Omit<Frame, 'data'>): Frame =>
          event('content_block_delta', { index, delta: fields }, more)
        yield event('content_block_start', { index, content_block: opened(block) })
        if (block.type === 'thinking') {
          for (const { text, tokens } of choice.reasoning) {
            yield delta({ type: 'thinking_delta', thinking: text }, { tokens })
          }
          yield delta({ type: 'signature_delta', signature: block.signature })
        } else if (block.type === 'text') {
          for (const citation of (block.citations ?? []) as JsonObject[])
            yield delta({ type: 'citations_delta', citation })
          for (const { text, tokens } of spoken(choice)) {
            yield delta({ type: 'text_delta', text }, { tokens, text })
          }
        } else {
          const call = choice.toolCalls[index - (choice.toolCalls.length > 0 ? firstTool(choice) : 0)]
          yield delta({ type: 'input_json_delta', partial_json: '' })
          for (const { text, tokens } of call?.pieces ?? []) {
            yield delta({ type: 'input_json_delta', partial_json: text }, { tokens })
          }
        }
        yield event('content_block_stop', { index })
      }
      const { outputTokens, reasoningTokens } = answer.usage
      const {
        cache_creation: _written,
        service_tier: _tier,
        ...usage
      } = inputUsage(answer.usage, outputTokens, reasoningTokens)
      const delta = { stop_reason: stopReason(choice), stop_sequence: choice.stopSequence ?? null }
      yield event('message_delta', { delta: { ...delta, stop_details: null, container: null }, usage })
    }
    yield event('message_stop', {}, { last: true })
  },

  errorFrame: (init) => sse({ type: 'error', error: errorObject('anthropic', init) }, 'error'),
  isEndMark: (frame) => typeof frame.data === 'string' && frame.data.startsWith('event: message_stop\n'),
}

/** The request without its answer's limit, which `count_tokens` does not have. */
export function readMessages(call: RawCall): Ask {
  const { body } = call
  if (!Array.isArray(body.messages)) throw badRequest('messages: Field required')
  if (body.messages.length === 0) throw badRequest('messages: at least one message is required')
  const native = body.messages.filter(isObject)
  const system = systemBlocks(body.system)
  const last = native.at(-1)
  const results = Array.isArray(last?.content)
    ? last.content.filter(isObject).filter((part) => part.type === 'tool_result')
    : []
  const heard = native.flatMap(messagesOf)
  const lastUserText = heard.findLast((message) => message.role === 'user')?.text ?? ''
  return {
    ...call,
    api: 'anthropic.messages',
    stream: body.stream === true,
    messages: [...system.map(({ text }): FakeMessage => ({ role: 'system', text })), ...heard],
    lastUserText,
    blocks: promptBlocks(body, native, system),
    questions: [lastUserText],
    toolResult: results.length > 0 ? results.map((part) => contentOf(part.content).text).join(' ') : undefined,
    tools: toolsOf(body.tools),
    toolChoice: toolChoice(body.tool_choice),
    format: format(body),
    maxTokens: undefined,
    stop: stopsOf(body.stop_sequences),
    reasoning: isObject(body.thinking) && body.thinking.type !== 'disabled',
    topLogprobs: undefined,
    caching: 'explicit',
  }
}

function head(ask: Ask, stamp: Stamp): JsonObject {
  return {
    id: `msg_${stamp.key}`,
    type: 'message',
    role: 'assistant',
    model: ask.model,
    container: null,
    diagnostics: null,
    stop_details: null,
  }
}

function blocks(choice: Choice, stamp: Stamp): JsonObject[] {
  const list: JsonObject[] = []
  if (choice.reasoning.length > 0) {
    const signature = Buffer.from(hexId(96, stamp.key, 'signature'), 'hex').toString('base64')
    list.push({ type: 'thinking', thinking: joined(choice.reasoning), signature })
  }
  const said = spoken(choice)
  if (said.length > 0 || choice.toolCalls.length === 0) {
    const citations = choice.citations.map(({ url, title, citedText }, i) => ({
      type: 'web_search_result_location',
      url,
      title,
      cited_text: citedText ?? '',
      encrypted_index: hexId(16, stamp.key, 'citation', i),
    }))
    list.push({ type: 'text', text: joined(said), citations: citations.length > 0 ? citations : null })
  }
  for (const [i, call] of choice.toolCalls.entries()) {
    const id = call.id ?? `toolu_${hexId(24, stamp.key, 0, i)}`
    list.push({ type: 'tool_use', id, name: call.name, input: parsed(joined(call.pieces)), caller: { type: 'direct' } })
  }
  return list
}

/** This dialect has no field for a refusal: its words are the text, and the stop reason says what it is. */
function spoken(choice: Choice): Choice['text'] {
  return [...choice.text, ...choice.refusal]
}

function firstTool(choice: Choice): number {
  return Number(choice.reasoning.length > 0) + Number(spoken(choice).length > 0)
}

function opened(block: JsonObject): JsonObject {
  if (block.type === 'thinking') return { ...block, thinking: '', signature: '' }
  if (block.type === 'text') return { ...block, text: '', citations: block.citations === null ? null : [] }
  return { ...block, input: {} }
}

function stopReason(choice: Choice): string {
  if (choice.finish === 'length') return 'max_tokens'
  if (choice.finish === 'content_filter' || choice.refusal.length > 0) return 'refusal'
  if (choice.finish === 'tool_calls') return 'tool_use'
  return choice.stopSequence === undefined ? 'end_turn' : 'stop_sequence'
}

function inputUsage(usage: FakeUsage, outputTokens: number, thinkingTokens: number): JsonObject {
  const written = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens
  return {
    // Unlike OpenAI's, this input count leaves out what the cache read and wrote.
    input_tokens: Math.max(0, usage.inputTokens - usage.cacheReadTokens - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5mTokens,
      ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
    },
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: thinkingTokens },
    service_tier: 'standard',
    server_tool_use: null,
  }
}

function format(body: JsonObject): AnswerFormat {
  const config = isObject(body.output_config) ? body.output_config.format : body.output_format
  return isObject(config) && config.type === 'json_schema'
    ? { kind: 'schema', schema: config.schema }
    : { kind: 'text' }
}

function toolChoice(choice: unknown): Ask['toolChoice'] {
  if (!isObject(choice)) return 'auto'
  if (choice.type === 'any') return 'required'
  if (choice.type === 'tool' && typeof choice.name === 'string') return { name: choice.name }
  return choice.type === 'none' ? 'none' : 'auto'
}

function toolsOf(tools: unknown): FakeTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool: unknown) =>
    isObject(tool) && isObject(tool.input_schema) ? [{ name: String(tool.name), schema: tool.input_schema }] : [],
  )
}

function systemBlocks(system: unknown): PromptBlock[] {
  if (typeof system === 'string') return [{ role: 'system', text: system }]
  const parts = (Array.isArray(system) ? system : []).filter(isObject)
  return parts.map((part, i) => ({
    ...(i === 0 && { role: 'system' }),
    text: String(part.text ?? ''),
    breakpoint: breakpoint(part),
  }))
}

function promptBlocks(body: JsonObject, native: readonly JsonObject[], system: PromptBlock[]): PromptBlock[] {
  const tools = (Array.isArray(body.tools) ? body.tools : []).filter(isObject)
  const all: PromptBlock[] = tools.map(({ cache_control, ...tool }) => ({
    text: JSON.stringify(tool),
    breakpoint: breakpoint({ cache_control }),
  }))
  all.push(...system)
  for (const message of native) {
    const parts = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
    for (const [i, part] of (Array.isArray(parts) ? parts : []).filter(isObject).entries()) {
      const call = part.type === 'tool_use' ? JSON.stringify([part.name, part.input]) : undefined
      all.push({
        ...(i === 0 && { role: String(message.role) }),
        ...(call === undefined ? contentOf([part]) : { text: call }),
        breakpoint: breakpoint(part),
      })
    }
  }
  // A mark on the request itself stands for one on its last block.
  const own = breakpoint(body)
  return own ? all.map((block, i) => (i === all.length - 1 ? { ...block, breakpoint: own } : block)) : all
}

function breakpoint(part: JsonObject): '5m' | '1h' | undefined {
  if (!isObject(part.cache_control)) return undefined
  return part.cache_control.ttl === '1h' ? '1h' : '5m'
}

function messagesOf(native: JsonObject): FakeMessage[] {
  if (native.role !== 'user' && native.role !== 'assistant' && native.role !== 'system') {
    throw badRequest(`messages: Unexpected role ${JSON.stringify(native.role)}`)
  }
  const parts = Array.isArray(native.content) ? native.content.filter(isObject) : []
  const tools = parts.filter((part) => part.type === 'tool_result')
  const said = Array.isArray(native.content) ? parts.filter((part) => part.type !== 'tool_result') : native.content
  const { text } = contentOf(said)
  return [
    ...tools.map((part): FakeMessage => ({ role: 'tool', text: contentOf(part.content).text })),
    ...(text !== '' || tools.length === 0 ? [{ role: native.role, text } as const] : []),
  ]
}

/** Tool arguments as an object; cut or scripted ones that are not JSON are kept as a string. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch {
    return text
  }
}
