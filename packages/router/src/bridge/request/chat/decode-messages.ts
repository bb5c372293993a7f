import type { Path } from '../../lossy.ts'
import type { Fields } from '../fields.ts'
import { mediaOfFileData, mediaOfUrl, unnamedFile } from '../media.ts'
import type { ContentPart, NeutralCall, NeutralMessage, NeutralPart } from '../neutral.ts'
import { readCacheMark } from '../openai-settings.ts'

const roles: ReadonlyMap<unknown, NeutralMessage['role']> = new Map([
  ['system', 'system'],
  ['developer', 'developer'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

/** Reads the `messages` of Chat Completions, one neutral message for each. */
export function readChatMessages(fields: Fields): NeutralMessage[] {
  const legacy = new LegacyCalls()
  return fields.objects('messages').flatMap((message) => {
    const role = roles.get(message.take('role'))
    if (!role) {
      message.losses.drop(message.path, 'Left out: the bridge does not know the role of this message.')
      return []
    }
    const parts = role === 'tool' ? readResult(message, legacy) : readParts(message, role, legacy)
    message.close()
    if (parts.length === 0 && role === 'user')
      message.losses.fatal(message.path, 'Left out: nothing of what the user says here could be carried.')
    return [{ role, parts, path: message.path }]
  })
}

/** Function calls from before they had ids: a result answers the last call of its function. */
class LegacyCalls {
  readonly #ids = new Map<string, string>()

  call(name: string, path: Path): string {
    const id = `call_${String(path[1])}_${name.replaceAll(/[^\w-]/g, '_')}`
    this.#ids.set(name, id)
    return id
  }

  answer(name: string): string | undefined {
    return this.#ids.get(name)
  }
}

function readParts(message: Fields, role: NeutralMessage['role'], legacy: LegacyCalls): NeutralPart[] {
  message.drop('name', 'Left out: messages of the other dialect have no author name.')
  const parts: NeutralPart[] = readContent(message, role)
  if (role !== 'assistant') return parts
  message.drop('audio', 'Left out: a spoken answer is kept at the provider that gave it.')
  for (const field of ['reasoning_content', 'reasoning'])
    message.drop(field, 'Left out: reasoning is bound to the provider that wrote it.', '')
  const refusal = message.text('refusal')
  if (refusal !== undefined) parts.push({ type: 'refusal', text: refusal, path: message.at('refusal') })
  return [...parts, ...readCalls(message, legacy)]
}

function readCalls(message: Fields, legacy: LegacyCalls): NeutralCall[] {
  const calls = message.objects('tool_calls').flatMap((call): NeutralCall[] => {
    const type = call.take('type') ?? 'function'
    const id = call.text('id')
    const inner = type === 'function' || type === 'custom' ? call.object(type) : undefined
    const name = inner?.text('name')
    if (id === undefined || !inner || name === undefined) {
      call.losses.drop(call.path, 'Left out: it is no call of a function or of a custom tool.')
      return []
    }
    const input = inner.text(type === 'custom' ? 'input' : 'arguments') ?? ''
    inner.close()
    call.close()
    return [{ type: 'call', id, name, input, custom: type === 'custom', path: call.path }]
  })
  const old = message.object('function_call')
  const name = old?.text('name')
  if (!old || name === undefined) return calls
  const id = legacy.call(name, message.path)
  const input = old.text('arguments') ?? ''
  old.close()
  return [...calls, { type: 'call', id, name, input, custom: false, path: old.path }]
}

function readResult(message: Fields, legacy: LegacyCalls): NeutralPart[] {
  const given = message.text('tool_call_id')
  if (given !== undefined) message.drop('name', 'Left out: results of the other dialect name their call only.')
  const name = given === undefined ? message.text('name') : undefined
  const id = given ?? (name === undefined ? undefined : legacy.answer(name))
  const content = readContent(message, 'tool').filter((part) => part.type !== 'refusal')
  if (id !== undefined) return [{ type: 'result', id, parts: content as ContentPart[], path: message.path }]
  message.losses.drop(message.path, 'Left out: it answers no call of this conversation.')
  return []
}

function readContent(message: Fields, role: NeutralMessage['role']): NeutralPart[] {
  const content = message.take('content')
  if (content === undefined) return []
  if (typeof content === 'string') return [{ type: 'text', text: content, path: message.at('content') }]
  return message.objects('content').flatMap((part) => readPart(part, role))
}

function readPart(part: Fields, role: NeutralMessage['role']): NeutralPart[] {
  const { path } = part
  const type = part.take('type')
  const read = type === 'refusal' && role === 'assistant' ? readRefusal(part) : readContentPart(part, type)
  if (read) part.close()
  else
    part.losses.drop(
      path,
      type === 'input_audio'
        ? 'Left out: the other dialect takes no audio.'
        : 'Left out: the bridge does not know this kind of content.',
    )
  return read ? [read] : []
}

function readRefusal(part: Fields): NeutralPart | undefined {
  const text = part.text('refusal')
  return text === undefined ? undefined : { type: 'refusal', text, path: part.path }
}

function readContentPart(part: Fields, type: unknown): ContentPart | undefined {
  const { path } = part
  const text = type === 'text' ? part.text('text') : undefined
  if (text !== undefined) return { type: 'text', text, path, cache: readCacheMark(part) }
  const image = type === 'image_url' ? part.object('image_url') : undefined
  const url = image?.text('url')
  if (image && url !== undefined) {
    const detail = image.text('detail')
    image.close()
    return {
      type: 'image',
      media: mediaOfUrl(url),
      detail,
      detailPath: image.at('detail'),
      path,
      cache: readCacheMark(part),
    }
  }
  const file = type === 'file' ? part.object('file') : undefined
  return file && readFile(file, part)
}

function readFile(file: Fields, part: Fields): ContentPart | undefined {
  const data = file.text('file_data')
  const id = data === undefined ? file.text('file_id') : undefined
  if (data === undefined && id === undefined) return undefined
  const given = file.text('filename')
  file.close()
  return {
    type: 'file',
    media: data === undefined ? { kind: 'id', id: id ?? '' } : mediaOfFileData(data),
    name: given === unnamedFile ? undefined : given,
    namePath: file.at('filename'),
    path: part.path,
    cache: readCacheMark(part),
  }
}
