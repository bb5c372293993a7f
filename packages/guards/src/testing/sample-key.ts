import { crc32, crc32InBase62, isDrawn } from '../secrets/checksums.ts'
import type { Format } from '../secrets/format.ts'

/** Numbers 0 ≤ x < 1, the same for a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The characters of a class such as `A-Za-z0-9`. */
function charactersOf(of: string): string {
  const pattern = new RegExp(`[${of}]`)
  return Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
    .filter((character) => pattern.test(character))
    .join('')
}

/** Characters drawn from a class. */
export function drawn(of: string, count: number, random: () => number): string {
  const all = charactersOf(of)
  return Array.from({ length: count }, () => all.charAt(Math.floor(random() * all.length))).join('')
}

/** A key of a format that was never issued, its checksum right. */
export function sampleKey(format: Format, random: () => number): string {
  const prefix = format.prefixes[Math.floor(random() * format.prefixes.length)] as string
  const parts = format.body.map((part) =>
    typeof part === 'string'
      ? part
      : drawn(part.of, part.min + Math.floor(random() * (part.max - part.min + 1)), random),
  )
  // Its last character is none that would have to be followed by another.
  const body = parts.join('').replace(/[-.]$/, 'x')
  if (format.rule === 'jwt')
    return `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub: drawn('0-9', 8, random) })}.${drawn('A-Za-z0-9_', 43, random)}`
  if (format.rule === 'discord_token')
    return Buffer.from(`1${drawn('0-9', 17, random)}`).toString('base64') + body.slice(body.indexOf('.'))
  if (format.check === undefined || format.check === isDrawn) return prefix + body
  if (format.rule === 'grafana_token') {
    const start = prefix + body.slice(0, -9)
    return `${start}_${crc32(start).toString(16).padStart(8, '0')}`
  }
  return prefix + body.slice(0, -6) + crc32InBase62(body.slice(0, -6))
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A private key in PEM with random content. */
export function samplePrivateKey(kind: string, lines: number, random: () => number, newline = '\n'): string {
  const body = Array.from({ length: lines }, () => drawn('A-Za-z0-9+/', 64, random)).join(newline)
  const name = kind === '' ? 'PRIVATE KEY' : `${kind} PRIVATE KEY`
  return `-----BEGIN ${name}-----${newline}${body}${newline}-----END ${name}-----`
}
