import { fromBase64, toBase64 } from './base64.ts'
import type { Clusters } from '../features/clusters.ts'
import { blocks, columnsOf, type BlockScales, type FeatureSpace, type Standard } from '../features/feature-space.ts'
import type { Fitted } from './fit.ts'

/** A fit as JSON: tables over hashed words as bytes in base64, everything else as numbers. */
export interface EncodedFit {
  readonly dimensions: number
  /** The blocks that any weight uses. */
  readonly used: BlockScales
  readonly idf?: Bytes
  readonly answerIdf?: Bytes
  readonly surface: Standard
  readonly signs?: Standard
  readonly labels: readonly string[]
  readonly clusters?: {
    readonly sizes: readonly number[]
    readonly words: readonly (readonly [number, number, number])[]
  }
  readonly outputs: readonly {
    readonly intercept: number
    readonly words?: Bytes
    readonly answerWords?: Bytes
    /** The columns that are not words: surface, signs, labels, slopes, clusters. */
    readonly rest: readonly number[]
  }[]
}

/** Signed bytes in base64; a value is its byte times `step`. Of a table with few entries only the `slots` that are not 0. */
export interface Bytes {
  readonly step: number
  readonly values: string
  readonly slots?: string
}

export function encodeFit({ space, outputs }: Fitted, used: BlockScales): EncodedFit {
  const columns = columnsOf(space)
  const part = (weights: Float64Array, from: number): Float64Array => weights.slice(from, from + space.dimensions)
  return {
    dimensions: space.dimensions,
    used,
    ...((used.words || used.clusters) && { idf: toBytes(space.idf) }),
    ...(used.answerWords && space.answerIdf && { answerIdf: toBytes(space.answerIdf) }),
    surface: roundedStandard(space.surface),
    ...(space.signs && { signs: roundedStandard(space.signs) }),
    labels: space.labels,
    ...(space.clusters && { clusters: encodeClusters(space.clusters) }),
    outputs: outputs.map(({ intercept, weights }) => ({
      intercept: rounded(intercept),
      ...(used.words && { words: toBytes(part(weights, columns.words)) }),
      ...(used.answerWords && { answerWords: toBytes(part(weights, columns.answerWords)) }),
      rest: Array.from(restOf(space), (column) => rounded(weights[column] as number)),
    })),
  }
}

export function decodeFit(fit: EncodedFit): Fitted {
  const { dimensions } = fit
  const space: FeatureSpace = {
    dimensions,
    idf: fit.idf ? fromBytes(fit.idf, dimensions) : new Float64Array(dimensions),
    answerIdf: fit.answerIdf && fromBytes(fit.answerIdf, dimensions),
    surface: fit.surface,
    signs: fit.signs,
    labels: fit.labels,
    clusters: fit.clusters && decodeClusters(fit.clusters),
  }
  const columns = columnsOf(space)
  const outputs = fit.outputs.map(({ intercept, words, answerWords, rest }) => {
    const weights = new Float64Array(columns.end)
    if (words) weights.set(fromBytes(words, dimensions), columns.words)
    if (answerWords) weights.set(fromBytes(answerWords, dimensions), columns.answerWords)
    for (const [index, column] of [...restOf(space)].entries()) weights[column] = rest[index] ?? 0
    return { intercept, weights }
  })
  return { space, outputs }
}

function* restOf(space: FeatureSpace): Generator<number> {
  const columns = columnsOf(space)
  for (const [index, block] of blocks.entries()) {
    if (block === 'words' || block === 'answerWords') continue
    const next = blocks[index + 1]
    for (let column = columns[block]; column < (next ? columns[next] : columns.end); column += 1) yield column
  }
}

function toBytes(values: Float64Array): Bytes {
  const most = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  const step = most === 0 ? 1 : most / 127
  const bytes = Int8Array.from(values, (value) => Math.round(value / step))
  const slots = Array.from(bytes.keys()).filter((slot) => bytes[slot] !== 0)
  if (slots.length > bytes.length / 4) return { step, values: toBase64(new Uint8Array(bytes.buffer)) }
  // Three bytes a slot: numbers up to 2^24, in the order of the least significant byte first, on every machine.
  const places = Uint8Array.from(slots.flatMap((slot) => [slot & 255, (slot >> 8) & 255, slot >> 16]))
  return {
    step,
    values: toBase64(new Uint8Array(Int8Array.from(slots, (slot) => bytes[slot] as number).buffer)),
    slots: toBase64(places),
  }
}

function fromBytes({ step, values, slots }: Bytes, length: number): Float64Array {
  const bytes = new Int8Array(fromBase64(values).buffer)
  const table = new Float64Array(length)
  const places = slots === undefined ? undefined : fromBase64(slots)
  for (const [index, byte] of bytes.entries()) {
    const at = index * 3
    const slot = places
      ? (places[at] as number) | ((places[at + 1] as number) << 8) | ((places[at + 2] as number) << 16)
      : index
    table[slot] = byte * step
  }
  return table
}

function encodeClusters({ sizes, bySlot }: Clusters): NonNullable<EncodedFit['clusters']> {
  const words = [...bySlot].flatMap(([slot, list]) =>
    list.map(([cluster, weight]) => [slot, cluster, rounded(weight)] as const),
  )
  return { sizes, words }
}

function decodeClusters({ sizes, words }: NonNullable<EncodedFit['clusters']>): Clusters {
  const bySlot = new Map<number, (readonly [number, number])[]>()
  for (const [slot, cluster, weight] of words) bySlot.set(slot, [...(bySlot.get(slot) ?? []), [cluster, weight]])
  return { sizes, bySlot }
}

function roundedStandard({ means, factors }: Standard): Standard {
  return { means: means.map(rounded), factors: factors.map(rounded) }
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
