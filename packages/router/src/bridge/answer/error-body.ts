import type { JsonObject, ProviderError } from '@sluice/core'
import type { BridgedApi } from '../stream/piece.ts'

const messagesTypes: { readonly [status: number]: string } = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** Anthropic's own types; OpenAI's `invalid_request_error` is one of them. */
const known = new Set([...Object.values(messagesTypes), 'api_error'])

/** The type that Anthropic would give an error: by its HTTP status, else the type itself where it is one of Anthropic's. */
export function messagesErrorType({ code, type }: ProviderError, status?: number): string {
  const byStatus = status === undefined ? undefined : messagesTypes[status]
  if (byStatus !== undefined) return byStatus
  if (type !== undefined && known.has(type)) return type
  if (status !== undefined) return status < 500 ? 'invalid_request_error' : 'api_error'
  return /rate_limit|quota/.test(`${code} ${type}`) ? 'rate_limit_error' : 'api_error'
}

/** A provider's error as an HTTP error body of another dialect. The provider's code and words are kept. */
export function translateError(to: BridgedApi, error: ProviderError, status: number): JsonObject {
  const { code, type, message } = error
  if (to === 'anthropic.messages') {
    const own = messagesErrorType(error, status)
    return { type: 'error', error: { type: own, message, ...(code !== own && { details: { error_code: code } }) } }
  }
  const fallback = status >= 500 ? 'server_error' : 'invalid_request_error'
  return { error: { message, type: type ?? fallback, param: null, code } }
}
