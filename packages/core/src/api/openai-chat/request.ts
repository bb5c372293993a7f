import type { JsonObject } from '../../json.ts'
import type { Role, TextPart } from '../api.ts'
import { collect, editObject, editObjects, editText } from '../edit.ts'
import type { ChatRequest } from './wire.ts'

type Kind = TextPart['kind']
type Path = readonly (string | number)[]

const roles: { readonly [role: string]: Role } = {
  system: 'system',
  developer: 'system',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** Whether a message is nothing but a role and a text. */
function isPlain(message: JsonObject): boolean {
  for (const field in message)
    if (field !== 'role' && (field !== 'content' || Array.isArray(message[field]))) return false
  return true
}

export function prompt(request: ChatRequest): readonly TextPart[] {
  return collect((see) => mapText(request, see))
}

export function mapText(request: ChatRequest, map: (part: TextPart) => string): ChatRequest {
  const text = <T extends JsonObject>(object: T, field: string, at: Path, role: Role, kind: Kind): T =>
    editText(object, field, (value) => map({ path: [...at, field], role, kind, text: value }))

  /** Content is a string or a list of parts, in messages and in predictions. */
  const content = <T extends JsonObject>(object: T, at: Path, role: Role, kind: Kind): T =>
    editObjects(text(object, 'content', at, role, kind), 'content', (part, index) => {
      const here = [...at, 'content', index]
      return text(text(part, 'text', here, role, kind), 'refusal', here, role, 'refusal')
    })

  const call = <T extends JsonObject>(object: T, field: string, at: Path): T =>
    editObject(object, field, (value) => {
      const here = [...at, field]
      return text(text(value, 'arguments', here, 'assistant', 'tool_call'), 'input', here, 'assistant', 'tool_call')
    })

  const described = <T extends JsonObject>(object: T, field: string, at: Path, kind: Kind): T =>
    editObject(object, field, (value) => text(value, 'description', [...at, field], 'system', kind))

  let edited = editObjects(request, 'messages', (message, index) => {
    const role = roles[message['role'] as string] ?? 'user'
    // Long conversations are made of these, and are read on every turn.
    if (isPlain(message) && role !== 'tool')
      return editText(message, 'content', (value) =>
        map({ path: ['messages', index, 'content'], role, kind: 'text', text: value }),
      )
    const at = ['messages', index]
    let copy = content(message, at, role, role === 'tool' ? 'tool_result' : 'text')
    for (const field of ['reasoning_content', 'reasoning']) copy = text(copy, field, at, role, 'reasoning')
    copy = call(text(copy, 'refusal', at, role, 'refusal'), 'function_call', at)
    return editObjects(copy, 'tool_calls', (item, position) => {
      const here = [...at, 'tool_calls', position]
      return call(call(item, 'function', here), 'custom', here)
    })
  })
  edited = editObjects(edited, 'tools', (tool, index) => {
    const at = ['tools', index]
    return described(described(tool, 'function', at, 'tool_definition'), 'custom', at, 'tool_definition')
  })
  edited = editObjects(edited, 'functions', (item, index) =>
    text(item, 'description', ['functions', index], 'system', 'tool_definition'),
  )
  edited = editObject(edited, 'response_format', (format) =>
    described(format, 'json_schema', ['response_format'], 'text'),
  )
  return editObject(edited, 'prediction', (value) => content(value, ['prediction'], 'assistant', 'text'))
}
