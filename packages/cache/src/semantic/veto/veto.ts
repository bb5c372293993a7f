/** Why two prompts that look alike must not share an answer. */
export interface Veto {
  /** The kind of slot that differs: `number`, `date`, `negation`. */
  readonly kind: VetoKind
  /** What the prompt has there and the other has not, and the other way round, canonical: `['2024']`, `['2023']`. */
  readonly prompt: readonly string[]
  readonly neighbour: readonly string[]
}

export type VetoKind =
  | 'number'
  | 'date'
  | 'time'
  /** A quantity with its unit, in base units: `5 km` and `5000 m` are one. */
  | 'unit'
  | 'currency'
  | 'version'
  /** A quoted or spelled-out identifier, file name, error code, flag. */
  | 'code'
  | 'url'
  /** A name of a person, place, people, language, product. */
  | 'entity'
  | 'negation'
  /** Opposites: open and close. */
  | 'antonym'
  /** More and less, the older and the oldest. */
  | 'degree'
  /** What kind of question it is: how, why, when. */
  | 'question'
  /** All, some, only; and, or; before, after; should, must. */
  | 'scope'
  /** Who does it to whom: from A to B, does A love B. */
  | 'direction'
  /** Of whom: he, she, a name. */
  | 'person'
  | 'tense'
  /** One content word stands for another in otherwise like sentences. */
  | 'word'
  /** A content word is there or not in otherwise like sentences. */
  | 'modifier'
  | 'language'
  /** At least one of them is too long to be compared word by word, and they are not the same text. */
  | 'long'

/** What the vetoes say of a pair of prompts. */
export interface VetoCheck {
  readonly vetoes: readonly Veto[]
  /** `true` when a text could not be read (not English, mostly code): the vetoes abstain, and the policy has to be stricter. */
  readonly isUnread: boolean
}

/** What the vetoes read in a text: JSON data, made once a text by `readText` and compared by `compareReadings`. It quotes the text. */
export interface TextReading {
  /** `vetoVersion` of the rules that made it. */
  readonly version: number
  /** `en`, the code of another language, a script's name, `code`, `long` (see `digest`), or `und`. */
  readonly language: string
  /** Of the whole text, where it is too long to be read. Such texts are alike only when they are the same. */
  readonly digest?: string
  /** The words that matter, in order: stems of content words, and function words after `~`. Empty when the text could not be read. */
  readonly words: readonly string[]
  /** Typed values by kind, sorted. A value that ends in `~` may be absent elsewhere. */
  readonly slots: Readonly<Partial<Record<SlotKind, readonly string[]>>>
  /** Where in `words` a closing question begins that can be answered without what stands before it. */
  readonly questionAt?: number
}

export type SlotKind =
  | 'number'
  | 'date'
  | 'time'
  | 'unit'
  | 'currency'
  | 'version'
  | 'code'
  | 'url'
  | 'entity'
  | 'negation'
  | 'question'
  | 'person'
  | 'tense'
  | 'degree'

/** Why a prompt takes no part in matching by likeness: its answer is for it alone. */
export type Unsuited =
  /** It asks about now: today, the latest, the weather. */
  | 'now'
  /** It asks about the one who asks: what is my balance, where is my order. */
  | 'me'
  /** It wants something done: cancel my order, send an email, turn on the light. */
  | 'act'
