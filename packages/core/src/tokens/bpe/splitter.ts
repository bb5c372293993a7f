import { asciiClasses, caseless, classOf, lower, mark, newline, numeral, space, upper } from './char-class.ts'

/** Which rules cut the text: those of o200k_base tell case apart, those of cl100k_base do not. */
export type SplitRules = 'o200k_base' | 'cl100k_base'

/** Where a splitter stands inside a piece that may still grow. */
export interface SplitPosition {
  readonly start: number
  readonly stage: number
  readonly at: number
  readonly kept: number
  readonly afterPrefix: number
}

/** The same position when the text has been moved to the front by `by` bytes. */
export function movedPosition(position: SplitPosition, by: number): SplitPosition {
  const { start, stage, at, kept, afterPrefix } = position
  return { start: start - by, stage, at: at - by, kept: kept < 0 ? -1 : kept - by, afterPrefix: afterPrefix - by }
}

const letter = upper | lower | caseless
const upperRun = upper | caseless | mark
const lowerRun = lower | caseless | mark
const white = space | newline

// How far the present piece is understood, when the text ends inside it.
const begin = 0
const inUpper = 1
const inLower = 2
const inSymbols = 3
const inBreaks = 4
const inWhite = 5

/**
 * Cuts UTF-8 into the pieces that byte pairs are merged in, the same as tiktoken's regular expressions do, which no engine
 * runs in linear time. Every byte is looked at a few times at most, whatever the text. A piece that the end of the text cuts
 * short is `open`: more text may change it, and the splitter can go on where it stopped.
 */
export class Splitter {
  /** Valid UTF-8, of which the first `end` bytes are the text. */
  bytes: Uint8Array = new Uint8Array(0)
  end = 0
  /** Where the next piece begins. */
  start = 0
  /** Whether the last piece found may change when text is added. */
  open = false
  /** Characters looked at so far. */
  looked = 0
  readonly #isCased: boolean
  readonly #ascii: Uint8Array
  #stage = begin
  #at = 0
  /** In a run of capitals: past the last letter or mark in it that is also fit for the lower part. -1: none. */
  #kept = -1
  /** Where the letters begin that a prefix was taken for. */
  #afterPrefix = 0
  #width = 1

  constructor(rules: SplitRules) {
    this.#isCased = rules === 'o200k_base'
    this.#ascii = asciiClasses()
  }

  get position(): SplitPosition {
    return {
      start: this.start,
      stage: this.#stage,
      at: this.#at,
      kept: this.#kept,
      afterPrefix: this.#afterPrefix,
    }
  }

  /** Goes on where the text had ended. */
  resume(position: SplitPosition): void {
    this.start = position.start
    this.#stage = position.stage
    this.#at = position.at
    this.#kept = position.kept
    this.#afterPrefix = position.afterPrefix
  }

  /** Begins a piece at `start`. */
  begin(start: number): void {
    this.start = start
    this.#stage = begin
  }

  /** Where the piece at `start` ends when the text ends at `end`; `start` when there is no text left. */
  next(): number {
    this.open = false
    switch (this.#stage) {
      case inUpper:
        return this.#uppers(this.#at)
      case inLower:
        return this.#lowers(this.#at)
      case inSymbols:
        return this.#symbols(this.#at)
      case inBreaks:
        return this.#breaks(this.#at)
      case inWhite:
        return this.#white(this.#at, this.#kept)
    }
    return this.start < this.end ? this.#piece() : this.start
  }

