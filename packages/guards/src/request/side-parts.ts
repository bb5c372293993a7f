import type { JsonObject, Role, TextPart } from '@sluice/core'
import { mapSideTexts, type SideText } from '../answer/side-texts.ts'
import { mapSchemas } from './tool-schemas.ts'

type Edit = (part: TextPart) => string

const roles: { readonly [role: string]: Role } = {
  assistant: 'assistant',
  system: 'system',
  developer: 'system',
  user: 'user',
  tool: 'tool',
  function: 'tool',
}

/**
 * The texts of a request that its dialect does not list: what answers that are sent back quote, what was written for built-in
 * tools and what these found; where `definitions` are wanted, what the schemas of tools say. The guard of answers checks and
 * restores the same, so that nothing which it restores leaves again.
 */
export function sideParts(request: JsonObject, definitions: boolean): readonly TextPart[] {
  const parts: TextPart[] = []
  const see: Edit = (part) => {
    parts.push(part)
    return part.text
  }
  mapSideParts(request, see, definitions)
  return parts
}

/** Rewrites what {@link sideParts} lists; the same request where nothing changes. */
export function mapSideParts<R extends JsonObject>(request: R, map: Edit, definitions = true): R {
  let edited = mapItems(mapItems(request, 'messages', map), 'input', map)
  if (definitions) edited = mapSchemas(edited, map)
  return edited
}

function mapItems<R extends JsonObject>(request: R, list: string, map: Edit): R {
  const items = request[list]
  if (!Array.isArray(items)) return request
  let copy: unknown[] | undefined
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as JsonObject | null
    // Long conversations are made of plain messages, and are read on every turn.
    if (typeof item !== 'object' || item === null || isPlain(item)) continue
    const role = roles[item['role'] as string] ?? (item['type'] === 'mcp_approval_response' ? 'user' : 'assistant')
    const edited = mapSideTexts(item, {
      map: (side) => map(partOf(side, role, [list, index, ...side.path])),
      isRequest: true,
    })
    if (edited !== item) (copy ??= [...(items as unknown[])])[index] = edited
  }
  return copy ? { ...request, [list]: copy } : request
}

/** Whether a message is nothing but texts. */
function isPlain(item: JsonObject): boolean {
  for (const field in item) if (field !== 'role' && field !== 'content') return false
  return typeof item['content'] === 'string'
}

function partOf({ kind, text }: SideText, role: Role, path: TextPart['path']): TextPart {
  if (kind === 'call') return { path, role: 'assistant', kind: 'tool_call', text }
  return kind === 'result' ? { path, role: 'tool', kind: 'tool_result', text } : { path, role, kind: 'text', text }
}
