import { SluiceError } from '@sluice/core'
import { checkDimensions, unitVector } from '../vector/unit-vector.ts'
import type { Embedder } from './embedder.ts'

/** The part of an OpenAI client that is used. What `new OpenAI()` of `openai` 5 and later returns fits, wrapped or not. */
export interface EmbeddingsClient {
  readonly embeddings: {
    create(
      body: { model: string; input: string[]; encoding_format: 'base64'; dimensions?: number },
      options?: { signal?: AbortSignal },
    ): PromiseLike<unknown>
  }
}

export interface OpenAIEmbedderOptions {
  /**
   * The length that is asked of the server, 1 to 65,536; only models that were trained for it can shorten their vectors.
   * @default nothing is asked: the model's own
   */
  readonly dimensions?: number
  /** What stands before every text, where a model wants it: `query: ` for E5. @default '' */
  readonly prefix?: string
  /** The most texts in one request, 1 to 2,048. @default 256 */
  readonly maxBatch?: number
  /**
   * Part of the embedder's id. Change it when the server answers with another model under the same name: what was embedded
   * by the old one is then not compared any more. @default ''
   */
  readonly version?: string
}

const optionNames = ['dimensions', 'prefix', 'maxBatch', 'version']

/** @see https://platform.openai.com/docs/guides/embeddings (read 2026-11) */
const knownDimensions: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1_536,
  'text-embedding-3-large': 3_072,
  'text-embedding-ada-002': 1_536,
}

/**
 * An embedder that asks an OpenAI-compatible server, `/v1/embeddings`: OpenAI, vLLM, text-embeddings-inference, Ollama.
 *
 * Time limits and retries are the client's: give it few (`maxRetries: 0`), since a cache that waits is no cache. Vectors
 * come as base64 where the server can, a third of the bytes; numbers are read as well. Whatever their length, they are
 * brought to unit length. Texts leave the process: they go where the client points.
 *
 * @param model e.g. `text-embedding-3-small`.
 * @throws {SluiceError} `config.option` at construction. `embed` rejects with what the client rejects with, with
 * `cache.embedding` when the answer is not one vector a text, `cache.dimensions` when they have not the length that was
 * asked for, and `cache.vector` when one is all zeros or not finite.
 *
 * @example
 * const embedder = openaiEmbedder(new OpenAI({ maxRetries: 0 }), 'text-embedding-3-small', { dimensions: 512 })
 */
export function openaiEmbedder(client: EmbeddingsClient, model: string, options: OpenAIEmbedderOptions = {}): Embedder {
  const { prefix, maxBatch, version, dimensions } = checked(client, model, options)
  return {
    // Escaped by JSON, so that no two settings have the same id.
    id: `openai ${JSON.stringify([model, dimensions ?? null, prefix, version])}`,
    dimensions: dimensions ?? (Object.hasOwn(knownDimensions, model) ? knownDimensions[model] : undefined),
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted()
      const vectors: Float32Array[] = []
      for (let from = 0; from < texts.length; from += maxBatch) {
        const input = texts.slice(from, from + maxBatch).map((text) => prefix + text)
        const body = {
          model,
          input,
          encoding_format: 'base64' as const,
          ...(dimensions !== undefined && { dimensions }),
        }
        const answer = await client.embeddings.create(body, signal && { signal })
        vectors.push(...vectorsOf(answer, input.length, dimensions))
      }
      return vectors
    },
  }
}

function vectorsOf(answer: unknown, count: number, dimensions: number | undefined): Float32Array[] {
  const { data } = answer as { data?: unknown }
  const items = Array.isArray(data) ? (data as readonly { index?: unknown; embedding?: unknown }[]) : []
  const vectors = Array<Float32Array | undefined>(count).fill(undefined)
  for (const [at, { index = at, embedding }] of items.entries())
    if (typeof index === 'number' && index in vectors) vectors[index] = vectorOf(embedding)
  return vectors.map((vector) => {
    if (!vector || items.length !== count)
      throw new SluiceError({
        code: 'cache.embedding',
        message:
          `The server answered ${count} texts with ${items.length} embeddings, or with some that are neither base64 nor ` +
          'lists of numbers. Check that the address and the model are those of an embeddings server.',
        details: { texts: count, embeddings: items.length },
        status: 502,
      })
    if (dimensions !== undefined) checkDimensions(vector.length, dimensions)
    return unitVector(vector)
  })
}

/** Numbers, or base64 of 32-bit floats, lowest byte first. */
function vectorOf(embedding: unknown): Float32Array | undefined {
  if (ArrayBuffer.isView(embedding) || Array.isArray(embedding))
    return Float32Array.from(embedding as ArrayLike<number>)
  if (typeof embedding !== 'string') return undefined
  const bytes = Buffer.from(embedding, 'base64')
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4))
}

type Checked = Required<Omit<OpenAIEmbedderOptions, 'dimensions'>> & { readonly dimensions: number | undefined }

function checked(client: EmbeddingsClient, model: string, options: OpenAIEmbedderOptions): Checked {
  const refuse = (problem: string): never => {
    throw new SluiceError({ code: 'config.option', message: `openaiEmbedder() ${problem}` })
  }
  if (typeof (client as Partial<EmbeddingsClient> | null | undefined)?.embeddings?.create !== 'function')
    refuse('needs an OpenAI client, which has embeddings.create(): openaiEmbedder(new OpenAI(), model).')
  if (typeof model !== 'string' || model === '') refuse(`needs the name of a model, got ${JSON.stringify(model)}.`)
  const { dimensions, prefix = '', maxBatch = 256, version = '', ...unknown } = options
  for (const name of Object.keys(unknown)) refuse(`has no option "${name}". The options are ${optionNames.join(', ')}.`)
  for (const [name, value, most] of [
    ['dimensions', dimensions ?? 1, 65_536],
    ['maxBatch', maxBatch, 2_048],
  ] as const)
    if (!(Number.isInteger(value) && value >= 1 && value <= most))
      refuse(`needs as ${name} a whole number from 1 to ${most}, got ${String(value)}.`)
  for (const [name, value] of Object.entries({ prefix, version }))
    if (typeof value !== 'string') refuse(`needs a string as ${name}, got ${typeof value}.`)
  return { dimensions, prefix, maxBatch, version }
}
