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

/** Times that a feature is counted at the most. */
const mostTimes = 255
/** `1 + ln n` for the number of times a feature occurs. */
const dampened = Float64Array.from({ length: mostTimes + 1 }, (_, times) => (times === 0 ? 0 : 1 + Math.log(times)))
/** What one more occurrence adds to that and to its square, by how often the feature occurred before. */
const added = dampened.map((was, times) => (dampened[times + 1] ?? 0) - was)
const addedToSquare = dampened.map((was, times) => (dampened[times + 1] ?? 0) ** 2 - was ** 2)

/** Unpacks a model. Scoring is linear in the text and keeps nothing of it. */
export function linearScorer({ bucketBits, stepLength, scale, bias, weights }: ModelFile): Scorer {
  const bytes = Buffer.from(weights, 'base64')
  const reader = new FeatureReader(bucketBits, stepLength)
  // The weight of a feature and how often it has occurred, side by side: they are wanted together.
  const cells = new Int16Array(2 ** bucketBits)
  for (let index = 0; index < bytes.length; index += 1) cells[index] = bytes.readInt8(index) << 8
  return (text) => {
    const windows = reader.read(text)
    let worst = -Infinity
    for (let index = 0; index < windows; index += 1) {
      const features = reader.window(index)
      const { length } = features
      let sum = 0
      let square = 0
      for (let at = 0; at < length; at += 1) {
        const feature = features[at] as number
        const cell = cells[feature] as number
        const times = cell & mostTimes
        if (times === mostTimes) continue
        cells[feature] = cell + 1
        if (times === 0) {
          sum += cell >> 8
          square += 1
        } else {
          sum += (added[times] as number) * (cell >> 8)
          square += addedToSquare[times] as number
        }
      }
      for (let at = 0; at < length; at += 1) {
        const feature = features[at] as number
        cells[feature] = (cells[feature] as number) & ~mostTimes
      }
      if (square > 0) worst = Math.max(worst, (sum * scale) / Math.sqrt(square) + bias)
    }
    return Math.max(worst, -20)
  }
}

/** The share that log-odds stand for. */
export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}
