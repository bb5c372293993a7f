import { createHmac, createSecretKey } from 'node:crypto'
import { refuse } from '../option-checks.ts'

const shortest = 32

/** A key of 32 bytes for one purpose, from a secret. */
export function vaultKey(where: string, secret: unknown, purpose: string): Buffer {
  if (typeof secret !== 'string' || secret.length < shortest)
    refuse(
      `secret of ${where} must be a text of at least ${shortest} characters: randomBytes(32).toString('hex'), kept like a password.`,
    )
  return derived(Buffer.from(secret as string), purpose)
}

/** A key that is derived from another, and tells nothing of it. */
export function derived(key: Uint8Array, purpose: string): Buffer {
  // One step of HKDF-Expand. Purposes may be as long as a message: HKDF itself would refuse them.
  return keyedHash(key, `sluice.vault\n${purpose}`)
}

/** HMAC-SHA-256. */
export function keyedHash(key: Uint8Array, text: string): Buffer {
  // As a key object: to be told from one, a key in bytes costs Node an exception that it throws and catches.
  return createHmac('sha256', createSecretKey(key)).update(text).digest()
}
