import { SluiceError } from '@sluice/core'
import { loadPeer } from '../peer.ts'
import { unitVector } from '../vector/unit-vector.ts'
import type { Embedder } from './embedder.ts'
import { lookAtModel, weightsFiles, type LocalModelWeights } from './local-model.ts'

export interface LocalEmbedderOptions {
  /** How one vector is made of those of the tokens. The model's card says which it was trained for; another one makes its vectors useless. @default 'mean' */
  readonly pooling?: 'mean' | 'cls' | 'last_token'
  /** Which of the directory's weights are loaded. @default 'fp32' */
  readonly weights?: LocalModelWeights
  /** What stands before every text, where a model wants it: `query: ` for E5. @default '' */
  readonly prefix?: string
}

const optionNames = ['pooling', 'weights', 'prefix']
const poolings: readonly unknown[] = ['mean', 'cls', 'last_token'] satisfies LocalEmbedderOptions['pooling'][]
const peer = '@huggingface/transformers'

/** The part of the peer that is used. Its own types make a union of every task, which takes a compiler seconds. */
interface Transformers {
  pipeline(task: 'feature-extraction', path: string, options: object): Promise<Extractor>
}

type Extractor = (text: string, options: object) => Promise<{ readonly data: ArrayLike<number> }>

/**
 * An embedder that runs a model in this process, with ONNX Runtime, through the optional peer `@huggingface/transformers`.
 * Nothing is downloaded and nothing leaves the process: the model is loaded from a directory, at the first text.
 *
 * Texts are embedded one after another: beside others a text is padded, which changes its vector a little, and with
 * weights of 8 bits more than a little. What is longer than the model takes is cut. The work is done on threads of the
 * runtime's own.
 *
 * @param path the model's directory: config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx.
 * @throws {SluiceError} `config.option` and `config.model` at construction. `embed` rejects with `config.peer` when the
 * peer is not installed, with `cache.model` when the model does not load or run, and with `cache.vector` when a vector is
 * all zeros or not finite.
 *
 * @example
 * const embedder = localEmbedder('./models/bge-small-en-v1.5', { pooling: 'cls', weights: 'q8' })
 */
export function localEmbedder(path: string, options: LocalEmbedderOptions = {}): Embedder {
  const { pooling, weights, prefix } = checked(path, options)
  const model = lookAtModel(path, weights)
  let loading: Promise<Extractor> | undefined
  const load = async (): Promise<Extractor> => {
    const transformers = await loadPeer('localEmbedder', peer, () => import('@huggingface/transformers'))
    const { pipeline } = transformers as unknown as Transformers
    return pipeline('feature-extraction', model.path, { dtype: weights, local_files_only: true }).catch((cause) => {
      throw modelError(model.path, 'load', cause)
    })
  }
  // Texts run one at a time: the runtime takes all cores for each.
  let last: Promise<unknown> = Promise.resolve()
  const run = async (text: string, signal: AbortSignal | undefined): Promise<Float32Array> => {
    const extract = await (loading ??= load())
    const turn = last.then(async () => {
      signal?.throwIfAborted()
      const { data } = await extract(prefix + text, { pooling }).catch((cause: unknown) => {
        throw modelError(model.path, 'run', cause)
      })
      return unitVector(Float32Array.from(data))
    })
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    id: `local ${JSON.stringify([model.name, model.digest, weights, pooling, prefix])}`,
    dimensions: model.dimensions,
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted()
      return Promise.all(texts.map((text) => run(text, signal)))
    },
  }
}

function modelError(path: string, what: 'load' | 'run', cause: unknown): SluiceError {
  return new SluiceError({
    code: 'cache.model',
    message: `The model in ${path} does not ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    status: 500,
    cause,
  })
}

function checked(path: string, options: LocalEmbedderOptions): Required<LocalEmbedderOptions> {
  const refuse = (problem: string): never => {
    throw new SluiceError({ code: 'config.option', message: `localEmbedder() ${problem}` })
  }
  if (typeof path !== 'string' || path === '')
    refuse(`needs the path of a model's directory, got ${JSON.stringify(path)}.`)
  const { pooling = 'mean', weights = 'fp32', prefix = '', ...unknown } = options
  for (const name of Object.keys(unknown)) refuse(`has no option "${name}". The options are ${optionNames.join(', ')}.`)
  if (!poolings.includes(pooling)) refuse(`needs mean, cls or last_token as pooling, got ${JSON.stringify(pooling)}.`)
  if (!Object.hasOwn(weightsFiles, weights))
    refuse(`needs one of ${Object.keys(weightsFiles).join(', ')} as weights, got ${JSON.stringify(weights)}.`)
  if (typeof prefix !== 'string') refuse(`needs a string as prefix, got ${typeof prefix}.`)
  return { pooling, weights, prefix }
}
