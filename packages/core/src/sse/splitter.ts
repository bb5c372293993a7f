const LF = 10
const CR = 13

/**
 * Cuts a byte stream into server-sent-event frames, without decoding or copying more than it must.
 *
 * A frame is everything up to and including the blank line that ends it, whatever the line ends are (LF, CRLF, CR, mixed)
 * and wherever the chunks were cut. Its cost is linear in the bytes pushed, also for a frame of many megabytes that comes
 * in small chunks. Frames are views into the pushed chunks where possible: do not write to them.
 */
export class SseSplitter {
  /** Bytes of the unfinished frame; only the first `#length` count. */
  #pending: Buffer = empty
  #length = 0
  /** How far `#pending` was searched already. */
  #searched = 0

  /** Whether an unfinished frame is waiting for more bytes. */
  get isMidFrame(): boolean {
    return this.#length > 0
  }

  /** Gives every frame that `chunk` completes to `emit`, in order. */
  push(chunk: Uint8Array, emit: (frame: Buffer) => void): void {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let searched = 0
    if (this.#length > 0) {
      this.#append(bytes)
      bytes = this.#pending.subarray(0, this.#length)
      searched = this.#searched
    }
    let start = 0
    const ends: LineEnds = { line: bytes.indexOf(LF, searched), carriage: bytes.indexOf(CR, searched) }
    for (;;) {
      const end = frameEnd(bytes, start, ends)
      if (end < 0) break
      emit(bytes.subarray(start, end))
      start = end
    }
    if (start === bytes.length) return this.#reset()
    if (start > 0 || this.#length === 0) {
      // Emitted frames may be views of `#pending`, so what is left moves to memory of its own.
      const rest = bytes.subarray(start)
      this.#pending = Buffer.allocUnsafeSlow(Math.max(rest.length * 2, 256))
      this.#length = rest.copy(this.#pending)
    }
    // The last three bytes may be the first part of a blank line.
    this.#searched = Math.max(0, this.#length - 3)
  }

  /** The unfinished last frame of a body that ended without a blank line, if there is one. */
  flush(): Buffer | undefined {
    if (this.#length === 0) return undefined
    const rest = this.#pending.subarray(0, this.#length)
    this.#reset()
    return rest
  }

  #append(bytes: Buffer): void {
    const length = this.#length + bytes.length
    if (length > this.#pending.length) {
      const larger = Buffer.allocUnsafeSlow(length * 2)
      this.#pending.copy(larger, 0, 0, this.#length)
      this.#pending = larger
    }
    bytes.copy(this.#pending, this.#length)
    this.#length = length
  }

  #reset(): void {
    this.#pending = empty
    this.#length = 0
    this.#searched = 0
  }
}

const empty = Buffer.alloc(0)

/** Where the next line ends of each kind are, -1 for none: carried from frame to frame, so that no byte is searched twice. */
interface LineEnds {
  line: number
  carriage: number
}

/** The index after the first blank line of the frame that starts at `start`, or -1. */
function frameEnd(bytes: Buffer, start: number, ends: LineEnds): number {
  // A blank line right at the start of a frame is an end too: it is an empty frame, passed on as such.
  for (;;) {
    const { line, carriage } = ends
    if (line < 0 && carriage < 0) return -1
    const at = carriage < 0 || (line >= 0 && line < carriage) ? line : carriage
    const next = afterLineEnd(bytes, at)
    const isBlank = at === start || bytes[next] === LF || bytes[next] === CR
    const end = isBlank && at !== start ? afterLineEnd(bytes, next) : next
    if (line >= 0 && line < end) ends.line = bytes.indexOf(LF, end)
    if (carriage >= 0 && carriage < end) ends.carriage = bytes.indexOf(CR, end)
    if (isBlank) return end
  }
}

/** The index after the line end at `at`: CRLF counts as one. */
function afterLineEnd(bytes: Buffer, at: number): number {
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1
}
