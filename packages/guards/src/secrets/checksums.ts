import { Buffer } from 'node:buffer'
import { isRandom } from './randomness.ts'

/** CRC-32 with the polynomial of IEEE 802.3, of ASCII text. */
export function crc32(text: string): number {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index += 1)
    crc = (crc >>> 8) ^ (table[(crc ^ text.charCodeAt(index)) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The CRC-32 of a text in base 62, six digits. */
export function crc32InBase62(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < 6; place += 1) {
    digits = base62.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

/**
 * Tokens of GitHub and npm: 30 random characters after the prefix, then their CRC-32 in base 62.
 *
 * @see https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/ (2021-04)
 */
export function endsInCrc(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1)
  return crc32InBase62(body.slice(0, -6)) === body.slice(-6)
}

/** Tokens of Grafana: the CRC-32 of what stands before the last `_`, in hex. */
export function endsInHexCrc(token: string): boolean {
  const at = token.lastIndexOf('_')
  return crc32(token.slice(0, at)).toString(16).padStart(8, '0') === token.slice(at + 1)
}

/** Whether base64 or base64url text is that of a JSON object with one of these names. */
export function isJsonWith(encoded: string, names: readonly string[]): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
    return typeof value === 'object' && value !== null && names.some((name) => Object.hasOwn(value, name))
  } catch {
    return false
  }
}

/** Whether base64 text is that of a number of 17 to 20 digits: the id of an account, with which a Discord token begins. */
export function isEncodedId(encoded: string): boolean {
  return /^\d{17,20}$/.test(Buffer.from(encoded, 'base64').toString('latin1'))
}

/** What follows the prefix of a key looks drawn at random, and not like a name with that prefix. */
export function isDrawn(key: string): boolean {
  return isRandom(key.slice(key.indexOf('_') + 1))
}
