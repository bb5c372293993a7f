import { createHash } from 'node:crypto'
import type { Call } from '../call.ts'
import { SluiceError } from '../errors.ts'
import { refuse, shown } from './check-options.ts'

/** A part of a call that limits can be counted by. */
export type LimitBy = 'all' | 'tenant' | 'user' | 'session' | 'model' | 'credential'

const fields: readonly LimitBy[] = ['all', 'tenant', 'user', 'session', 'model', 'credential']

/** Works out whose limits a call is counted against; `undefined`: nobody's, it is let through. */
export type SubjectOf = (call: Call) => string | undefined

/** @throws {SluiceError} `config.option`. */
export function subjectOf(
  by: LimitBy | readonly LimitBy[] | ((call: Call) => string | undefined) | undefined,
  of: string,
): SubjectOf {
  if (typeof by === 'function') return (call) => by(call) || undefined
  const parts: readonly unknown[] = Array.isArray(by) ? by : [by]
  if (by === undefined || parts.length === 0)
    refuse(
      `${of} needs by: whose limits these are. Give ${fields.join(', ')}, a list of these, or a function of the call.`,
    )
  for (const part of parts)
    if (!fields.includes(part as LimitBy))
      refuse(`by of ${of} must be ${fields.join(', ')}, a list of these, or a function, got ${shown(part)}.`)
  const names = parts as readonly LimitBy[]
  const [only] = names
  if (names.length === 1 && only) return (call) => `${only}=${partOf(call, only, of)}`
  return (call) => JSON.stringify(names.map((name) => [name, partOf(call, name, of)]))
}

function partOf(call: Call, name: LimitBy, of: string): string {
  if (name === 'all') return '*'
  if (name === 'model') return call.api.model(call.request)
  if (name === 'credential') return credentialOf(call)
  const value = call.context[name]
  if (value !== undefined) return value
  throw new SluiceError({
    code: 'limits.no_subject',
    message: `${of} counts by ${name}, and the call has none. Give one with withContext({ ${name} }, …) or contextHeaders().`,
    details: { by: name },
  })
}

const credentialHeaders = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key']
const names = new Map<string, string>()

/** A short name of the key that a call is sent with, from which the key cannot be told. */
export function credentialOf({ http }: Pick<Call, 'http'>): string {
  const secret = credentialHeaders.map((header) => http.headers.get(header) ?? '').join('\n')
  let name = names.get(secret)
  if (name === undefined) {
    if (names.size >= 1_000) names.clear()
    names.set(secret, (name = createHash('sha256').update(secret).digest('base64url').slice(0, 16)))
  }
  return name
}
