import { LRUCache } from 'lru-cache'
import { changedEntry } from '../entry.ts'
import type { SemanticPart } from '../store/store.ts'
import type { HitName } from './hit-id.ts'
import type { SemanticHost } from './tier.ts'

/** How many prompts an entry remembers that its answer was wrong for. */
const mostPrompts = 100

/**
 * Remembers for which prompts an answer was wrong: with the entry, where every process sees it, and here, in case the
 * entry could not be written or was written over.
 */
export class Rejections {
  readonly #host: SemanticHost
  readonly #known = new LRUCache<string, true>({ max: 50_000 })

  constructor(host: SemanticHost) {
    this.#host = host
  }

  has(scope: string, { group, rejected }: SemanticPart, prompt: string): boolean {
    return rejected.includes(prompt) || this.#known.has(`${scope} ${group} ${prompt}`)
  }

  /** Remembers it in this process, whatever becomes of the entry. */
  remember({ key, prompt }: HitName, group: string): void {
    this.#known.set(`${key.scope} ${group} ${prompt}`, true)
  }

  /** Remembers it with the entry too. `false` when there is no such entry (any more). Rejects when the store cannot tell. */
  async add({ key, prompt }: HitName): Promise<boolean> {
    const { entry } = await this.#host.read(key, undefined)
    const part = entry?.semantic
    if (!entry || !part) return false
    this.remember({ key, prompt }, part.group)
    if (part.rejected.includes(prompt)) return true
    const rejected = [...part.rejected, prompt].slice(-mostPrompts)
    await this.#host.write(key, changedEntry(entry, { semantic: { ...part, rejected } }))
    return true
  }
}
