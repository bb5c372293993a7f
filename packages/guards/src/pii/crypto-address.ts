import { createHash } from 'node:crypto'
import { isEthereumAddress } from '../ids/libraries.ts'
import { isLetterOrDigitAt } from './characters.ts'
import { rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** First letters of addresses in base58check, and the version byte that they come from. */
const versions: ReadonlyMap<string, number> = new Map([
  ['1', 0x00],
  ['3', 0x05],
  ['L', 0x30],
  ['M', 0x32],
  ['T', 0x41],
])

/**
 * Addresses with a right checksum: of Bitcoin and Litecoin (base58check, bech32, bech32m) and Tron (base58check). Of Ethereum
 * by their form.
 */
export const cryptoAddress: Recogniser = {
  reach: 96,
  wordLength: { min: 26, max: 90 },
  word(start, end, into) {
    const { text } = into
    if (isLetterOrDigitAt(text, start - 1) || isLetterOrDigitAt(text, end)) return
    const length = end - start
    const version = length <= 35 ? versions.get(text.charAt(start)) : undefined
    const address = text.slice(start, end)
    const found =
      (version !== undefined && isBase58Check(address, version)) ||
      (/^(?:bc|ltc)1/i.test(address) && isBech32(address)) ||
      (length === 42 && address.startsWith('0x') && isEthereumAddress(address))
    if (found) into.add(start, end, 'crypto_address', 1, rank.form)
  },
}

/** @see https://en.bitcoin.it/wiki/Base58Check_encoding */
function isBase58Check(address: string, version: number): boolean {
  let value = 0n
  for (const character of address) {
    const place = base58.indexOf(character)
    if (place < 0) return false
    value = value * 58n + BigInt(place)
  }
  const hex = value.toString(16).padStart(50, '0')
  if (hex.length !== 50) return false
  const bytes = Buffer.from(hex, 'hex')
  if (bytes[0] !== version) return false
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21))
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** @see BIP 173 and BIP 350 */
function isBech32(address: string): boolean {
  const lower = address.toLowerCase()
  if (address !== lower && address !== address.toUpperCase()) return false
  const network = Array.from(lower.slice(0, lower.indexOf('1')), (character) => character.charCodeAt(0))
  const data = Array.from(lower.slice(network.length + 1), (character) => bech32.indexOf(character))
  let checksum = 1
  for (const value of [...network.map((code) => code >> 5), 0, ...network.map((code) => code & 31), ...data]) {
    if (value < 0) return false
    const top = checksum >>> 25
    checksum = ((checksum & 0x1ffffff) << 5) ^ value
    for (let bit = 0; bit < 5; bit += 1) if ((top >>> bit) & 1) checksum ^= generators[bit] as number
  }
  return checksum === 1 || checksum === 0x2bc830a3
}
