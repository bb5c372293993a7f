import type { Call } from '@sluice/core'
import { hash } from 'node:crypto'
import type { CacheMiss } from '../cache-lookup.ts'
import { canonicalJson } from '../key/canonical.ts'
import type { Generations } from '../store/store.ts'
import type { Ticket } from '../ticket.ts'
import { echoesOf } from './hit-reply.ts'

type Sought = Pick<CacheMiss, 'key' | 'ticket'>

/**
 * Calls with one such key may have one and the same answer: fields that an answer repeats of its request are in it, and
 * where the tags stood, because nobody may be given what was begun before an invalidation that came before him.
 */
export function flightKey({ key, ticket }: Sought, { request }: Call): string {
  const stamps = stampsOf((ticket as Ticket).generations)
  const echoes = echoesOf(request)
  return echoes ? `${key} ${stamps} ${canonicalJson(echoes)}` : `${key} ${stamps}`
}

function stampsOf(generations: Generations | undefined): string {
  if (!generations) return 'unknown'
  const names = Object.keys(generations)
  // Two are those that every request has: that of everything, and its own, which the key names.
  return names.length === 2 ? names.map((name) => generations[name]).join(' ') : JSON.stringify(generations)
}

/** As {@link flightKey}, for a list of things that are asked for together, in this order. */
export function listFlightKey(items: readonly Sought[], call: Call): string {
  return hash('sha256', JSON.stringify(items.map((item) => flightKey(item, call))), 'base64url')
}
