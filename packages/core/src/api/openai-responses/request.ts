import type { Role, TextPart } from '../api.ts'
import { collect, editObject } from '../edit.ts'
import { editPlaces, type EditPlace, type Place } from '../edit-places.ts'
import { openaiRoles } from '../openai-request.ts'
import type { ResponsesRequest } from './wire.ts'

export function prompt(request: ResponsesRequest): readonly TextPart[] {
  return collect((see) => mapText(request, see))
}

export function mapText(request: ResponsesRequest, map: (part: TextPart) => string): ResponsesRequest {
  const part: EditPlace = (object, place) =>
    editPlaces(
      editPlaces(object, ['text', 'logs', 'stdout', 'stderr'], place, map, part),
      ['refusal'],
      { ...place, kind: 'refusal' },
      map,
      part,
    )
  const tool: EditPlace = (object, place) =>
    editPlaces(editPlaces(object, ['description', 'server_description'], place, map, part), ['tools'], place, map, tool)
  // No two types of items use one of these fields differently, so the type need not be known.
  const item: EditPlace = (object, { path }) => {
    const edit = (
      edited: typeof object,
      fields: string[],
      role: Role,
      kind: Place['kind'],
      nested = part,
    ): typeof object => editPlaces(edited, fields, { path, role, kind }, map, nested)
    const said = ['summary', 'content']
    let edited =
      object['type'] === 'reasoning'
        ? edit(object, said, 'assistant', 'reasoning')
        : edit(object, said, openaiRoles[object['role'] as string] ?? 'user', 'text')
    edited = edit(edited, ['arguments', 'input', 'code'], 'assistant', 'tool_call')
    edited = edit(edited, ['output', 'outputs', 'results'], 'tool', 'tool_result')
    return edit(edited, ['tools'], 'system', 'tool_definition', tool)
  }

  const user: Place = { path: [], role: 'user', kind: 'text' }
  const system: Place = { ...user, role: 'system' }
  let edited = editPlaces(request, ['instructions'], system, map, part)
  edited = editPlaces(edited, ['input'], user, map, item)
  // The provider puts the variables into a prompt that it stores.
  edited = editObject(edited, 'prompt', (stored) =>
    editObject(stored, 'variables', (variables) =>
      editPlaces(variables, Object.keys(variables), { ...user, path: ['prompt', 'variables'] }, map, part),
    ),
  )
  edited = editPlaces(edited, ['text'], system, map, (text, place) => editPlaces(text, ['format'], place, map, tool))
  return editPlaces(edited, ['tools'], { ...system, kind: 'tool_definition' }, map, tool)
}
