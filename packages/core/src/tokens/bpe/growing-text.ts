import { utf8, type Encoder } from './encoder.ts'
import { movedPosition, Splitter, type SplitPosition } from './splitter.ts'

/** Above so many bytes a piece that grows keeps its tokens, so that only its last ones are merged anew. */
const longBytes = 256
const compactBytes = 1 << 16

/** A piece at the end of the text that more text may change. */
interface OpenPiece {
  /** Where the splitter stopped in it; `undefined` for one that is settled but follows one that is not. */
  readonly position: SplitPosition | undefined
  readonly start: number
  readonly end: number
  readonly tokens: number
  /** Of a long piece, where its tokens end, counted from its start. */
  readonly ends: number[] | undefined
}

/**
 * Counts a text that only grows. What was added before and can no longer change is counted once; the last pieces are kept
 * as bytes. The count is always that of the whole text.
 */
export class GrowingText {
  readonly #encoder: Encoder
  readonly #splitter: Splitter
  #bytes = new Uint8Array(1024)
  #length = 0
  /** How much of it has been counted: texts come in smaller bits than anybody asks for counts. */
  #scanned = 0
  /** Where the first piece begins that is not settled. */
  #base = 0
  #settled = 0
  #open: readonly OpenPiece[] = []
  /** Half of a surrogate pair, whose other half may come. */
  #half = ''

  constructor(encoder: Encoder) {
    this.#encoder = encoder
    this.#splitter = new Splitter(encoder.rules)
  }

  /** Characters looked at and steps of merging so far, of this text and all others of its encoder. */
  get steps(): number {
    return this.#splitter.looked + this.#encoder.steps
  }

  append(added: string): void {
    let text = this.#half + added
    this.#half = ''
    const last = text.charCodeAt(text.length - 1)
    if (last >= 0xd800 && last < 0xdc00) {
      this.#half = text.slice(-1)
      text = text.slice(0, -1)
    }
    if (text === '') return
    const bytes = utf8(text)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    if (this.#length - this.#scanned > 1 << 16) this.#scan()
  }

  get tokens(): number {
    if (this.#scanned < this.#length) this.#scan()
    // A half pair that stays alone is the replacement character, which may belong to the piece before it.
    if (this.#half !== '') {
      const tail = this.#bytes.subarray(this.#base, this.#length)
      return this.#settled + this.#encoder.countBytes(Buffer.concat([tail, utf8('\ufffd')]))
    }
    return this.#open.reduce((sum, piece) => sum + piece.tokens, this.#settled)
  }

  #scan(): void {
    const splitter = this.#splitter
    splitter.bytes = this.#bytes
    splitter.end = this.#length
    const before = this.#open
    const open: OpenPiece[] = []
    for (let start = this.#base; start < this.#length;) {
      const known = before.find((piece) => piece.start === start)
      if (known?.position) splitter.resume(known.position)
      else splitter.begin(start)
      const end = splitter.next()
      const position = splitter.open ? splitter.position : undefined
      if (!position && open.length === 0) {
        this.#settled += this.#count(known, start, end, false).tokens
        this.#base = end
      } else {
        open.push({ position, start, end, ...this.#count(known, start, end, true) })
      }
      start = end
    }
    this.#open = open
    this.#scanned = this.#length
  }

  #count(
    known: OpenPiece | undefined,
    start: number,
    end: number,
    isOpen: boolean,
  ): Pick<OpenPiece, 'tokens' | 'ends'> {
    if (known?.end === end) return { tokens: known.tokens, ends: known.ends }
    if (known?.ends && known.end < end) {
      const ends = this.#extended(known.ends, start, end)
      return { tokens: ends.length, ends }
    }
    if (!isOpen || end - start <= longBytes)
      return { tokens: this.#encoder.countPiece(this.#bytes, start, end), ends: undefined }
    const ends = Array.from(this.#encoder.endsOf(this.#bytes, start, end), (past) => past - start)
    return { tokens: ends.length, ends }
  }

  /**
   * The tokens of a piece that has grown. Tokens that stand beside each other in the merge of the two of them alone stand
   * so in the merge of the whole; so the last few are merged anew with what was added, more of them until the seam holds.
   */
  #extended(ends: number[], start: number, end: number): number[] {
    const { merger } = this.#encoder
    const bytes = this.#bytes
    for (let again = 2; ; again *= 3) {
      const kept = Math.max(0, ends.length - again)
      const seam = start + (kept > 0 ? (ends[kept - 1] ?? 0) : 0)
      const count = end - seam > 1 ? merger.merge(bytes, seam, end) : 1
      const merged = end - seam > 1 ? merger.ends.slice(0, count) : [end]
      if (kept > 0) {
        const left = start + (kept > 1 ? (ends[kept - 2] ?? 0) : 0)
        const isTwo = merger.merge(bytes, left, merged[0] ?? end) === 2 && merger.ends[0] === seam
        if (!isTwo) continue
      }
      ends.length = kept
      for (const past of merged) ends.push(past - start)
      return ends
    }
  }

  #reserve(added: number): void {
    if (this.#base > compactBytes && this.#base > this.#length / 2) this.#compact()
    if (this.#length + added <= this.#bytes.length) return
    const larger = new Uint8Array((this.#length + added) * 2)
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }

  /** Lets go of the bytes that are settled. */
  #compact(): void {
    const moved = this.#base
    const kept = this.#bytes.slice(moved, this.#length)
    this.#bytes = new Uint8Array(Math.max(1024, kept.length * 2))
    this.#bytes.set(kept)
    this.#length = kept.length
    this.#scanned -= moved
    this.#base = 0
    this.#open = this.#open.map((piece) => ({
      ...piece,
      start: piece.start - moved,
      end: piece.end - moved,
      position: piece.position && movedPosition(piece.position, moved),
    }))
  }
}
