import type { ApiId, CallContext, JsonObject } from '@sluice/core'
import type { StoreKey } from '../store/store.ts'
import { canonicalJson } from './canonical.ts'
import { digestsOf, type Digests } from './digests.ts'
import { KeyMemo } from './key-memo.ts'
import { addressOf, keyFields, keyHeaders, type BypassReason, type CacheQuery, type CacheTenant } from './query.ts'
import { remoteContent, type RemoteContent } from './remote-content.ts'
import { isStateful } from './stateful.ts'

export interface KeyOptions {
  readonly tenant: CacheTenant
  readonly keySecret?: string | undefined
  readonly digestOf?: ((reference: string) => string | undefined) | undefined
}

/** A query with its place in a store. */
export interface Keyed {
  readonly key: StoreKey
  /** The second digest of the request, worked out when it is first asked for. */
  check(): string
  /** Names the queries that differ from this one in what `request` differs from its own in. */
  partition(request: JsonObject): string
  /** Keeps the key at hand, because this very request is likely to come again. */
  remember(): void
}

/** What a key is made of. */
export interface KeyParts {
  readonly scope: readonly string[]
  readonly api: ApiId
  readonly address: string
  readonly headers: readonly (string | null)[]
  readonly fields: Readonly<Record<string, unknown>>
  /** What the application says of content that the request only refers to, by path. */
  readonly digests: readonly (readonly [path: readonly (string | number)[], digest: string])[]
}

/** Keys without the same version have nothing to do with each other. */
const version = 2

/** How many tenants and addresses have their names kept at hand. */
const mostKnown = 1_000

/** Makes keys: see `createCache` for what is in one. */
export class KeyMaker {
  readonly #options: KeyOptions
  readonly #digests: Digests
  readonly #scopes = new Map<string, string>()
  readonly #addresses = new Map<string, string>()
  readonly #memo = new KeyMemo()
  #hasHits = false

  constructor(options: KeyOptions) {
    this.#options = options
    this.#digests = digestsOf(options.keySecret)
  }

  /** The key of a query, or why it has none. Throws on a request that is no JSON, and what the application's functions throw. */
  key<A extends ApiId>(query: CacheQuery<A>, context: CallContext): Keyed | { readonly bypass: BypassReason } {
    const scope = scopeOf(context, this.#options.tenant)
    if (!scope) return { bypass: 'no_tenant' }
    const { api, request, url, headers } = query
    // Where nothing was hit yet there is nothing to look for.
    const written = this.#hasHits ? JSON.stringify([scope, api.id, url, sentHeaders(headers), request]) : undefined
    const known = written === undefined ? undefined : this.#memo.find(written)
    if (known) {
      const { key, check } = known
      return { key, check: () => check, partition: (frame) => this.#partition(query, scope, frame), remember: nothing }
    }
    const parts = this.#parts(query, scope)
    if ('bypass' in parts) return parts
    const text = keyText(parts)
    const key = { scope: this.scope(scope), id: this.#digests.id(text) }
    let digest: string | undefined
    const check = (): string => (digest ??= this.#digests.check(text))
    // What the application says of content that lies elsewhere may change.
    const isFixed = parts.digests.length === 0
    const remember = (): void => {
      this.#hasHits = true
      // It is not written now: what it was made of may have changed since.
      if (isFixed && written !== undefined) this.#memo.keep(written, { key, check: check() })
    }
    return { key, check, partition: (frame) => this.#partition(query, scope, frame), remember }
  }

  /** What the key of a query is made of, or why it has none. */
  parts<A extends ApiId>(query: CacheQuery<A>, context: CallContext): KeyParts | { readonly bypass: BypassReason } {
    const scope = scopeOf(context, this.#options.tenant)
    return scope ? this.#parts(query, scope) : { bypass: 'no_tenant' }
  }

  #partition<A extends ApiId>(query: CacheQuery<A>, scope: readonly string[], frame: JsonObject): string {
    const parts = this.#parts(query, scope)
    // A query that has a key has parts.
    return 'bypass' in parts ? '' : this.#digests.id(`p${keyText({ ...parts, fields: keyFields(frame) })}`)
  }

  #parts<A extends ApiId>(
    { api, request, url, headers }: CacheQuery<A>,
    scope: readonly string[],
  ): KeyParts | { readonly bypass: BypassReason } {
    if (isStateful(request)) return { bypass: 'stateful' }
    const remote = remoteContent(request)
    const digests = remote.length === 0 ? none : this.#digestsOf(remote)
    if (!digests) return { bypass: 'remote_content' }
    const address = remembered(this.#addresses, url ?? '', addressOf)
    const fields = keyFields(request)
    return { scope, api: api.id, address, headers: sentHeaders(headers), fields: without(fields, remote), digests }
  }

  /** The name of a tenant's scope in a store. */
  scope(scope: readonly string[]): string {
    return remembered(this.#scopes, canonicalJson(scope), (text) => this.#digests.scope(text))
  }

  #digestsOf(remote: readonly RemoteContent[]): KeyParts['digests'] | undefined {
    const { digestOf } = this.#options
    if (!digestOf) return undefined
    const digests: [RemoteContent['path'], string][] = []
    for (const { path, reference } of remote) {
      const digest = digestOf(reference)
      if (typeof digest !== 'string' || digest === '') return undefined
      digests.push([path, digest])
    }
    return digests
  }
}

const none: KeyParts['digests'] = []
const noHeaders: KeyParts['headers'] = keyHeaders.map(() => null)
const nothing = (): void => undefined

function sentHeaders(headers: Headers | undefined): KeyParts['headers'] {
  return headers ? keyHeaders.map((name) => headers.get(name)) : noHeaders
}

/** The text that a key is the digest of. */
function keyText({ scope, api, address, headers, fields, digests }: KeyParts): string {
  return canonicalJson([version, scope, api, address, headers, fields, digests])
}

/** The scope of a tenant, or of everyone. */
export function scopeOf(context: CallContext, tenant: CacheTenant): readonly string[] | undefined {
  if (tenant === 'shared') return ['shared']
  const name = typeof tenant === 'function' ? tenant(context) : context.tenant
  return typeof name === 'string' && name !== '' ? ['tenant', name] : undefined
}

/** A copy with `null` in the place of every reference: their digests stand for them, whatever they are called today. */
function without(fields: Record<string, unknown>, remote: readonly RemoteContent[]): Record<string, unknown> {
  let copy: unknown = fields
  for (const { path } of remote) copy = cleared(copy, path)
  return copy as Record<string, unknown>
}

function cleared(value: unknown, [at, ...rest]: readonly (string | number)[]): unknown {
  if (at === undefined || typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.with(at as number, cleared(value[at as number], rest))
  return { ...value, [at]: cleared((value as Readonly<Record<string, unknown>>)[at], rest) }
}

function remembered(known: Map<string, string>, text: string, make: (text: string) => string): string {
  const at = known.get(text)
  if (at !== undefined) return at
  const made = make(text)
  // Whoever has more than this many of them pays for the digest, not with memory.
  if (known.size >= mostKnown) known.clear()
  known.set(text, made)
  return made
}
