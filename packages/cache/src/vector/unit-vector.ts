import { SluiceError } from '@sluice/core'

/**
 * A copy of a vector, of unit length.
 *
 * @throws {SluiceError} `cache.vector` when it has no length (all zeros, or empty) or holds NaN or infinity: no cosine is defined for it.
 */
export function unitVector(vector: Float32Array): Float32Array {
  let sum = 0
  for (let index = 0; index < vector.length; index += 1) {
    const value = vector[index] as number
    sum += value * value
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw new SluiceError({
      code: 'cache.vector',
      message:
        `A vector must have a length: all of its components finite and one of them not zero. Its squares add up to ${sum}. ` +
        'Check the embedder that made it.',
      details: { dimensions: vector.length },
    })
  const scale = 1 / Math.sqrt(sum)
  const unit = new Float32Array(vector.length)
  for (let index = 0; index < vector.length; index += 1) unit[index] = (vector[index] as number) * scale
  return unit
}

/** Refuses a vector of another length than its partition's. @throws {SluiceError} `cache.dimensions`. */
export function checkDimensions(found: number, wanted: number): void {
  if (found === wanted) return
  throw new SluiceError({
    code: 'cache.dimensions',
    message:
      `The partition holds vectors of ${wanted} dimensions, got one of ${found}. ` +
      "Vectors of different embedders are not comparable: name the embedder's id in the partition.",
    details: { wanted, found },
  })
}

/** Refuses a number of neighbours that is none. @throws {SluiceError} `config.option`. */
export function checkNeighbours(k: number, name: string): void {
  if (Number.isSafeInteger(k) && k >= 1) return
  throw new SluiceError({
    code: 'config.option',
    message: `k of ${name}.search() must be a whole number of at least 1, got ${String(k)}.`,
  })
}
