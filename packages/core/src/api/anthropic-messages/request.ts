import { isObject } from '../../json.ts'
import type { Role, TextPart } from '../api.ts'
import { collect, editField } from '../edit.ts'
import { editPlaces, type EditPlace, type Place } from '../edit-places.ts'
import { editInput } from './tool-input.ts'
import type { MessagesRequest } from './wire.ts'

export function prompt(request: MessagesRequest): readonly TextPart[] {
  return collect((see) => mapText(request, see))
}

/**
 * A tool call whose rewritten arguments are not JSON keeps them as a string, which the provider refuses. So it does
 * with `thinking` that was rewritten: its signature no longer fits.
 */
export function mapText(request: MessagesRequest, map: (part: TextPart) => string): MessagesRequest {
  // Blocks are told apart by their fields, which no two types use differently but for those named here.
  const block: EditPlace = (object, said) => {
    const { type, source, tool_use_id } = object
    const fields = ['text', 'stdout', 'stderr', 'content']
    // Titles of web results and the data of images and of redacted thinking are not text of the prompt.
    if (type === 'document' || type === 'search_result') fields.push('title', 'context')
    if (type === 'text') fields.push('data')
    // A search result names its source in a string.
    if (isObject(source)) fields.push('source')
    let edited = editPlaces(
      object,
      fields,
      tool_use_id ? { ...said, role: 'tool', kind: 'tool_result' } : said,
      map,
      block,
    )
    edited = editPlaces(edited, ['thinking'], { ...said, role: 'assistant', kind: 'reasoning' }, map, block)
    return editField(edited, 'input', (input) =>
      editInput(input, (text) => map({ path: [...said.path, 'input'], role: 'assistant', kind: 'tool_call', text })),
    )
  }
  const turn: EditPlace = (object, place) =>
    editPlaces(object, ['content'], { ...place, role: object['role'] as Role }, map, block)
  const tool: EditPlace = (object, place) =>
    editPlaces(object, ['description'], { ...place, kind: 'tool_definition' }, map, block)
  const system: Place = { path: [], role: 'system', kind: 'text' }
  const edited = editPlaces(editPlaces(request, ['system'], system, map, block), ['messages'], system, map, turn)
  return editPlaces(edited, ['tools'], system, map, tool)
}
