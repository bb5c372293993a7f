/** What the parser of the two official SDKs would see in one frame. */
export interface SseFrame {
  /** The `event:` field, if any. */
  readonly event: string | undefined
  /** The `data:` lines joined by line feeds; `undefined` for a comment or an empty frame. */
  readonly data: string | undefined
}

const commentOnly: SseFrame = { event: undefined, data: undefined }

/**
 * Reads the fields of one frame.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation (2026-11-21)
 */
export function parseFrame(bytes: Buffer): SseFrame {
  const text = bytes.toString()
  // Nearly every frame of OpenAI's chat dialect is one `data:` line.
  if (text.startsWith('data:')) {
    const end = text.indexOf('\n')
    if (end === text.length - 2 && text.charCodeAt(end + 1) === 10 && !text.includes('\r'))
      return { event: undefined, data: text.slice(text.charCodeAt(5) === 32 ? 6 : 5, end) }
  }
  let event: string | undefined
  let data: string | undefined
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':')
    if (colon === 0 || line === '') continue
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1)
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
    else if (field === 'event') event = value
  }
  return event === undefined && data === undefined ? commentOnly : { event, data }
}
