import type { Media } from './neutral.ts'

/** What a URL of an image or a file holds: the bytes themselves where it is a base64 data URL. */
export function mediaOfUrl(url: string): Media {
  const comma = url.startsWith('data:') ? url.indexOf(',') : -1
  if (comma < 0) return { kind: 'url', url }
  const head = url.slice('data:'.length, comma)
  if (!head.endsWith(';base64')) return { kind: 'url', url }
  const [mediaType = ''] = head.split(';')
  return { kind: 'data', mediaType: mediaType.toLowerCase(), base64: url.slice(comma + 1) }
}

/** What a file's bytes are, as a data URL; bytes without their type are those of a PDF. */
export function mediaOfFileData(data: string): Media {
  return data.startsWith('data:') ? mediaOfUrl(data) : { kind: 'data', mediaType: 'application/pdf', base64: data }
}

/** The URL of an image or a file; `undefined` for one that is stored at a provider. */
export function urlOfMedia(media: Media): string | undefined {
  if (media.kind === 'url') return media.url
  return media.kind === 'data' ? `data:${media.mediaType};base64,${media.base64}` : undefined
}

/** The name of a file that has none: OpenAI asks for one beside the bytes. */
export const unnamedFile = 'document.pdf'
