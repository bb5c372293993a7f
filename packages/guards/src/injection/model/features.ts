/**
 * What the linear models see of a text: every run of four characters, every word and every pair of neighbouring words,
 * each hashed to a bucket. Digits count as one another and runs of white space as one blank, so that figures and layout
 * tell nothing.
 */
export class FeatureReader {
  readonly #mask: number
  readonly #stepLength: number
  /** Buckets of the features, in the order of the text, and where each step of it ends. */
  #features = new Int32Array(4096)
  readonly #stepEnds: number[] = []

  /** @param bucketBits a model has 2^bucketBits buckets @param stepLength characters of a step; a window is two steps */
  constructor(bucketBits: number, stepLength: number) {
    this.#mask = 2 ** bucketBits - 1
    this.#stepLength = stepLength
  }

  /** Reads a plain text; what was read before is gone. Gives the number of windows, at least 1. */
  read(text: string): number {
    const mask = this.#mask
    this.#stepEnds.length = 0
    let features = this.#features
    let count = 0
    let left = this.#stepLength
    let a = 0
    let b = 0
    let c = 32
    let word = 0
    let before = 0
    for (let at = 0; at <= text.length; at += 1) {
      let code = at < text.length ? text.charCodeAt(at) : 32
      if (code <= 32) {
        if (c === 32) continue
        code = 32
      } else if (code >= 48 && code <= 57) code = 48
      if (count + 3 > features.length) {
        const longer = new Int32Array(features.length * 2)
        longer.set(features)
        this.#features = features = longer
      }
      features[count++] = mixed(gram(a, b, c, code), 0) & mask
      a = b
      b = c
      c = code
      if (isWordCode(code)) word = Math.imul(word ^ code, 0x01000193)
      else if (word !== 0) {
        features[count++] = mixed(word, 0x5bd1e995) & mask
        if (before !== 0) features[count++] = mixed(Math.imul(before, 0x27d4eb2f) ^ word, 0x165667b1) & mask
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

function gram(a: number, b: number, c: number, d: number): number {
  return Math.imul(a, 0x3f1d5) + Math.imul(b, 0x1b873) + Math.imul(c, 0x2c1b3) + Math.imul(d, 0x9e37)
}

function mixed(value: number, salt: number): number {
  let hash = (value | 0) ^ salt
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return hash ^ (hash >>> 16)
}
