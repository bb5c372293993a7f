/** A place in a request that names content by where it is: a URL, or the id of a file at the provider. */
export interface RemoteContent {
  /** From the request: `['messages', 0, 'content', 1, 'image_url', 'url']`. */
  readonly path: readonly (string | number)[]
  /** What stands there. */
  readonly reference: string
}

type Path = readonly (string | number)[]
type Fields = Readonly<Record<string, unknown>>

/** Fields of a request that hold what the model reads, other than definitions and settings. */
const contentFields = ['messages', 'input', 'system', 'prompt'] as const

/** Fields that are a URL, or an object with one. */
const urlFields: ReadonlySet<string> = new Set('image_url file_url video_url audio_url image video audio'.split(' '))

/** Fields that hold the bytes themselves, unless a server takes a URL there too. */
const dataFields: ReadonlySet<string> = new Set(['data', 'file_data'])

/**
 * What a request only refers to, in every dialect. Content that it carries itself (text, data URLs, base64) is not
 * listed: that is part of the request's own text. Arguments of tool calls are not looked into: nobody fetches them.
 */
export function remoteContent(request: Fields): readonly RemoteContent[] {
  const found: RemoteContent[] = []
  for (const name of contentFields) {
    const value = request[name]
    if (typeof value === 'object' && value !== null) visit(value, [name], found)
  }
  return found
}

function visit(value: object, path: Path, found: RemoteContent[]): void {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      const item: unknown = value[at]
      if (typeof item === 'object' && item !== null) visit(item, [...path, at], found)
    }
    return
  }
  const fields = value as Fields
  for (const name in fields) {
    const field = fields[name]
    if (typeof field === 'string') {
      if (isReference(name, field, fields)) found.push({ path: [...path, name], reference: field })
    } else if (typeof field === 'object' && field !== null) {
      if (name === 'input' && 'name' in fields) continue
      if (urlFields.has(name)) named(field as Fields, [...path, name], found)
      visit(field, [...path, name], found)
    }
  }
}

function isReference(name: string, text: string, of: Fields): boolean {
  if (urlFields.has(name)) return !isInline(text)
  if (name === 'file_id') return true
  if (dataFields.has(name)) return /^[a-z][a-z\d+.-]*:\/\//i.test(text)
  // Anthropic's sources say by `type` what they are.
  return name === 'url' && of['type'] === 'url'
}

/** `{ url }` of an image or a video, `{ id }` of an earlier spoken answer. */
function named({ type, url, id, data }: Fields, path: Path, found: RemoteContent[]): void {
  if (typeof url === 'string' && type !== 'url' && !isInline(url))
    found.push({ path: [...path, 'url'], reference: url })
  if (typeof id === 'string' && data === undefined) found.push({ path: [...path, 'id'], reference: id })
}

function isInline(url: string): boolean {
  return /^data:/i.test(url)
}
