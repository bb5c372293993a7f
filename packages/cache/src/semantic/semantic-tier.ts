import { addUsage, type JsonObject, type Usage } from '@sluice/core'
import { LRUCache } from 'lru-cache'
import type { SemanticPart, StoredEntry } from '../store/store.ts'
import type { Asked, Served } from './asked.ts'
import { HitWatch } from './audit/hit-watch.ts'
import { partitionOf, type Known } from './candidates.ts'
import { Deciding, type Decided } from './deciding.ts'
import { hitIdOf, hitNamed, promptDigest, type HitName } from './hit-id.ts'
import { Learning } from './learning.ts'
import type { SemanticAlarm, SemanticSettings } from './options.ts'
import type { Outcome } from './policy.ts'
import { Rejections } from './rejections.ts'
import { Spellings } from './spellings.ts'
import type {
  SemanticFound,
  SemanticHost,
  SemanticMiss,
  SemanticQuery,
  SemanticStats,
  SemanticTier,
  SemanticTrace,
} from './tier.ts'

/** How many queries are remembered until their answers come, and how many hits until their audits. */
const mostAsked = 500
const mostServed = 2_000

export class Tier implements SemanticTier {
  readonly #settings: SemanticSettings
  readonly #host: SemanticHost
  readonly #rejections: Rejections
  readonly #spellings = new Spellings()
  readonly #deciding: Deciding
  readonly #learning: Learning
  readonly #watch: HitWatch
  readonly #asked = new LRUCache<string, Asked>({ max: mostAsked })
  readonly #served = new LRUCache<string, Served>({ max: mostServed })
  readonly #misses: Partial<Record<SemanticMiss, number>> = {}
  readonly #counts = { lookups: 0, hits: 0, unjudged: 0, shadowHits: 0, savedMs: 0 }
  #savedUsage: Usage | undefined

  constructor(settings: SemanticSettings, host: SemanticHost) {
    this.#settings = settings
    this.#host = host
    this.#rejections = new Rejections(host)
    this.#deciding = new Deciding(settings, host, this.#rejections, this.#spellings)
    this.#learning = new Learning(settings, this.#deciding.candidates, this.#rejections)
    this.#watch = new HitWatch(settings.maxFalseHitRate)
  }

