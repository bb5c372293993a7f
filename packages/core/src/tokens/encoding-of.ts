/** The encodings that are counted here, under the names that tiktoken gives them. */
export type EncodingName = 'o200k_base' | 'cl100k_base'

/** The encoding of a model. */
export interface ModelEncoding {
  readonly encoding: EncodingName
  /**
   * False where the model's tokenizer is not public or not known, so that its counts are an approximation in o200k_base:
   * Claude, Gemini, Llama, unknown names.
   */
  readonly isExact: boolean
}

const o200k: ModelEncoding = { encoding: 'o200k_base', isExact: true }
const cl100k: ModelEncoding = { encoding: 'cl100k_base', isExact: true }
const unknown: ModelEncoding = { encoding: 'o200k_base', isExact: false }

// By the longest beginning that fits. gpt-oss has o200k_harmony: o200k_base with more special tokens, which text has none of.
const beginnings: readonly (readonly [string, ModelEncoding])[] = (
  [
    ['gpt-5', o200k],
    ['gpt-4.1', o200k],
    ['gpt-4.5', o200k],
    ['gpt-4o', o200k],
    ['chatgpt-4o', o200k],
    ['gpt-oss', o200k],
    ['codex-mini', o200k],
    ['computer-use-preview', o200k],
    ['o1', o200k],
    ['o3', o200k],
    ['o4', o200k],
    ['gpt-4', cl100k],
    ['gpt-3.5', cl100k],
    ['gpt-35', cl100k],
    ['text-embedding-3', cl100k],
    ['text-embedding-ada-002', cl100k],
    ['davinci-002', cl100k],
    ['babbage-002', cl100k],
  ] as const
).toSorted(([a], [b]) => b.length - a.length)

/**
 * Which encoding counts for a model: a name of the provider (`gpt-5-mini`), of a gateway (`openai/gpt-5-mini`), of a
 * fine-tuned model (`ft:gpt-4o-mini:acme::x`), or an encoding's own name. An unknown model gets o200k_base with
 * `isExact: false`; see `createTokenEstimator` for what makes those counts true.
 *
 * @see https://github.com/openai/tiktoken/blob/main/tiktoken/model.py (2026-10)
 */
export function encodingOf(model: string): ModelEncoding {
  let found = known.get(model)
  if (!found) {
    found = lookedUp(model)
    // Names come from requests: they may be anything.
    if (known.size >= 500) known.clear()
    known.set(model, found)
  }
  return found
}

const known = new Map<string, ModelEncoding>()

function lookedUp(model: string): ModelEncoding {
  if (model === 'o200k_base' || model === 'o200k_harmony') return o200k
  if (model === 'cl100k_base') return cl100k
  const name = model.slice(model.lastIndexOf('/') + 1)
  const base = name.startsWith('ft:') ? name.slice(3) : name
  for (const [beginning, encoding] of beginnings) {
    // `o1` is `o1` and `o1-mini`, not `o100`.
    if (base.startsWith(beginning) && !/^[a-z0-9]/.test(base.slice(beginning.length))) return encoding
  }
  return unknown
}
