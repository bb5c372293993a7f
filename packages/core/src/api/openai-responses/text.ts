import type { JsonObject } from '../../json.ts'
import type { AnswerText, EventText } from '../api.ts'
import { collect, editObject, editObjects, editText } from '../edit.ts'
import { growingByEvent, growingByHolder, placeOf, textAt } from './growing.ts'
import type { ResponsesAnswer, ResponsesEvent } from './wire.ts'

type See = (part: AnswerText) => string

/** Edits the text of a part, or of an item without parts. */
function editHolder(holder: JsonObject, output: number, index: number, see: See): JsonObject {
  const kind = growingByHolder.get(holder['type'])
  return kind ? editText(holder, kind.field, (text) => see(textAt(kind, output, index, text))) : holder
}

function editItem(item: JsonObject, output: number, see: See): JsonObject {
  const edit = (part: JsonObject, index: number): JsonObject => editHolder(part, output, index, see)
  return editObjects(editObjects(editHolder(item, output, 0, see), 'summary', edit), 'content', edit)
}

export function mapAnswer<T extends JsonObject>(answer: T, map: See): T {
  return editObjects(answer, 'output', (item, index) => editItem(item, index, map))
}

export function answerText(answer: ResponsesAnswer): readonly AnswerText[] {
  return collect((see) => mapAnswer(answer, see))
}

export function mapDelta(event: ResponsesEvent, map: (part: EventText) => string): ResponsesEvent {
  const [output, index] = placeOf(event)
  const [kind, mode] = growingByEvent.get(event.type) ?? []
  if (kind && mode)
    return editText(event, mode === 'delta' ? mode : kind.field, (text) =>
      map({ ...textAt(kind, output, index, text), mode }),
    )
  const see: See = (part) => map({ ...part, mode: 'snapshot' })
  let edited = editObject(event, 'response', (answer) => mapAnswer(answer, see))
  edited = editObject(edited, 'item', (item) => editItem(item, output, see))
  return editObject(edited, 'part', (part) => editHolder(part, output, index, see))
}

export function delta(event: ResponsesEvent): readonly EventText[] {
  return collect((see) => mapDelta(event, see))
}
