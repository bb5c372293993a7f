import type { Api, ApiId, CallContext, RequestOf } from '@sluice/core'
import { hash } from 'node:crypto'
import { canonicalJson } from './canonical.ts'

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
 * Whose answers a call may get: `shared` for everyone's, or a function that names a tenant by the call's context. A call
 * for which it returns `undefined` is not cached.
 */
export type CacheTenant = 'shared' | ((context: CallContext) => string | undefined)

/** Why a call is not for the cache. */
export type BypassReason =
  /** It belongs to no tenant: set `context.tenant` or the option `tenant`. */
  | 'no_tenant'
  /** It reads or leaves state at the provider: see {@link isStateful}. */
  | 'stateful'
  /** It carries results of tools, which are about one moment. */
  | 'tool_results'
  /** The cache itself failed, or could not read the request. */
  | 'failed'

/**
 * Fields of a request that have no part in the answer: how it is delivered, and who asked. All others, those that we do
 * not know included, are part of the key.
 */
export const ignoredFields: ReadonlySet<string> = new Set(
  'stream stream_options user metadata safety_identifier prompt_cache_key prompt_cache_retention'.split(' '),
)

/** Headers that change what an API does. */
export const keyHeaders: readonly string[] = ['anthropic-beta', 'anthropic-version', 'openai-beta']

/** The key of a query, or why it has none. */
export function keyOf<A extends ApiId>(
  query: CacheQuery<A>,
  context: CallContext,
  tenant: CacheTenant | undefined,
): { readonly key: string } | { readonly bypass: BypassReason } {
  const scope = scopeOf(context, tenant)
  if (!scope) return { bypass: 'no_tenant' }
  const { api, request, url, headers } = query
  if (isStateful(request)) return { bypass: 'stateful' }
  if (api.prompt(request).some(({ kind }) => kind === 'tool_result')) return { bypass: 'tool_results' }
  const fields = Object.entries(request).filter(([name]) => !ignoredFields.has(name))
  const sent = keyHeaders.map((name) => headers?.get(name) ?? null)
  const text = canonicalJson([1, scope, api.id, addressOf(url), sent, Object.fromEntries(fields)])
  return { key: hash('sha256', text, 'base64url') }
}

function scopeOf(context: CallContext, tenant: CacheTenant | undefined): readonly string[] | undefined {
  if (tenant === 'shared') return ['shared']
  const name = tenant ? tenant(context) : context.tenant
  return typeof name === 'string' && name !== '' ? ['tenant', name] : undefined
}

/** Whether the request is to be stored at the provider, run in the background there, or goes on from stored state. */
function isStateful(request: Readonly<Record<string, unknown>>): boolean {
  const { store, background, previous_response_id: previous, conversation, container } = request
  return (
    store === true ||
    background === true ||
    [previous, conversation, container].some((value) => value !== undefined && value !== null)
  )
}

/** Host, path and query of a URL, which holds API versions: no scheme, no credentials, no fragment. */
function addressOf(url: string | undefined): string {
  const parsed = url === undefined ? null : URL.parse(url)
  return parsed ? parsed.host + parsed.pathname + parsed.search : (url ?? '')
}
