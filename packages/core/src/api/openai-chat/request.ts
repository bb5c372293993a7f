import type { JsonObject } from '../../json.ts'
import type { TextPart } from '../api.ts'
import { collect, editObjects, editText } from '../edit.ts'
import { editPlaces, type EditPlace, type Place } from '../edit-places.ts'
import { openaiRoles } from '../openai-request.ts'
import type { ChatRequest } from './wire.ts'

/** What the fields of a message hold. */
const kinds: ReadonlyMap<string, TextPart['kind']> = new Map([
  ['content', 'text'],
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['refusal', 'refusal'],
  ['function_call', 'tool_call'],
  ['tool_calls', 'tool_call'],
])

/** Whether a message is nothing but a role and a text. */
function isPlain(message: JsonObject): boolean {
  const { role, content } = message
  return typeof content === 'string' && role !== undefined && Object.keys(message).length === 2
}

export function prompt(request: ChatRequest): readonly TextPart[] {
  return collect((see) => mapText(request, see))
}

export function mapText(request: ChatRequest, map: (part: TextPart) => string): ChatRequest {
  const part: EditPlace = (object, place) =>
    editPlaces(editPlaces(object, ['text'], place, map, part), ['refusal'], { ...place, kind: 'refusal' }, map, part)
  /** Content is a text or a list of parts, in messages and in predictions; servers also take one part, or texts. */
  const content: EditPlace = (object, place) => editPlaces(object, ['content'], place, map, part)
  const call: EditPlace = (object, place) =>
    editPlaces(object, ['function', 'custom', 'arguments', 'input'], place, map, call)
  const described: EditPlace = (object, place) =>
    editPlaces(object, ['description', 'function', 'custom', 'json_schema'], place, map, described)

  let edited = editObjects(request, 'messages', (message, index) => {
    const role = openaiRoles[message['role'] as string] ?? 'user'
    // Long conversations are made of these, and are read on every turn.
    if (isPlain(message) && role !== 'tool')
      return editText(message, 'content', (value) =>
        map({ path: ['messages', index, 'content'], role, kind: 'text', text: value }),
      )
    const text = role === 'tool' ? 'tool_result' : 'text'
    let copy = message
    for (const field in message) {
      const kind = kinds.get(field)
      if (!kind) continue
      const isCall = kind === 'tool_call'
      const place: Place = {
        path: ['messages', index],
        role: isCall ? 'assistant' : role,
        kind: kind === 'text' ? text : kind,
      }
      copy = editPlaces(copy, [field], place, map, isCall ? call : part)
    }
    return copy
  })
  const tools: Place = { path: [], role: 'system', kind: 'tool_definition' }
  edited = editPlaces(edited, ['tools', 'functions'], tools, map, described)
  edited = editPlaces(edited, ['response_format'], { ...tools, kind: 'text' }, map, described)
  return editPlaces(edited, ['prediction'], { path: [], role: 'assistant', kind: 'text' }, map, content)
}
