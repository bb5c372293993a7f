import { hash, randomBytes } from 'node:crypto'

/** Characters of a fingerprint: 64 bits, enough that two values of one application do not share one. */
const length = 16

/** Names a value without telling it. */
export type Fingerprinter = (value: string) => string

/** One for all detectors without a salt of their own, so that they agree within a process. */
let processSalt: string | undefined

/**
 * Makes fingerprints: a keyed hash (the first 64 bits, in hex, of SHA-256 over a key of one block and the value as it is given).
 *
 * There are few enough telephone numbers to try them all: whoever has the salt can find the value. Keep it like a key.
 *
 * @param salt the key; without it one that is drawn anew in each process
 */
export function fingerprinter(salt?: string): Fingerprinter {
  // In hex it fills the first block of SHA-256. What is cut off the result is what would let anybody go on hashing from it, so
  // that HMAC's second hash is not needed; it would double what a value costs.
  const key = hash('sha256', salt ?? (processSalt ??= randomBytes(32).toString('hex')), 'hex')
  return (value) => hash('sha256', key + value, 'hex').slice(0, length)
}
