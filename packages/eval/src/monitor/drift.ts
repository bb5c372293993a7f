import type { SeenCall } from './seen-call.ts'

/** How far the traffic of now is from what it was: context for an alarm, never one by itself. */
export interface Drift {
  /** Population stability index by feature: below 0.1 little has changed, above 0.25 much has. */
  readonly psi: Readonly<Record<string, number>>
  /** Calls that are the past, and the present. */
  readonly reference: number
  readonly recent: number
}

/** Gathers features of calls. */
export interface DriftWatch {
  add(call: SeenCall): void
  /** `undefined` until there are 200 calls of the past and 100 of the present. */
  read(): Drift | undefined
}

const referenceSize = 1_000
const recentSize = 300
const [leastReference, leastRecent] = [200, 100]

/**
 * Compares the last 300 evaluated calls with the first 1,000, by lengths, model, tool use and whether the answer was cut off.
 *
 * @see Siddiqi: Credit Risk Scorecards (2006), for the index: Σ (pᵢ − qᵢ) ln(pᵢ / qᵢ).
 */
export function driftWatch(): DriftWatch {
  const reference: (readonly string[])[] = []
  const recent: (readonly string[])[] = []
  return {
    add(call) {
      const features = featuresOf(call)
      if (reference.length < referenceSize) reference.push(features)
      else {
        recent.push(features)
        if (recent.length > recentSize) recent.shift()
      }
    },
    read() {
      // Before the past is complete its own end stands for the present.
      const own = Math.min(recentSize, reference.length - leastReference)
      if (recent.length < leastRecent && own < leastRecent) return undefined
      const now = recent.length >= leastRecent ? recent : reference.slice(-own)
      const past = recent.length >= leastRecent ? reference : reference.slice(0, -own)
      const psi = Object.fromEntries(
        featureNames.map((name, index) => [name, stability(column(past, index), column(now, index))]),
      )
      return { psi, reference: past.length, recent: now.length }
    },
  }
}

const featureNames = ['inputLength', 'outputLength', 'model', 'toolCalls', 'finish'] as const

/** Lengths are told apart by their powers of two. */
function featuresOf({ input, text, model, answer }: SeenCall): readonly string[] {
  const choice = answer?.choices[0]
  return [
    String(Math.round(Math.log2(input.length + 1))),
    String(Math.round(Math.log2(text.length + 1))),
    model,
    choice?.toolCalls.map(({ name }) => name).join() ?? '',
    choice?.finish ?? '',
  ]
}

function column(rows: readonly (readonly string[])[], index: number): readonly string[] {
  return rows.map((row) => row[index] as string)
}

function stability(past: readonly string[], now: readonly string[]): number {
  const values = [...new Set([...past, ...now])]
  const [before, after] = [shares(past, values), shares(now, values)]
  return values.reduce((sum, _, index) => {
    const [p, q] = [before[index] as number, after[index] as number]
    return sum + (q - p) * Math.log(q / p)
  }, 0)
}

/** With half a call added to each value, so that one that is new does not make the index infinite. */
function shares(list: readonly string[], values: readonly string[]): readonly number[] {
  const counts = new Map<string, number>()
  for (const value of list) counts.set(value, (counts.get(value) ?? 0) + 1)
  return values.map((value) => ((counts.get(value) ?? 0) + 0.5) / (list.length + values.length / 2))
}
