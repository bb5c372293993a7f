import { createHmac, hash } from 'node:crypto'

/** The digests that a cache names things by. */
export interface Digests {
  /** Names a request: 32 bytes as base64url. */
  id(text: string): string
  /** Tells two requests apart that {@link Digests.id} does not: by another function, and by their length. */
  check(text: string): string
  /** Names a tenant: 16 bytes as base64url. */
  scope(text: string): string
}

/** 16 bytes as base64url. */
const shortLength = 22

/**
 * SHA-256, and BLAKE2b for the check. With a secret their HMACs: then nobody who sees the keys but not the secret can find
 * out by trying what was asked.
 */
export function digestsOf(secret: string | undefined): Digests {
  const digest = (algorithm: string, text: string): string =>
    secret === undefined
      ? hash(algorithm, text, 'base64url')
      : createHmac(algorithm, secret).update(text).digest('base64url')
  return {
    id: (text) => digest('sha256', text),
    check: (text) => `${text.length.toString(36)}.${digest('blake2b512', text).slice(0, shortLength)}`,
    scope: (text) => digest('sha256', text).slice(0, shortLength),
  }
}
