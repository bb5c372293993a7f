import type { JsonObject } from '../../../json.ts'
import { badRequest } from '../failure.ts'
import { embed } from '../model/embed.ts'
import type { PromptBlock } from '../model/prompt-cache.ts'
import type { Ask } from '../request.ts'
import { countOf, type RawCall } from './dialect.ts'

const defaultDimensions = 1536
const maxDimensions = 4096

/** Reads an embeddings request. Its inputs are its questions; token ids are read as the ids' numbers. */
export function readEmbeddings(call: RawCall): Ask {
  const inputs = inputsOf(call.body.input)
  const dimensions = countOf(call.body, 'dimensions') ?? defaultDimensions
  if (dimensions > maxDimensions) throw badRequest(`'dimensions' must be at most ${maxDimensions}.`, 'dimensions')
  const { encoding_format } = call.body
  if (encoding_format !== undefined && encoding_format !== 'float' && encoding_format !== 'base64') {
    throw badRequest("'encoding_format' must be 'float' or 'base64'.", 'encoding_format')
  }
  return {
    ...call,
    api: 'openai.embeddings',
    stream: false,
    messages: inputs.map((text) => ({ role: 'user', text })),
    lastUserText: inputs.at(-1) ?? '',
    blocks: blocksOf(call.body.input, inputs),
    questions: inputs,
    toolResult: undefined,
    tools: [],
    toolChoice: 'none',
    format: { kind: 'text' },
    maxTokens: undefined,
    stop: [],
    reasoning: false,
    topLogprobs: undefined,
    caching: 'automatic',
  }
}

/** OpenAI's embeddings answer, as numbers or as base64 of little-endian 32-bit floats. */
export function embeddings(ask: Ask, seed: number, promptTokens: number): JsonObject {
  const dimensions = countOf(ask.body, 'dimensions') ?? defaultDimensions
  return {
    object: 'list',
    data: ask.questions.map((text, index) => {
      const vector = embed(text, dimensions, seed)
      const embedding =
        ask.body.encoding_format === 'base64'
          ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
          : Array.from(vector)
      return { object: 'embedding', index, embedding }
    }),
    model: ask.model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  }
}

/** Inputs given as token ids cost one token an id. */
function blocksOf(input: unknown, inputs: readonly string[]): PromptBlock[] {
  if (!Array.isArray(input) || typeof input[0] === 'string') return inputs.map((text) => ({ text }))
  return [{ text: '', otherTokens: input.flat().length }]
}

function inputsOf(input: unknown): string[] {
  const list = typeof input === 'string' ? [input] : input
  if (!Array.isArray(list) || list.length === 0) {
    throw badRequest("Invalid type for 'input': expected a string or a non-empty array.", 'input')
  }
  const ids = (item: unknown): unknown => (Array.isArray(item) ? item.join(' ') : item)
  const inputs = typeof list[0] === 'number' ? [list.join(' ')] : list.map(ids)
  if (inputs.some((item) => typeof item !== 'string' || item === '')) {
    throw badRequest("'input' must not be or contain an empty string.", 'input')
  }
  return inputs as string[]
}
