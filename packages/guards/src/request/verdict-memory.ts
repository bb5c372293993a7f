import { hash } from 'node:crypto'
import type { GuardRun } from '../judge.ts'
import { isFreeForm } from '../stream/open-view.ts'
import type { Scoped } from './request-scope.ts'

/** Shared by all texts in which nothing was found, which most are: what is kept for long is what makes memory costly. */
const nothing: readonly GuardRun[] = []

/**
 * What the detectors found in texts, by a hash of the text and of what they were told of it: history that is sent again with
 * every turn is scanned once. It holds no text.
 *
 * What was not used for longest is forgotten, by halves: one map is filled, an older one is only read, and dropped when the
 * newer one is full. To keep all in the order of their last use would take two more changes of a large map for each use.
 */
export class VerdictMemory {
  readonly #most: number
  #newer = new Map<string, readonly GuardRun[]>()
  #older: ReadonlyMap<string, readonly GuardRun[]> = new Map()

  constructor(most: number) {
    this.#most = most
  }

  /** The name of a text in this memory; `undefined` where nothing is remembered. */
  keyOf({ part, stage, source, tool, redactsOnly }: Scoped): string | undefined {
    if (this.#most === 0) return undefined
    // No field holds an end of a line, so that no two texts are written alike.
    const named = source === undefined && tool === undefined ? '' : JSON.stringify([source, tool])
    const told = `${stage}\n${part.role}\n${part.kind}\n${part.kind === 'tool_call' && isFreeForm(part.path)}\n${redactsOnly}\n${named}\n`
    // Cryptographic: whoever could write two texts with one key could have the verdict on the one stand for the other.
    return hash('sha256', told + part.text, 'base64')
  }

  /** The runs that found something in a text, where it was judged before. */
  get(key: string | undefined): readonly GuardRun[] | undefined {
    if (key === undefined) return undefined
    const found = this.#newer.get(key)
    if (found) return found
    const old = this.#older.get(key)
    if (old) this.#keep(key, old)
    return old
  }

  set(key: string | undefined, runs: readonly GuardRun[]): void {
    // A guard that failed has said nothing yet.
    if (key === undefined || runs.some(({ failed }) => failed)) return
    const found = runs.filter(({ verdict }) => verdict.action !== 'allow')
    this.#keep(key, found.length === 0 ? nothing : found)
  }

  #keep(key: string, found: readonly GuardRun[]): void {
    if (this.#newer.size >= Math.floor(this.#most / 2)) {
      this.#older = this.#most > 1 ? this.#newer : new Map()
      this.#newer = new Map()
    }
    this.#newer.set(key, found)
  }
}
