import { FeatureReader } from '../src/injection/model/features.ts'
import type { ModelFile } from '../src/injection/model/linear-model.ts'
import { seeded } from './grammar.ts'

/** A text to learn from. */
export interface Example {
  readonly text: string
  readonly label: 0 | 1
  /** What it counts beside others, shared by its windows. */
  readonly weight: number
}

export interface Shape {
  readonly bucketBits: number
  readonly stepLength: number
  readonly epochs: number
  /** Strength of the pull of weights to zero. */
  readonly decay: number
}

interface Row {
  readonly buckets: Int32Array
  readonly values: Float32Array
  readonly label: 0 | 1
  readonly weight: number
}

/** Logistic regression on hashed features, by AdaGrad, in a fixed order: the same examples give the same bytes. */
export function train(examples: readonly Example[], { bucketBits, stepLength, epochs, decay }: Shape): ModelFile {
  const reader = new FeatureReader(bucketBits, stepLength)
  const rows = examples.flatMap(({ text, label, weight }) => {
    const windows = reader.read(text)
    return Array.from({ length: windows }, (_, index) => row(reader.window(index), label, weight / windows))
  })
  const weights = new Float64Array(2 ** bucketBits)
  const gradients = new Float64Array(2 ** bucketBits).fill(1e-4)
  const sums = new Float64Array(2 ** bucketBits)
  let bias = 0
  let biasSum = 0
  let biasGradient = 1e-4
  const random = seeded(11)
  const order = rows.map((_, index) => index)
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    for (let index = order.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1))
      ;[order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0]
    }
    for (const index of order) {
      const { buckets, values, label, weight } = rows[index] as Row
      let logOdds = bias
      for (let at = 0; at < buckets.length; at += 1) logOdds += (weights[buckets[at] ?? 0] ?? 0) * (values[at] ?? 0)
      const error = (1 / (1 + Math.exp(-logOdds)) - label) * weight
      biasGradient += error * error
      bias -= (0.1 * error) / Math.sqrt(biasGradient)
      for (let at = 0; at < buckets.length; at += 1) {
        const bucket = buckets[at] ?? 0
        const gradient = error * (values[at] ?? 0) + decay * weight * (weights[bucket] ?? 0)
        gradients[bucket] = (gradients[bucket] ?? 0) + gradient * gradient
        weights[bucket] = (weights[bucket] ?? 0) - (0.2 * gradient) / Math.sqrt(gradients[bucket] ?? 1)
      }
    }
    // The mean over the later epochs depends less on the order of the last examples.
    if (epoch * 2 > epochs) {
      for (let bucket = 0; bucket < sums.length; bucket += 1)
        sums[bucket] = (sums[bucket] ?? 0) + (weights[bucket] ?? 0)
      biasSum += bias
    }
  }
  const counted = Math.ceil(epochs / 2)
  return quantised(
    sums.map((sum) => sum / counted),
    biasSum / counted,
    bucketBits,
    stepLength,
  )
}

function row(features: Int32Array, label: 0 | 1, weight: number): Row {
  const times = new Map<number, number>()
  for (const feature of features) times.set(feature, (times.get(feature) ?? 0) + 1)
  const values = Float32Array.from(times.values(), (count) => 1 + Math.log(count))
  const norm = Math.hypot(...values) || 1
  return { buckets: Int32Array.from(times.keys()), values: values.map((value) => value / norm), label, weight }
}

/** One byte a weight. The few largest are cut so that the many small ones keep their differences. */
function quantised(weights: Float64Array, bias: number, bucketBits: number, stepLength: number): ModelFile {
  const sizes = [...weights].map(Math.abs).sort((a, b) => a - b)
  const largest = sizes[Math.floor(sizes.length * 0.9998)] || 1
  const scale = largest / 127
  const bytes = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale))))
  return { bucketBits, stepLength, scale, bias, weights: Buffer.from(bytes.buffer).toString('base64') }
}

/** The module that a model is shipped as. */
export function moduleOf(name: string, model: ModelFile, script: string): string {
  const { bucketBits, stepLength, scale, bias, weights } = model
  return `// Written by packages/guards/training/${script}; not by hand.
import type { ModelFile } from './linear-model.ts'

export const ${name}: ModelFile = {
  bucketBits: ${bucketBits},
  stepLength: ${stepLength},
  scale: ${scale},
  bias: ${bias},
  weights:
    '${weights}',
}
`
}
