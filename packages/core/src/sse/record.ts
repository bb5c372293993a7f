import { fold, type Api, type ApiId, type EventOf } from '../api/api.ts'
import type { PartialAnswer } from '../errors.ts'
import { isObject } from '../json.ts'
import { parseFrame } from './frame.ts'
import { SseSplitter } from './splitter.ts'

/** How many bytes of a stream are kept at most to explain a cut: some 1,000 tokens of any dialect. */
const maxBytes = 256 * 1024

/**
 * The chunks of a stream that passes by, kept as they are until it ends: enough to tell whether it came to its end and,
 * if not, what was delivered. While it passes nothing is parsed, split or copied. Past {@link maxBytes} the older
 * half goes, but never a part of the last frame, however large.
 */
export class StreamRecord<A extends ApiId> {
  readonly #api: Api<A>
  #chunks: Uint8Array[] = []
  #bytes = 0
  /** How many of the oldest chunks hold nothing of the frame under way, nor of the one before it. */
  #droppable = 0
  /** The chunk in which the frame under way began. */
  #frameStart = 0
  /** The last four bytes that passed. */
  #tail = 0
  #isTruncated = false

  constructor(api: Api<A>) {
    this.#api = api
  }

  push(chunk: Uint8Array): void {
    if (this.#bytes > maxBytes && this.#droppable > 0) this.#drop()
    if (endsWithBlankLine(this.#tail) && this.#chunks.length > this.#frameStart) {
      this.#droppable = this.#frameStart
      this.#frameStart = this.#chunks.length
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    for (let at = Math.max(0, chunk.length - 4); at < chunk.length; at += 1)
      this.#tail = (this.#tail << 8) | (chunk[at] ?? 0)
  }

  /** Drops the oldest chunks; the first one left may begin inside a frame, which is then passed over. */
  #drop(): void {
    let count = 0
    for (; count < this.#droppable && this.#bytes > maxBytes / 2; count += 1)
      this.#bytes -= this.#chunks[count]?.length ?? 0
    this.#chunks.splice(0, count)
    this.#droppable -= count
    this.#frameStart -= count
    this.#isTruncated = true
  }

  /** Whether `[DONE]` or the dialect's terminal event came, or an error that ended the answer. */
  isComplete(): boolean {
    // The last frame settles nearly every stream; only where it does not, the others are looked at.
    const tail = this.#read(this.#chunks.slice(this.#droppable), 1)
    const [last] = tail.events
    if (tail.isDone || (last && this.#api.error(last))) return true
    // Dialects that close with `[DONE]` end choice by choice; in the others the terminal event ends everything.
    if (last && !this.#api.trailer && this.#api.isTerminal(last)) return true
    // Usage or trailing metadata may follow the end of the answer, and a choice may still be open.
    const { events, isDone } = this.#read(this.#chunks)
    const answer = fold(this.#api, events)
    const choices = answer ? this.#api.answer(answer).choices : []
    return isDone || (choices.length > 0 && choices.every((choice) => choice.finish !== undefined))
  }

  /** What was delivered, as far as it was kept. */
  partial(): PartialAnswer {
    const { events } = this.#read(this.#chunks)
    let text = ''
    for (const event of events) {
      for (const piece of this.#api.delta(event)) {
        if (piece.choice === 0 && piece.channel === 'text' && piece.mode === 'delta') text += piece.text
      }
    }
    const answer = fold(this.#api, events)
    const usage = answer && this.#api.usage(answer)
    return { text, usage, events: events.length, truncated: this.#isTruncated }
  }

  /** The events in `chunks`, at most the `last` of them. */
  #read(chunks: readonly Uint8Array[], last = Infinity): { events: EventOf<A>[]; isDone: boolean } {
    const frames: Buffer[] = []
    const splitter = new SseSplitter()
    for (const chunk of chunks) splitter.push(chunk, (frame) => frames.push(frame))
    const rest = splitter.flush()
    if (rest) frames.push(rest)
    const events: EventOf<A>[] = []
    let isDone = false
    for (let index = frames.length - 1; index >= 0 && events.length < last; index -= 1) {
      const { data, event: name } = parseFrame(frames[index] as Buffer)
      if (data === '[DONE]' || name === 'error') isDone = true
      const event = data ? parsed<A>(data) : undefined
      if (event) events.push(event)
    }
    return { events: events.toReversed(), isDone }
  }
}

/** Whether the last of these four bytes end a blank line: LF LF, CR CR, CRLF CRLF, or LF CRLF. */
function endsWithBlankLine(bytes: number): boolean {
  const two = bytes & 0xff_ff
  return two === 0x0a_0a || two === 0x0d_0d || bytes === 0x0d_0a_0d_0a || (bytes & 0xff_ff_ff) === 0x0a_0d_0a
}

function parsed<A extends ApiId>(data: string): EventOf<A> | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isObject(value) ? (value as EventOf<A>) : undefined
  } catch {
    return undefined
  }
}
