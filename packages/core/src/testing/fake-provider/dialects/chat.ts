import { isObject, type JsonObject } from '../../../json.ts'
import { joined, type Choice } from '../answer.ts'
import { badRequest, errorObject } from '../failure.ts'
import { logprobsOf } from '../model/logprobs.ts'
import type { PromptBlock } from '../model/prompt-cache.ts'
import { hexId } from '../model/random.ts'
import type { Ask, FakeMessage, FakeTool } from '../request.ts'
import type { FakeCitation, FakeUsage } from '../script.ts'
import { sse, type Frame } from '../wire.ts'
import { contentOf, countOf, formatOf, stopsOf, toolChoiceOf, type Dialect, type Stamp } from './dialect.ts'

/** OpenAI Chat Completions, also under Azure's deployment paths. */
export const chat: Dialect = {
  vendor: 'openai',

  ask(call) {
    const { body } = call
    if (!Array.isArray(body.messages) || body.messages.length === 0) {
      throw badRequest("Invalid type for 'messages': expected a non-empty array of messages.", 'messages')
    }
    const native = body.messages.filter(isObject)
    const messages = native.map(messageOf)
    const question = messages.findLast((message) => message.role === 'user')?.text ?? ''
    const lastOther = messages.findLastIndex((message) => message.role !== 'tool')
    const results = messages.slice(lastOther + 1).map((message) => message.text)
    return {
      ...call,
      api: 'openai.chat',
      stream: body.stream === true,
      messages,
      lastUserText: question,
      blocks: blocksOf(native, body.tools),
      questions: Array.from({ length: countOf(body, 'n') ?? 1 }, () => question),
      toolResult: results.length > 0 ? results.join(' ') : undefined,
      tools: toolsOf(body.tools),
      toolChoice: toolChoiceOf(body.tool_choice),
      format: formatOf(body.response_format),
      maxTokens: countOf(body, 'max_completion_tokens') ?? countOf(body, 'max_tokens'),
      stop: stopsOf(body.stop),
      reasoning: false,
      topLogprobs: body.logprobs === true ? (countOf(body, 'top_logprobs') ?? 0) : undefined,
      caching: 'automatic',
    }
  },

  whole(ask, answer, stamp) {
    return {
      ...head(ask, stamp, 'chat.completion'),
      choices: answer.choices.map((choice, index) => ({
        index,
        message: message(choice, index, stamp),
        logprobs: logprobs(ask, choice),
        finish_reason: choice.finish,
      })),
      usage: chatUsage(answer.usage),
    }
  },

  *frames(ask, answer, stamp) {
    const withUsage = isObject(ask.body.stream_options) && ask.body.stream_options.include_usage === true
    const common = { ...head(ask, stamp, 'chat.completion.chunk'), ...(withUsage && { usage: null }) }
    let running = answer.choices.map((choice, index) => deltas(ask, choice, index, stamp))
    while (running.length > 0) {
      const going: typeof running = []
      // Several choices take turns, as they do on the wire.
      for (const source of running) {
        const next = source.next()
        if (next.done) continue
        const { choice, ...frame } = next.value
        yield { ...frame, data: sse({ ...common, choices: [choice] }) }
        going.push(source)
      }
      running = going
    }
    if (withUsage) yield { data: sse({ ...common, choices: [], usage: chatUsage(answer.usage) }) }
    yield { data: sse('[DONE]'), last: true }
  },

  errorFrame: (init) => sse({ error: errorObject('openai', init) }),
  isEndMark: (frame) => frame.data === 'data: [DONE]\n\n',
}

function head(ask: Ask, stamp: Stamp, object: string): JsonObject {
  return {
    id: `chatcmpl-${stamp.key}`,
    object,
    created: Math.floor(stamp.createdAtMs / 1000),
    model: ask.model,
    service_tier: 'default',
    system_fingerprint: `fp_${hexId(10, ask.model)}`,
  }
}

function message(choice: Choice, index: number, stamp: Stamp): JsonObject {
  const text = joined(choice.text)
  const speaks = choice.text.length > 0 || (choice.toolCalls.length === 0 && choice.refusal.length === 0)
  return {
    role: 'assistant',
    content: speaks ? text : null,
    refusal: choice.refusal.length > 0 ? joined(choice.refusal) : null,
    annotations: annotations(choice.citations, text),
    ...(choice.reasoning.length > 0 && { reasoning_content: joined(choice.reasoning) }),
    ...(choice.toolCalls.length > 0 && {
      tool_calls: choice.toolCalls.map((call, i) => ({
        id: call.id ?? `call_${hexId(24, stamp.key, index, i)}`,
        type: 'function',
        function: { name: call.name, arguments: joined(call.pieces) },
      })),
    }),
  }
}

