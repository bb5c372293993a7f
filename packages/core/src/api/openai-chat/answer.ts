import { isObject, type JsonObject } from '../../json.ts'
import type { AnswerText, AnswerView, Channel, Finish, ToolCallView } from '../api.ts'
import { collect, editObject, editObjects, editText } from '../edit.ts'
import type { ChatAnswer, ChatAnswerMessage } from './wire.ts'

/** Sees a text of a message and says what to put in its place. */
type See = (part: string, channel: Channel, text: string) => string

/**
 * Rewrites the text of a message: a whole one or a stream's delta, which have one shape. `place` numbers tool calls.
 * Parts are named `<choice>.content`, `<choice>.audio.transcript`, `<choice>.tool_calls.<place>` and so on.
 */
export function editMessage<T extends JsonObject>(
  message: T,
  choice: number,
  see: See,
  place: (call: JsonObject, position: number) => number = (_, position) => position,
): T {
  const text = <O extends JsonObject>(object: O, field: string, channel: Channel, name = field): O =>
    editText(object, field, (value) => see(`${choice}.${name}`, channel, value))
  const call = (object: JsonObject, name: string): JsonObject =>
    text(text(object, 'arguments', 'tool', name), 'input', 'tool', name)
  let edited = text(text(message, 'reasoning_content', 'reasoning'), 'reasoning', 'reasoning')
  edited = text(text(edited, 'content', 'text'), 'refusal', 'refusal')
  // Some servers answer in parts, and put thoughts among them.
  edited = editObjects(edited, 'content', (part, at) =>
    editObjects(text(part, 'text', 'text', `content.${at}`), 'thinking', (thought, index) =>
      text(thought, 'text', 'reasoning', `content.${at}.${index}`),
    ),
  )
  edited = editObject(edited, 'audio', (audio) => text(audio, 'transcript', 'text', 'audio.transcript'))
  edited = editObject(edited, 'function_call', (value) => call(value, 'function_call.arguments'))
  return editObjects(edited, 'tool_calls', (item, position) => {
    const name = `tool_calls.${place(item, position)}`
    const edit = (value: JsonObject): JsonObject => call(value, name)
    return editObject(editObject(item, 'function', edit), 'custom', edit)
  })
}

export function answerText(value: ChatAnswer): readonly AnswerText[] {
  return collect((see) => mapAnswer(value, see))
}

export function mapAnswer(value: ChatAnswer, map: (part: AnswerText) => string): ChatAnswer {
  return editObjects(value, 'choices', (item, position) => {
    const choice = indexOf(item, position)
    const see: See = (part, channel, text) => map({ part, choice, channel, text })
    return editObject(item, 'message', (message) => editMessage(message, choice, see))
  })
}

/** Servers that give one choice may leave its index out. */
export function indexOf(choice: JsonObject, position: number): number {
  return typeof choice['index'] === 'number' ? choice['index'] : position
}

const finishes: { readonly [reason: string]: Finish } = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  error: 'error',
}

/** A finish reason of chat or completions; reasons of other servers count as `other`. */
export function finishOf(reason: unknown): Finish | undefined {
  return typeof reason === 'string' && reason !== '' ? (finishes[reason] ?? 'other') : undefined
}

export function answer(value: ChatAnswer): AnswerView {
  return {
    id: value.id,
    model: value.model,
    // A whole body is whatever the server sent with status 200.
    choices: (value.choices ?? []).map((choice, position) => {
      const message: Partial<ChatAnswerMessage> = choice.message ?? {}
      return {
        index: indexOf(choice, position),
        // Spoken answers have their words in the transcript instead.
        text: textIn(message.content) + textOf(message.audio?.transcript),
        refusal: textOf(message.refusal) || undefined,
        reasoning: textOf(message.reasoning_content) || textOf(message.reasoning) || undefined,
        toolCalls: toolCalls(message),
        finish: finishOf(choice.finish_reason),
      }
    }),
  }
}

function toolCalls({ function_call: legacy, tool_calls: calls }: Partial<ChatAnswerMessage>): ToolCallView[] {
  const all = [...(legacy ? [{ id: undefined, function: legacy }] : []), ...(calls ?? [])]
  return all.map((call: JsonObject) => {
    const of = [call['function'], call['custom']].find(isObject)
    return {
      id: textOf(call['id']) || undefined,
      name: textOf(of?.['name']),
      arguments: textOf(of?.['arguments'] ?? of?.['input']),
    }
  })
}

function textIn(content: unknown): string {
  return Array.isArray(content) ? content.map((part) => textOf(part?.text)).join('') : textOf(content)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
