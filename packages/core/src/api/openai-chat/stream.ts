import { isObject, type JsonObject } from '../../json.ts'
import type { EventText, Folder } from '../api.ts'
import { collect, editObject, editObjects } from '../edit.ts'
import { openaiError } from '../openai-errors.ts'
import { foldChoices, grow, settle, type Draft } from '../openai-fold.ts'
import { editMessage, indexOf } from './answer.ts'
import type { ChatDelta, ChatEvent, ChatToolCallDelta } from './wire.ts'

export function delta(event: ChatEvent): readonly EventText[] {
  return collect((see) => mapDelta(event, see))
}

/** Tool calls go by the index that the server gives, or by their position in the event where it gives none. */
export function mapDelta(event: ChatEvent, map: (part: EventText) => string): ChatEvent {
  return editObjects(event, 'choices', (item, position) => {
    const choice = indexOf(item, position)
    return editObject(item, 'delta', (value) =>
      editMessage(value, choice, (part, channel, text) => map({ part, choice, channel, text, mode: 'delta' }), indexOf),
    )
  })
}

export function isContent(event: ChatEvent): boolean {
  return event.choices?.some(({ delta: value }) => value && shows(value)) === true
}

function shows({
  content,
  reasoning_content,
  reasoning,
  refusal,
  tool_calls,
  function_call,
  audio,
}: ChatDelta): boolean {
  const text = content || reasoning_content || reasoning || refusal || audio?.data || audio?.transcript
  return !!(text || tool_calls?.length || function_call)
}

/**
 * True for an error, and for an event that finishes a choice. Events know nothing of each other: of several choices
 * each has its finishing event, and the answer is over with the last of them.
 */
export function isTerminal(event: ChatEvent): boolean {
  if (openaiError(event)) return true
  return event.choices?.some(({ finish_reason, delta: value }) => finish_reason || endsAudio(value)) === true
}

/** Spoken answers may end with the instant at which their audio expires, and without a finish reason. */
function endsAudio(value: ChatDelta | undefined): boolean {
  const { audio } = value ?? {}
  return (
    audio?.expires_at != null && audio.data == null && audio.transcript == null && Object.keys(value ?? {}).length === 1
  )
}

interface OpenCall {
  /** The index that the server gives it. */
  readonly wire: number
  /** The index that it has: servers give several calls the same one, or none. */
  readonly at: number
  readonly call: Draft
}

interface ChoiceDraft {
  readonly choice: Draft
  readonly message: Draft
  readonly calls: OpenCall[]
  audioEnded: boolean
}

/** Some servers repeat the message so far beside each delta. */
const besides = new Set(['delta', 'message'])
const placed = new Set(['index'])

export function folder(): Folder<'openai.chat'> {
  return foldChoices<'openai.chat', ChoiceDraft>('chat.completion', {
    open: () => ({ choice: {}, message: {}, calls: [], audioEnded: false }),
    push(draft, choice, index, cut) {
      grow(draft.choice, choice, besides)
      const value = choice['delta']
      if (!isObject(value)) return
      const { message, calls } = draft
      draft.audioEnded = endsAudio(value)
      grow(message, value)
      const see = (part: string, _: unknown, text: string): string => {
        cut(part, text.length)
        return text
      }
      editMessage(value, index, see, (call) => {
        const open = openCall(calls, call)
        grow(open.call, call, placed)
        return open.at
      })
    },
    close({ choice, message, calls, audioEnded }) {
      const made = calls.toSorted((a, b) => a.at - b.at).map(({ call }) => settle(call))
      return {
        ...settle(choice),
        finish_reason: choice['finish_reason'] || (audioEnded ? 'stop' : null),
        message: {
          role: 'assistant',
          content: null,
          ...settle(message),
          ...(made.length > 0 && {
            tool_calls: made.map((call) => ({ type: call['custom'] ? 'custom' : 'function', ...call })),
          }),
        },
      }
    },
  })
}

/**
 * The call that a delta belongs to: the last one of its index, else of its id, else the last one. A delta with an id of
 * its own and a name begins another call, whatever its index: some servers number every call 0. An id alone does not,
 * because others make up a new one for every delta.
 */
function openCall(calls: OpenCall[], from: JsonObject): OpenCall {
  const { index, id, function: fn, custom } = from as Partial<ChatToolCallDelta>
  const known = calls.findLast(({ wire, call }) => (index != null ? wire === index : id ? call['id'] === id : true))
  const named = (fn ?? custom)?.name
  if (known && !(named && id && known.call['id'] && id !== known.call['id'])) return known
  const free = Math.max(-1, ...calls.map(({ at }) => at)) + 1
  const at = index != null && !calls.some((call) => call.at === index) ? index : free
  const opened = { wire: index ?? at, at, call: {} }
  calls.push(opened)
  return opened
}
