import type { Path } from '../../lossy.ts'
import type { Fields } from '../fields.ts'
import type { ContentPart, Media, NeutralMessage, NeutralPart } from '../neutral.ts'

/** Reads the `system` prompt of Anthropic Messages. */
export function readSystem(fields: Fields): NeutralMessage[] {
  const path = fields.at('system')
  const parts = readContent(fields, 'system')
  return parts.length > 0 ? [{ role: 'system', path, parts }] : []
}

/** Reads the turns of Anthropic Messages. Results of tools, which stand in user turns there, become messages of their own. */
export function readTurns(fields: Fields): NeutralMessage[] {
  return fields.objects('messages').flatMap((turn) => {
    const role = turn.take('role')
    if (role !== 'user' && role !== 'assistant' && role !== 'system') {
      turn.losses.drop(turn.path, 'Left out: the bridge does not know the role of this message.')
      return []
    }
    const parts = readContent(turn, 'content')
    turn.close()
    if (parts.length === 0 && role === 'user')
      turn.losses.fatal(turn.path, 'Left out: nothing of what the user says here could be carried.')
    return role === 'user' ? byRole(parts, turn.path) : [{ role, path: turn.path, parts }]
  })
}

function byRole(parts: readonly NeutralPart[], path: Path): NeutralMessage[] {
  const messages: { role: NeutralMessage['role']; parts: NeutralPart[]; path: Path }[] = []
  for (const part of parts) {
    const role = part.type === 'result' ? 'tool' : 'user'
    const last = messages.at(-1)
    if (last?.role === role) last.parts.push(part)
    else messages.push({ role, parts: [part], path })
  }
  return messages
}

function readContent(holder: Fields, name: string): NeutralPart[] {
  const content = holder.take(name)
  if (content === undefined) return []
  if (typeof content === 'string') return [{ type: 'text', text: content, path: holder.at(name) }]
  return holder.objects(name).flatMap(readBlock)
}

const bound = 'Left out: reasoning is signed by the provider that wrote it.'

function readBlock(block: Fields): NeutralPart[] {
  const type = block.take('type')
  const read = readers.get(type)
  const parts = read?.(block)
  if (parts) {
    block.drop('cache_control', 'Left out: the other dialect places its prompt-cache marks differently.')
    block.close()
    return parts
  }
  if (read) block.losses.drop(block.path, 'Left out: the bridge cannot read this block.')
  else if (type === 'thinking' || type === 'redacted_thinking') block.losses.drop(block.path, bound)
  else if (type === 'container_upload')
    block.losses.fatal(block.path, 'Left out: the file is stored at the provider; send its bytes instead.')
  else block.losses.drop(block.path, 'Left out: blocks of the tools of a provider have no place in the other dialect.')
  return []
}

const readers: ReadonlyMap<unknown, (block: Fields) => NeutralPart[] | undefined> = new Map([
  ['text', readText],
  ['image', readImage],
  ['document', readDocument],
  ['search_result', readSearchResult],
  ['tool_use', readToolUse],
  ['tool_result', readToolResult],
])

function readText(block: Fields): NeutralPart[] | undefined {
  const text = block.text('text')
  if ((block.list('citations') ?? []).length > 0)
    block.drop('citations', 'Left out: the other dialect takes back the text of an answer only.')
  return text === undefined ? undefined : [{ type: 'text', text, path: block.path }]
}

function readImage(block: Fields): NeutralPart[] | undefined {
  block.drop('transformations', 'Left out: the other dialect scales images its own way.')
  const source = block.object('source')
  const media = source && readSource(source)
  return media && [{ type: 'image', media, path: block.path }]
}

/** Bytes or a URL. A file stored at the provider is named as fatal, and read as no content at all. */
function readSource(source: Fields): Media | undefined {
  const type = source.take('type')
  if (type === 'file' && source.take('file_id') !== undefined)
    source.losses.fatal(source.path, 'Left out: the file is stored at the provider; send its bytes instead.')
  const url = type === 'url' ? source.text('url') : undefined
  const base64 = type === 'base64' ? source.text('data') : undefined
  const mediaType = base64 === undefined ? undefined : source.text('media_type')
  source.close()
  if (url !== undefined) return { kind: 'url', url }
  return base64 === undefined || mediaType === undefined ? undefined : { kind: 'data', mediaType, base64 }
}

function readDocument(block: Fields): NeutralPart[] | undefined {
  const { path } = block
  const source = block.object('source')
  if (!source) return undefined
  block.drop('context', 'Left out: files of the other dialect have no context.')
  dropCitations(block)
  const type = source.take('type')
  if (type === 'text' || type === 'content') {
    block.drop('title', 'Left out: a document of plain text is sent as text, which has no title.')
    const parts = readContent(source, type === 'text' ? 'data' : 'content')
    source.take('media_type')
    source.close()
    block.losses.change(path, 'A document that is not a PDF is sent as its text and images.')
    return parts
  }
  const media = readSource(source)
  const name = block.text('title')
  return media && [{ type: 'file', media, name, namePath: block.at('title'), path }]
}

function dropCitations(block: Fields): void {
  const citations = block.object('citations')
  citations?.drop('enabled', 'Left out: the other dialect does not cite documents.', false)
  citations?.close()
}

/** What was found stays as text; where it was found has no place. */
function readSearchResult(block: Fields): NeutralPart[] {
  block.drop('source', 'Left out: the other dialect has no search results; their texts are kept.')
  block.drop('title', 'Left out: the other dialect has no search results; their texts are kept.')
  dropCitations(block)
  block.losses.change(block.path, 'A search result is sent as its text.')
  return readContent(block, 'content')
}

function readToolUse(block: Fields): NeutralPart[] | undefined {
  const id = block.text('id')
  const name = block.text('name')
  const input = block.take('input') ?? {}
  if (id === undefined || name === undefined) return undefined
  const caller = block.object('caller')
  if (caller?.take('type') === 'direct') caller.close()
  else if (caller) block.losses.drop(caller.path, 'Left out: the other dialect has no programs that call tools.')
  block.drop('toolset_name', 'Left out: the other dialect has no toolsets.')
  return [{ type: 'call', id, name, input: JSON.stringify(input), custom: false, path: block.path }]
}

function readToolResult(block: Fields): NeutralPart[] | undefined {
  const id = block.text('tool_use_id')
  if (id === undefined) return undefined
  block.drop('is_error', 'Left out: the other dialect does not mark a failed tool; its text must say so.', false)
  block.drop('toolset_name', 'Left out: the other dialect has no toolsets.')
  const parts = readContent(block, 'content').filter(isContent)
  return [{ type: 'result', id, parts, path: block.path }]
}

function isContent(part: NeutralPart): part is ContentPart {
  return part.type === 'text' || part.type === 'image' || part.type === 'file'
}
