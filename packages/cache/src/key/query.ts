import type { Api, ApiId, CallContext, RequestOf } from '@sluice/core'

/** A request as the cache sees it. */
export interface CacheQuery<A extends ApiId = ApiId> {
  readonly api: Api<A>
  /** The native request body. */
  readonly request: RequestOf<A>
  /** Where it goes. Answers of two hosts or deployments are never mixed. @default none */
  readonly url?: string
  /** Its HTTP headers; those in {@link keyHeaders} are part of the key. */
  readonly headers?: Headers
}

/**
 * Whose answers a call may get. `context`: those of its `context.tenant`. `shared`: everyone's. A function names a tenant by
 * the call's context. A call that has no tenant by it is not cached.
 */
export type CacheTenant = 'context' | 'shared' | ((context: CallContext) => string | undefined)

/** Why a call is not for the cache. */
export type BypassReason =
  /** It belongs to no tenant: set `context.tenant`, or the option `tenant`. */
  | 'no_tenant'
  /** It reads or leaves state at the provider. */
  | 'stateful'
  /** It names an image or a file by URL or id, so that what the model reads may change: see the option `digestOf`. */
  | 'remote_content'
  /** The cache itself failed, or could not read the request. */
  | 'failed'

/**
 * Fields of a request that have no part in the answer: how it is delivered, and who asked. All others, those that we do
 * not know included, are part of the key.
 */
export const ignoredFields: ReadonlySet<string> = new Set([
  'stream',
  'stream_options',
  'user',
  'metadata',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'request_id',
])

/** Headers that change what an API does. */
export const keyHeaders: readonly string[] = ['anthropic-beta', 'anthropic-version', 'openai-beta']

/** The fields of a request that are part of its key. */
export function keyFields(request: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const name of Object.keys(request)) {
    if (ignoredFields.has(name)) continue
    // Plain assignment to this one name would set the prototype instead of a field.
    if (name === '__proto__') Object.defineProperty(fields, name, { value: request[name], enumerable: true })
    else fields[name] = request[name]
  }
  return fields
}

/** Host, path and query of a URL, which holds API versions: no scheme, no credentials, no fragment. */
export function addressOf(url: string | undefined): string {
  const parsed = url === undefined ? null : URL.parse(url)
  return parsed ? parsed.host + parsed.pathname + parsed.search : (url ?? '')
}
