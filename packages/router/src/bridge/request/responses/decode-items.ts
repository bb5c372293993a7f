import type { Fields } from '../fields.ts'
import { mediaOfFileData, mediaOfUrl, unnamedFile } from '../media.ts'
import type { ContentPart, Media, NeutralMessage, NeutralPart } from '../neutral.ts'
import { readCacheMark } from '../openai-settings.ts'

const roles: ReadonlyMap<unknown, NeutralMessage['role']> = new Map([
  ['system', 'system'],
  ['developer', 'developer'],
  ['user', 'user'],
  ['assistant', 'assistant'],
])

/** Items that stand for a part of the conversation which only the provider has. */
const kept: readonly string[] = ['item_reference', 'compaction', 'compaction_trigger']

/**
 * Reads the `input` of Responses. Its items are single; calls join the assistant message that they stand next to, as one
 * turn of the model.
 */
export function readItems(fields: Fields): NeutralMessage[] {
  const input = fields.take('input')
  if (input === undefined) return []
  if (typeof input === 'string') {
    const path = fields.at('input')
    return [{ role: 'user', path, parts: [{ type: 'text', text: input, path }] }]
  }
  const messages: NeutralMessage[] = []
  for (const item of fields.objects('input')) {
    const next = readItem(item)
    const last = messages.at(-1)
    if (next && last && isOneTurn(last, next))
      messages[messages.length - 1] = { ...last, parts: [...last.parts, ...next.parts] }
    else if (next) messages.push(next)
  }
  return messages
}

function isOneTurn(last: NeutralMessage, next: NeutralMessage): boolean {
  const calls = (message: NeutralMessage): boolean => message.parts.some((part) => part.type === 'call')
  return last.role === 'assistant' && next.role === 'assistant' && (calls(last) || calls(next))
}

function readItem(item: Fields): NeutralMessage | undefined {
  const { path, losses } = item
  const type = item.take('type') ?? (item.take('role') === undefined ? undefined : 'message')
  if (type === 'message') return readMessage(item)
  if (type === 'function_call' || type === 'custom_tool_call') return readCall(item, type === 'custom_tool_call')
  if (type === 'function_call_output' || type === 'custom_tool_call_output') return readOutput(item)
  if (type === 'reasoning') losses.drop(path, 'Left out: reasoning is bound to the provider that wrote it.')
  else if (typeof type === 'string' && kept.includes(type))
    losses.fatal(path, 'Left out: it stands for a part of the conversation that only the provider has.')
  else losses.drop(path, 'Left out: items of the tools of a provider have no place in the other dialect.')
  return undefined
}

/** What the provider writes to an item and reads from it for itself: its id, and that it is finished. */
function readOwnMarks(item: Fields): void {
  item.take('id')
  item.drop('status', 'Left out: the other dialect has no state of a message.', 'completed')
}

function readMessage(item: Fields): NeutralMessage | undefined {
  const role = roles.get(item.take('role'))
  if (!role) {
    item.losses.drop(item.path, 'Left out: the bridge does not know the role of this message.')
    return undefined
  }
  readOwnMarks(item)
  item.drop('phase', 'Left out: the other dialect has no phases of an answer.')
  const content = item.take('content')
  const parts: NeutralPart[] =
    typeof content === 'string'
      ? [{ type: 'text', text: content, path: item.at('content') }]
      : item.objects('content').flatMap((part) => readPart(part, role))
  item.close()
  if (parts.length === 0 && role === 'user')
    item.losses.fatal(item.path, 'Left out: nothing of what the user says here could be carried.')
  return { role, parts, path: item.path }
}

function readCall(item: Fields, custom: boolean): NeutralMessage | undefined {
  const id = item.text('call_id')
  const name = item.text('name')
  if (id === undefined || name === undefined) {
    item.losses.drop(item.path, 'Left out: a call without an id or a name.')
    return undefined
  }
  const input = item.text(custom ? 'input' : 'arguments') ?? ''
  readOwnMarks(item)
  readCaller(item)
  item.drop('namespace', 'Left out: the other dialect has no namespaces of tools.')
  item.drop('async', 'Left out: the other dialect has no calls that outlast a turn.', false)
  item.close()
  return {
    role: 'assistant',
    path: item.path,
    parts: [{ type: 'call', id, name, input, custom, path: item.path }],
  }
}

function readCaller(item: Fields): void {
  const caller = item.object('caller')
  if (caller?.take('type') === 'direct') caller.close()
  else if (caller) item.losses.drop(caller.path, 'Left out: the other dialect has no programs that call tools.')
}

function readOutput(item: Fields): NeutralMessage | undefined {
  const { path } = item
  const id = item.text('call_id')
  if (id === undefined) {
    item.losses.drop(path, 'Left out: it answers no call of this conversation.')
    return undefined
  }
  const output = item.take('output')
  const parts: NeutralPart[] =
    typeof output === 'string'
      ? [{ type: 'text', text: output, path: item.at('output') }]
      : item.objects('output').flatMap((part) => readPart(part, 'tool'))
  readOwnMarks(item)
  readCaller(item)
  item.drop('name', 'Left out: results of the other dialect name their call only.')
  item.drop('namespace', 'Left out: the other dialect has no namespaces of tools.')
  item.close()
  return { role: 'tool', path, parts: [{ type: 'result', id, parts: parts as ContentPart[], path }] }
}

function readPart(part: Fields, role: NeutralMessage['role']): NeutralPart[] {
  const read = partOf(part, part.take('type'), role)
  if (read) part.close()
  else part.losses.drop(part.path, 'Left out: the bridge does not know this kind of content.')
  return read ? [read] : []
}

function partOf(part: Fields, type: unknown, role: NeutralMessage['role']): NeutralPart | undefined {
  const { path } = part
  if (type === 'refusal' && role === 'assistant') {
    const text = part.text('refusal')
    return text === undefined ? undefined : { type: 'refusal', text, path }
  }
  if (type === 'input_text' || type === 'output_text') {
    const text = part.text('text')
    for (const field of ['annotations', 'logprobs'])
      if ((part.list(field) ?? []).length > 0)
        part.drop(field, 'Left out: the other dialect takes back the text of an answer only.')
    return text === undefined ? undefined : { type: 'text', text, path, cache: readCacheMark(part) }
  }
  if (type === 'input_image') {
    const url = part.text('image_url')
    const media = url === undefined ? storedMedia(part) : mediaOfUrl(url)
    const image = { detail: part.text('detail'), detailPath: part.at('detail'), cache: readCacheMark(part) }
    return media && { type: 'image', media, path, ...image }
  }
  if (type !== 'input_file') return undefined
  const media = fileMedia(part)
  if (!media) return undefined
  part.drop('detail', 'Left out: files of the other dialect have no detail.', 'auto')
  const name = part.text('filename')
  return {
    type: 'file',
    media,
    name: name === unnamedFile ? undefined : name,
    namePath: part.at('filename'),
    path,
    cache: readCacheMark(part),
  }
}

function fileMedia(part: Fields): Media | undefined {
  const data = part.text('file_data')
  if (data !== undefined) return mediaOfFileData(data)
  const url = part.text('file_url')
  return url === undefined ? storedMedia(part) : { kind: 'url', url }
}

function storedMedia(part: Fields): Media | undefined {
  const id = part.text('file_id')
  return id === undefined ? undefined : { kind: 'id', id }
}
