import { SluiceError, type Api, type ApiId, type CallContext } from '@sluice/core'
import type {
  CacheHit,
  CacheInvalidation,
  CacheLookup,
  CacheMiss,
  CacheStats,
  CacheStore,
  CacheStored,
} from './cache-lookup.ts'
import type { CacheSettings } from './cache-options.ts'
import { changedEntry, makeEntry, type CacheEntry } from './entry.ts'
import { unfitness } from './fitness.ts'
import { createFlights, type Flights } from './flight/index.ts'
import { freshnessOf, timesFrom } from './freshness.ts'
import { KeyMaker, scopeOf, type Keyed } from './key/key-maker.ts'
import { questionOf } from './key/question.ts'
import type { BypassReason, CacheQuery } from './key/query.ts'
import { Savings } from './savings.ts'
import type { SemanticFound, SemanticQuery, SemanticTier } from './semantic/tier.ts'
import { GuardedStore, type GuardedRead } from './store/guarded-store.ts'
import { everything, keyTag, type StoredEntry, type StoreFound, type StoreKey } from './store/store.ts'
import { keyName, keyNamed, Ticket } from './ticket.ts'

const noTags: readonly string[] = []

/** The cache itself, for its public face and for its middleware. */
export class CacheCore {
  readonly settings: CacheSettings
  readonly keys: KeyMaker
  readonly store: GuardedStore
  readonly tier: SemanticTier | undefined
  readonly savings: Savings
  readonly #counts = {
    hits: 0,
    staleHits: 0,
    semanticHits: 0,
    misses: 0,
    bypasses: 0,
    stores: 0,
    storeFailures: 0,
    mismatches: 0,
  }
  readonly #background = new Set<Promise<unknown>>()
  /** Identical calls of this process that are under way. */
  readonly flights: Flights = createFlights()
  /** Keys whose answers are being renewed by this process. */
  readonly renewing: Set<string> = new Set()

  constructor(settings: CacheSettings) {
    const { store, lookupTimeoutMs, clock, price, semantic } = settings
    this.settings = settings
    this.savings = new Savings(price, clock)
    this.keys = new KeyMaker(settings)
    this.store = new GuardedStore(store, lookupTimeoutMs, clock)
    this.tier = semantic?.open({
      clock,
      read: (key) => this.#readFresh(key),
      write: async (key, entry) => (await this.store.write(key, entry)) === true,
    })
  }

  /** Never rejects. */
  async lookup<A extends ApiId>(
    query: CacheQuery<A>,
    context: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<CacheLookup<A>> {
    return this.counted(query, await this.look(query, context, signal, 'find'))
  }

  /** Counts what a lookup found, and says what it saved. */
  counted<A extends ApiId>({ api, request }: CacheQuery<A>, found: CacheLookup<A>): CacheLookup<A> {
    const counts = this.#counts
    if (found.outcome === 'hit') {
      counts.hits += 1
      if (found.reason === 'stale') counts.staleHits += 1
      if (found.reason === 'semantic') counts.semanticHits += 1
      const savedNanoUsd = this.savings.count(api, request, found.entry.answer)
      return savedNanoUsd === undefined ? found : { ...found, savedNanoUsd }
    }
    if (found.outcome === 'miss') {
      counts.misses += 1
      if (found.reason === 'mismatch') counts.mismatches += 1
      if (found.reason.startsWith('store_')) counts.storeFailures += 1
    } else counts.bypasses += 1
    return found
  }

  /** As {@link lookup}, and nothing is counted. `exact` leaves the semantic tier alone. */
  async look<A extends ApiId>(
    query: CacheQuery<A>,
    context: CallContext,
    signal: AbortSignal | undefined,
    mode: 'exact' | 'find' | 'explain',
  ): Promise<CacheLookup<A>> {
    let keyed: ReturnType<KeyMaker['key']>
    let tags: readonly string[]
    try {
      keyed = this.keys.key(query, context)
      tags = this.#tagsOf(query, context)
    } catch {
      // A request that is not what its dialect says, or a function of the application that throws: the provider judges.
      return { outcome: 'bypass', reason: 'failed' }
    }
    if ('bypass' in keyed) return { outcome: 'bypass', reason: keyed.bypass }
    const startedAtMs = this.settings.clock.now()
    const read = this.#peek(keyed.key, tags) ?? (await this.#read(keyed.key, tags))
    const ticket = new Ticket(keyed, read.told, startedAtMs)
    const exact = read.failure ? miss<A>(ticket, read.failure) : this.#exact(query, keyed, read.found?.entry, ticket)
    if (exact.outcome === 'hit' || !this.tier || mode === 'exact') return exact
    ticket.question = this.#question(query, keyed, context, signal)
    return ticket.question ? this.#alike(query, exact, ticket, mode) : exact
  }

  #exact<A extends ApiId>(
    query: CacheQuery<A>,
    keyed: Keyed,
    stored: StoredEntry | undefined,
    ticket: Ticket,
  ): CacheHit<A> | CacheMiss<A> {
    if (!stored) return miss(ticket, 'absent')
    if (stored.api !== query.api.id || stored.check !== keyed.check()) return miss(ticket, 'mismatch')
    const entry = stored as unknown as CacheEntry<A>
    const freshness = freshnessOf(stored, this.settings.clock.now(), this.settings)
    if (freshness === 'over') return miss(ticket, 'absent')
    if (lacksUsage(query, entry)) return miss(ticket, 'no_usage')
    if (freshness === 'error') return { ...miss<A>(ticket, 'expired'), ifError: entry }
    keyed.remember()
    const hit = { outcome: 'hit', key: ticket.key, entry, ticket } as const
    if (freshness === 'fresh') return { ...hit, reason: 'exact' }
    return freshness === 'early'
      ? { ...hit, reason: 'exact', renew: 'early' }
      : { ...hit, reason: 'stale', renew: 'stale' }
  }

  async #alike<A extends ApiId>(
    query: CacheQuery<A>,
    exact: CacheMiss<A>,
    ticket: Ticket,
    mode: 'find' | 'explain',
  ): Promise<CacheHit<A> | CacheMiss<A>> {
    let answer: SemanticFound
    try {
      answer = await (this.tier as SemanticTier)[mode](ticket.question as SemanticQuery)
    } catch {
      answer = { outcome: 'miss', reason: 'failed', trace: {} }
    }
    const { trace: semantic } = answer
    if (answer.outcome === 'miss') return { ...exact, semantic: { ...semantic, reason: answer.reason } }
    const { found, hitId, wantsAudit } = answer
    const entry = found.entry as unknown as CacheEntry<A> | undefined
    if (!entry || entry.api !== query.api.id || lacksUsage(query, entry)) return exact
    return { outcome: 'hit', reason: 'semantic', key: keyName(found.key), entry, ticket, hitId, wantsAudit, semantic }
  }

  /** Never rejects. What the semantic tier learns of the answer is learned in the background: see {@link idle}. */
  async keep<A extends ApiId>(query: CacheQuery<A>, given: CacheStore<A>, context: CallContext): Promise<CacheStored> {
    try {
      return await this.#keep(query, given, context)
    } catch {
      return { stored: false, reason: 'failed' }
    }
  }

  async #keep<A extends ApiId>(query: CacheQuery<A>, given: CacheStore<A>, context: CallContext): Promise<CacheStored> {
    const { clock, keepRefusals } = this.settings
    const { answer, boundaries, headers } = given
    const ticket = given.ticket === undefined ? await this.#ticket(query, context) : given.ticket
    if ('bypass' in ticket) return { stored: false, reason: ticket.bypass }
    if (!(ticket instanceof Ticket)) return { stored: false, reason: 'failed' }
    const unfit = unfitness(query.api, query.request, answer, keepRefusals)
    if (unfit) return { stored: false, reason: unfit }
    const tags = ticket.generations
    // Unless it is known what had been invalidated when the request began, the answer may be older than that.
    if (!tags) return { stored: false, reason: 'store_failed' }
    const nowMs = clock.now()
    const entry = makeEntry({
      api: query.api.id,
      check: ticket.keyed.check(),
      answer,
      boundaries,
      headers,
      tags,
      storedAtMs: nowMs,
      tookMs: nowMs - ticket.startedAtMs,
      ...timesFrom(nowMs, this.settings),
    })
    const written = await this.store.write(ticket.keyed.key, entry)
    if (typeof written === 'string') {
      this.#counts.storeFailures += 1
      return { stored: false, reason: written }
    }
    if (!written) return { stored: false, reason: await this.#refusal(entry, ticket.keyed.key) }
    this.#counts.stores += 1
    if (ticket.question) this.inBackground(this.#learn(ticket.keyed.key, ticket.question, entry))
    return { stored: true }
  }

  /** Makes what was just stored a candidate for questions that are like its own. */
  async #learn(key: StoreKey, question: SemanticQuery, entry: StoredEntry): Promise<void> {
    const asked: SemanticQuery = { ...question, signal: undefined }
    const semantic = await this.tier?.describe(asked, entry.answer)
    if (!semantic) return
    const described = changedEntry(entry, { semantic })
    if ((await this.store.write(key, described)) === true) await this.tier?.learn(asked, described)
  }

  /** Work that nobody waits for. What it throws is nobody's. */
  inBackground(work: Promise<unknown>): void {
    const done = work.catch(() => undefined).finally(() => this.#background.delete(done))
    this.#background.add(done)
  }

  async idle(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background)
  }

  async invalidate(what: CacheInvalidation): Promise<void> {
    const { store } = this.store
    try {
      if ('key' in what) {
        const key = keyNamed(what.key)
        await Promise.all([store.invalidate(key.scope, [keyTag(key.id)]), store.delete(key)])
      } else
        await store.invalidate(this.#scopeNamed(what.tenant), 'tags' in what ? checkedTags(what.tags) : [everything])
    } catch (cause) {
      if (SluiceError.isInstance(cause)) throw cause
      throw new SluiceError({
        code: 'cache.not_invalidated',
        message: `The store "${store.name}" did not invalidate, so answers that should be gone may be served. Try again.`,
        status: 503,
        cause,
      })
    }
  }

  stats(): CacheStats {
    const { entries, bytes } = this.store.store.size?.() ?? { entries: 0, bytes: 0 }
    return {
      ...this.#counts,
      savedNanoUsd: this.savings.nanoUsd,
      entries,
      bytes,
      ...(this.tier && { semantic: this.tier.stats() }),
    }
  }

  async #ticket<A extends ApiId>(
    query: CacheQuery<A>,
    context: CallContext,
  ): Promise<Ticket | { readonly bypass: BypassReason }> {
    const keyed = this.keys.key(query, context)
    if ('bypass' in keyed) return keyed
    const read = await this.#read(keyed.key, this.#tagsOf(query, context))
    const ticket = new Ticket(keyed, read.told, this.settings.clock.now())
    if (this.tier) ticket.question = this.#question(query, keyed, context, undefined)
    return ticket
  }

  /** Why the store took nothing. */
  async #refusal({ tags }: StoredEntry, key: StoreKey): Promise<'invalidated' | 'too_large'> {
    const names = Object.keys(tags)
    const { found } = await this.store.read(
      key,
      names.filter((tag) => tag !== everything),
    )
    return found && names.some((tag) => tags[tag] !== found.generations[tag]) ? 'invalidated' : 'too_large'
  }

  #peek(key: StoreKey, tags: readonly string[]): GuardedRead | undefined {
    return this.store.peek(key, [keyTag(key.id), ...tags])
  }

  #read(key: StoreKey, tags: readonly string[]): Promise<GuardedRead> {
    return this.store.read(key, [keyTag(key.id), ...tags])
  }

  async #readFresh(key: StoreKey): Promise<StoreFound> {
    const { found, failure } = await this.store.read(key, noTags)
    if (!found) throw new Error(`The store did not tell: ${failure}.`)
    const isFresh = found.entry !== undefined && this.settings.clock.now() < found.entry.freshUntilMs
    return isFresh ? found : { ...found, entry: undefined }
  }

  #question<A extends ApiId>(
    { api, request }: CacheQuery<A>,
    keyed: Keyed,
    context: CallContext,
    signal: AbortSignal | undefined,
  ): SemanticQuery | undefined {
    const question = questionOf(api, request)
    if (!question) return undefined
    const { text, frame } = question
    const partition = keyed.partition(frame)
    return { api: api as unknown as Api, partition, key: keyed.key, text, context, signal }
  }

  #tagsOf<A extends ApiId>(query: CacheQuery<A>, context: CallContext): readonly string[] {
    const { tags } = this.settings
    return tags ? checkedTags(tags(query as unknown as CacheQuery, context)) : noTags
  }

  #scopeNamed(tenant: string | undefined): string {
    const { tenant: option } = this.settings
    const isShared = option === 'shared' && (tenant === undefined || tenant === 'shared')
    const scope = isShared ? scopeOf({}, 'shared') : scopeOf(tenant === undefined ? {} : { tenant }, 'context')
    if (scope && (isShared || option !== 'shared')) return this.keys.scope(scope)
    throw new SluiceError({
      code: 'cache.invalid_target',
      message:
        option === 'shared'
          ? `The cache is shared: it holds nothing that is the tenant's ${JSON.stringify(tenant)} alone. Leave "tenant" out.`
          : `Whose answers are to be forgotten? Name the tenant, got ${JSON.stringify(tenant)}: invalidate({ tags, tenant: "acme" }).`,
    })
  }
}

function miss<A extends ApiId>(ticket: Ticket, reason: CacheMiss['reason']): CacheMiss<A> {
  return { outcome: 'miss', reason, key: ticket.key, ticket }
}

/** Whether an answer came in a stream without its token usage, which whole calls get, and streams that ask for it. */
function lacksUsage<A extends ApiId>({ api, request }: CacheQuery<A>, { answer, boundaries }: CacheEntry<A>): boolean {
  if (boundaries === undefined || api.usage(answer)) return false
  return !api.isStream(request) || api.withStreamUsage(request) === request
}

function checkedTags(tags: readonly string[]): readonly string[] {
  const isTag = (tag: unknown): boolean => typeof tag === 'string' && tag !== '' && tag !== '__proto__'
  if (Array.isArray(tags) && tags.every(isTag)) return tags
  throw new SluiceError({ code: 'cache.invalid_target', message: 'Tags must be a list of texts that are not empty.' })
}
