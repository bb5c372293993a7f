import { courtesies } from './words/acts.ts'
import {
  beForms,
  fillers,
  functionAliases,
  functionWords,
  futureAuxiliaries,
  greetings,
  negators,
  pastAuxiliaries,
  presentAuxiliaries,
  thirdPerson,
} from './words/function-words.ts'
import { participles } from './words/irregular.ts'
import { hasPlainCase, readEntity } from './entities.ts'
import { conceptOf, decorativeConcepts, gradeOf } from './lexicon.ts'
import { readQuantity } from './quantities.ts'
import type { Token } from './tokens.ts'
import type { SlotKind } from './veto.ts'
import type { Item } from './voice.ts'

const pointing = new Set('this that these those i my we our me us you your mine ours yours'.split(' '))
const auxiliaries = new Set(
  'am is are was were do does did has have had can could will would shall should may might must'.split(' '),
)
const questionWords = new Set(
  'how why when where who whose which what howlong howmany howoften howfar howmuch howold howbig howfast howgood'.split(
    ' ',
  ),
)
const quoting = new Set(
  'say says said saying mean means word words phrase translate write pronounce spell print prints'.split(' '),
)

/** Whether a text without a question word asks all the same: it says `?`, or opens with `can`, `is`, `does`. */
function isAsked(list: readonly Token[]): boolean {
  const opener = list.find(({ kind, lower }) => kind === 'word' && !courtesies.has(lower))?.lower ?? ''
  return (
    list.some(({ kind, raw }) => kind === 'stop' && raw.includes('?')) || (auxiliaries.has(opener) && list.length > 1)
  )
}

const operators = new Map(
  '+:plus plus:plus -:minus minus:minus *:times times:times /:divided divide:divided ^:power <:less >:greater =:equals %:modulo modulo:modulo mod:modulo'
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)

/** What is reckoned with two numbers; `5-10` and `5/6` without a space are no sums. */
function operatorAt(list: readonly Token[], at: number): string | undefined {
  const [before, token, after] = [list[at - 1], list[at], list[at + 1]]
  if (before?.kind !== 'number' || after?.kind !== 'number' || token === undefined) return undefined
  return (token.lower === '-' || token.lower === '/') && token.isGlued ? undefined : operators.get(token.lower)
}

/** Without the punctuation of the sentence that it ends. */
function addressOf({ lower }: Token): string {
  return lower.replace(/[.,;:!?)]{1,8}$/, '').replace(/\/$/, '')
}

/** Whether a `not` stands with an auxiliary before its subject: why isn't it, don't you. */
function isInverted(list: readonly Token[], at: number): boolean {
  if (!auxiliaries.has(list[at - 1]?.lower ?? '')) return false
  const before = list[at - 2]
  return (
    before === undefined || before.kind !== 'word' || questionWords.has(before.lower) || courtesies.has(before.lower)
  )
}

/** Goes once through the tokens of a text: hands typed values to `add`, and keeps the words that matter, by sentence. */
export class Reader {
  readonly #sentences: Item[][] = [[]]
  readonly #list: readonly Token[]
  readonly #add: (kind: SlotKind, value: string) => void
  readonly #isAboutMoney: boolean
  readonly #isPlainCase: boolean
  #isNegated = false
  #isInverted = false
  #tenses = new Set<string>()
  #questions = new Set<string>()
  #isOwned = false

  constructor(list: readonly Token[], add: (kind: SlotKind, value: string) => void, isAboutMoney: boolean) {
    this.#list = list
    this.#add = add
    this.#isAboutMoney = isAboutMoney
    this.#isPlainCase = hasPlainCase(list)
  }

