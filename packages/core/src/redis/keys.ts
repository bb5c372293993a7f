import { configError } from '../errors.ts'

/** Names the keys of one subject: `keys('acme', 'leases')` is `sluice:limits:{acme}:leases`. */
export type KeysOf = (subject: string, ...parts: readonly string[]) => string

/**
 * Keys below `prefix`, those of one subject in one hash tag: Redis Cluster keeps them in one slot, so that one script can
 * use them together. Whatever the subject is made of, two subjects never share a key.
 *
 * @throws {SluiceError} `config.option` when the prefix has braces, which would make another tag; from the function it
 * returns when the subject is empty.
 */
export function redisKeys(prefix: string): KeysOf {
  if (typeof prefix !== 'string' || prefix === '' || /[{}]/.test(prefix))
    throw configError('option', `The key prefix must be a text without braces, got ${JSON.stringify(prefix)}.`)
  return (subject, ...parts) => {
    if (subject === '') throw configError('option', 'A subject must not be empty: its keys would have no hash tag.')
    return [prefix, `{${escaped(subject)}}`, ...parts].join(':')
  }
}

function escaped(subject: string): string {
  return /[{}%]/.test(subject) ? subject.replaceAll(/[{}%]/g, encodeURIComponent) : subject
}
