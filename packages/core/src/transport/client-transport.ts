import type { ApiId } from '../api/api.ts'
import type { Call } from '../call.ts'
import { connectionFailureOf, keepErrorBehind, wireError } from '../errors-http.ts'
import { configError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Handler } from '../pipeline.ts'
import type { Reply } from '../reply.ts'
import { textResponse } from '../response.ts'
import { ownCall } from './make-call.ts'
import { isPlainClient, RequestTemplates, type TemplateClient } from './request-template.ts'
import { responseReply } from './response-reply.ts'

/**
 * An SDK client that requests can be sent through: `OpenAI` (Azure and Bedrock variants too) from version 5, `Anthropic`,
 * or one of them wrapped by `sluice`. Structural, so that any installed copy fits.
 */
export interface SendingClient {
  baseURL: string
  maxRetries: number
  withOptions(options: object): unknown
  post(path: string, options: never): unknown
}

/** Settings of a {@link clientTransport}. */
export interface ClientTransportOptions {
  /**
   * Headers of the application's request that go along, lower case, beside those of the client itself.
   * @default `anthropic-beta`, `openai-beta`, `traceparent`, `tracestate`
   */
  readonly forwardHeaders?: readonly string[]
}

/** Where a client's resources post their calls. */
const paths = {
  'openai.chat': '/chat/completions',
  'openai.responses': '/responses',
  'openai.completions': '/completions',
  'openai.embeddings': '/embeddings',
  'anthropic.messages': '/v1/messages',
} as const satisfies Record<ApiId, string>

const forwardedByDefault = ['anthropic-beta', 'openai-beta', 'traceparent', 'tracestate']

/** The inside of an SDK client, as far as sending needs it: the same in openai 5 to 7 and `@anthropic-ai/sdk` 0.60 to 1. */
interface InnerClient extends TemplateClient {
  maxRetries: number
  withOptions(options: { maxRetries: number; fetch?: TemplateClient['fetch'] }): InnerClient
  post(path: string, options: PostOptions): { asResponse(): Promise<Response> }
  makeStatusError(status: number, error: unknown, message: string | undefined, headers: Headers): Error
}

interface PostOptions {
  readonly body: JsonObject
  readonly stream: boolean
  readonly maxRetries: 0
  readonly headers: Record<string, string>
  readonly query?: Record<string, string>
  readonly signal?: AbortSignal
}

/** How the error for a refused request leaves the SDK's own code. */
class Refusal extends Error {
  readonly response: () => Response

  constructor(response: () => Response) {
    super('refused')
    this.response = response
  }
}

/**
 * A handler that sends calls through an SDK client of their provider: its base URL, credentials, headers, proxy and
 * signing, but none of its retries. It sends what is in the call's dialect, once, and replies with what came back, errors
 * included; a failure below HTTP is thrown as `fetch` throws it, an abort with the signal's reason. The SDK's `timeout` is
 * not used where the client is known to add nothing but headers to a request (static key, no hooks): the caller's signal
 * is what ends a call.
 *
 * @throws {SluiceError} `config.client` when the client is none.
 */
export function clientTransport(client: SendingClient, options: ClientTransportOptions = {}): Handler {
  const given = client as unknown as InnerClient
  if (typeof given?.post !== 'function' || typeof given.withOptions !== 'function')
    throw configError(
      'client',
      'A transport sends through an OpenAI (version 5 or later) or Anthropic client, or one wrapped by sluice(). ' +
        `Got ${client === null ? 'null' : typeof client}.`,
    )
  const forwarded = options.forwardHeaders ?? forwardedByDefault
  if (!Array.isArray(forwarded) || forwarded.some((name) => typeof name !== 'string'))
    throw configError('option', `forwardHeaders must be a list of header names, got ${JSON.stringify(forwarded)}.`)
  const templates = isPlainClient(given) ? new RequestTemplates(given) : undefined
  const sender = senderOf(given, templates)
  return async (call) => {
    const own = ownCall(call)
    const headers = along(call, forwarded)
    const record = own.sending()
    record.url = given.baseURL
    try {
      const ready = templates?.find(own, headers)
      if (!ready) keepInStep(given, sender)
      const response = ready ? await given.fetch(ready.url, ready.init) : await post(sender, call, headers, templates)
      record.responded(response.status)
      return responseReply(call, response) as Reply
    } catch (error) {
      const failure = call.signal?.aborted ? call.signal.reason : causeOf(error)
      record.threw(failure)
      throw wireError(failure)
    }
  }
}

/** A copy of the client that does not retry and that gives refusals back as they came. */
function senderOf(client: InnerClient, templates: RequestTemplates | undefined): InnerClient {
  const fetch = templates && { fetch: templates.fetch }
  const sender = client.withOptions({ maxRetries: 0, ...fetch })
  const makeStatusError = sender.makeStatusError.bind(sender)
  sender.makeStatusError = (status, error, message, headers) => {
    // A wrapped client tells of connections that broke by a response of its own.
    if (connectionFailureOf(headers) !== undefined) return makeStatusError(status, error, message, headers)
    return new Refusal(() => {
      const body = error === undefined ? (message ?? '') : JSON.stringify(error)
      return textResponse(body, { status, headers: headersOf(headers) })
    })
  }
  return sender
}

/** Settings that applications change on a client in use: keys are rotated so. Its copy for sending follows. */
const changeable = ['baseURL', 'apiKey', 'authToken', 'organization', 'project'] as const

function keepInStep(client: InnerClient, sender: InnerClient): void {
  for (const name of changeable) {
    const value = client[name]
    if (typeof value === 'string' && sender[name] !== value) Object.assign(sender, { [name]: value })
  }
}

/** The headers of a refusal without what described its old body. */
function headersOf(headers: Headers): Headers {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) kept.delete(name)
  keepErrorBehind(headers, kept)
  return kept
}

async function post(
  sender: InnerClient,
  call: Call,
  headers: Record<string, string>,
  templates: RequestTemplates | undefined,
): Promise<Response> {
  const query = betaQuery(call)
  const options: PostOptions = {
    body: call.request,
    stream: call.api.isStream(call.request),
    maxRetries: 0,
    headers,
    ...(query && { query }),
    ...(call.signal && { signal: call.signal }),
  }
  const request = (): Promise<Response> => sender.post(paths[call.api.id], options).asResponse()
  try {
    return await (templates ? templates.watch(call, headers, request) : request())
  } catch (error) {
    if (error instanceof Refusal) return error.response()
    throw error
  }
}

/** Anthropic's beta resources post to the same path with a query. */
function betaQuery(call: Call): Record<string, string> | undefined {
  return call.api.id === 'anthropic.messages' && /[?&]beta=true\b/.test(call.http.url) ? { beta: 'true' } : undefined
}

function along(call: Call, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of names) {
    const value = call.http.headers.get(name)
    if (value !== null) headers[name] = value
  }
  return headers
}

/** What was behind the SDK's own error for a failed connection. */
function causeOf(error: unknown): unknown {
  const { cause } = error as { cause?: unknown }
  if (!(error instanceof Error) || !error.constructor.name.startsWith('APIConnection')) return error
  return cause instanceof Error ? cause : new DOMException(error.message, 'TimeoutError')
}
