import { AsyncLocalStorage } from 'node:async_hooks'
import type { Call, PipelineCall } from '../call.ts'
import { isObject } from '../json.ts'

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** What tells whether a client's requests can be made from a template: its credentials and settings. */
export interface TemplateClient {
  fetch: Fetch
  baseURL: string
  readonly apiKey?: unknown
  readonly authToken?: unknown
  readonly organization?: unknown
  readonly project?: unknown
  readonly logLevel?: unknown
  /** The object itself is told apart, not what is in it. */
  readonly fetchOptions?: unknown
  readonly _options?: { readonly [name: string]: unknown }
  /** Set where the Anthropic client traces its calls. */
  readonly _tracer?: unknown
}

/** Options of which each request of a client depends on its credentials, base URL and headers alone. */
const plainOptions: ReadonlySet<string> = new Set(
  (
    'apiKey authToken adminAPIKey organization project webhookSecret webhookKey baseURL timeout maxRetries fetch ' +
    'fetchOptions defaultHeaders defaultQuery dangerouslyAllowBrowser logLevel logger openTelemetry'
  ).split(' '),
)

/**
 * Whether a client adds to a request nothing but what its settings say: the SDK's own class, a key that is a text, no
 * hooks, no middleware, no tracing. Its requests then differ in nothing but their bodies.
 */
export function isPlainClient(client: TemplateClient): boolean {
  const { apiKey, authToken, _options: options, _tracer } = client
  if (!isObject(options) || _tracer !== undefined) return false
  if (typeof apiKey !== 'string' && typeof authToken !== 'string') return false
  if (Object.entries(options).some(([name, value]) => value != null && !plainOptions.has(name))) return false
  if (typeof options['apiKey'] === 'function') return false
  const hooks = ['buildRequest', 'makeRequest', 'prepareOptions', 'prepareRequest', 'fetchWithTimeout', 'authHeaders']
  if (hooks.some((name) => Object.hasOwn(client, name))) return false
  const middleware: unknown = (client as { middleware?: unknown }).middleware
  if (Array.isArray(middleware) && middleware.length > 0) return false
  // The SDK's class defines the hooks itself; a class in between would be a subclass with some of its own.
  for (let at: object | null = Object.getPrototypeOf(client); at; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, 'makeRequest')) return hooks.slice(0, 5).every((name) => Object.hasOwn(at, name))
    if (Object.getOwnPropertyNames(at).some((name) => name !== 'constructor')) return false
  }
  return false
}

/** One request less its body and signal. */
interface Template {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
}

/**
 * The requests of one plain client, as the SDK made the first of each kind: making another from it costs a tenth of
 * asking the SDK again. They hold for the credentials and the base URL that the client had then.
 */
export class RequestTemplates {
  readonly #client: TemplateClient
  readonly #templates = new Map<string, Template>()
  readonly #recording = new AsyncLocalStorage<string>()
  #settings: readonly unknown[] = []

  constructor(client: TemplateClient) {
    this.#client = client
  }

  /** The request for a call, if one of its kind was seen; `undefined` where the SDK has to be asked. */
  find(call: PipelineCall, extra: Record<string, string>): { url: string; init: RequestInit } | undefined {
    const template = this.#templates.get(keyOf(call as unknown as Call))
    if (!template || !isUsual(call as unknown as Call, extra) || this.#client.logLevel === 'debug' || !this.#isSame())
      return undefined
    const { url, init, headers } = template
    const body = call.requestText
    return { url, init: { ...init, headers: new Headers(headers), body, signal: call.signal ?? null } }
  }

  /** Runs `send`, during which the client's request is written down as the template for calls of this kind. */
  watch<T>(call: Call, extra: Record<string, string>, send: () => Promise<T>): Promise<T> {
    return isUsual(call, extra) ? this.#recording.run(keyOf(call), send) : send()
  }

  /** The client's fetch, which writes down what it is called with. */
  readonly fetch: Fetch = (url, given) => {
    const key = this.#recording.getStore()
    const { headers, body, signal: _, ...init } = given
    if (key !== undefined && headers instanceof Headers && typeof body === 'string' && isRepeatable(headers)) {
      if (!this.#isSame()) this.#templates.clear()
      this.#settings = settingsOf(this.#client)
      const kept = new Headers(headers)
      kept.delete('content-length')
      this.#templates.set(key, { url, init, headers: kept })
    }
    return this.#client.fetch(url, given)
  }

  #isSame(): boolean {
    const now = settingsOf(this.#client)
    return now.every((value, index) => value === this.#settings[index])
  }
}

function settingsOf(client: TemplateClient): readonly unknown[] {
  const { baseURL, apiKey, authToken, organization, project, fetchOptions, fetch } = client
  return [baseURL, apiKey, authToken, organization, project, fetchOptions, fetch]
}

function keyOf(call: Call): string {
  return call.api.isStream(call.request) ? `${call.api.id} stream` : call.api.id
}

/** Whether the SDK would make the same request of the call as of any other of its kind. */
function isUsual(call: Call, extra: Record<string, string>): boolean {
  for (const _ in extra) return false
  return !call.http.url.includes('?')
}

/** A header that stands for one request alone forbids making another from it. */
function isRepeatable(headers: Headers): boolean {
  return !headers.has('idempotency-key') && !/^(?:AWS4|Signature)/i.test(headers.get('authorization') ?? '')
}
