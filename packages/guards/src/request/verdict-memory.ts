import { hash } from 'node:crypto'
import type { GuardRun } from '../judge.ts'

/**
 * What the detectors said of texts, by a hash of the text and of what they were told of it: history that is sent again with
 * every turn is scanned once. It holds no text.
 */
export class VerdictMemory {
  readonly #most: number
  /** In the order of their last use. */
  readonly #runs = new Map<string, readonly GuardRun[]>()
  /**
   * The keys in the order of the map, as far as the oldest that is left. One iterator for good: a new one would have to pass
   * over the places of all that were dropped.
   */
  readonly #oldest = this.#runs.keys()

  constructor(most: number) {
    this.#most = most
  }

  /** The name of a text in this memory; `undefined` where nothing is remembered. */
  keyOf(text: string, told: readonly (string | undefined)[]): string | undefined {
    return this.#most === 0 ? undefined : hash('sha256', `${JSON.stringify(told)}\n${text}`, 'base64')
  }

  get(key: string | undefined): readonly GuardRun[] | undefined {
    if (key === undefined) return undefined
    const runs = this.#runs.get(key)
    if (!runs) return undefined
    this.#runs.delete(key)
    this.#runs.set(key, runs)
    return runs
  }

  set(key: string | undefined, runs: readonly GuardRun[]): void {
    // A guard that failed has said nothing yet.
    if (key === undefined || runs.some(({ failed }) => failed)) return
    this.#runs.set(key, runs)
    if (this.#runs.size > this.#most) this.#runs.delete(this.#oldest.next().value as string)
  }
}
