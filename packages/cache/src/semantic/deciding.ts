import type { Asked } from './asked.ts'
import { Candidates, partitionOf, type Known } from './candidates.ts'
import type { SemanticSettings } from './options.ts'
import type { Rejections } from './rejections.ts'
import { isRespelled, type Spellings } from './spellings.ts'
import type { SemanticHost, SemanticMiss, SemanticQuery, SemanticTrace } from './tier.ts'
import { unsuited } from './veto/index.ts'

/** What is decided about a query, before it is asked whether the tier serves at all. */
export type Decided =
  | { readonly serves: Known; readonly trace: SemanticTrace }
  | { readonly serves?: undefined; readonly reason: SemanticMiss; readonly trace: SemanticTrace }

/** Decides what to serve: first by spelling, then by neighbours, vetoes and policy. */
export class Deciding {
  readonly candidates: Candidates
  readonly #settings: SemanticSettings
  readonly #host: SemanticHost
  readonly #spellings: Spellings

  constructor(settings: SemanticSettings, host: SemanticHost, rejections: Rejections, spellings: Spellings) {
    this.#settings = settings
    this.#host = host
    this.#spellings = spellings
    this.candidates = new Candidates(settings, host, rejections)
  }

  /** Why a text takes no part at all. */
  unsuited(text: string): ReturnType<typeof unsuited> {
    const why = unsuited(text)
    return why === 'me' && this.#settings.sameForEveryone ? undefined : why
  }

  /** Rejects when something fails that it needs. What it finds out on the way is kept in `asked`. */
  async decide(asked: Asked, signal: AbortSignal): Promise<Decided> {
    const { query } = asked
    const why = this.unsuited(query.text)
    if (why) return { reason: 'unsuited', trace: { unsuited: why } }
    const respelled = await this.#respelled(query, signal)
    if (respelled) return bySpelling(respelled)
    return this.#byNeighbours(asked, signal)
  }

  /** The vector of a query, embedded once. */
  vectorOf(asked: Asked, signal?: AbortSignal): Promise<Float32Array> {
    const embed = async (): Promise<Float32Array> => {
      const [vector] = await this.#settings.embedder.embed([asked.query.text], signal ? { signal } : {})
      if (!vector) throw new Error('The embedder gave no vector.')
      return vector
    }
    if (!asked.vector) {
      const vector = embed()
      asked.vector = vector
      // A later step may try again.
      vector.catch(() => {
        if (asked.vector === vector) delete asked.vector
      })
    }
    return asked.vector
  }

  async #respelled(query: SemanticQuery, signal: AbortSignal): Promise<Known | undefined> {
    const id = this.#spellings.idOf(query)
    if (id === undefined) return undefined
    const known = await this.candidates.one(query, id, 1, signal)
    if (known && !known.isBarred && isRespelled(query.text, known.prompt, known.isUnread)) return known
    if (!known) this.#spellings.forget(query)
    return undefined
  }

  async #byNeighbours(asked: Asked, signal: AbortSignal): Promise<Decided> {
    const { query } = asked
    const { index, embedder, policy, maxFalseHitRate, sameAnswer, compareFrom } = this.#settings
    const vector = await this.vectorOf(asked, signal)
    const neighbours = await index.search(partitionOf(query, embedder.id), vector, this.candidates.wanted)
    const [nearest] = neighbours
    if (!nearest) return { reason: 'no_neighbour', trace: { policy: policy.id } }
    const { minSimilarity = -1 } = policy
    const { id, similarity } = nearest
    const tooFar: Decided = {
      reason: 'policy',
      trace: {
        nearest: { id, similarity },
        policy: policy.id,
        numbers: { similarity, similarityNeeded: minSimilarity },
      },
    }
    // What is not served may still be worth comparing with the answer that comes.
    if (similarity < (sameAnswer ? Math.min(minSimilarity, compareFrom) : minSimilarity)) return tooFar
    const candidates = await this.candidates.of(query, neighbours, signal)
    asked.candidates = candidates
    if (similarity < minSimilarity) return tooFar
    const trace: SemanticTrace = { nearest: { id, similarity }, ...vetoesOf(candidates), policy: policy.id }
    const servable = candidates.filter(({ isBarred }) => !isBarred)
    if (servable.length === 0) return { reason: nothingServable(candidates), trace }
    const [first, ...rest] = servable.filter(({ prompt, isUnread }) => isRespelled(query.text, prompt, isUnread))
    if (first && rest.every(({ group }) => group === first.group)) return bySpelling(first)
    const decision = await policy.decide({
      prompt: query.text,
      candidates,
      isUnread: candidates.some(({ isUnread }) => isUnread),
      maxFalseHitRate,
      clock: this.#host.clock,
      signal,
    })
    asked.decision = decision
    const decided: SemanticTrace = { ...trace, numbers: decision.numbers }
    const served = servable.find(({ id }) => id === decision.candidate.id)
    return decision.serves && served ? { serves: served, trace: decided } : { reason: 'policy', trace: decided }
  }
}

function bySpelling(known: Known): Decided {
  const { id, similarity } = known
  return { serves: known, trace: { nearest: { id, similarity }, policy: 'spelling' } }
}

/** Why nothing is left of what was near. */
function nothingServable(candidates: readonly Known[]): SemanticMiss {
  const [nearest] = candidates
  if (!nearest) return 'no_neighbour'
  return nearest.isRejected ? 'rejected' : 'vetoed'
}

/** The vetoes of the nearest that has some. */
function vetoesOf(candidates: readonly Known[]): Pick<SemanticTrace, 'vetoes' | 'vetoDetails'> {
  const vetoes = candidates.find((candidate) => candidate.vetoes.length > 0)?.vetoes
  return vetoes ? { vetoes: [...new Set(vetoes.map(({ kind }) => kind))], vetoDetails: vetoes } : {}
}
