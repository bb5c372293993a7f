import { configError } from '../errors.ts'
import { defaultTimeoutMs, isRedisClient, redisKeys, runScript, type KeysOf, type RedisClient } from '../redis/index.ts'
import { ledgerScript } from './redis-script.ts'
import type { Counter, Hold, LedgerAnswer, LedgerStep, LedgerStore, Reading } from './store.ts'

export interface RedisLedgerOptions {
  /** What the keys begin with; no braces. @default 'sluice:budget' */
  readonly prefix?: string
  /** How long one step may take, in milliseconds; a step is one round trip. @default 1000 */
  readonly timeoutMs?: number
}

/**
 * A ledger's store in Redis 6.2 or later, alone or as a cluster: many processes, one budget. A step is one script and one
 * round trip, with the server's clock; the keys of one root are in one slot.
 *
 * What Redis loses is lost here too: give the server `appendonly yes`, with `appendfsync always` where not even the last
 * second may be missing, and no eviction (`maxmemory-policy noeviction`).
 *
 * @param client of `redis` 5 or later: `createClient`, `createClientPool`, `createCluster`, `createSentinel`; connected by
 * you and closed by you.
 * @throws {SluiceError} `config.option`.
 */
export function redisLedgerStore(client: RedisClient, options: RedisLedgerOptions = {}): LedgerStore {
  if (!isRedisClient(client))
    throw configError(
      'option',
      'redisLedgerStore() needs a connected client of the package "redis", version 5 or later.',
    )
  const { prefix = 'sluice:budget', timeoutMs = defaultTimeoutMs, ...unknown } = options
  for (const name of Object.keys(unknown))
    throw configError('option', `redisLedgerStore() has no option "${name}". The options are prefix, timeoutMs.`)
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0))
    throw configError(
      'option',
      `timeoutMs of redisLedgerStore() must be milliseconds above 0, got ${String(timeoutMs)}.`,
    )
  return new RedisStore(client, redisKeys(prefix), timeoutMs)
}

class RedisStore implements LedgerStore {
  readonly #client: RedisClient
  readonly #keysOf: KeysOf
  readonly #timeoutMs: number

  constructor(client: RedisClient, keysOf: KeysOf, timeoutMs: number) {
    this.#client = client
    this.#keysOf = keysOf
    this.#timeoutMs = timeoutMs
  }

  async step(root: string, step: LedgerStep): Promise<LedgerAnswer> {
    const keys = ['use', 'holds', 'due', 'old'].map((part) => this.#keysOf(root, part))
    const reply = await runScript(this.#client, ledgerScript, { keys, args: argsOf(step), timeoutMs: this.#timeoutMs })
    return answerOf((reply as readonly unknown[]).map(String), step)
  }
}

function argsOf(step: LedgerStep): (string | number)[] {
  switch (step.do) {
    case 'read':
      return ['read', '', ...step.counters.flatMap((counter) => counterWords(counter, 0))]
    case 'reserve': {
      const { want, least, ttlMs, refunds, rememberMs, counters, id } = step
      const amounts = [want.nanoUsd, want.tokens, least.nanoUsd, least.tokens]
      const words = counters.flatMap((counter) => counterWords(counter, 0))
      return ['reserve', id, ...amounts, ttlMs, refunds ? 1 : 0, rememberMs, ...words]
    }
    case 'extend': {
      const { want, least, ttlMs, id, lost } = step
      return ['extend', id, holdText(lost), want.nanoUsd, want.tokens, least.nanoUsd, least.tokens, ttlMs]
    }
    case 'settle': {
      const { actual, isExact, id, lost } = step
      return ['settle', id, holdText(lost), actual.nanoUsd, actual.tokens, isExact ? 1 : 0]
    }
  }
}

function counterWords(counter: Counter, slot: number): (string | number)[] {
  const unit = counter.unit === 'nanoUsd' ? 'n' : 'k'
  const { key, limit } = counter
  if (counter.kind === 'total') return ['t', unit, limit, 0, 0, key, slot]
  return counter.kind === 'calendar'
    ? ['c', unit, limit, counter.startMs, counter.endMs, key, slot]
    : ['r', unit, limit, counter.slotMs, counter.slots, key, slot]
}

function counterOf([kind, unitLetter, limitText, aText, bText, key = '']: readonly string[]): Counter {
  const unit = unitLetter === 'n' ? 'nanoUsd' : 'tokens'
  const base = { key, unit, limit: Number(limitText) } as const
  if (kind === 't') return { ...base, kind: 'total' }
  return kind === 'c'
    ? { ...base, kind: 'calendar', startMs: Number(aText), endMs: Number(bText) }
    : { ...base, kind: 'rolling', slotMs: Number(aText), slots: Number(bText) }
}

/** A reservation as the script writes it. */
function holdText(hold: Hold | undefined): string {
  if (!hold) return ''
  const { nanoUsd, tokens, expiresAtMs, refunds, rememberMs, counters, slots } = hold
  const words = counters.flatMap((counter, at) => counterWords(counter, slots[at] ?? 0))
  return ['O', nanoUsd, tokens, expiresAtMs, refunds ? 1 : 0, rememberMs, 0, 0, ...words].join(' ')
}

function holdOf(record: string): Hold {
  const [, nanoUsd, tokens, expiresAtMs, refunds, rememberMs, , , ...words] = record.split(' ')
  const counters: Counter[] = []
  const slots: number[] = []
  for (let at = 0; at < words.length; at += 7) {
    counters.push(counterOf(words.slice(at, at + 7)))
    slots.push(Number(words[at + 6]))
  }
  return {
    nanoUsd: Number(nanoUsd),
    tokens: Number(tokens),
    expiresAtMs: Number(expiresAtMs),
    refunds: refunds === '1',
    rememberMs: Number(rememberMs),
    counters,
    slots,
  }
}

function answerOf([is = '', nowText, ...rest]: readonly string[], step: LedgerStep): LedgerAnswer {
  const nowMs = Number(nowText)
  const [first = '', second = '', third = ''] = rest
  switch (is) {
    case 'held':
      return { is, nowMs, hold: holdOf(first), wasLost: second === '1' }
    case 'settled': {
      const was = third as 'open' | 'expired' | 'settled' | 'lost'
      return { is, nowMs, charged: { nanoUsd: Number(first), tokens: Number(second) }, was }
    }
    case 'refused': {
      const counters = step.do === 'reserve' ? step.counters : holdOf(first).counters
      const full = rows(rest.slice(1), 4).map(([at, ...row]) => ({ at: at ?? 0, ...readingOf(row) }))
      return { is, nowMs, full, counters }
    }
    case 'read':
      return { is, nowMs, readings: rows(rest, 3).map(readingOf) }
    case 'clock':
    case 'closed':
    case 'unknown':
      return { is, nowMs }
    default:
      throw new TypeError(`The ledger's script answered "${is}"`)
  }
}

function rows(words: readonly string[], width: number): number[][] {
  const numbers = words.map(Number)
  return Array.from({ length: numbers.length / width }, (_, row) => numbers.slice(row * width, (row + 1) * width))
}

function readingOf([used = 0, held = 0, freesAtMs = -1]: readonly number[]): Reading {
  return { used, held, freesAtMs: freesAtMs < 0 ? undefined : freesAtMs }
}
