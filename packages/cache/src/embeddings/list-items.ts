import type { CacheLookup, CacheTicket } from '../cache-lookup.ts'
import type { CacheQuery } from '../key/query.ts'
import type { Scene } from '../call/scene.ts'
import type { EmbeddingsAnswer, EmbeddingsInput } from './items.ts'

export type Embeddings = 'openai.embeddings'

/** How many inputs are looked up at the same time: more would keep a store from answering the first of them in time. */
const mostAtOnce = 64

/** A call for the embeddings of a list of inputs. */
export interface ListScene extends Scene<Embeddings> {
  readonly inputs: readonly EmbeddingsInput[]
}

/** An input with what the cache knows of it. Equal inputs are one item. */
export interface Item {
  readonly input: EmbeddingsInput
  readonly query: CacheQuery<Embeddings>
  readonly key: string
  readonly ticket: CacheTicket
  /** Why there is no answer, where there is none. */
  readonly reason: string
  /** Its answer, once there is one. */
  answer: EmbeddingsAnswer | undefined
  /** One that is past its time, for should the provider fail. */
  readonly standIn: EmbeddingsAnswer | undefined
  /** What its answer would have cost. */
  readonly savedNanoUsd: number | undefined
  /** The provider's id of the request that its answer is from. */
  readonly requestIds: Readonly<Record<string, string>>
}

/** What is known of each input; the reason if none is for the cache. */
export async function lookedUp({ core, call, query, inputs }: ListScene): Promise<readonly Item[] | string> {
  const items: Item[] = []
  for (let at = 0; at < inputs.length; at += mostAtOnce) {
    const lookUp = async (input: EmbeddingsInput): Promise<Item | string> => {
      const one = { ...query, request: { ...query.request, input } }
      return itemOf(input, one, core.counted(one, notStale(await core.look(one, call.context, undefined, 'exact'))))
    }
    for (const item of await Promise.all(inputs.slice(at, at + mostAtOnce).map(lookUp))) {
      if (typeof item === 'string') return item
      items.push(item)
    }
  }
  return items
}

/** What is past its time is asked for with the rest, which costs the call nothing but its own tokens. */
function notStale(found: CacheLookup<Embeddings>): CacheLookup<Embeddings> {
  if (found.outcome !== 'hit' || found.reason !== 'stale') return found
  const { key, ticket, entry } = found
  return { outcome: 'miss', reason: 'expired', key, ticket, ifError: entry }
}

function itemOf(input: EmbeddingsInput, query: CacheQuery<Embeddings>, found: CacheLookup<Embeddings>): Item | string {
  if (found.outcome === 'bypass') return found.reason
  const { key, ticket, reason } = found
  const hit = found.outcome === 'hit' ? found : undefined
  const entry = found.outcome === 'hit' ? found.entry : found.ifError
  return {
    input,
    query,
    key,
    ticket,
    reason,
    answer: hit?.entry.answer,
    standIn: entry?.answer,
    savedNanoUsd: hit?.savedNanoUsd,
    requestIds: entry?.requestIds ?? {},
  }
}

/** What the answers that are known would have cost. */
export function savedBy(items: readonly Item[]): number | undefined {
  let sum: number | undefined
  for (const { savedNanoUsd } of items) if (savedNanoUsd !== undefined) sum = (sum ?? 0) + savedNanoUsd
  return sum
}
