import { pathText, type Loss, type Path } from '../lossy.ts'
import type { BridgedApi, StreamPiece } from './piece.ts'

type End = Extract<StreamPiece, { type: 'partEnd' | 'itemEnd' }>

/** The losses of one answer, each path once: in a stream a loss shows in every delta. */
export class AnswerLosses {
  readonly #byPath = new Map<string, Loss>()

  /** @returns whether it is new. */
  add(loss: Loss): boolean {
    if (this.#byPath.has(loss.path)) return false
    this.#byPath.set(loss.path, loss)
    return true
  }

  /** Notes the proof of reasoning that the dialect `to` cannot carry. */
  seal({ seal }: End, to: BridgedApi): void {
    if (seal && seal.by !== to) this.add(leftOut(seal.path, 'it is of use only to the provider that wrote it'))
  }

  get all(): readonly Loss[] {
    return [...this.#byPath.values()]
  }
}

/** Something in an answer that is left out. */
export function leftOut(path: Path, why: string): Loss {
  return { path: pathText(path), reason: `Left out: ${why}.` }
}

/** Something in an answer that arrives as something else. */
export function changed(path: Path, what: string): Loss {
  return { path: pathText(path), reason: `Changed: ${what}.`, changed: true }
}

/** A continuation thinks before it goes on with the text; its thoughts would cut that text in two. */
export const midText: Loss = leftOut(['reasoning'], 'it came in the middle of a text that another source had begun')
