import { actDone, actedUpon, acts, behindNouns, courtesies, foreignActs, foreignNow, looseActs } from './words/acts.ts'
import { askedFor, manner, me, now } from './words/asking.ts'
import { asksToKnow, requests } from './words/requests.ts'
import { tokens, type Token } from './tokens.ts'
import type { Unsuited } from './veto.ts'

/** Only the beginning and the end of a text can ask for something: what is between them is material. */
const maxChars = 4000

/**
 * Why a prompt's answer must be given to no other prompt, however alike, nor be found by likeness; `undefined` when nothing
 * speaks against it. It reads English, and a few words of other languages. Never throws, takes time in proportion to the text.
 */
export function unsuited(text: string): Unsuited | undefined {
  const part = text.length <= maxChars ? text : `${text.slice(0, maxChars / 2)}\n\n${text.slice(-maxChars / 2)}`
  // An account of what failed asks for nothing: the phrases would make `I tried to pay` a bare `pay`.
  const list = tokens(
    part.replaceAll(/\b(i|we)(?: have| am| was| were|'ve|'m)? (?:tried|trying) to\b/gi, '$1 attempted'),
  )
  if (asksToAct(list)) return 'act'
  const plain = part.normalize('NFKC').replaceAll(/[‘’]/g, "'").replaceAll(/\s+/g, ' ').trim()
  const sentences = plain.split(/(?<=[.?!;]) /)
  if (sentences.some((sentence) => requests.test(sentence) && !asksToKnow.test(sentence))) return 'act'
  if (sentences.some(isPersonal)) return 'me'
  if (now.test(plain) || list.some(({ lower }) => foreignNow.has(lower))) return 'now'
  return undefined
}

function isPersonal(sentence: string): boolean {
  if (manner.test(sentence)) return false
  return me.test(sentence) || askedFor.test(sentence)
}

function asksToAct(list: readonly Token[]): boolean {
  let start = 0
  for (let at = 0; at <= list.length; at += 1) {
    const token = list[at]
    if (token !== undefined && token.kind !== 'stop') continue
    if (isRequest(list.slice(start, at))) return true
    start = at + 1
  }
  return false
}

function isRequest(sentence: readonly Token[]): boolean {
  const words = sentence.map(({ lower }) => lower)
  const isAboutSomebody = words.some((word) => actedUpon.has(word))
  const isAct = (at: number): boolean => {
    const word = words[at] ?? ''
    if (behindNouns.has(words[at + 1] ?? '')) return false
    // Remind me how it is spelt.
    if (words[at + 1] === 'me' && told.test(words[at + 2] ?? '')) return false
    return acts.has(word) || foreignActs.has(word) || (looseActs.has(word) && isAboutSomebody)
  }
  let at = 0
  while (at < sentence.length && (sentence[at]?.kind === 'symbol' || courtesies.has(words[at] ?? ''))) at += 1
  if (isAct(at)) return true
  if (/^(?:i|we)$/.test(words[at] ?? '')) {
    let verb = at + 1
    while (wishing.has(words[verb] ?? '')) verb += 1
    if (verb > at + 1 && isAct(verb)) return true
  }
  // Turn the light on.
  if (words[at] === 'turn' && words.some((word) => word === 'on' || word === 'off')) return true
  const isAsked = words.some((word) => asking.test(word))
  if (isAsked) return false
  const opener = words[at] ?? ''
  const isCommand =
    !/^(?:i|we|my|our|it|he|she|they|the|a|an|this|that|there|if|when|because|is|are|was|were|do|does|did|can|could|should|will|would|may|have|has)$/.test(
      opener,
    )
  return words.some((word, index) => {
    if (index <= at) return false
    const before = words[index - 1] ?? ''
    if (before === 'please' || before === 'kindly') return isAct(index)
    if (before === 'and' || before === 'then' || before === ',') return isCommand && isAct(index)
    // I need a refund, we would like it cancelled.
    return isWish(words, index) && (acts.has(word) || actDone.has(word) || acts.has(baseOf(word)))
  })
}

/** Between `I` and what is wanted. */
const wishing = new Set("want need must would like wish really just also to 'd have gotta gonna do still".split(' '))

const asking = /^(?:how\p{L}{0,6}|why|what|where|when|which|who|whose)$/u

/** What follows the verb where something is to be told and not done. */
const told = /^(?:how\p{L}{0,6}|why|what|who|which)$/u

function isWish(words: readonly string[], index: number): boolean {
  const from = Math.max(0, index - 6)
  return words.slice(from, index).some((word, at) => {
    const subject = words[from + at - 1] ?? ''
    return /^(?:want|need|like|wish)$/.test(word) && /^(?:i|we|'d|would|really|do)$/.test(subject)
  })
}

/** `cancelled` to `cancel`, `deleted` to `delete`. */
function baseOf(word: string): string {
  if (!word.endsWith('ed') || word.length < 5) return word
  const rest = word.slice(0, -2)
  if (acts.has(rest)) return rest
  if (acts.has(`${rest}e`)) return `${rest}e`
  return rest.at(-1) === rest.at(-2) ? rest.slice(0, -1) : word
}
