import type { AnswerOf, Api, ApiId, Boundaries } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiResponses } from '@sluice/core/apis'

/** What an answer of any dialect says. */
export interface Said {
  readonly text: string
  readonly reasoning?: string
  /** Arguments of a call of the tool `send`, as JSON text. */
  readonly tool?: string
}

/** A dialect and how to write an answer in it. */
export interface Dialect<A extends ApiId = ApiId> {
  readonly api: Api<A>
  readonly path: string
  write(said: Said): AnswerOf<A>
}

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }

export const chat: Dialect<'openai.chat'> = {
  api: openaiChat,
  path: '/v1/chat/completions',
  write: ({ text, reasoning, tool }) =>
    ({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'gpt-5-mini',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: text,
            refusal: null,
            ...(reasoning && { reasoning_content: reasoning }),
            ...(tool && {
              tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'send', arguments: tool } }],
            }),
          },
          finish_reason: tool ? 'tool_calls' : 'stop',
        },
      ],
      usage,
    }) as never,
}

export const responses: Dialect<'openai.responses'> = {
  api: openaiResponses,
  path: '/v1/responses',
  write: ({ text, reasoning, tool }) =>
    ({
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      model: 'gpt-5-mini',
      status: 'completed',
      parallel_tool_calls: true,
      tools: [],
      output: [
        ...(reasoning ? [{ id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }] : []),
        {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
        },
        ...(tool
          ? [
              {
                id: 'fc_1',
                type: 'function_call',
                status: 'completed',
                call_id: 'call_1',
                name: 'send',
                arguments: tool,
              },
            ]
          : []),
      ],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    }) as never,
}

export const messages: Dialect<'anthropic.messages'> = {
  api: anthropicMessages,
  path: '/v1/messages',
  write: ({ text, reasoning, tool }) =>
    ({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5',
      content: [
        ...(reasoning ? [{ type: 'thinking', thinking: reasoning, signature: 'c2ln' }] : []),
        { type: 'text', text, citations: null },
        ...(tool ? [{ type: 'tool_use', id: 'toolu_1', name: 'send', input: JSON.parse(tool) as unknown }] : []),
      ],
      stop_reason: tool ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    }) as never,
}

/** A stream of an answer that is cut where `cut` says: how long the next piece is. */
export function streamOf<A extends ApiId>({ api, write }: Dialect<A>, said: Said, cut: () => number): Uint8Array {
  const answer = write(said)
  const boundaries: [string, number][] = api.answerText(answer).flatMap(({ part, text }) => {
    const cuts: [string, number][] = []
    for (let at = 0; at < text.length;) {
      const length = Math.max(1, cut())
      cuts.push([part, length])
      at += length
    }
    return cuts
  })
  const events = api.replay(answer, boundaries as Boundaries)
  return Buffer.from(events.map((event) => api.encode(event)).join('') + api.trailer)
}

/** A transport that answers everything with one body. */
export function answering(
  body: string | Uint8Array,
  type: 'application/json' | 'text/event-stream',
  bytesAtOnce = 64,
): typeof fetch {
  return async () => {
    const bytes = Buffer.from(body)
    let at = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close()
        controller.enqueue(new Uint8Array(bytes.subarray(at, at + bytesAtOnce)))
        at += bytesAtOnce
      },
    })
    return new Response(stream, { headers: { 'content-type': type } })
  }
}
