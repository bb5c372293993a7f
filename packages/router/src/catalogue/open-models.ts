import type { Modality, ModelFacts } from './model-facts.ts'

const text: readonly Modality[] = ['text']
const image: readonly Modality[] = ['text', 'image']

// As vLLM serves them: it constrains decoding to a schema, reports log probabilities and streams for every model.
const served = { output: text, streaming: true, jsonSchema: true, logprobs: true, prefill: false }

function open(
  contextTokens: number,
  { input = text, parallelTools, reasoning = false, tools = true }: Partial<ModelFacts> = {},
): ModelFacts {
  return { contextTokens, input, tools, reasoning, ...(parallelTools !== undefined && { parallelTools }), ...served }
}

const oneTool = { parallelTools: false }
const manyTools = { parallelTools: true }

/**
 * Open models by the beginning of their name; what follows it (size, training, quantisation) changes none of this.
 * Contexts are the models' own, without RoPE scaling.
 *
 * @see the models' cards and configurations on huggingface.co, and vLLM's documentation on tool calling, 2026-11
 */
export const openModels: readonly (readonly [names: string, facts: ModelFacts])[] = [
  ['llama-3', open(8192, { tools: false })],
  ['llama-3.1 llama-3.2 llama-3.3', open(131_072, oneTool)],
  ['llama-3.2-11b llama-3.2-90b', open(131_072, { ...oneTool, input: image })],
  ['llama-4-scout', open(10_485_760, { ...manyTools, input: image })],
  ['llama-4-maverick', open(1_048_576, { ...manyTools, input: image })],
  ['qwen2.5', open(32_768, manyTools)],
  ['qwen2.5-vl', open(128_000, { ...manyTools, input: image })],
  ['qwen3', open(40_960, { ...manyTools, reasoning: true })],
  ['qwen3-coder qwen3-next qwen3-4b-instruct-2507 qwen3-30b-a3b-instruct-2507', open(262_144, manyTools)],
  ['qwen3-235b-a22b-instruct-2507', open(262_144, manyTools)],
  ['qwen3-4b-thinking-2507 qwen3-30b-a3b-thinking-2507', open(262_144, { ...manyTools, reasoning: true })],
  ['qwen3-235b-a22b-thinking-2507 qwen3-next-80b-a3b-thinking', open(262_144, { ...manyTools, reasoning: true })],
  ['mistral-7b-instruct-v0.3 mixtral-8x7b', open(32_768, manyTools)],
  ['mixtral-8x22b', open(65_536, manyTools)],
  ['mistral-nemo mistral-large-instruct', open(131_072, manyTools)],
  ['mistral-small-24b', open(32_768, manyTools)],
  ['mistral-small-3.1 mistral-small-3.2', open(131_072, { ...manyTools, input: image })],
  ['gpt-oss-20b gpt-oss-120b', open(131_072, { reasoning: true })],
]
