import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { SluiceError } from '@sluice/core'

/** How the weights of a model are kept: 32 or 16 bits, 8 or 4. A directory has a file for each that it offers. */
export type LocalModelWeights = 'fp32' | 'fp16' | 'q8' | 'q4'

export const weightsFiles: Readonly<Record<LocalModelWeights, string>> = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  q8: 'onnx/model_quantized.onnx',
  q4: 'onnx/model_q4.onnx',
}

/** What is told of a model by its directory. */
export interface LocalModel {
  readonly path: string
  readonly name: string
  /** Changes with the configuration, the tokenizer and the weights. */
  readonly digest: string
  /** Length of its vectors, where the configuration says so. */
  readonly dimensions: number | undefined
}

/**
 * Looks at a directory before anything is loaded from it.
 *
 * @throws {SluiceError} `config.model` when it is not one that a model can be loaded from; it names the file that is missing.
 */
export function lookAtModel(directory: string, weights: LocalModelWeights): LocalModel {
  const path = resolve(directory)
  const hash = createHash('sha256')
  const read = <T>(name: string, reader: (file: string) => T): T => {
    const file = join(path, name)
    try {
      return reader(file)
    } catch (cause) {
      throw new SluiceError({
        code: 'config.model',
        message:
          `localEmbedder() cannot read ${file}. A model's directory has config.json, tokenizer.json, ` +
          `tokenizer_config.json and ${weightsFiles[weights]}, as models in the ONNX format are published.`,
        details: { file },
        cause,
      })
    }
  }
  const config = read('config.json', (file) => {
    const text = readFileSync(file)
    hash.update(text)
    return JSON.parse(text.toString()) as { readonly hidden_size?: unknown }
  })
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) hash.update(read(name, (file) => readFileSync(file)))
  for (const sample of read(weightsFiles[weights], samplesOf)) hash.update(sample)
  const { hidden_size: size } = config
  return {
    path,
    name: basename(path),
    digest: hash.digest('base64url').slice(0, 16),
    dimensions: typeof size === 'number' && Number.isInteger(size) && size > 0 ? size : undefined,
  }
}

const sampleBytes = 4_096
const samples = 32

/** Pieces from all over a file, and its size: weights that were trained further differ everywhere. */
function samplesOf(file: string): Buffer[] {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const pieces = Array.from({ length: samples }, (_, at) => {
      const piece = Buffer.alloc(sampleBytes)
      const from = Math.floor((Math.max(0, size - sampleBytes) * at) / (samples - 1))
      return piece.subarray(0, readSync(descriptor, piece, 0, sampleBytes, from))
    })
    return [Buffer.from(String(size)), ...pieces]
  } finally {
    closeSync(descriptor)
  }
}
