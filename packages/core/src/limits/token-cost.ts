import type { Call } from '../call.ts'
import { inputMeters, outputMeters, type Meter, type Usage } from '../usage.ts'
import { estimateRequest } from '../tokens/estimate-request.ts'

/** What one token of each meter counts against a limit of tokens. */
export type TokenWeights = Readonly<Partial<Record<Meter, number>>>

const meters: readonly Meter[] = [...inputMeters, ...outputMeters]

/** Tokens of a usage as limits count them: whole, rounded up. */
export function weighedTokens(usage: Usage, weights: TokenWeights): number {
  let sum = 0
  for (const meter of meters) sum += usage[meter] * (weights[meter] ?? 1)
  return Math.ceil(sum - 1e-9)
}

/** Answers that a guess is made from, a model. */
const remembered = 64
const maxModels = 500
/** Expected of a model that nothing is known of. */
const firstGuess = 500

interface Seen {
  readonly outputs: number[]
  next: number
  p95: number
}

/**
 * Guesses what a call will take before it is made: its input as `estimateRequest` has it, and as output what 95 of 100 of
 * the model's last 64 answers stayed below, but no more than the call allows.
 */
export class TokenGuess {
  readonly #models = new Map<string, Seen>()

  /** `input` alone, and both. Weighted, whole. */
  guess(call: Call, weights: TokenWeights): { readonly input: number; readonly total: number } {
    const input = estimatedInput(call)
    const known = this.#models.get(call.api.model(call.request))?.p95 ?? firstGuess
    const hasOutput = call.api.id !== 'openai.embeddings'
    const output = hasOutput ? Math.min(known, maxOutputOf(call)) : 0
    const weighedInput = Math.ceil(input * (weights.fresh ?? 1))
    return { input: weighedInput, total: weighedInput + Math.ceil(output * (weights.output ?? 1)) }
  }

  learn(call: Call, usage: Usage): void {
    const model = call.api.model(call.request)
    let seen = this.#models.get(model)
    if (!seen) {
      // Applications ask few models; whoever asks many learns again.
      if (this.#models.size >= maxModels) this.#models.clear()
      this.#models.set(model, (seen = { outputs: [], next: 0, p95: 0 }))
    }
    seen.outputs[seen.next] = usage.output + usage.audioOutput + usage.imageOutput
    seen.next = (seen.next + 1) % remembered
    // Sorting 64 numbers with every answer would cost more than the rest of the limiter.
    if (seen.outputs.length > 8 && seen.next % 8 !== 0) return
    const sorted = seen.outputs.toSorted((a, b) => a - b)
    seen.p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  }
}

/** A request is frozen, and several limits of one pipeline ask for the same. */
const estimates = new WeakMap<object, number>()

function estimatedInput({ api, request }: Call): number {
  let tokens = estimates.get(request)
  if (tokens === undefined) estimates.set(request, (tokens = estimateRequest(api, request).inputTokens))
  return tokens
}

function maxOutputOf(call: Call): number {
  for (const field of ['max_completion_tokens', 'max_output_tokens', 'max_tokens']) {
    const value = call.request[field]
    if (typeof value === 'number' && value > 0) return Math.floor(value)
  }
  return Infinity
}
