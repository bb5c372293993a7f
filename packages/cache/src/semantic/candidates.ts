import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SemanticPart, StoredEntry, StoreFound, StoreKey } from '../store/store.ts'
import type { Neighbour } from '../vector/vector-index.ts'
import { contentOf, type AnswerContent } from './answers/content.ts'
import { promptDigest } from './hit-id.ts'
import type { SemanticSettings } from './options.ts'
import type { Candidate } from './policy.ts'
import type { Rejections } from './rejections.ts'
import type { SemanticHost, SemanticQuery } from './tier.ts'
import { compareReadings, readText, vetoVersion, type TextReading, type Veto } from './veto/index.ts'

/** A candidate with what it was made of. */
export interface Known extends Candidate {
  readonly key: StoreKey
  readonly found: StoreFound & { readonly entry: StoredEntry }
  readonly part: SemanticPart
  readonly content: AnswerContent
  readonly vetoes: readonly Veto[]
  readonly isRejected: boolean
}

/** Changes with what entries of the tier mean: those of another version are never candidates. */
const version = 1

/** So many more neighbours are looked at than the policy wants, in the place of those that are gone. */
const spare = 2

/** The name of a partition in the index: what is read and embedded differently must not meet. */
export function partitionOf({ partition }: SemanticQuery, embedderId: string): string {
  return hash('sha256', JSON.stringify([version, vetoVersion, partition, embedderId]), 'base64url').slice(0, 32)
}

/** Finds entries around prompts and says which of them may be served at all. */
export class Candidates {
  readonly #settings: SemanticSettings
  readonly #host: SemanticHost
  readonly #rejections: Rejections
  readonly #readings = new LRUCache<string, TextReading>({ max: 20_000 })
  readonly #contents = new WeakMap<object, AnswerContent>()

  constructor(settings: SemanticSettings, host: SemanticHost, rejections: Rejections) {
    this.#settings = settings
    this.#host = host
    this.#rejections = rejections
  }

  /** The candidates for a prompt among its neighbours, nearest first. Rejects when the store cannot tell. */
  async of(query: SemanticQuery, neighbours: readonly Neighbour[], signal: AbortSignal): Promise<readonly Known[]> {
    const others = neighbours.filter(({ id }) => id !== query.key.id)
    const read = await Promise.all(others.map(({ id, similarity }) => this.one(query, id, similarity, signal)))
    const known = read.filter((candidate) => candidate !== undefined).slice(0, this.#settings.policy.k)
    // An answer that was wrong for this prompt is so wherever else it is kept.
    const rejected = new Set(known.filter(({ isRejected }) => isRejected).map(({ group }) => group))
    return known.map((candidate) =>
      rejected.has(candidate.group) ? { ...candidate, isBarred: true, isRejected: true } : candidate,
    )
  }

  /** How many neighbours to search for. */
  get wanted(): number {
    return this.#settings.policy.k + spare
  }

  contentOf({ api }: SemanticQuery, answer: StoredEntry['answer']): AnswerContent {
    const at = this.#contents.get(answer)
    if (at) return at
    const content = contentOf(api, answer)
    this.#contents.set(answer, content)
    return content
  }

  #readingOf(text: string): TextReading {
    const at = this.#readings.get(text)
    if (at) return at
    const reading = readText(text)
    this.#readings.set(text, reading)
    return reading
  }

  /** One entry as a candidate; `undefined` when it is gone, or is none. Rejects when the store cannot tell. */
  async one(query: SemanticQuery, id: string, similarity: number, signal: AbortSignal): Promise<Known | undefined> {
    const key: StoreKey = { scope: query.key.scope, id }
    const found = await this.#host.read(key, signal)
    const { entry } = found
    const part = entry?.semantic
    if (!entry || !part) {
      // A vector without an entry behind it would be in the way of others for ever.
      const { index, embedder } = this.#settings
      void index.remove(partitionOf(query, embedder.id), id).catch(() => undefined)
      return undefined
    }
    const { vetoes, isUnread } = compareReadings(this.#readingOf(query.text), this.#readingOf(part.text))
    const content = this.contentOf(query, entry.answer)
    const isRejected = this.#rejections.has(key.scope, part, promptDigest(query.text))
    return {
      id,
      similarity,
      group: part.group,
      prompt: part.text,
      answer: entry.answer,
      answerText: content.text,
      isUnread,
      isBarred: vetoes.length > 0 || isRejected,
      isRejected,
      key,
      found: { ...found, entry },
      part,
      content,
      vetoes,
    }
  }
}
