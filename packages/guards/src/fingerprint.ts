import { createHmac, randomBytes } from 'node:crypto'

/** Characters of a fingerprint: 64 bits, enough that two values of one application do not share one. */
const length = 16

/** Names a value without telling it. */
export type Fingerprinter = (value: string) => string

/** One for all detectors without a salt of their own, so that they agree within a process. */
let processSalt: string | undefined

/**
 * Makes fingerprints: a keyed hash (HMAC-SHA-256, its first 64 bits in hex) of the value as it is given.
 *
 * There are few enough telephone numbers to try them all: whoever has the salt can find the value. Keep it like a key.
 *
 * @param salt the key; without it one that is drawn anew in each process
 */
export function fingerprinter(salt?: string): Fingerprinter {
  const key = salt ?? (processSalt ??= randomBytes(32).toString('hex'))
  return (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, length)
}
