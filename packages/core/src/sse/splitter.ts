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
    for (;;) {
      const end = frameEnd(bytes, start, searched)
      if (end < 0) break
      emit(bytes.subarray(start, end))
      start = end
      searched = end
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

/** The index after the first blank line at or after `from` in the frame that starts at `start`, or -1. */
function frameEnd(bytes: Buffer, start: number, from: number): number {
  // A blank line right at the start of a frame is an end too: it is an empty frame, passed on as such.
  let carriage = bytes.indexOf(CR, from)
  let line = bytes.indexOf(LF, from)
  while (line >= 0 || carriage >= 0) {
    const at = carriage < 0 || (line >= 0 && line < carriage) ? line : carriage
    const next = bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1
    if (at === start) return next
    const after = bytes[next]
    if (after === LF) return next + 1
    if (after === CR) return bytes[next + 1] === LF ? next + 2 : next + 1
    if (line >= 0 && line < next) line = bytes.indexOf(LF, next)
    if (carriage >= 0 && carriage < next) carriage = bytes.indexOf(CR, next)
  }
  return -1
}