function* deltas(
  ask: Ask,
  choice: Choice,
  index: number,
  stamp: Stamp,
): Generator<Omit<Frame, 'data'> & { choice: JsonObject }, void, undefined> {
  const list = logprobs(ask, choice)
  const step = (delta: JsonObject, more?: Omit<Frame, 'data'>, lp?: unknown, finish: string | null = null) => ({
    choice: { index, delta, logprobs: lp ?? null, finish_reason: finish },
    ...more,
  })
  const full = message(choice, index, stamp)
  yield step({ role: 'assistant', content: full.content === null ? null : '', refusal: null })
  for (const piece of choice.reasoning) yield step({ reasoning_content: piece.text }, { tokens: piece.tokens })
  for (const [i, { text, tokens }] of choice.text.entries()) {
    yield step(
      { content: text },
      { tokens, ...(index === 0 && { text }) },
      list && { ...list, content: [list.content?.[i]] },
    )
  }
  if (choice.citations.length > 0) yield step({ annotations: full.annotations })
  for (const [i, { text: refusal, tokens }] of choice.refusal.entries()) {
    yield step({ refusal }, { tokens }, list && { ...list, refusal: [list.refusal?.[i]] })
  }
  for (const [i, call] of ((full.tool_calls ?? []) as JsonObject[]).entries()) {
    const name = choice.toolCalls[i]?.name
    yield step({ tool_calls: [{ index: i, id: call.id, type: 'function', function: { name, arguments: '' } }] })
    for (const piece of choice.toolCalls[i]?.pieces ?? []) {
      yield step({ tool_calls: [{ index: i, function: { arguments: piece.text } }] }, { tokens: piece.tokens })
    }
  }
  yield step({}, {}, null, choice.finish)
}

/** URL citations as they stand at the end of the text that they support. */
export function annotations(citations: readonly FakeCitation[], text: string): JsonObject[] {
  return citations.map(({ url, title }) => ({
    type: 'url_citation',
    url_citation: { url, title, start_index: 0, end_index: text.length },
  }))
}

function logprobs(ask: Ask, choice: Choice): { content: unknown[] | null; refusal: unknown[] | null } | null {
  if (ask.topLogprobs === undefined) return null
  const of = (pieces: Choice['text']): unknown[] | null =>
    pieces.length > 0 ? logprobsOf(pieces, ask.topLogprobs ?? 0) : null
  return { content: of(choice.text), refusal: of(choice.refusal) }
}

/** Usage as Chat Completions and Completions report it. */
export function chatUsage(usage: FakeUsage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      audio_tokens: 0,
      ...(usage.cacheWrite5mTokens > 0 && { cache_write_tokens: usage.cacheWrite5mTokens }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function messageOf(native: JsonObject): FakeMessage {
  const role = native.role === 'developer' ? 'system' : native.role === 'function' ? 'tool' : native.role
  if (role !== 'system' && role !== 'user' && role !== 'assistant' && role !== 'tool') {
    throw badRequest(`Invalid value for 'role': ${JSON.stringify(native.role)}.`, 'messages')
  }
  return { role, text: contentOf(native.content).text }
}

function blocksOf(messages: readonly JsonObject[], tools: unknown): PromptBlock[] {
  const blocks: PromptBlock[] = toolsOf(tools).length > 0 ? [{ text: JSON.stringify(tools) }] : []
  for (const native of messages) {
    const { text, otherTokens } = contentOf(native.content)
    const calls = native.tool_calls === undefined ? '' : JSON.stringify(native.tool_calls)
    blocks.push({ role: String(native.role), text: text + calls, otherTokens })
    if (typeof native.name === 'string') blocks.push({ text: native.name, otherTokens: 1 })
  }
  return blocks
}

function toolsOf(tools: unknown): FakeTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool: unknown) => {
    const fn = isObject(tool) && isObject(tool.function) ? tool.function : undefined
    return typeof fn?.name === 'string' ? [{ name: fn.name, schema: fn.parameters }] : []
  })
}
