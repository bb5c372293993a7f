import type { JsonObject } from '../../json.ts'

/** Whose error shape a failure takes. */
export type Vendor = 'openai' | 'anthropic'

export interface FailureInit {
  readonly status: number
  readonly message: string
  /** OpenAI's `error.code`. */
  readonly code?: string | null
  /** OpenAI's `error.type`; Anthropic's follows from the status unless `anthropicType` is given. */
  readonly type?: string
  readonly anthropicType?: string
  /** Anthropic's wording, where it differs. */
  readonly anthropicMessage?: string
  readonly param?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Further fields of OpenAI's `error` object. */
  readonly extra?: JsonObject
}

/** A request that the provider answers with an error status. Thrown inside the provider, never out of it. */
export class Failure extends Error {
  readonly init: FailureInit

  constructor(init: FailureInit) {
    super(init.message)
    this.init = init
  }
}

/** The provider's answer to a malformed request: 400 `invalid_request_error`. */
export function badRequest(message: string, param: string | null = null, code: string | null = null): Failure {
  return new Failure({ status: 400, message, param, code, type: 'invalid_request_error' })
}

const anthropicTypes: Readonly<Record<number, string>> = {
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

/** The error object of a failure, as it stands in an error body and in a stream's error event. */
export function errorObject(vendor: Vendor, init: FailureInit): JsonObject {
  if (vendor === 'anthropic') {
    const type = init.anthropicType ?? anthropicTypes[init.status] ?? 'api_error'
    return { type, message: init.anthropicMessage ?? init.message }
  }
  const type = init.type ?? (init.status >= 500 ? 'server_error' : 'invalid_request_error')
  return { message: init.message, type, param: init.param ?? null, code: init.code ?? null, ...init.extra }
}

/** The body of an error answer. */
export function errorBody(vendor: Vendor, init: FailureInit, requestId: string): JsonObject {
  const error = errorObject(vendor, init)
  return vendor === 'anthropic' ? { type: 'error', error, request_id: requestId } : { error }
}
