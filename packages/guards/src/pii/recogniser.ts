import type { Findings } from './findings.ts'
import type { NumberChain } from './number-chain.ts'

/**
 * Looks for one kind of data where the scanner met what it is anchored on. Each method is called once for each anchor and
 * must look only a bounded way around it, so that a pass is linear in the text and the judgement of a place does not depend
 * on how much text is around.
 */
export interface Recogniser {
  /** How far from its first character to the last one that decides about it, in code units. */
  readonly reach: number
  /** Whether what it finds depends on more than that, so that a text that is still growing cannot be judged. @default false */
  readonly wholeOnly?: boolean
  /** How long the words are that it looks at, in code units. @default all up to 96 */
  readonly wordLength?: { readonly min: number; readonly max: number }
  /** A word of ASCII letters and digits with at least one digit. */
  readonly word?: (start: number, end: number, into: Findings) => void
  /** A chain of numbers, as long as it gets. */
  readonly numbers?: (chain: NumberChain, into: Findings) => void
  /** An `@`. */
  readonly at?: (index: number, into: Findings) => void
  /** A `:`. */
  readonly colon?: (index: number, into: Findings) => void
  /** Once a text: what has no anchor. */
  readonly text?: (into: Findings) => void
  /** Once a text that may go on: touches where a match could begin whose anchor is still to come. */
  readonly tail?: (into: Findings) => void
}
