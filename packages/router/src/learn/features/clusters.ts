import { shuffledIndices } from '../seeded.ts'
import type { WordCounts } from './words.ts'

/** Groups of prompts that share words, for traffic without labels. Centroids keep their heaviest words only. */
export interface Clusters {
  /** How many training rows each has. */
  readonly sizes: readonly number[]
  /** By slot: which clusters it speaks for and how much. */
  readonly bySlot: ReadonlyMap<number, readonly (readonly [cluster: number, weight: number])[]>
}

const wordsOfCentroid = 48
const rounds = 4

/** Spherical k-means over unit vectors, about the root of a quarter of the rows many clusters, at most 32. */
export function learnClusters(rows: readonly WordCounts[], dimensions: number, seed: number): Clusters {
  const count = Math.max(2, Math.min(32, Math.round(Math.sqrt(rows.length / 4))))
  const order = shuffledIndices(rows.length, seed)
  let clusters = cut(
    Array.from({ length: Math.min(count, rows.length) }, (_, index) => [rows[order[index] as number] as WordCounts]),
    dimensions,
  )
  for (let round = 0; round < rounds; round += 1) {
    const members = clusters.sizes.map((): WordCounts[] => [])
    for (const row of rows) members[nearest(clusters, row) ?? 0]?.push(row)
    clusters = cut(
      members.filter((list) => list.length > 0),
      dimensions,
    )
  }
  return clusters
}

/** The cluster whose centroid is the most like the row; undefined when they share no word. */
export function nearest({ sizes, bySlot }: Clusters, { slots, counts }: WordCounts): number | undefined {
  const likeness = new Float64Array(sizes.length)
  for (let index = 0; index < slots.length; index += 1)
    for (const [cluster, weight] of bySlot.get(slots[index] as number) ?? [])
      likeness[cluster] = (likeness[cluster] as number) + weight * (counts[index] as number)
  let best: number | undefined
  for (let cluster = 0; cluster < likeness.length; cluster += 1)
    if ((likeness[cluster] as number) > (best === undefined ? 0 : (likeness[best] as number))) best = cluster
  return best
}

function cut(members: readonly (readonly WordCounts[])[], dimensions: number): Clusters {
  const bySlot = new Map<number, (readonly [number, number])[]>()
  const sums = new Float64Array(dimensions)
  for (const [cluster, rows] of members.entries()) {
    sums.fill(0)
    for (const { slots, counts } of rows)
      for (let index = 0; index < slots.length; index += 1) {
        const slot = slots[index] as number
        sums[slot] = (sums[slot] as number) + (counts[index] as number)
      }
    const heavy = [...new Set(rows.flatMap(({ slots }) => [...slots]))]
      .sort((a, b) => (sums[b] as number) - (sums[a] as number) || a - b)
      .slice(0, wordsOfCentroid)
    const length = Math.hypot(...heavy.map((slot) => sums[slot] as number)) || 1
    for (const slot of heavy) {
      const list = bySlot.get(slot) ?? []
      list.push([cluster, (sums[slot] as number) / length])
      bySlot.set(slot, list)
    }
  }
  return { sizes: members.map((rows) => rows.length), bySlot }
}
