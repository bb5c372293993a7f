import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Length of the vectors of {@link writeTinyModel}. */
export const tinyDimensions = 16

const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789,.?=私のカドはこで😀≤']
const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...letters, ...letters.map((letter) => `##${letter}`)]

/**
 * For tests: writes a model in the format in which they are published. It looks every letter of a text up in a table: one
 * operator, a few kilobytes, and real in every other respect.
 *
 * @param seed what its weights are made from.
 */
export function writeTinyModel(directory: string, seed = 1): void {
  mkdirSync(join(directory, 'onnx'), { recursive: true })
  const files: Readonly<Record<string, unknown>> = {
    'config.json': {
      model_type: 'bert',
      architectures: ['BertModel'],
      hidden_size: tinyDimensions,
      vocab_size: words.length,
    },
    'tokenizer_config.json': {
      tokenizer_class: 'BertTokenizer',
      model_max_length: 64,
      do_lower_case: true,
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
    },
    'tokenizer.json': tokenizer(),
  }
  for (const [name, value] of Object.entries(files)) writeFileSync(join(directory, name), JSON.stringify(value))
  writeFileSync(join(directory, 'onnx/model.onnx'), model(seed))
}

function tokenizer(): unknown {
  const special = (id: number): object => ({
    id,
    content: words[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [0, 1, 2, 3].map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [words.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  }
}

/**
 * `last_hidden_state = Gather(table, input_ids)`, as a ModelProto.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (field numbers, read 2026-11)
 */
function model(seed: number): Buffer {
  const [float, int64] = [1, 7]
  const table = Buffer.alloc(words.length * tinyDimensions * 4)
  for (let at = 0; at < table.length; at += 4) table.writeFloatLE(Math.sin(seed * 97 + at * at * 0.37), at)
  const shape = (sizes: readonly (string | number)[]): Buffer =>
    bytes(2, ...sizes.map((size) => bytes(1, typeof size === 'string' ? text(2, size) : number(1, size))))
  const value = (field: number, name: string, type: number, sizes: readonly (string | number)[]): Buffer =>
    bytes(field, text(1, name), bytes(2, bytes(1, number(1, type), shape(sizes))))
  const graph = [
    bytes(1, text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(4, 'Gather')),
    text(2, 'tiny'),
    bytes(5, number(1, words.length), number(1, tinyDimensions), number(2, float), text(8, 'table'), bytes(9, table)),
    value(11, 'input_ids', int64, ['batch', 'sequence']),
    value(12, 'last_hidden_state', float, ['batch', 'sequence', tinyDimensions]),
  ]
  return Buffer.concat([number(1, 8), bytes(7, ...graph), bytes(8, text(1, ''), number(2, 13))])
}

/** A field of protocol buffers: a number, bytes, or a text. */
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)])
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value))

function bytes(field: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body])
}

function varint(value: number): Buffer {
  const out: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...out, left])
    out.push((left % 128) | 128)
  }
}
