import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { StoredEntry } from './store.ts'
import { isStoredEntry } from './stored-entry.ts'

/** The first character of everything that is written. Whoever reads another one has found nothing. */
export const codecVersion = '1'

/** The longest JSON text of an entry, in UTF-8 bytes: longer ones are neither written nor read. */
export const maxEntryBytes: number = 16 * 2 ** 20

/** Below this, in UTF-8 bytes, compression costs more time than it saves in space. */
export const compressAboveBytes = 2_048

/** How an entry may be compressed: `zstd` needs Node 22.15, which also reads `gzip`. */
export type Compression = 'zstd' | 'gzip' | 'none'

/** The best that this Node has. */
export const bestCompression: Compression = typeof zstdCompressSync === 'function' ? 'zstd' : 'gzip'

const letters: Readonly<Record<Compression, string>> = { none: 'j', zstd: 'z', gzip: 'g' }

/**
 * An entry as text: the version, a letter for the compression, then JSON, or its compressed bytes in base64.
 *
 * Text, because that is what replies of a Redis script are read as whatever the client is set to. Base64 gives back a
 * third of what compression saves, and costs a microsecond: see bench/cache-redis.ts.
 *
 * @returns `undefined` when it is longer than {@link maxEntryBytes} or has no JSON.
 */
export function encodeEntry(entry: StoredEntry, compression: Compression = bestCompression): string | undefined {
  const json = jsonOf(entry)
  if (json === undefined) return undefined
  const bytes = Buffer.byteLength(json)
  if (bytes > maxEntryBytes) return undefined
  const kind = bytes > compressAboveBytes ? compression : 'none'
  return `${codecVersion}${letters[kind]}${packed(json, kind)}`
}

/** The entry, deeply frozen; `undefined` for whatever {@link encodeEntry} has not written. It never throws. */
export function decodeEntry(text: string): StoredEntry | undefined {
  if (!text.startsWith(codecVersion)) return undefined
  try {
    const json = unpacked(text.charAt(1), text.slice(2))
    if (json === undefined || json.length > maxEntryBytes) return undefined
    const value: unknown = JSON.parse(json)
    return isStoredEntry(value) ? deepFreeze(value) : undefined
  } catch {
    return undefined
  }
}

function jsonOf(entry: StoredEntry): string | undefined {
  try {
    return JSON.stringify(entry)
  } catch {
    return undefined
  }
}

function packed(json: string, kind: Compression): string {
  if (kind === 'none') return json
  if (kind === 'gzip') return gzipSync(json, { level: constants.Z_BEST_SPEED }).toString('base64')
  return zstdCompressSync(json).toString('base64')
}

/** @throws {Error} on bytes that are not compressed text, or that would grow beyond the bound. */
function unpacked(letter: string, body: string): string | undefined {
  const bound = { maxOutputLength: maxEntryBytes }
  if (letter === letters.none) return body
  if (letter === letters.gzip) return gunzipSync(Buffer.from(body, 'base64'), bound).toString()
  if (letter === letters.zstd && typeof zstdDecompressSync === 'function')
    return zstdDecompressSync(Buffer.from(body, 'base64'), bound).toString()
  return undefined
}

/** @throws {RangeError} on nesting deeper than the stack: nothing that an encoder wrote. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const field of Object.values(value)) if (typeof field === 'object') deepFreeze(field)
  return Object.freeze(value)
}
