import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { isObject } from '../fields.ts'
import { urlOfMedia } from '../media.ts'
import type { NeutralCall, NeutralFile, NeutralImage, NeutralPart, NeutralResult } from '../neutral.ts'

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

/** Writes the blocks of Anthropic Messages, with ids of calls that it takes: unique, and of certain characters. */
export class BlockWriter {
  readonly #losses: Losses
  readonly #ids = new Map<string, string>()
  readonly #used = new Set<string>()

  constructor(losses: Losses) {
    this.#losses = losses
  }

  /** The blocks of a part; none for a text without a word, which Anthropic refuses. */
  write(part: NeutralPart, role: 'system' | 'user' | 'assistant'): JsonObject[] {
    if ('cache' in part && part.cache)
      this.#losses.drop(part.cache.path, 'Left out: Anthropic places its prompt-cache marks differently.')
    if (part.type === 'text') return this.#text(part.text, part)
    if (part.type === 'refusal') {
      this.#losses.change(part.path, 'Sent as text: Anthropic has no refusal parts.')
      return this.#text(part.text, part)
    }
    if (part.type === 'call') return [this.#call(part)]
    if (part.type === 'result') return [this.#result(part)]
    if (role === 'user') return part.type === 'image' ? this.#image(part) : this.#file(part)
    this.#losses.drop(part.path, 'Left out: only what a user or a tool says may hold images and files.')
    return []
  }

  #text(text: string, { path }: NeutralPart): JsonObject[] {
    if (text.trim() !== '') return [{ type: 'text', text }]
    if (text !== '') this.#losses.drop(path, 'Left out: Anthropic refuses a text of white space.')
    return []
  }

  #call({ id, name, input, custom, path }: NeutralCall): JsonObject {
    const own = this.#ownId(id)
    this.#ids.set(id, own)
    if (own !== id) this.#losses.change(path, 'Its id is changed to one that Anthropic takes.')
    return {
      type: 'tool_use',
      id: own,
      name,
      input: custom ? this.#freeText(input, path) : this.#arguments(input, path),
    }
  }

  #ownId(id: string): string {
    const plain = id.replaceAll(/[^\w-]/g, '_') || 'call'
    let own = plain
    for (let copy = 2; this.#used.has(own); copy += 1) own = `${plain}_${copy}`
    this.#used.add(own)
    return own
  }

  #freeText(input: string, path: NeutralPart['path']): JsonObject {
    this.#losses.change(path, 'Sent as the call of a function with one argument, "input".')
    return { input }
  }

  #arguments(text: string, path: NeutralPart['path']): JsonObject {
    let value: unknown
    try {
      value = JSON.parse(text === '' ? '{}' : text)
    } catch {
      value = undefined
    }
    if (isObject(value)) {
      const written = JSON.stringify(value)
      // Numbers of more digits than a double holds.
      if ((text.match(/\d{16,}/g) ?? []).some((digits) => !written.includes(digits)))
        this.#losses.change(path, 'A number in its arguments is rounded.')
      return value
    }
    this.#losses.change(path, 'Its arguments are no JSON object: sent as one argument, "input".')
    return { input: text }
  }

  #result({ id, parts }: NeutralResult): JsonObject {
    const blocks = parts.flatMap((part) => this.write(part, 'user'))
    const content = contentOf(blocks)
    return { type: 'tool_result', tool_use_id: this.#ids.get(id) ?? id, ...(blocks.length > 0 && { content }) }
  }

  #image({ media, detail, detailPath, path }: NeutralImage): JsonObject[] {
    if (media.kind === 'id') return this.#stored(path)
    if (detail !== undefined && detail !== 'auto')
      this.#losses.drop(detailPath ?? path, 'Left out: Anthropic has no detail of images.')
    if (media.kind === 'data' && imageTypes.includes(media.mediaType))
      return [{ type: 'image', source: { type: 'base64', media_type: media.mediaType, data: media.base64 } }]
    if (media.kind === 'url' && !media.url.startsWith('data:'))
      return [{ type: 'image', source: { type: 'url', url: media.url } }]
    this.#losses.drop(path, 'Left out: Anthropic takes JPEG, PNG, GIF and WebP images in base64, or a URL.')
    return []
  }

  #file(file: NeutralFile): JsonObject[] {
    const { media, name, path } = file
    if (media.kind === 'id') return this.#stored(path)
    const title = name !== undefined && { title: name }
    if (media.kind === 'url' && !media.url.startsWith('data:'))
      return [{ type: 'document', source: { type: 'url', url: media.url }, ...title }]
    if (media.kind === 'data') {
      const { mediaType, base64 } = media
      if (mediaType === 'application/pdf')
        return [{ type: 'document', source: { type: 'base64', media_type: mediaType, data: base64 }, ...title }]
      if (mediaType.startsWith('text/')) {
        const data = Buffer.from(base64, 'base64').toString('utf8')
        if (mediaType !== 'text/plain') this.#losses.change(path, 'Sent as plain text.')
        return [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...title }]
      }
      if (imageTypes.includes(mediaType)) {
        if (name !== undefined && file.namePath)
          this.#losses.drop(file.namePath, 'Left out: images of Anthropic have no name.')
        return this.#image({ type: 'image', media, path })
      }
    }
    this.#losses.drop(
      path,
      `Left out: Anthropic takes PDF and text files, or the URL of a PDF (${urlOfMedia(media)?.slice(0, 5)}).`,
    )
    return []
  }

  #stored(path: NeutralPart['path']): JsonObject[] {
    this.#losses.fatal(path, 'Left out: the file is stored at the provider; send its bytes instead.')
    return []
  }
}

/** A single text is a string. */
export function contentOf(blocks: readonly JsonObject[]): unknown {
  const [only] = blocks
  return only && blocks.length === 1 && only['type'] === 'text' ? only['text'] : blocks
}
