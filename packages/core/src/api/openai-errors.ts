import type { SluiceError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { ProviderError } from './api.ts'

/**
 * The error in a body or stream event of a server that speaks OpenAI's dialects: `{ error: { message, type, code } }`,
 * `{ error: 'text' }`, or the flat `{ object: 'error', message, type, code }` of older vLLM.
 */
export function openaiError(value: unknown): ProviderError | undefined {
  if (!isObject(value)) return undefined
  const error = value['object'] === 'error' ? value : value['error']
  if (typeof error === 'string' && error !== '') return { code: 'error', type: undefined, message: error }
  if (!isObject(error)) return undefined
  const { code, type, message } = error
  const name = typeof type === 'string' ? type : undefined
  return {
    // A number is an HTTP status, which says less than the type.
    code: typeof code === 'string' && code !== '' ? code : (name ?? (typeof code === 'number' ? `${code}` : 'error')),
    type: name,
    message: typeof message === 'string' ? message : JSON.stringify(error),
  }
}

/** A Sluice error as OpenAI's error body. */
export function openaiErrorBody({ code, message, details }: SluiceError): JsonObject {
  return { error: { code, message, type: 'sluice_error', param: null, details } }
}