  read(): readonly (readonly Item[])[] {
    for (let at = 0; at < this.#list.length;) at += this.#step(at)
    if (this.#isNegated) this.#add('negation', 'not')
    for (const tense of this.#tenses) this.#add('tense', tense)
    for (const question of this.#questions) this.#add('question', question)
    if (this.#questions.size > 0 || isAsked(this.#list)) this.#add('question', '?')
    return this.#sentences
  }

  #step(at: number): number {
    const list = this.#list
    const token = list[at] as Token
    if (token.kind === 'code' || token.kind === 'url') {
      this.#add(token.kind, token.kind === 'url' ? addressOf(token) : token.raw.replace(/^`|`$/g, ''))
      this.#push({ word: '#' })
      return 1
    }
    if (token.kind === 'stop') {
      if (at < list.length - 1 && this.#sentences.at(-1)?.length !== 0) this.#sentences.push([])
      return 1
    }
    const quantity = readQuantity(list, at, this.#isAboutMoney)
    if (quantity !== undefined) {
      this.#add(quantity.kind, quantity.isSoft ? `${quantity.value}~` : quantity.value)
      if (!quantity.isSoft) this.#push({ word: '#' })
      return quantity.length
    }
    const operator = operatorAt(list, at)
    if (operator !== undefined) {
      this.#add('code', operator)
      return 1
    }
    if (token.kind !== 'word') return 1
    const entity = readEntity(list, at, this.#isPlainCase)
    if (entity !== undefined) {
      this.#add('entity', entity.name)
      for (const word of entity.name.split(' ')) this.#content(conceptOf(word), false)
      return entity.length
    }
    this.#word(token, at)
    return 1
  }

  #word(token: Token, at: number): void {
    const { lower } = token
    const next = this.#list[at + 1]?.lower ?? ''
    if (pastAuxiliaries.has(lower)) this.#tenses.add('past')
    else if (presentAuxiliaries.has(lower)) this.#tenses.add('present')
    else if (futureAuxiliaries.has(lower) && !token.isMade) this.#tenses.add('future')
    if (lower === 'usedto' || lower === 'nolonger') {
      this.#tenses.add(lower)
      return
    }
    if (negators.has(lower)) {
      if (lower === 'no' && (next === ',' || next === '.')) return
      this.#isNegated = !this.#isNegated || lower === 'nor'
      this.#isInverted = isInverted(this.#list, at)
      if (lower === 'without' || lower === 'never' || lower === 'neither') this.#push({ word: `~${lower}` })
      return
    }
    if (beForms.has(lower)) this.#push({ word: '', isBe: true })
    const person = thirdPerson.get(lower)
    if (person !== undefined) {
      this.#add('person', person)
      this.#push({ word: `~${person}`, isPointing: true })
      return
    }
    if (pointing.has(lower)) this.#push({ word: '', isPointing: true })
    this.#isOwned = lower === 'my' || lower === 'our' || (this.#isOwned && fillers.has(lower))
    if (greetings.has(lower) && this.#isMentioned(at)) {
      this.#content(conceptOf(lower), false)
      return
    }
    if (fillers.has(lower)) return
    if (questionWords.has(lower)) this.#questions.add(lower)
    if (functionWords.has(lower) || lower.startsWith('how')) {
      this.#push({ word: `~${functionAliases.get(lower) ?? lower}` })
      return
    }
    const grade = gradeOf(lower)
    if (grade !== undefined) this.#add('degree', `${conceptOf(grade[0])} ${grade[1]}`)
    const concept = conceptOf(grade?.[0] ?? lower)
    // In `my lovely dog` the dog is known already: the adjective tells nothing that an answer depends on.
    if (
      this.#isOwned &&
      decorativeConcepts.has(concept) &&
      this.#list[at + 1]?.kind === 'word' &&
      !functionWords.has(next)
    )
      return
    this.#content(concept, /(?:ed|en)$/.test(lower) || participles.has(lower))
  }

  /** Whether a greeting stands within a sentence, or behind a word that quotes it. */
  #isMentioned(at: number): boolean {
    const [before, after] = [this.#list[at - 1], this.#list[at + 1]]
    if (before === undefined) return false
    if (quoting.has(before.lower)) return true
    const isEdge = (token: Token | undefined): boolean =>
      token === undefined || token.kind !== 'word' || greetings.has(token.lower)
    return !isEdge(before) && !isEdge(after)
  }

  #content(concept: string, isParticiple: boolean): void {
    // In `why didn't my payment go` the next word is not what is denied.
    if (this.#isNegated) this.#add('negation', this.#isInverted ? 'not' : concept)
    this.#isNegated = false
    this.#isOwned = false
    this.#push({ word: concept, isParticiple })
  }

  #push(item: Item): void {
    this.#sentences.at(-1)?.push(item)
  }
}
