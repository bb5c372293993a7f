import { keyedHash } from '../vault/vault-key.ts'

/** Consonants only: no word is spelled so, and no detector of numbers or words finds anything in it. */
export const alphabet = 'bcdfghjklmnpqrstvwxz'

/** Letters of an id: 34 bits, so that among a thousand values two share one in one of 50,000 conversations. */
export const idLength = 8

/** The id of a value: equal for equal values under one key, and nothing else can be told from it. */
export function placeholderId(key: Uint8Array, value: string, attempt = 0): string {
  const digest = keyedHash(key, `${attempt}\n${value}`)
  let id = ''
  // Of four bytes each letter takes what one in twenty leaves: the bias is below one in a hundred million.
  for (let at = 0; at < idLength; at += 1) id += alphabet[digest.readUInt32BE((at % 8) * 4) % alphabet.length]
  return id
}

/** What the model sees in place of a value: `[EMAIL_kqzmxwtb]`. */
export function placeholderText(label: string, id: string): string {
  return `[${label}_${id}]`
}

/** The name in what a detector would put in place of a value: `EMAIL` in `[EMAIL]`, else its rule. */
export function labelOf(replacement: string, rule: string): string {
  const named = /^[[{<(]?([A-Za-z][A-Za-z0-9_]{0,39})[\]}>)]?$/.exec(replacement)?.[1]
  const words = (named ?? rule).toUpperCase().match(/[A-Z0-9]+/g) ?? []
  const label = words.join('_')
  return label === '' ? 'VALUE' : label
}
