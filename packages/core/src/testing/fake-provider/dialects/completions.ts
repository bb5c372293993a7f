import { isObject, type JsonObject } from '../../../json.ts'
import { joined, type Choice } from '../answer.ts'
import { badRequest, errorObject } from '../failure.ts'
import { logprobsOf } from '../model/logprobs.ts'
import type { Ask } from '../request.ts'
import { sse, type Frame } from '../wire.ts'
import { chatUsage } from './chat.ts'
import { countOf, stopsOf, type Dialect, type Stamp } from './dialect.ts'

/** OpenAI's legacy text completions. A prompt of token ids is read as the ids' numbers. */
export const completions: Dialect = {
  vendor: 'openai',

  ask(call) {
    const { body } = call
    const prompts = promptsOf(body.prompt)
    const n = countOf(body, 'n') ?? 1
    return {
      ...call,
      api: 'openai.completions',
      stream: body.stream === true,
      messages: prompts.map((text) => ({ role: 'user', text })),
      lastUserText: prompts.at(-1) ?? '',
      blocks: prompts.map((text) => ({ text })),
      questions: prompts.flatMap((prompt) => Array.from({ length: n }, () => prompt)),
      toolResult: undefined,
      tools: [],
      toolChoice: 'none',
      format: { kind: 'text' },
      // The documented default of this endpoint.
      maxTokens: countOf(body, 'max_tokens') ?? 16,
      stop: stopsOf(body.stop),
      reasoning: false,
      topLogprobs: typeof body.logprobs === 'number' ? body.logprobs : undefined,
      caching: 'automatic',
    }
  },

  whole(ask, answer, stamp) {
    return {
      ...head(ask, stamp),
      choices: answer.choices.map((choice, index) => {
        const text = echoed(ask, index) + joined(choice.text)
        return { text, index, logprobs: logprobs(ask, choice.text, 0), finish_reason: finishOf(choice) }
      }),
      usage: chatUsage(answer.usage),
    }
  },

  *frames(ask, answer, stamp) {
    const withUsage = isObject(ask.body.stream_options) && ask.body.stream_options.include_usage === true
    const common = { ...head(ask, stamp), ...(withUsage && { usage: null }) }
    const step = (
      text: string,
      index: number,
      lp: unknown,
      finish: string | null,
      more?: Omit<Frame, 'data'>,
    ): Frame => ({
      ...more,
      data: sse({ ...common, choices: [{ text, index, logprobs: lp, finish_reason: finish }] }),
    })
    for (const [index, choice] of answer.choices.entries()) {
      let offset = echoed(ask, index).length
      if (offset > 0) yield step(echoed(ask, index), index, null, null)
      for (const piece of choice.text) {
        const { text, tokens } = piece
        yield step(text, index, logprobs(ask, [piece], offset), null, { tokens, ...(index === 0 && { text }) })
        offset += text.length
      }
      yield step('', index, null, finishOf(choice))
    }
    if (withUsage) yield { data: sse({ ...common, choices: [], usage: chatUsage(answer.usage) }) }
    yield { data: sse('[DONE]'), last: true }
  },

  errorFrame: (init) => sse({ error: errorObject('openai', init) }),
  isEndMark: (frame) => frame.data === 'data: [DONE]\n\n',
}

function head(ask: Ask, stamp: Stamp): JsonObject {
  return {
    id: `cmpl-${stamp.key}`,
    object: 'text_completion',
    created: Math.floor(stamp.createdAtMs / 1000),
    model: ask.model,
  }
}

function finishOf(choice: Choice): string {
  return choice.finish === 'tool_calls' ? 'stop' : choice.finish
}

function echoed(ask: Ask, index: number): string {
  return ask.body.echo === true ? (ask.questions[index] ?? '') : ''
}

function logprobs(ask: Ask, pieces: Choice['text'], start: number): JsonObject | null {
  if (ask.topLogprobs === undefined) return null
  const list = logprobsOf(pieces, ask.topLogprobs)
  let offset = start
  return {
    tokens: list.map((entry) => entry.token),
    token_logprobs: list.map((entry) => entry.logprob),
    top_logprobs: list.map((entry) => Object.fromEntries(entry.top_logprobs.map((top) => [top.token, top.logprob]))),
    text_offset: pieces.map((piece) => (offset += piece.text.length) - piece.text.length),
  }
}

function promptsOf(prompt: unknown): string[] {
  if (typeof prompt === 'string') return [prompt]
  if (!Array.isArray(prompt) || prompt.length === 0) {
    throw badRequest("Invalid type for 'prompt': expected a string or a non-empty array.", 'prompt')
  }
  if (typeof prompt[0] === 'number') return [prompt.join(' ')]
  return prompt.map((item: unknown) => (Array.isArray(item) ? item.join(' ') : String(item)))
}
