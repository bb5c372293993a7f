import type { JsonObject } from '../../json.ts'
import type { AnswerText, Channel, EventText } from '../api.ts'
import { collect, editField, editObject, editObjects, editText } from '../edit.ts'
import { editInput } from './tool-input.ts'
import type { MessagesAnswer, MessagesEvent } from './wire.ts'

type See = (part: AnswerText) => string

/** What grows: the field of a delta, the field of the block that it adds to, and the channel. */
const growing: readonly (readonly [added: string, field: string, channel: Channel])[] = [
  ['text', 'text', 'text'],
  ['thinking', 'thinking', 'reasoning'],
  ['partial_json', 'input', 'tool'],
]

function textAt(index: number, field: string, channel: Channel, text: string): AnswerText {
  return { part: `content.${index}.${field}`, choice: 0, channel, text }
}

function editBlock(block: JsonObject, index: number, see: See): JsonObject {
  return growing.reduce((edited, [, field, channel]) => {
    const edit = (text: string): string => see(textAt(index, field, channel, text))
    return channel === 'tool'
      ? editField(edited, field, (input) => editInput(input, edit))
      : editText(edited, field, edit)
  }, block)
}

/** A rewritten `thinking` no longer fits its `signature`: the provider refuses it when it is sent back. */
export function mapAnswer(answer: MessagesAnswer, map: See): MessagesAnswer {
  return editObjects(answer, 'content', (block, index) => editBlock(block, index, map))
}

export function answerText(answer: MessagesAnswer): readonly AnswerText[] {
  return collect((see) => mapAnswer(answer, see))
}

export function mapDelta(event: MessagesEvent, map: (part: EventText) => string): MessagesEvent {
  const { index, delta } = event
  // A message_delta has no index, and no text.
  if (index === undefined) return event
  const see: See = (part) => map({ ...part, mode: 'delta' })
  if (!delta) return editObject(event, 'content_block', (block) => editBlock(block, index, see))
  for (const [added, field, channel] of growing) {
    const edited: JsonObject = editText(delta, added, (text) => see(textAt(index, field, channel, text)))
    if (edited !== delta) return { ...event, delta: edited } as MessagesEvent
  }
  return event
}

/** Citations quote sources: they are not text of the answer. */
export function delta(event: MessagesEvent): readonly EventText[] {
  return collect((see) => mapDelta(event, see))
}
