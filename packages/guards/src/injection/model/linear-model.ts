import { Buffer } from 'node:buffer'
import { FeatureReader } from './features.ts'

/** A trained model as it is shipped: one signed byte for each bucket. */
export interface ModelFile {
  readonly bucketBits: number
  /** Characters of a step; a window is two. */
  readonly stepLength: number
  /** What a byte of 1 weighs. */
  readonly scale: number
  readonly bias: number
  /** The bytes, in base64. */
  readonly weights: string
}

/** Gives the log-odds that a plain text is of the kind the model was trained on; of a long text, of its worst window. */
export type Scorer = (text: string) => number

/** `1 + ln n` for the number of times a feature occurs. */
const dampened = Float64Array.from({ length: 256 }, (_, times) => (times === 0 ? 0 : 1 + Math.log(times)))

/** Unpacks a model. Scoring is linear in the text and keeps nothing of it. */
export function linearScorer({ bucketBits, stepLength, scale, bias, weights }: ModelFile): Scorer {
  const bytes = Buffer.from(weights, 'base64')
  const values = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const reader = new FeatureReader(bucketBits, stepLength)
  const times = new Uint8Array(2 ** bucketBits)
  return (text) => {
    const windows = reader.read(text)
    let worst = -Infinity
    for (let index = 0; index < windows; index += 1) {
      const features = reader.window(index)
      let sum = 0
      let square = 0
      for (const feature of features) {
        const seen = times[feature] ?? 0
        if (seen === 255) continue
        // The sums are kept right while counting, which saves a second pass.
        const was = dampened[seen] ?? 0
        const is = dampened[seen + 1] ?? 0
        times[feature] = seen + 1
        sum += (is - was) * (values[feature] ?? 0)
        square += is * is - was * was
      }
      for (const feature of features) times[feature] = 0
      if (square > 0) worst = Math.max(worst, (sum * scale) / Math.sqrt(square) + bias)
    }
    return Math.max(worst, -20)
  }
}

/** The share that log-odds stand for. */
export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}
