/** From here on scripts put no blanks between words: CJK and its neighbours in Unicode. */
const firstIdeograph = 0x2e80

/**
 * What the linear models see of a text: every run of four characters, every word and every pair of neighbouring words, and
 * in scripts without blanks every two characters, each hashed to a bucket. Digits count as one another and runs of white
 * space as one blank, so that figures and layout tell nothing.
 */
export class FeatureReader {
  /** Bits that a hash has too many. */
  readonly #shift: number
  readonly #stepLength: number
  /** Buckets of the features, in the order of the text, and where each step of it ends. */
  #features = new Int32Array(4096)
  readonly #stepEnds: number[] = []

  /** @param bucketBits a model has 2^bucketBits buckets @param stepLength characters of a step; a window is two steps */
  constructor(bucketBits: number, stepLength: number) {
    this.#shift = 32 - bucketBits
    this.#stepLength = stepLength
  }

  /** Reads a plain text; what was read before is gone. Gives the number of windows, at least 1. */
  read(text: string): number {
    const shift = this.#shift
    this.#stepEnds.length = 0
    let features = this.#features
    let count = 0
    let left = this.#stepLength
    /** The last four characters, a byte each. */
    let run = 0
    let last = 32
    let word = 0
    let before = 0
    for (let at = 0; at <= text.length; at += 1) {
      let code = at < text.length ? text.charCodeAt(at) : 32
      if (code <= 32) {
        if (last === 32) continue
        code = 32
      } else if (code >= 48 && code <= 57) code = 48
      if (count + 4 > features.length) {
        const longer = new Int32Array(features.length * 2)
        longer.set(features)
        this.#features = features = longer
      }
      // In scripts without blanks two characters are what elsewhere is a word.
      if (code >= firstIdeograph) features[count++] = scattered((last << 16) ^ code ^ ofPair) >>> shift
      run = (run << 8) | (code < 128 ? code : 128 | ((code ^ (code >>> 7)) & 127))
      features[count++] = Math.imul(run, golden) >>> shift
      last = code
      if (isWordCode(code)) word = Math.imul(word ^ code, 0x01000193)
      else if (word !== 0) {
        features[count++] = scattered(word ^ ofWord) >>> shift
        if (before !== 0) features[count++] = scattered(Math.imul(before, 0x27d4eb2f) ^ word) >>> shift
        before = word
        word = 0
      }
      left -= 1
      if (left === 0) {
        this.#stepEnds.push(count)
        left = this.#stepLength
      }
    }
    // A short rest belongs to the step before it: too little to be judged alone.
    if (this.#stepEnds.length > 1 && this.#stepLength - left < this.#stepLength / 2) this.#stepEnds.pop()
    if (this.#stepEnds.at(-1) !== count) this.#stepEnds.push(count)
    return Math.max(1, this.#stepEnds.length - 1)
  }

  /** The buckets of a window of what was read last. The view is good until the next reading. */
  window(index: number): Int32Array {
    return this.#features.subarray(this.#stepEnds[index - 1] ?? 0, this.#stepEnds[index + 1] ?? this.#stepEnds.at(-1))
  }
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 48 || code > 127
}

/** What keeps features of different kinds apart. */
const ofPair = 0x3c6ef372
const ofWord = 0x5bd1e995

/** 2^32 over the golden ratio: the upper bits of a product with it are spread evenly (Knuth, TAOCP 3, 6.4). */
const golden = 0x9e3779b1

function scattered(value: number): number {
  return Math.imul(value ^ (value >>> 15), golden)
}
