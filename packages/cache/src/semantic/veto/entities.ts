import { fillers, functionWords } from './words/function-words.ts'
import { firstNames, vagueNames } from './words/names.ts'
import { places } from './words/places.ts'
import { products } from './words/products.ts'
import type { Token } from './tokens.ts'

export interface Entity {
  readonly name: string
  readonly length: number
}

const known = new Map<string, { words: readonly string[]; name: string }[]>()
for (const [name, first] of [...places, ...products]) {
  const words = name.split(' ')
  const list = known.get(words[0] ?? '') ?? []
  list.push({ words, name: first })
  known.set(
    words[0] ?? '',
    list.sort((a, b) => b.words.length - a.words.length),
  )
}

/** Whether capital letters tell anything in this text: not in headlines and not in shouting. */
export function hasPlainCase(list: readonly Token[]): boolean {
  let words = 0
  let capitals = 0
  for (const { kind, isCapital, isInitial, isMade } of list) {
    if (kind !== 'word' || isMade === true || isInitial) continue
    words += 1
    if (isCapital) capitals += 1
  }
  return words < 3 || capitals / words <= 0.8
}

/** Reads the name that begins at a token. */
export function readEntity(list: readonly Token[], at: number, isPlainCase: boolean): Entity | undefined {
  const token = list[at]
  if (token === undefined || token.kind !== 'word' || token.isMade === true) return undefined
  for (const { words, name } of known.get(token.lower) ?? []) {
    if (words.some((word, index) => list[at + index]?.lower !== word)) continue
    const isNamed =
      words.length > 1 ||
      !vagueNames.has(token.lower) ||
      (token.isCapital &&
        isPlainCase &&
        (!token.isInitial || token.raw.length > 3) &&
        !(token.lower === 'us' && token.raw !== 'US'))
    if (isNamed && !(token.lower === 'go')) return { name, length: words.length }
  }
  const isFirstName = firstNames.has(token.lower)
  const isCapitalised = token.isCapital && isPlainCase && !isCommon(token)
  if (!isFirstName && (!isCapitalised || (token.isInitial && !startsRun(list, at)))) return undefined
  let length = 1
  const words = [token.lower]
  for (let next = list[at + length]; isPlainCase && next !== undefined; next = list[at + length]) {
    if (next.kind !== 'word' || !next.isCapital || next.isInitial || next.isMade === true || isCommon(next)) break
    words.push(next.lower)
    length += 1
  }
  return { name: words.join(' '), length }
}

function startsRun(list: readonly Token[], at: number): boolean {
  const next = list[at + 1]
  return next?.kind === 'word' && next.isCapital && !isCommon(next) && !next.isMade
}

function isCommon({ lower }: Token): boolean {
  return fillers.has(lower) || functionWords.has(lower)
}
