import type { JsonObject, TextPart } from '@sluice/core'

type Edit = (part: TextPart) => string
type Path = readonly (string | number)[]

/** Where a tool says what it takes. */
const schemas = new Set(['parameters', 'input_schema', 'output_schema'])
/** Words of a JSON Schema for people and models, and those that hold values. */
const saying = new Set(['title', 'description', '$comment'])
const valuing = new Set(['enum', 'const', 'default', 'examples'])
/** What maps names of the tool's own to schemas. */
const naming = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])

/**
 * Rewrites what the definitions of tools say beyond their descriptions, which the dialects list: the schemas of arguments, with
 * descriptions, enums and defaults of each, and examples of inputs.
 */
export function mapSchemas<R extends JsonObject>(request: R, map: Edit): R {
  let edited: JsonObject = request
  for (const field of ['tools', 'functions'])
    edited = at(edited, field, (list) => mapList(list, [field], (tool, path) => mapTool(tool, path, map)))
  // Tools that a server listed, and those that came in the course of a conversation.
  edited = at(edited, 'input', (list) =>
    mapList(list, ['input'], (item, path) =>
      at(item, 'tools', (tools) => mapList(tools, [...path, 'tools'], (tool, here) => mapTool(tool, here, map))),
    ),
  )
  return edited as R
}

function mapTool(tool: JsonObject, path: Path, map: Edit): JsonObject {
  let edited = tool
  for (const field in tool) {
    const here = [...path, field]
    if (schemas.has(field)) edited = at(edited, field, (schema) => mapSchema(schema, here, map))
    else if (field === 'input_examples') edited = at(edited, field, (examples) => mapValues(examples, here, map))
    else if (field === 'function') edited = at(edited, field, (inner) => mapTool(inner as JsonObject, here, map))
    else if (field === 'tools')
      edited = at(edited, field, (list) => mapList(list, here, (inner, place) => mapTool(inner, place, map)))
  }
  return edited
}

function mapSchema(schema: unknown, path: Path, map: Edit, isNaming = false): unknown {
  if (Array.isArray(schema)) return mapEach(schema, (item, index) => mapSchema(item, [...path, index], map))
  if (typeof schema !== 'object' || schema === null) return schema
  let edited = schema as JsonObject
  for (const field in schema) {
    const here = [...path, field]
    edited = at(edited, field, (value) => {
      if (isNaming) return mapSchema(value, here, map)
      if (valuing.has(field) || (saying.has(field) && typeof value === 'string')) return mapValues(value, here, map)
      return mapSchema(value, here, map, naming.has(field))
    })
  }
  return edited
}

/** All texts of a value. */
function mapValues(value: unknown, path: Path, map: Edit): unknown {
  if (typeof value === 'string') return value && map({ path, role: 'system', kind: 'tool_definition', text: value })
  if (Array.isArray(value)) return mapEach(value, (item, index) => mapValues(item, [...path, index], map))
  if (typeof value !== 'object' || value === null) return value
  let edited = value as JsonObject
  for (const field in value) edited = at(edited, field, (inner) => mapValues(inner, [...path, field], map))
  return edited
}

function mapList(list: unknown, path: Path, edit: (item: JsonObject, path: Path) => JsonObject): unknown {
  if (!Array.isArray(list)) return list
  return mapEach(list, (item, index) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? edit(item as JsonObject, [...path, index])
      : item,
  )
}

function mapEach(list: readonly unknown[], edit: (item: unknown, index: number) => unknown): readonly unknown[] {
  const edited = list.map(edit)
  return edited.every((item, index) => item === list[index]) ? list : edited
}

/** An object with a field edited; the same one where it stays. */
function at(object: JsonObject, field: string, edit: (value: unknown) => unknown): JsonObject {
  const value = object[field]
  if (value === undefined || value === null) return object
  const edited = edit(value)
  return edited === value ? object : { ...object, [field]: edited }
}
