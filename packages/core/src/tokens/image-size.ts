/** Width and height in pixels. */
export interface ImageSize {
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * The size that an image's own header states, read from base64 or from a `data:` URL without decoding the whole: PNG, JPEG,
 * GIF, WebP. `undefined` for anything else: other formats, links, broken data.
 */
export function imageSize(source: string): ImageSize | undefined {
  let at = 0
  if (source.startsWith('data:')) {
    const comma = source.indexOf(',')
    if (comma < 0 || comma > 200 || !source.slice(0, comma).endsWith(';base64')) return undefined
    at = comma + 1
  } else if (source.startsWith('http:') || source.startsWith('https:')) return undefined

  /** Bytes from anywhere in the data: four characters of base64 hold three bytes. */
  const bytes = (offset: number, length: number): Buffer => {
    const from = at + Math.floor(offset / 3) * 4
    const to = at + Math.ceil((offset + length) / 3) * 4
    return Buffer.from(source.slice(from, to), 'base64').subarray(offset % 3, (offset % 3) + length)
  }
  const head = bytes(0, 30)
  const size = sizeOf(head, bytes)
  return size && size.widthPx > 0 && size.heightPx > 0 ? size : undefined
}

function sizeOf(head: Buffer, bytes: (offset: number, length: number) => Buffer): ImageSize | undefined {
  if (head.length < 10) return undefined
  const tag = head.toString('latin1')
  if (tag.startsWith('\x89PNG\r\n\x1a\n') && head.length >= 24)
    return { widthPx: head.readUInt32BE(16), heightPx: head.readUInt32BE(20) }
  if (tag.startsWith('GIF8')) return { widthPx: head.readUInt16LE(6), heightPx: head.readUInt16LE(8) }
  if (tag.startsWith('RIFF') && tag.slice(8, 12) === 'WEBP' && head.length >= 30) return webpSize(head, tag)
  return tag.startsWith('\xff\xd8') ? jpegSize(bytes) : undefined
}

function webpSize(head: Buffer, tag: string): ImageSize | undefined {
  const chunk = tag.slice(12, 16)
  if (chunk === 'VP8 ') return { widthPx: head.readUInt16LE(26) & 0x3fff, heightPx: head.readUInt16LE(28) & 0x3fff }
  if (chunk === 'VP8X') return { widthPx: head.readUIntLE(24, 3) + 1, heightPx: head.readUIntLE(27, 3) + 1 }
  if (chunk !== 'VP8L') return undefined
  const packed = head.readUInt32LE(21)
  return { widthPx: (packed & 0x3fff) + 1, heightPx: ((packed >>> 14) & 0x3fff) + 1 }
}

/** Follows a JPEG's segments to the one that begins a frame. */
function jpegSize(bytes: (offset: number, length: number) => Buffer): ImageSize | undefined {
  let offset = 2
  // Real files have a dozen segments before the frame; broken ones must not keep us here.
  for (let segments = 0; segments < 200; segments += 1) {
    const segment = bytes(offset, 9)
    if (segment.length < 9 || segment[0] !== 0xff) return undefined
    const marker = segment[1] ?? 0
    if (marker === 0xff) {
      offset += 1
      continue
    }
    // C4, C8 and CC are tables, not frames.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { widthPx: segment.readUInt16BE(7), heightPx: segment.readUInt16BE(5) }
    offset += 2 + segment.readUInt16BE(2)
  }
  return undefined
}
