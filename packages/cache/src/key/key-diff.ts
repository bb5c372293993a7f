import type { CallContext } from '@sluice/core'
import { createHmac, randomBytes } from 'node:crypto'
import { KeyMaker, type KeyParts } from './key-maker.ts'
import { keyHeaders, type BypassReason, type CacheQuery } from './query.ts'

/** One of the two queries that are compared. */
export interface KeyDiffSide {
  readonly query: CacheQuery
  readonly context?: CallContext
}

export interface KeyDiffOptions {
  /** Show the values themselves, prompts included. @default false: of texts only their length and a digest */
  readonly showValues?: boolean
}

/** What splits two keys. */
export interface KeyDifference {
  /** `field`: of the request. `content`: what `digestOf` says of an image or a file. */
  readonly part: 'tenant' | 'dialect' | 'address' | 'header' | 'field' | 'content'
  /** Where: `messages[0].content`, or the header's name; empty for the parts that there is one of. */
  readonly path: string
  /** `missing`: one has it and the other has not. `type`: both have it, a text here and a list there. */
  readonly reason: 'value' | 'missing' | 'type'
  /** What stands there, masked: `text of 27 characters #3f9c01aa`; `nothing` where it is missing. */
  readonly a: string
  readonly b: string
}

export interface KeyDiff {
  /** Both have a key, and it is the same one. */
  readonly isSame: boolean
  readonly differences: readonly KeyDifference[]
  /** Why a query has no key at all; absent when both have one. */
  readonly bypass?: { readonly a: BypassReason | undefined; readonly b: BypassReason | undefined }
}

/** After so many differences two requests have nothing in common. */
const mostDifferences = 100

/** Makes equal texts recognisable in one process without letting anybody try what they were. */
const salt = randomBytes(16)

/**
 * Which parts of two queries give them different keys: every field, with what stands there masked, for finding out why a
 * request that should have been a hit was none. Tenants are compared as in a cache with `tenant: 'context'`, unless they
 * are left out of both.
 *
 * @example
 * const { differences } = keyDiff({ query: yesterday }, { query: today })
 * for (const { path, reason, a, b } of differences) console.log(path, reason, a, b)
 */
export function keyDiff(a: KeyDiffSide, b: KeyDiffSide, options: KeyDiffOptions = {}): KeyDiff {
  const isShared = a.context?.tenant === undefined && b.context?.tenant === undefined
  return keyDiffOf(new KeyMaker({ tenant: isShared ? 'shared' : 'context' }), a, b, options)
}

/** As {@link keyDiff}, by the rules of one cache. */
export function keyDiffOf(keys: KeyMaker, a: KeyDiffSide, b: KeyDiffSide, options: KeyDiffOptions = {}): KeyDiff {
  const [one, other] = [partsOf(keys, a), partsOf(keys, b)]
  if ('bypass' in one || 'bypass' in other) {
    const bypass = { a: bypassOf(one), b: bypassOf(other) }
    return { isSame: false, differences: [], bypass }
  }
  const differences = new Comparison(options.showValues ?? false).compare(one, other)
  return { isSame: differences.length === 0, differences }
}

type Parts = ReturnType<KeyMaker['parts']>

function partsOf(keys: KeyMaker, { query, context = {} }: KeyDiffSide): Parts {
  try {
    return keys.parts(query, context)
  } catch {
    return { bypass: 'failed' }
  }
}

function bypassOf(parts: Parts): BypassReason | undefined {
  return 'bypass' in parts ? parts.bypass : undefined
}

class Comparison {
  readonly #showValues: boolean
  readonly #differences: KeyDifference[] = []

  constructor(showValues: boolean) {
    this.#showValues = showValues
  }

  compare(a: KeyParts, b: KeyParts): readonly KeyDifference[] {
    this.#values('tenant', '', a.scope.join(' '), b.scope.join(' '))
    this.#values('dialect', '', a.api, b.api)
    this.#values('address', '', a.address, b.address)
    for (const [at, name] of keyHeaders.entries())
      this.#values('header', name, a.headers[at] ?? undefined, b.headers[at] ?? undefined)
    this.#values('field', '', a.fields, b.fields)
    const [digests, others] = [a, b].map(
      ({ digests: list }) => new Map(list.map(([path, digest]) => [pathName(path), digest])),
    )
    for (const path of new Set([...(digests?.keys() ?? []), ...(others?.keys() ?? [])]))
      this.#values('content', path, digests?.get(path), others?.get(path))
    return this.#differences
  }

  #values(part: KeyDifference['part'], path: string, a: unknown, b: unknown): void {
    if (this.#differences.length >= mostDifferences) return
    const [one, other] = [jsonValue(a), jsonValue(b)]
    const [type, otherType] = [typeOf(one), typeOf(other)]
    if (type !== otherType) {
      const reason = type === 'nothing' || otherType === 'nothing' ? 'missing' : 'type'
      this.#differences.push({ part, path, reason, a: this.#shown(one, part, path), b: this.#shown(other, part, path) })
    } else if (type === 'list' || type === 'object') this.#inside(part, path, one as object, other as object)
    else if (!Object.is(one, other) && !(one === 0 && other === 0))
      this.#differences.push({
        part,
        path,
        reason: 'value',
        a: this.#shown(one, part, path),
        b: this.#shown(other, part, path),
      })
  }

  #inside(part: KeyDifference['part'], path: string, a: object, b: object): void {
    if (Array.isArray(a) && Array.isArray(b)) {
      for (let at = 0; at < Math.max(a.length, b.length); at += 1)
        this.#values(part, pathName([at], path), itemOf(a, at), itemOf(b, at))
      return
    }
    const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
      this.#values(part, pathName([name], path), one[name], other[name])
  }

  #shown(value: unknown, part: KeyDifference['part'], path: string): string {
    const type = typeOf(value)
    if (type === 'nothing') return type
    if (this.#showValues || type === 'null' || type === 'boolean') return JSON.stringify(value)
    // A prompt may be given in tokens, but settings are no secret.
    if (type === 'number' && !/^(?:messages|input|prompt|system)\b/.test(path)) return String(value)
    if (part === 'dialect' || part === 'address' || part === 'header') return String(value)
    if (type === 'list') return `list of ${(value as unknown[]).length}`
    if (type === 'object') return `object of ${Object.keys(value as object).length} fields`
    const text = String(value)
    const digest = createHmac('sha256', salt).update(text).digest('hex').slice(0, 8)
    return type === 'text' ? `text of ${text.length} characters #${digest}` : `number #${digest}`
  }
}

/** What a list is sent with has no gaps. */
function itemOf(list: readonly unknown[], at: number): unknown {
  return at < list.length ? (jsonValue(list[at]) ?? null) : undefined
}

/** What a value is sent as. */
function jsonValue(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function')
    return value.toJSON()
  return typeof value === 'function' || typeof value === 'symbol' ? undefined : value
}

function typeOf(value: unknown): 'nothing' | 'null' | 'text' | 'number' | 'boolean' | 'list' | 'object' {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'string') return 'text'
  return typeof value === 'object' ? 'object' : (typeof value as 'number' | 'boolean')
}

function pathName(path: readonly (string | number)[], under: string = ''): string {
  let name = under
  for (const at of path) name += typeof at === 'number' ? `[${at}]` : `${name === '' ? '' : '.'}${at}`
  return name
}
