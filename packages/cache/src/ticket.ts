import { SluiceError } from '@sluice/core'
import type { CacheTicket } from './cache-lookup.ts'
import type { Keyed } from './key/key-maker.ts'
import type { SemanticQuery } from './semantic/tier.ts'
import type { Generations, StoreKey } from './store/store.ts'

/** What the cache itself knows of a request between its lookup and its answer. */
export class Ticket implements CacheTicket {
  readonly keyed: Keyed
  readonly startedAtMs: number
  /** Set where the semantic tier has a part in it. */
  question: SemanticQuery | undefined
  readonly #told: { readonly generations?: Generations }

  constructor(keyed: Keyed, told: { readonly generations?: Generations }, startedAtMs: number) {
    this.keyed = keyed
    this.#told = told
    this.startedAtMs = startedAtMs
  }

  /** Where its tags stood when the request began; `undefined` when the store has not told. */
  get generations(): Generations | undefined {
    return this.#told.generations
  }

  get key(): string {
    return keyName(this.keyed.key)
  }
}

/** A place in a store by one name. */
export function keyName({ scope, id }: StoreKey): string {
  return `${scope}.${id}`
}

/** The place that {@link keyName} named. @throws {SluiceError} `cache.invalid_target` */
export function keyNamed(name: string): StoreKey {
  const [scope, id, ...rest] = typeof name === 'string' ? name.split('.') : []
  if (scope && id && rest.length === 0) return { scope, id }
  throw new SluiceError({
    code: 'cache.invalid_target',
    message: `A key is what a lookup told as its "key", got ${JSON.stringify(name)}.`,
  })
}
