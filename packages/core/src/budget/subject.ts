import { SluiceError } from '../errors.ts'
import { isObject } from '../json.ts'

/**
 * Whose money is spent: names of scopes and who stands in each, widest first.
 * `{ organisation: 'acme', tenant: 'eu', user: 'u1', feature: 'search' }`.
 *
 * The first one is the root. All accounts of one root are kept together and are drawn on all or nothing; no account spans
 * two roots. A limit over everything needs one root for all: `{ everything: 'all', tenant: 'eu' }`.
 */
export type Subject = Readonly<Record<string, string>>

const namePattern = /^[A-Za-z][\w.-]{0,63}$/
const plainId = /^[\w.~-]+$/
const maxIdLength = 512

/** Whether `name` can name a scope. */
export function isScopeName(name: unknown): name is string {
  return typeof name === 'string' && namePattern.test(name)
}

/**
 * The scopes of a subject, widest first.
 *
 * @throws {SluiceError} `budget.subject` when there are none, or one has no name or no id.
 */
export function scopesOf(subject: Subject): readonly (readonly [name: string, id: string])[] {
  if (!isObject(subject)) throw badSubject(`must be an object of scopes and ids, got ${kindOf(subject)}`)
  const scopes = Object.entries(subject)
  if (scopes.length === 0) throw badSubject('names no scope')
  for (const [name, id] of scopes) {
    if (!isScopeName(name))
      throw badSubject(
        `has a scope named ${JSON.stringify(name)}; a name is a letter and up to 63 of A-Z a-z 0-9 _ . -`,
      )
    if (typeof id !== 'string' || id === '') throw badSubject(`has no id for "${name}", which must be a non-empty text`)
    if (id.length > maxIdLength || !id.isWellFormed())
      throw badSubject(`has an id for "${name}" that is longer than ${maxIdLength} or no well-formed text`)
  }
  return scopes
}

/** One scope as it stands in the name of an account. */
export function scopePath(name: string, id: string): string {
  return `${name}=${encodedId(id)}`
}

/** An id without any character that separates things in keys. */
export function encodedId(id: string): string {
  return plainId.test(id) ? id : encodeURIComponent(id)
}

function badSubject(what: string): SluiceError {
  return new SluiceError({
    code: 'budget.subject',
    message: `The subject of a budget ${what}. Give scopes with ids, widest first: { tenant: 'acme', user: 'u1' }.`,
    status: 500,
  })
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value
}
