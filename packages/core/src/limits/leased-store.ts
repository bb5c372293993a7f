import type { Clock } from '../clock.ts'
import { backgroundSleep } from './background-sleep.ts'
import type { LimitAnswer, LimitAsk, LimitChange, LimitStore } from './limit-store.ts'
import { mostAtOnce, type LimitRule } from './rule.ts'

/** What was taken from the store ahead, for the calls of this process. */
interface Chunk {
  readonly subject: string
  readonly id: string
  readonly rules: readonly LimitRule[]
  readonly left: number[]
  readonly answer: LimitAnswer
  readonly endsAtMs: number
  /** Calls under way that were served from it. */
  readonly served: Set<string>
  isOver: boolean
}

/**
 * A store in front of another that takes a share of the limits at once and serves calls from it. What is left of a share
 * goes back when it ends. A share that the store refuses is not split: the call then asks for itself, exactly.
 */
export class LeasedStore implements LimitStore {
  readonly #store: LimitStore
  readonly #clock: Clock
  readonly #share: number
  readonly #ttlMs: number
  readonly #chunks = new Map<string, Chunk>()
  readonly #fetching = new Map<string, Promise<void>>()
  /** The share that each call under way was served from. */
  readonly #served = new Map<string, Chunk>()

  constructor(store: LimitStore, clock: Clock, { share, ttlMs }: { share: number; ttlMs: number }) {
    this.#store = store
    this.#clock = clock
    this.#share = share
    this.#ttlMs = ttlMs
  }

  async take(ask: LimitAsk): Promise<LimitAnswer> {
    const size = ask.rules.map((rule) => Math.floor(mostAtOnce(rule) * this.#share))
    // Calls that are large beside a share would only move the whole limit here and back.
    if (ask.costs.some((cost, index) => cost > (size[index] ?? 0))) return this.#serve(ask) ?? this.#store.take(ask)
    for (let tries = 0; tries < 2; tries += 1) {
      const answer = this.#serve(ask)
      if (answer) return answer
      await (this.#fetching.get(ask.subject) ?? this.#fetch(ask, size))
    }
    return this.#serve(ask) ?? this.#store.take(ask)
  }

  check(ask: LimitAsk): Promise<LimitAnswer> {
    const chunk = this.#current(ask.subject)
    if (chunk && covers(chunk, ask.costs)) return Promise.resolve({ ...this.#answer(chunk), taken: false })
    return this.#store.check(ask)
  }

  async settle(change: LimitChange): Promise<void> {
    const chunk = this.#served.get(change.id)
    if (!chunk) return this.#store.settle(change)
    this.#served.delete(change.id)
    chunk.served.delete(change.id)
    const rest = change.deltas.map((delta, index) => {
      const left = chunk.left[index] ?? 0
      // Given back to the share it came from; what is charged on top comes out of it as far as it reaches.
      const own = Math.min(delta, left)
      chunk.left[index] = left - own
      return delta - own
    })
    if (rest.some((delta) => delta !== 0)) await this.#store.settle({ ...change, deltas: rest })
  }

  renew(ask: Pick<LimitAsk, 'subject' | 'id' | 'rules'>): Promise<void> {
    return this.#store.renew(ask)
  }

  #current(subject: string): Chunk | undefined {
    const chunk = this.#chunks.get(subject)
    return chunk && this.#clock.now() < chunk.endsAtMs ? chunk : undefined
  }

  #serve(ask: LimitAsk): LimitAnswer | undefined {
    const chunk = this.#current(ask.subject)
    if (!chunk || !covers(chunk, ask.costs)) return undefined
    for (const [index, cost] of ask.costs.entries()) chunk.left[index] = (chunk.left[index] ?? 0) - cost
    this.#served.set(ask.id, chunk)
    chunk.served.add(ask.id)
    return this.#answer(chunk)
  }

  #answer({ answer, left }: Chunk): LimitAnswer {
    const states = answer.states.map((state, index) => ({ ...state, left: state.left + (left[index] ?? 0) }))
    return { taken: true, atUs: answer.atUs, states }
  }

  #fetch(ask: LimitAsk, size: readonly number[]): Promise<void> {
    const fetching = this.#fetchNew(ask, size).finally(() => this.#fetching.delete(ask.subject))
    this.#fetching.set(ask.subject, fetching)
    return fetching
  }

  async #fetchNew({ subject, rules, costs }: LimitAsk, size: readonly number[]): Promise<void> {
    this.#giveBack(this.#chunks.get(subject))
    const id = crypto.randomUUID()
    const wanted = size.map((one, index) => Math.max(one, costs[index] ?? 0))
    const answer = await this.#store.take({ subject, id, rules, costs: wanted })
    if (!answer.taken) return
    const endsAtMs = this.#clock.now() + this.#ttlMs
    const chunk = { subject, id, rules, left: [...wanted], answer, endsAtMs, served: new Set<string>(), isOver: false }
    this.#chunks.set(subject, chunk)
    void this.#endLater(chunk)
  }

  /** What nobody comes for goes back too. */
  async #endLater(chunk: Chunk): Promise<void> {
    await backgroundSleep(this.#clock, this.#ttlMs)
    this.#giveBack(chunk)
  }

  #giveBack(chunk: Chunk | undefined): void {
    if (!chunk || chunk.isOver) return
    chunk.isOver = true
    const { subject, id, rules, left, answer } = chunk
    // Whoever settles from now on settles with the store.
    for (const served of chunk.served) this.#served.delete(served)
    if (this.#chunks.get(subject) === chunk) this.#chunks.delete(subject)
    const deltas = left.map((one) => -one)
    // A share that cannot be given back is only used up: the limit holds all the same.
    if (left.some((one) => one > 0))
      this.#store.settle({ subject, id, rules, deltas, takenAtUs: answer.atUs }).catch(() => undefined)
  }
}

function covers(chunk: Chunk, costs: readonly number[]): boolean {
  return costs.every((cost, index) => cost <= (chunk.left[index] ?? 0))
}
