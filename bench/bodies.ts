/** A chat completion of about `bytes` bytes of JSON. */
export function chatAnswer(bytes: number): string {
  return JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-5-mini',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: prose(bytes - 420), refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 120,
      completion_tokens: 200,
      total_tokens: 320,
      prompt_tokens_details: { cached_tokens: 0 },
    },
    service_tier: 'default',
    system_fingerprint: 'fp_bench',
  })
}

/** A message of Anthropic's dialect of about `bytes` bytes of JSON. */
export function messagesAnswer(bytes: number): string {
  return JSON.stringify({
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content: [{ type: 'text', text: prose(bytes - 280) }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 120, output_tokens: 200, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  })
}

/** Chat messages of about `bytes` bytes of JSON: a conversation of turns of up to 2 KiB. */
export function chatMessages(bytes: number): { role: 'user' | 'assistant'; content: string }[] {
  const turn = Math.min(2048, bytes)
  return Array.from({ length: Math.max(1, Math.floor(bytes / turn)) }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: prose(turn - 40),
  }))
}

/** The frames of a streamed chat completion of `count` content chunks. */
export function chatFrames(count: number): Uint8Array[] {
  const head = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'gpt-5-mini' }
  const frame = (choice: object): string =>
    `data: ${JSON.stringify({ ...head, choices: [{ index: 0, ...choice, logprobs: null }] })}\n\n`
  return [
    frame({ delta: { role: 'assistant', content: '' }, finish_reason: null }),
    ...Array.from({ length: count }, (_, index) => frame({ delta: { content: ` word${index}` }, finish_reason: null })),
    frame({ delta: {}, finish_reason: 'stop' }),
    'data: [DONE]\n\n',
  ].map((text) => Buffer.from(text))
}

/** A transport without a network that answers every request with `body`. */
export function jsonTransport(body: string): typeof fetch {
  return async () =>
    new Response(body, { headers: { 'content-type': 'application/json', 'x-request-id': 'req_bench' } })
}

/** A transport without a network that streams `frames`, one a pull. */
export function streamTransport(frames: readonly Uint8Array[]): typeof fetch {
  return async () => {
    let next = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const frame = frames[next++]
          if (frame) controller.enqueue(frame)
          else controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
      headers: { 'content-type': 'text/event-stream', 'x-request-id': 'req_bench' },
    })
  }
}

function prose(characters: number): string {
  const text = 'The order left our warehouse on Tuesday and should reach you within three working days. '
  return text.repeat(Math.ceil(Math.max(characters, 1) / text.length)).slice(0, Math.max(characters, 1))
}
