/** A word on its way into a reading. */
export interface Item {
  /** As in `TextReading.words`; empty for a word that is not kept. */
  readonly word: string
  readonly isBe?: boolean
  readonly isParticiple?: boolean
  /** Points at something said before, or at the one who asks. */
  readonly isPointing?: boolean
}

/** The kept words of a sentence with a passive turned round: `was the land left by Kelly` reads as `Kelly left the land`. */
export function inActiveOrder(sentence: readonly Item[]): string[] {
  const by = sentence.findIndex(
    ({ word }, index) => word === '~by' && contentBefore(sentence, index)?.isParticiple === true,
  )
  const verb = by < 0 ? -1 : sentence.indexOf(contentBefore(sentence, by) as Item)
  const be = sentence.findLastIndex(({ isBe }, index) => isBe === true && index < verb)
  if (by < 0 || be < 0) return kept(sentence)
  let agentEnd = by + 1
  while (agentEnd < sentence.length && !isFunction(sentence[agentEnd])) agentEnd += 1
  const between = sentence.slice(be + 1, verb)
  // In a question the one it is done to stands behind the verb `be`, otherwise before it.
  const isAsked = kept(between).some((word) => !word.startsWith('~'))
  let start = be
  while (!isAsked && start > 0 && !/^~(?:how|why|when|where|what|which|if)/.test(sentence[start - 1]?.word ?? ''))
    start -= 1
  const before = kept(sentence.slice(0, isAsked ? be : start))
  const patient = kept(isAsked ? between : sentence.slice(start, be))
  const agent = kept(sentence.slice(by + 1, agentEnd))
  return [
    ...before,
    ...agent,
    sentence[verb]?.word ?? '',
    ...patient,
    ...kept(sentence.slice(verb + 1, by)),
    ...kept(sentence.slice(agentEnd)),
  ]
}

/** Where the closing sentence begins, when it can be answered alone: it points at nothing, and says again what it is about. */
export function ownQuestionAt(sentences: readonly (readonly Item[])[]): number | undefined {
  const last = sentences.at(-1)
  if (last === undefined || sentences.length < 2 || last.some(({ isPointing }) => isPointing === true)) return undefined
  const own = kept(last).filter((word) => !word.startsWith('~'))
  const before = sentences.slice(0, -1).flatMap((sentence) => inActiveOrder(sentence))
  const said = new Set(before)
  return own.length >= 2 && own.some((word) => word !== '#' && said.has(word)) ? before.length : undefined
}

function contentBefore(sentence: readonly Item[], index: number): Item | undefined {
  for (let at = index - 1; at >= 0; at -= 1) if (!isFunction(sentence[at])) return sentence[at]
  return undefined
}

function isFunction(item: Item | undefined): boolean {
  return item === undefined || item.word === '' || item.word.startsWith('~')
}

function kept(items: readonly Item[]): string[] {
  return items.map(({ word }) => word).filter((word) => word !== '')
}
