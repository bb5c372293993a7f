/** The length of all vectors: that of many small embedding models. */
export const dimensions = 384

/** How vectors lie: in clusters, as the questions of an application do, or evenly, which is the worst for every index. */
export type Shape = 'clustered' | 'even'

export interface VectorData {
  readonly vectors: readonly Float32Array[]
  /** New points among the vectors, none of them stored. */
  readonly queries: readonly Float32Array[]
}

/** Vectors of unit length and queries, the same in every process. Clusters hold some 50 vectors each. */
export function vectorData(shape: Shape, count: number, queries: number): VectorData {
  const random = normals(42)
  const point = (): Float32Array => Float32Array.from({ length: dimensions }, random)
  const centres = Array.from({ length: Math.max(1, Math.round(count / 50)) }, point)
  let next = 0
  const near = (): Float32Array => {
    const centre = centres[next++ % centres.length] as Float32Array
    return unit(centre.map((value) => value + 0.7 * random()))
  }
  const make = shape === 'clustered' ? near : () => unit(point())
  const vectors = Array.from({ length: count }, make)
  // From here on clusters are taken at random.
  next = Math.floor(Math.abs(random()) * centres.length)
  return { vectors, queries: Array.from({ length: queries }, make) }
}

/** The nearest vector of each query, in double precision. */
export function nearest({ vectors, queries }: VectorData): number[] {
  return queries.map((query) => {
    let best = -1
    let greatest = -Infinity
    for (let at = 0; at < vectors.length; at += 1) {
      const vector = vectors[at] as Float32Array
      let sum = 0
      for (let index = 0; index < dimensions; index += 1) sum += (vector[index] as number) * (query[index] as number)
      if (sum > greatest) {
        greatest = sum
        best = at
      }
    }
    return best
  })
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / length)
}

/** Numbers of the normal distribution by Box and Muller, over a congruential generator. */
function normals(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 1) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}