  async find(query: SemanticQuery): Promise<SemanticFound> {
    this.#counts.lookups += 1
    const asked = newAsked(query)
    this.#asked.set(nameOf(query), asked)
    const decided = await this.#inTime(asked)
    const { vetoDetails: _, ...trace } = decided.trace
    if (!decided.serves) return this.#missed(decided.reason, trace)
    if (this.#settings.shadow || this.#watch.isTripped) {
      asked.wouldServe = decided.serves
      this.#counts.shadowHits += 1
      return this.#missed(this.#settings.shadow ? 'shadow' : 'tripped', trace)
    }
    const hit = hitOf(query, decided.serves, trace, this.#settings.random() < this.#settings.auditShare)
    asked.isServed = true
    const { decision } = asked
    this.#served.set(hit.hitId, { asked, candidate: decided.serves, decision, isJudged: false })
    this.#watch.served()
    this.#counts.hits += 1
    return hit
  }

  async explain(query: SemanticQuery): Promise<SemanticFound> {
    const decided = await this.#inTime(newAsked(query))
    const { trace } = decided
    if (!decided.serves) return { outcome: 'miss', reason: decided.reason, trace }
    if (this.#settings.shadow) return { outcome: 'miss', reason: 'shadow', trace }
    if (this.#watch.isTripped) return { outcome: 'miss', reason: 'tripped', trace }
    return hitOf(query, decided.serves, trace, false)
  }

  async describe(query: SemanticQuery, answer: JsonObject): Promise<SemanticPart | undefined> {
    if (this.#deciding.unsuited(query.text)) return undefined
    const { group, rejected } = await this.#learning.groupOf(await this.#askedOf(query), answer)
    return { text: query.text, group, rejected }
  }

  async learn(query: SemanticQuery, entry: StoredEntry): Promise<void> {
    const { index, embedder, policy } = this.#settings
    const asked = await this.#askedOf(query)
    this.#asked.delete(nameOf(query))
    this.#spellings.learn(query)
    const isRight = asked.isServed ? undefined : await this.#learnMiss(asked, entry)
    if (policy.admits && !policy.admits(isRight)) return
    await index.add(partitionOf(query, embedder.id), query.key.id, await this.#deciding.vectorOf(asked))
  }

  async audited(hitId: string, fresh: JsonObject): Promise<void> {
    const served = this.#served.get(hitId)
    if (!served || served.isJudged) return
    served.isJudged = true
    const { asked, candidate, decision } = served
    const isRight = await this.#learning.isSame(asked, candidate, fresh)
    if (isRight === undefined) {
      this.#counts.unjudged += 1
      return
    }
    if (decision) this.#tell({ decision, isRight, source: 'audit', atMs: this.#host.clock.now() })
    if (this.#watch.audited(isRight)) this.#tripped('audits')
    const name = hitNamed(hitId)
    if (!isRight && name) await this.#bar(name, served)
  }

  async reject(hitId: string): Promise<boolean> {
    const name = hitNamed(hitId)
    const served = this.#served.get(hitId)
    if (!name || !(await this.#bar(name, served))) return false
    if (served?.isJudged) return true
    if (served) {
      served.isJudged = true
      if (served.decision)
        this.#tell({ decision: served.decision, isRight: false, source: 'rejection', atMs: this.#host.clock.now() })
    }
    if (this.#watch.rejected()) this.#tripped('rejections')
    return true
  }

  stats(): SemanticStats {
    const { lookups, hits, unjudged, shadowHits, savedMs } = this.#counts
    const { audited, wrong, rejected } = this.#watch.counts
    const { promoted, refused } = this.#learning
    return {
      lookups,
      hits,
      audited,
      wrong,
      rejected,
      wrongOfHits: this.#watch.wrongOfHits(),
      unjudged,
      isTripped: this.#watch.isTripped,
      shadowHits,
      shadow: { ...this.#watch.shadow(), savedMs, savedUsage: this.#savedUsage },
      promoted,
      refused,
      misses: { ...this.#misses },
    }
  }

  /** Remembers that an answer was wrong for a prompt. Rejects when a store that is down is the only one who knows which. */
  async #bar(name: HitName, served: Served | undefined): Promise<boolean> {
    if (served) this.#rejections.remember(name, served.candidate.group)
    try {
      return (await this.#rejections.add(name)) || served !== undefined
    } catch (error) {
      if (served) return true
      throw error
    }
  }

  #missed(reason: SemanticMiss, trace: SemanticTrace): SemanticFound {
    this.#misses[reason] = (this.#misses[reason] ?? 0) + 1
    return { outcome: 'miss', reason, trace }
  }

  /** What is decided about a query within the time that a lookup may take. Never rejects. */
  async #inTime(asked: Asked): Promise<Decided> {
    const { signal } = asked.query
    const [work, timer] = [new AbortController(), new AbortController()]
    const late = this.#host.clock.sleep(this.#settings.timeoutMs, timer.signal).then(
      () => true,
      () => false,
    )
    const leave = (): void => work.abort(signal?.reason)
    signal?.addEventListener('abort', leave, { once: true })
    const failed = (): Decided => ({ reason: 'failed', trace: { policy: this.#settings.policy.id } })
    try {
      const decided = this.#deciding.decide(asked, signal?.aborted ? signal : work.signal).catch(failed)
      const first = await Promise.race([decided, late])
      if (typeof first !== 'boolean') return first
      // Whoever learns of the query later does not wait for what hangs.
      delete asked.vector
      return { reason: 'late', trace: { policy: this.#settings.policy.id } }
    } finally {
      signal?.removeEventListener('abort', leave)
      timer.abort()
      work.abort(new DOMException('The lookup took too long.', 'TimeoutError'))
    }
  }

  /**
   * What is known of a query from its lookup. Where that is too long ago, and there is something to find out about its
   * neighbours, it is looked up now, without being counted.
   */
  async #askedOf(query: SemanticQuery): Promise<Asked> {
    const name = nameOf(query)
    const known = this.#asked.get(name)
    if (known) return known
    const asked = newAsked(query)
    this.#asked.set(name, asked)
    if (this.#settings.sameAnswer) await this.#inTime(asked)
    return asked
  }

  /** What the provider's answer says about the one that was not served: a label that costs nothing. */
  async #learnMiss(asked: Asked, entry: StoredEntry): Promise<boolean | undefined> {
    const { decision, wouldServe } = asked
    const candidate = wouldServe ?? asked.candidates.find(({ id }) => id === decision?.candidate.id)
    if (!candidate) return undefined
    const isWorth =
      wouldServe !== undefined || candidate.similarity >= this.#settings.compareFrom || candidate.content.isPlain
    const isRight = isWorth ? await this.#learning.isSame(asked, candidate, entry.answer) : undefined
    if (wouldServe) this.#learnShadow(asked, entry, isRight)
    if (decision && isRight !== undefined)
      this.#tell({ decision, isRight, source: 'miss', atMs: this.#host.clock.now() })
    return isRight
  }

  #learnShadow({ query }: Asked, { answer, tookMs }: StoredEntry, isRight: boolean | undefined): void {
    const usage = query.api.usage(answer as never)
    this.#counts.savedMs += tookMs
    if (usage) this.#savedUsage = this.#savedUsage ? addUsage(this.#savedUsage, usage) : usage
    if (isRight === undefined) this.#counts.unjudged += 1
    else if (this.#watch.wouldBe(isRight)) this.#alarm({ kind: 'recovered' })
  }

  #tell(outcome: Outcome): void {
    try {
      this.#settings.policy.learn?.(outcome)
    } catch {
      // A policy that cannot learn must not fail what it learns from.
    }
  }

  #tripped(by: 'audits' | 'rejections'): void {
    this.#settings.policy.distrust?.()
    this.#alarm({ kind: 'tripped', by })
  }

  #alarm(alarm: Pick<SemanticAlarm, 'kind' | 'by'>): void {
    try {
      this.#settings.onAlarm?.({ ...alarm, atMs: this.#host.clock.now(), wrongOfHits: this.#watch.wrongOfHits() })
    } catch {
      // Who listens must not fail what it listens to.
    }
  }
}

function newAsked(query: SemanticQuery): Asked {
  return { query, candidates: [], isServed: false, verdicts: new Map() }
}

function nameOf({ key: { scope, id } }: SemanticQuery): string {
  return `${scope}.${id}`
}

function hitOf(
  query: SemanticQuery,
  served: Known,
  trace: SemanticTrace,
  wantsAudit: boolean,
): SemanticFound & { outcome: 'hit' } {
  const hitId = hitIdOf({ key: served.key, prompt: promptDigest(query.text) })
  return { outcome: 'hit', hitId, found: { ...served.found, key: served.key }, reason: 'semantic', trace, wantsAudit }
}