  #piece(): number {
    const { start, end, bytes } = this
    const kind = this.#classAt(start)
    const second = start + this.#width
    if (kind & letter) {
      if (!this.#isCased) return this.#lowers(second)
      this.#kept = -1
      this.#afterPrefix = start
      return this.#uppers(start)
    }
    if (kind === numeral) return this.#numerals(second)
    if (!this.#isCased && bytes[start] === 39) {
      const past = this.#contraction(start)
      if (past > start) return past
    }
    if (second >= end) return kind & white ? this.#white(start, -1) : this.#cut(begin, second, second)

    const next = this.#classAt(second)
    if (kind !== newline && next & (this.#isCased ? letter | mark : letter)) {
      if (!this.#isCased) return this.#lowers(second)
      this.#kept = -1
      this.#afterPrefix = second
      return this.#uppers(second)
    }
    // A mark is a lower letter to these rules, and may be one of its own.
    if (this.#isCased && kind === mark) return this.#contraction(second)
    if (kind === space && bytes[start] === 32 && (next === 0 || next === mark)) return this.#symbols(second)
    return kind & white ? this.#white(start, -1) : this.#symbols(second)
  }

  /** Capitals, then small letters: the first part of the rule. */
  #uppers(from: number): number {
    const { end } = this
    const first = this.#afterPrefix
    let at = from
    let kept = this.#kept
    let kind = 0
    while (at < end) {
      kind = this.#classAt(at)
      if (!(kind & upperRun)) break
      at += this.#width
      if (kind !== upper) kept = at
    }
    if (at < end && kind & lower) return this.#lowers(at)
    // Without a small letter the rule gives back what comes after the last letter that could be one.
    let past = kept < 0 ? at : kept
    if (kept < 0 && first > this.start && this.#classAt(this.start) === mark) past = first
    if (at < end) return past === at ? this.#contraction(at) : past
    this.#kept = kept
    return this.#cut(inUpper, at, past)
  }

  #lowers(from: number): number {
    const { end, bytes } = this
    const run = this.#isCased ? lowerRun : letter
    const ascii = this.#ascii
    let at = from
    while (at < end) {
      const byte = bytes[at] ?? 0
      const kind = byte < 128 ? (ascii[byte] ?? 0) : this.#classAt(at)
      if (!(kind & run)) break
      at += byte < 128 ? 1 : this.#width
    }
    this.looked += at - from
    if (at >= end) return this.#cut(inLower, at, at)
    return this.#isCased ? this.#contraction(at) : at
  }

  /** Past `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` in any case, where there is one. */
  #contraction(at: number): number {
    const { end, bytes } = this
    if (at >= end) return this.#cut(inLower, at, at)
    if (bytes[at] !== 39) return at
    // cl100k_base has contractions as pieces of their own, found again from their beginning.
    const stage = this.#isCased ? inLower : begin
    if (at + 1 >= end) return this.#cut(stage, at, at)
    const first = (bytes[at + 1] ?? 0) | 32
    if (first === 115 || first === 116 || first === 109 || first === 100) return at + 2
    // The long s, which is an s to a rule that ignores case.
    if (bytes[at + 1] === 0xc5 && bytes[at + 2] === 0xbf) return at + 3
    if (first !== 114 && first !== 118 && first !== 108) return at
    if (at + 2 >= end) return this.#cut(stage, at, at)
    const second = (bytes[at + 2] ?? 0) | 32
    return second === (first === 108 ? 108 : 101) ? at + 3 : at
  }

  #numerals(from: number): number {
    let at = from
    for (let count = 1; count < 3; count += 1) {
      if (at >= this.end) return this.#cut(begin, at, at)
      if (this.#classAt(at) !== numeral) return at
      at += this.#width
    }
    return at
  }

  #symbols(from: number): number {
    const { end } = this
    let at = from
    while (at < end) {
      const kind = this.#classAt(at)
      if (kind !== 0 && kind !== mark) return this.#breaks(at)
      at += this.#width
    }
    return this.#cut(inSymbols, at, at)
  }

  /** Line breaks right after symbols belong to them, slashes after those too in o200k_base. */
  #breaks(from: number): number {
    const { bytes, end } = this
    let at = from
    while (at < end) {
      const byte = bytes[at]
      if (byte !== 10 && byte !== 13 && !(byte === 47 && this.#isCased)) return at
      at += 1
      this.looked += 1
    }
    return this.#cut(inBreaks, at, at)
  }

  /** White space up to its last line break; without one, all but the last character, which goes with what follows. */
  #white(from: number, pastBreak: number): number {
    const { bytes, end, start } = this
    let at = from
    let past = pastBreak
    while (at < end) {
      const kind = this.#classAt(at)
      if (!(kind & white)) break
      at += this.#width
      if (kind === newline) past = at
    }
    if (at >= end) {
      this.#kept = past
      // A single one may yet go with a word or a symbol.
      return this.#cut(at - start > 4 ? inWhite : begin, at, past < 0 ? at : past)
    }
    if (past >= 0) return past
    let last = at - 1
    while (((bytes[last] ?? 0) & 0xc0) === 0x80) last -= 1
    return last > start ? last : at
  }

  /** The text ended: remembers where, and gives the piece that it is until there is more. */
  #cut(stage: number, at: number, past: number): number {
    this.open = true
    this.#stage = stage
    this.#at = at
    return past
  }

  #classAt(at: number): number {
    const { bytes } = this
    this.looked += 1
    const first = bytes[at] ?? 0
    if (first < 0x80) {
      this.#width = 1
      return this.#ascii[first] ?? 0
    }
    const second = (bytes[at + 1] ?? 0) & 63
    if (first < 0xe0) {
      this.#width = 2
      return classOf(((first & 31) << 6) | second)
    }
    const third = (bytes[at + 2] ?? 0) & 63
    if (first < 0xf0) {
      this.#width = 3
      return classOf(((first & 15) << 12) | (second << 6) | third)
    }
    this.#width = 4
    return classOf(((first & 7) << 18) | (second << 12) | (third << 6) | ((bytes[at + 3] ?? 0) & 63))
  }
}
