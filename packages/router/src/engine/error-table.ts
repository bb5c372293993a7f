/** What kinds of failure there are. */
export const failureClasses = [
  'connection',
  'timeout',
  'broken',
  'rate_limit',
  'quota',
  'auth',
  'overload',
  'server',
  'conflict',
  'context_length',
  'content_filter',
  'request',
] as const

/** What kind of failure a try met. */
export type FailureClass = (typeof failureClasses)[number]

/**
 * What to do about it. `retry`: the same target again, then another. `next`: another target at once. `larger`: only a
 * target with a longer context. `stop`: give it back; any target would say the same, or must not be asked.
 */
export type FailureAction = 'retry' | 'next' | 'larger' | 'stop'

/** What a try said of itself when it failed. */
export interface Failure {
  /**
   * `http`: a refusal. `answer`: an error inside an HTTP 200, whole or as an event of a stream. `broken`: an answer that
   * broke off before any content, or is not what it says it is. `timeout`: one of the router's own.
   */
  readonly kind: 'http' | 'answer' | 'connection' | 'broken' | 'timeout'
  readonly status?: number | undefined
  /** The provider's own code and type, where it names them. */
  readonly code?: string | undefined
  readonly type?: string | undefined
  /** Read for what no code tells; never shown. */
  readonly message?: string | undefined
  readonly headers?: Headers | undefined
}

/** One row of the table. All conditions that are given must hold; the first row that fits counts. */
export interface ErrorRule {
  /** Unique; the reason in reports. */
  readonly name: string
  readonly kinds?: readonly Failure['kind'][]
  /** Status or [first, last]. An `answer` has the status that its code names, if that is a number. */
  readonly statuses?: readonly (number | readonly [first: number, last: number])[]
  /** Codes or types. */
  readonly codes?: readonly string[]
  readonly message?: RegExp
  readonly class: FailureClass
  readonly action: FailureAction
}

const words = (text: string): readonly string[] => text.split(' ')

/**
 * What a router does about each failure, first row first. Put rows of your own before it with the option `errors`.
 *
 * Sources: the error pages of OpenAI (https://platform.openai.com/docs/guides/error-codes) and Anthropic
 * (https://docs.anthropic.com/en/api/errors), Azure's content filter, and the texts of vLLM, read in November 2026.
 */
export const errorTable: readonly ErrorRule[] = [
  { name: 'timeout', kinds: ['timeout'], class: 'timeout', action: 'next' },
  { name: 'bridge_lossy', codes: ['bridge.lossy'], class: 'request', action: 'next' },
  { name: 'connection', kinds: ['connection'], class: 'connection', action: 'retry' },
  { name: 'broken_answer', kinds: ['broken'], class: 'broken', action: 'retry' },
  {
    name: 'content_filter',
    codes: words('content_filter content_policy_violation responsible_ai_policy_violation moderation_blocked'),
    class: 'content_filter',
    action: 'stop',
  },
  {
    name: 'content_filter_text',
    message: /content filtering policy|content management policy|flagged by .{0,40}(?:moderation|safety)/i,
    class: 'content_filter',
    action: 'stop',
  },
  {
    name: 'context_length',
    codes: words('context_length_exceeded string_above_max_length'),
    class: 'context_length',
    action: 'larger',
  },
  {
    name: 'context_length_text',
    kinds: ['http', 'answer'],
    message: /maximum context length|prompt is too long|context window|input length and `?max_tokens`? exceed/i,
    class: 'context_length',
    action: 'larger',
  },
  {
    name: 'quota',
    codes: words('insufficient_quota billing_hard_limit_reached billing_not_active billing_error access_terminated'),
    class: 'quota',
    action: 'next',
  },
  {
    name: 'quota_text',
    message: /credit balance is too low|exceeded your current quota/i,
    class: 'quota',
    action: 'next',
  },
  { name: 'http_402', statuses: [402], class: 'quota', action: 'next' },
  { name: 'http_401', statuses: [401], class: 'auth', action: 'next' },
  { name: 'http_403', statuses: [403], class: 'auth', action: 'next' },
  {
    name: 'auth',
    codes: words('authentication_error invalid_api_key permission_error'),
    class: 'auth',
    action: 'next',
  },
  { name: 'http_429', statuses: [429], class: 'rate_limit', action: 'retry' },
  {
    name: 'rate_limit',
    codes: words('rate_limit_exceeded rate_limit_error requests tokens too_many_requests'),
    class: 'rate_limit',
    action: 'retry',
  },
  { name: 'http_503', statuses: [503, 529], class: 'overload', action: 'retry' },
  {
    name: 'overload',
    codes: words('overloaded_error overloaded server_overloaded engine_overloaded service_unavailable'),
    class: 'overload',
    action: 'retry',
  },
  { name: 'http_408', statuses: [408, 409], class: 'conflict', action: 'retry' },
  { name: 'http_5xx', statuses: [[500, 599]], class: 'server', action: 'retry' },
  {
    name: 'invalid_request',
    codes: words(
      'invalid_request_error not_found_error request_too_large model_not_found invalid_prompt invalid_image ' +
        'image_parse_error BadRequestError NotFoundError',
    ),
    class: 'request',
    action: 'stop',
  },
  { name: 'http_4xx', statuses: [[400, 499]], class: 'request', action: 'stop' },
  { name: 'error_in_answer', kinds: ['answer'], class: 'server', action: 'retry' },
  { name: 'unknown_status', kinds: ['http'], class: 'request', action: 'stop' },
]

/** The HTTP status that tells of a failure which came with status 200. */
export function statusFor(failure: Failure, rule: ErrorRule): number {
  return statusOf(failure) ?? statuses[rule.class]
}

const statuses: Readonly<Record<FailureClass, number>> = {
  connection: 502,
  timeout: 504,
  broken: 502,
  rate_limit: 429,
  quota: 429,
  auth: 401,
  overload: 503,
  server: 502,
  conflict: 409,
  context_length: 400,
  content_filter: 400,
  request: 400,
}

/** The row for a failure: of `own` first, then of {@link errorTable}. */
export function classify(failure: Failure, own: readonly ErrorRule[] = []): ErrorRule {
  const rule = own.find((each) => fits(each, failure)) ?? errorTable.find((each) => fits(each, failure))
  // The last rows take every kind there is.
  return rule as ErrorRule
}

function fits(rule: ErrorRule, failure: Failure): boolean {
  const { kinds, statuses, codes, message } = rule
  if (kinds && !kinds.includes(failure.kind)) return false
  if (statuses && !statuses.some((each) => holds(each, statusOf(failure)))) return false
  if (codes && !codes.some((code) => code === failure.code || code === failure.type)) return false
  return !message || (failure.message !== undefined && message.test(failure.message))
}

function holds(range: number | readonly [number, number], status: number | undefined): boolean {
  if (status === undefined) return false
  return typeof range === 'number' ? status === range : status >= range[0] && status <= range[1]
}

/** Some servers give the HTTP status as the code of an error inside an answer. */
function statusOf({ kind, status, code }: Failure): number | undefined {
  if (kind === 'http') return status
  return kind === 'answer' && code !== undefined && /^[45]\d\d$/.test(code) ? Number(code) : undefined
}
