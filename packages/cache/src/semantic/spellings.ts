import { LRUCache } from 'lru-cache'
import { normalised, spelled } from './normalised.ts'
import type { SemanticQuery } from './tier.ts'

/** Finds prompts of this process that differ only in their spelling from one that is asked, without a vector. */
export class Spellings {
  readonly #ids = new LRUCache<string, string>({ max: 50_000 })

  /** The id of the entry that was last learned of so spelled a prompt. */
  idOf(query: SemanticQuery): string | undefined {
    const id = this.#ids.get(nameOf(query))
    return id === query.key.id ? undefined : id
  }

  learn(query: SemanticQuery): void {
    this.#ids.set(nameOf(query), query.key.id)
  }

  forget(query: SemanticQuery): void {
    this.#ids.delete(nameOf(query))
  }
}

/** Whether two prompts are the same question but for spelling. Letter case counts where the vetoes read nothing: it may be code. */
export function isRespelled(a: string, b: string, isUnread: boolean): boolean {
  return isUnread ? spelled(a) === spelled(b) : normalised(a) === normalised(b)
}

function nameOf({ partition, text }: SemanticQuery): string {
  return `${partition} ${normalised(text)}`
}
