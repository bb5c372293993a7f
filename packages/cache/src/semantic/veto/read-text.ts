import { createHash } from 'node:crypto'
import { languageOf } from './language.ts'
import { Reader } from './reader.ts'
import { joined, parts } from './tokens.ts'
import { inActiveOrder, ownQuestionAt } from './voice.ts'
import type { SlotKind, TextReading } from './veto.ts'
import type { Token } from './tokens.ts'

/** Changes with the rules and the lists of words: readings of another version are not compared, and partitions are kept apart by it. */
export const vetoVersion = 1

/** Longer texts are documents, or carry some: one word more or less does not show there, and may be all that matters. */
const maxChars = 4000
const maxWords = 160
/** What is read in any language. */
const typed: readonly SlotKind[] = ['number', 'date', 'time', 'unit', 'currency', 'version', 'code', 'url']
const money =
  /\b(?:pa(?:y|id)|cost|price|fee|charge|money|transfer|account|salary|bill|buy|sell|spend|worth|bank|card|cash|refund|deposit|withdraw)|[$€£]/i

/** Reads what the vetoes compare out of a text. Never throws, takes time in proportion to the text. */
export function readText(text: string): TextReading {
  if (text.length > maxChars) return tooLong(text)
  const pieces = parts(text)
  const language = languageOf(pieces)
  const list = joined(pieces)
  const slots = new Map<SlotKind, string[]>()
  const add = (kind: SlotKind, value: string): void => {
    const values = slots.get(kind)
    if (values === undefined) slots.set(kind, [value])
    else values.push(value)
  }
  const sentences = new Reader(list, add, money.test(text)).read()
  const isRead = language === 'en'
  if (isRead && sentences.reduce((sum, sentence) => sum + sentence.length, 0) > maxWords) return tooLong(text)
  if (language === 'code') slots.set('code', sourceOf(list))
  const questionAt = isRead ? ownQuestionAt(sentences) : undefined
  const kinds = isRead ? [...slots.keys()] : typed.filter((kind) => slots.has(kind))
  return {
    version: vetoVersion,
    language,
    words: isRead ? sentences.flatMap((sentence) => inActiveOrder(sentence)) : [],
    slots: Object.fromEntries(kinds.map((kind) => [kind, (slots.get(kind) ?? []).sort()])),
    ...(questionAt !== undefined && { questionAt }),
  }
}

function tooLong(text: string): TextReading {
  const digest = createHash('sha256').update(squeezed(text)).digest('base64url')
  return { version: vetoVersion, language: 'long', digest, words: [], slots: {} }
}

/** In source code every name and every sign counts. */
function sourceOf(list: readonly Token[]): string[] {
  const signs = list.filter(({ kind }) => kind === 'symbol' || kind === 'stop').map(({ raw }) => raw)
  return [...list.filter(({ kind }) => kind === 'word' || kind === 'code').map(({ raw }) => raw), signs.join('')]
}

function squeezed(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim().toLowerCase()
}
