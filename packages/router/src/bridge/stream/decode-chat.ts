import type { EventOf } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { ChatCalls } from './chat-calls.ts'
import type { Loss } from '../lossy.ts'
import { AnswerLosses, changed, leftOut } from './answer-losses.ts'
import type { Logprobs, PartKind, StreamDecoder, StreamPiece } from './piece.ts'

type Event = EventOf<'openai.chat'>
type Choice = Event['choices'][number]
type Finishing = Extract<StreamPiece, { type: 'finish' }>['reason']

const finishes: { readonly [reason: string]: Finishing } = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
}

/**
 * Chat as pieces. Its deltas do not say where a part ends: text ends where another kind of part begins, a tool call
 * where the next one begins and its arguments are whole, and everything at the finish. Choices after the first one are
 * lost. A refusal in words is `refusal`, though the server calls it `stop`.
 */
export function decodeChat(): StreamDecoder<'openai.chat'> {
  const losses = new AnswerLosses()
  let out: StreamPiece[] = []
  let parts = 0
  let open: { readonly kind: Exclude<PartKind, 'tool'>; readonly part: number } | undefined
  let started = false
  let refused = false
  let over = false
  const calls = new ChatCalls(
    () => parts++,
    (piece) => void out.push(piece),
  )

  const lose = (loss: Loss): void => {
    if (losses.add(loss)) out.push({ type: 'loss', loss })
  }
  const close = (): void => {
    if (open) out.push({ type: 'partEnd', ...open })
    open = undefined
  }
  const say = (kind: Exclude<PartKind, 'tool'>, text: unknown, logprobs?: Logprobs | null): void => {
    const added = typeof text === 'string' ? text : ''
    if (added === '' && !logprobs?.length) return
    if (open?.kind !== kind) {
      close()
      open = { kind, part: parts++ }
    }
    const { part } = open
    if (kind === 'reasoning') out.push({ type: kind, part, text: added })
    else out.push({ type: kind, part, text: added, ...(logprobs?.length && { logprobs }) })
    refused ||= kind === 'refusal'
  }
  const finish = (choice: Choice): void => {
    const { finish_reason: native } = choice
    over = true
    close()
    calls.closeAll()
    if (native === 'error') {
      const message = 'The provider ended the answer with an error.'
      out.push({ type: 'error', error: { code: 'error', type: undefined, message } })
      return
    }
    const known = finishes[native ?? 'stop']
    // As vLLM names it; for a stop token it is that token's number.
    const sequence = choice['stop_reason']
    out.push({
      type: 'finish',
      reason: known === 'stop' && refused ? 'refusal' : (known ?? 'other'),
      ...(known ? undefined : { native: native as string }),
      ...(known === 'stop' && typeof sequence === 'string' && { stopSequence: sequence }),
    })
  }
  const first = (choice: Choice): void => {
    const { delta, logprobs, finish_reason } = choice
    if (over) return
    if (delta) {
      const { reasoning_content, reasoning, content, refusal, audio, function_call, tool_calls } = delta
      // Servers that send both names send the same text under each.
      say('reasoning', reasoning_content || reasoning)
      say('text', content, logprobs?.content)
      say('refusal', refusal, logprobs?.refusal)
      if (audio) {
        say('text', audio.transcript)
        lose(changed(['choices', 0, 'message', 'audio'], 'the transcript is kept as text, the sound is not'))
      }
      if (Array.isArray(delta['annotations']) && delta['annotations'].length > 0)
        lose(leftOut(['choices', 0, 'message', 'annotations'], 'every dialect cites in its own way'))
      if (function_call || tool_calls?.length) close()
      if (function_call) calls.push({ index: -1, type: 'function', function: function_call })
      for (const call of tool_calls ?? []) calls.push(call)
      // Spoken answers may end without a finish reason.
      if (audio?.expires_at != null && audio.data == null && audio.transcript == null) finish(choice)
    }
    if (finish_reason && !over) finish(choice)
  }

  return {
    push(event) {
      out = []
      const error = openaiChat.error(event)
      if (error) {
        out.push({ type: 'error', error })
        return out
      }
      const { id, model, created } = event
      const choices = event.choices ?? []
      if (!started && (id || choices.length > 0)) {
        started = true
        out.push({ type: 'start', id: id || undefined, model: model || undefined, createdAtS: created || undefined })
      }
      for (const [at, choice] of choices.entries()) {
        const index = typeof choice.index === 'number' ? choice.index : at
        if (index === 0) first(choice)
        else lose(leftOut(['choices', index], 'the other dialects give one answer to a call'))
      }
      const usage = openaiChat.usage(event)
      if (usage) out.push({ type: 'usage', usage })
      return out
    },
    end: () => [],
  }
}
