import { answer, structured, toolCall, words } from '../answer.ts'
import type { RequestFacts } from './request-facts.ts'

/** What a healthy model says to a request, in the pieces in which it streams it. */
export interface Said {
  readonly kind: 'text' | 'tool'
  readonly pieces: readonly string[]
}

/** How a model goes on with an answer that was begun; `repeat`: it says the last words once more; `otherwise`:
 * asked the same again, it says it in another order. */
export type GoingOn = 'exact' | 'repeat' | 'otherwise'

const repeatedWords = 5

export function saidTo(facts: RequestFacts, goingOn: GoingOn = 'exact'): Said {
  if (facts.hasTools && !facts.hasToolResult)
    return { kind: 'tool', pieces: toolCall.arguments.match(/.{1,6}/gs) ?? [] }
  if (facts.isStructured) return { kind: 'text', pieces: structured.match(/.{1,6}/gs) ?? [] }
  const said = goingOn === 'otherwise' ? words.toReversed() : words
  const begun = facts.prefill?.trim()
  if (!begun || !answer.startsWith(begun))
    return { kind: 'text', pieces: said.map((word, at) => (at > 0 ? ` ${word}` : word)) }
  const known = begun.split(' ').length
  const from = goingOn === 'repeat' ? Math.max(0, known - repeatedWords) : known
  const rest = words.slice(from).map((word) => ` ${word}`)
  // Who repeats words begins with a word, not with white space.
  return { kind: 'text', pieces: goingOn === 'repeat' ? [rest[0]?.trim() ?? '', ...rest.slice(1)] : rest }
}
