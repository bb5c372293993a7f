import { contextLength, type Answer, type Choice, type Piece } from './answer.ts'
import { Failure, type FailureInit } from './failure.ts'
import type { Strike } from './faults.ts'

/** Faults after which the caller still has a complete answer. */
const harmless: ReadonlySet<Strike['fault']> = new Set(['slow-first-token', 'missing-done', 'content-filter-finish'])

/** Whether the fault takes the answer from the caller, wholly or in part. */
export function isFatal(strike: Strike | undefined): boolean {
  return strike !== undefined && !harmless.has(strike.fault)
}

/** The error answer that a fault is; `undefined` for one that shows elsewhere. */
export function failureOf(strike: Strike): FailureInit | undefined {
  const init = failures[strike.fault]
  if (!init) return undefined
  const headers = strike.fault === 'http-429' ? { headers: retryAfter(strike) } : undefined
  const message =
    strike.message === undefined ? undefined : { message: strike.message, anthropicMessage: strike.message }
  return { ...init, ...headers, ...message }
}

/** The error that stands inside a stream that began well. */
export function streamFailure(strike: Strike): FailureInit {
  return {
    status: 529,
    code: 'server_error',
    type: 'server_error',
    message: strike.message ?? 'The server had an error while processing your request. Sorry about that!',
    anthropicMessage: strike.message ?? 'Overloaded',
  }
}

/** The answer as the content filter leaves it: its first half, ended by the filter. */
export function filtered(answer: Answer, strike: Strike): Answer {
  const choices = answer.choices.map((choice): Choice => {
    const kept = head(choice.text, strike.afterTokens ?? Math.floor(choice.text.length / 2))
    return { ...choice, text: kept, toolCalls: [], refusal: [], citations: [], finish: 'content_filter' }
  })
  const pieces = choices.flatMap((choice) => [...choice.reasoning, ...choice.text])
  const outputTokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0)
  return { choices, usage: { ...answer.usage, outputTokens } }
}

/** A proxy's error page. */
export const proxyPage: string =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'

const failures: Readonly<Partial<Record<Strike['fault'], FailureInit>>> = {
  'http-500': {
    status: 500,
    message: 'The server had an error while processing your request. Sorry about that!',
    anthropicMessage: 'Internal server error',
  },
  'http-503': {
    status: 503,
    message: 'The engine is currently overloaded, please try again later.',
    anthropicMessage: 'Service unavailable',
  },
  'http-529': { status: 529, message: 'The model is overloaded.', anthropicMessage: 'Overloaded' },
  'http-429': {
    status: 429,
    code: 'rate_limit_exceeded',
    type: 'requests',
    message: 'Rate limit reached for requests. Please try again later.',
    anthropicMessage: "This request would exceed your organization's rate limit. Please try again later.",
  },
  quota: {
    status: 429,
    code: 'insufficient_quota',
    type: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    anthropicMessage: 'Your credit balance is too low to access the API.',
  },
  unauthorized: {
    status: 401,
    code: 'invalid_api_key',
    message: 'Incorrect API key provided.',
    anthropicMessage: 'invalid x-api-key',
  },
  'payment-required': {
    status: 402,
    code: 'billing_hard_limit_reached',
    message: 'Billing hard limit has been reached.',
  },
  forbidden: {
    status: 403,
    code: 'unsupported_country_region_territory',
    type: 'request_forbidden',
    message: 'Country, region, or territory not supported.',
    anthropicMessage: 'Your API key does not have permission to use the specified resource.',
  },
  'not-found': { status: 404, code: 'model_not_found', param: 'model', message: 'The model does not exist.' },
  'bad-request': { status: 400, message: 'Invalid request.' },
  unprocessable: { status: 422, code: 'unprocessable_entity', message: 'The request could not be processed.' },
  'context-length': contextLength(130_001, 128_000).init,
  'content-filter': {
    status: 400,
    code: 'content_filter',
    param: 'prompt',
    message: 'The response was filtered because the prompt triggered the content management policy.',
    anthropicMessage: 'Output blocked by content filtering policy',
    extra: { innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: {} } },
  },
}

/** The fault as the error it is, thrown; returns when it is none. */
export function throwFailure(strike: Strike): void {
  const init = failureOf(strike)
  if (init) throw new Failure(init)
}

function retryAfter(strike: Strike): Record<string, string> {
  const headers: Record<string, string> = {}
  if (strike.retryAfterMs !== undefined) headers['retry-after-ms'] = String(strike.retryAfterMs)
  if (strike.retryAfterDate !== undefined) headers['retry-after'] = new Date(strike.retryAfterDate).toUTCString()
  else if (strike.retryAfterS !== undefined) headers['retry-after'] = String(strike.retryAfterS)
  else if (strike.retryAfterMs === undefined) headers['retry-after'] = '1'
  return headers
}

function head(pieces: readonly Piece[], tokens: number): Piece[] {
  let left = tokens
  return pieces.filter((piece) => (left -= piece.tokens) >= 0)
}
