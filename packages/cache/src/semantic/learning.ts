import type { JsonObject } from '@sluice/core'
import type { Asked } from './asked.ts'
import { isSameAnswer } from './answers/same-answer.ts'
import type { Candidates, Known } from './candidates.ts'
import { promptDigest } from './hit-id.ts'
import type { SemanticSettings } from './options.ts'
import type { Rejections } from './rejections.ts'

/** How many answers of different groups an answer in prose is compared with. */
const mostComparisons = 2

/** Finds out which answers say the same. */
export class Learning {
  /** Near misses that `sameAnswer` judged. */
  promoted = 0
  refused = 0
  readonly #settings: SemanticSettings
  readonly #candidates: Candidates
  readonly #rejections: Rejections

  constructor(settings: SemanticSettings, candidates: Candidates, rejections: Rejections) {
    this.#settings = settings
    this.#candidates = candidates
    this.#rejections = rejections
  }

  /** Whether the provider's answer to a query says what a candidate says; `undefined` when nobody can tell. */
  async isSame(asked: Asked, candidate: Known, fresh: JsonObject): Promise<boolean | undefined> {
    const { verdicts, query } = asked
    if (verdicts.has(candidate.id)) return verdicts.get(candidate.id)
    const content = this.#candidates.contentOf(query, fresh)
    const verdict = await isSameAnswer(
      { prompt: candidate.prompt, answer: candidate.answer, content: candidate.content },
      { prompt: query.text, answer: fresh, content },
      this.#settings.sameAnswer,
    )
    verdicts.set(candidate.id, verdict)
    return verdict
  }

  /**
   * The group of an answer: that of a near one that says the same, else its own. Of answers in prose `sameAnswer` is asked
   * about the nearest: what it approves of is linked, what it refuses is not served for this prompt again.
   */
  async groupOf(
    asked: Asked,
    fresh: JsonObject,
  ): Promise<{ readonly group: string; readonly rejected: readonly string[] }> {
    const { digest } = this.#candidates.contentOf(asked.query, fresh)
    const equal = asked.candidates.find(({ content }) => content.digest === digest)
    if (equal) return { group: equal.group, rejected: [] }
    const rejected: string[] = []
    if (this.#settings.sameAnswer) {
      for (const candidate of this.#nearMisses(asked)) {
        const verdict = await this.isSame(asked, candidate, fresh)
        if (verdict === true) {
          this.promoted += 1
          return { group: candidate.group, rejected }
        }
        if (verdict === false && !candidate.content.isPlain) {
          this.refused += 1
          rejected.push(promptDigest(candidate.prompt))
          await this.#rejections.add({ key: candidate.key, prompt: promptDigest(asked.query.text) }).catch(() => false)
        }
      }
    }
    return { group: digest, rejected }
  }

  /** The nearest of each group, near enough to be worth the question. */
  #nearMisses({ candidates }: Asked): readonly Known[] {
    const groups = new Set<string>()
    const near: Known[] = []
    for (const candidate of candidates) {
      if (candidate.isBarred || candidate.similarity < this.#settings.compareFrom || groups.has(candidate.group))
        continue
      groups.add(candidate.group)
      near.push(candidate)
      if (near.length === mostComparisons) break
    }
    return near
  }
}
